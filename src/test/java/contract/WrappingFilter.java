package contract;

import static contract.Seen.see;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;

/** An application's filter: it watches all dispatches of those requests that ask for it. */
@WebFilter(
    filterName = "wrapping",
    urlPatterns = "/*",
    asyncSupported = true,
    dispatcherTypes = {
      DispatcherType.REQUEST,
      DispatcherType.FORWARD,
      DispatcherType.INCLUDE,
      DispatcherType.ERROR,
      DispatcherType.ASYNC
    })
public final class WrappingFilter extends HttpFilter {

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String wrapped = request.getParameter("wrapped");
    if (wrapped == null) {
      chain.doFilter(request, response);
      return;
    }
    Seen.pending();
    try {
      look(wrapped, request, response, chain);
    } finally {
      Seen.done();
    }
  }

  private static void look(
      String wrapped, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    see("filter", request.getDispatcherType() + " " + request.getRequestURI());
    chain.doFilter(
        new HttpServletRequestWrapper(request), new HttpServletResponseWrapper(response));
    see("filter back", request.getDispatcherType() + " started " + request.isAsyncStarted());
    if (wrapped.equals("header")) {
      response.setHeader("X-Filter", "back");
    }
  }
}
