package edges;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/** What others forward to, and include; knows nothing of HTTP unless it is told to. */
@WebServlet(name = "target", urlPatterns = "/target", asyncSupported = true)
public class TargetServlet extends HttpServlet {

  @Override
  public void service(ServletRequest request, ServletResponse response) throws IOException {
    response.getWriter().println("target " + request.getDispatcherType());
    if (request.getParameter("startAsync") != null
        && request.getDispatcherType() == DispatcherType.FORWARD) {
      HttpServletRequest http = (HttpServletRequest) request;
      http.getSession().setAttribute("a", "async in a forward");
      AsyncContext context = request.startAsync();
      response.getWriter().println("original " + context.hasOriginalRequestAndResponse());
      response.getWriter().println("same context " + (context == request.getAsyncContext()));
      context.dispatch("/target");
    } else if (request.getDispatcherType() == DispatcherType.FORWARD) {
      ((HttpServletRequest) request).getSession().setAttribute("a", "forwarded");
    }
  }
}
