package contract;

import static contract.Seen.see;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The page of status 418 and of a certain exception. */
@WebServlet("/error")
public final class ErrorPage extends HttpServlet {

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    see("page", request.getDispatcherType());
    see("status", request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE));
    see("of the response", response.getStatus());
    see("message", request.getAttribute(RequestDispatcher.ERROR_MESSAGE));
    see("uri", request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI));
    see("servlet", request.getAttribute(RequestDispatcher.ERROR_SERVLET_NAME));
    see("type", request.getAttribute(RequestDispatcher.ERROR_EXCEPTION_TYPE));
    Object failure = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
    see("exception", failure == null ? null : failure.getClass().getSimpleName());
    see("path", request.getServletPath());
    see("session", DispatchChecks.sessionOf(request));
    see("committed", response.isCommitted());
    if (request.getAttribute("startSession") != null) {
      request.getSession().setAttribute("a", "by the error page");
    }
    if (request.getAttribute("fail") != null) {
      throw new IllegalStateException("as the check wants it");
    }
    response.getWriter().print("error page");
  }
}
