package dev.carryover.testing.app;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Set;

/**
 * A filter that wants to be the first, as those of security frameworks do. It answers {@code
 * ?key=...} by itself, with an attribute of the session.
 */
public class FirstFilter implements Filter {

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpSession session = ((HttpServletRequest) request).getSession(false);
    response
        .getWriter()
        .write(
            session == null
                ? "no session"
                : String.valueOf(session.getAttribute(request.getParameter("key"))));
  }

  /** Puts it first at {@code /first}: of the application's own, it runs before those of jars. */
  public static final class Initializer implements ServletContainerInitializer {

    @Override
    public void onStartup(Set<Class<?>> classes, ServletContext context) {
      context
          .addFilter("put first by code", new FirstFilter())
          .addMappingForUrlPatterns(null, false, "/first");
    }
  }
}
