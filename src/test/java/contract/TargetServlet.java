package contract;

import static contract.Seen.attempt;
import static contract.Seen.see;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Set;

/** Where others forward to, and what they include. */
@WebServlet(
    name = "target",
    urlPatterns = {"/target", "/target/*"},
    asyncSupported = true)
public final class TargetServlet extends HttpServlet {

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    String does = request.getParameter("does");
    if (request.getAttribute("does") != null) {
      does = request.getAttribute("does").toString();
    }
    see("target", request.getDispatcherType() + " does " + does);
    switch (does) {
      case "look" -> look(request, response);
      case "print" -> response.getWriter().print("target");
      case "session" -> {
        HttpSession session = request.getSession();
        see("new", session.isNew());
        session.setAttribute("a", "by the target");
        see("same", session == request.getSession());
        see("context", session.getServletContext() == getServletContext());
      }
      case "sessionAndFlush" -> {
        request.getSession().setAttribute("a", "by the target");
        response.getWriter().print("target ");
        response.flushBuffer();
      }
      case "has" -> {
        see("session", DispatchChecks.sessionOf(request));
        see("valid", request.isRequestedSessionIdValid());
      }
      case "invalidate" -> {
        HttpSession session = request.getSession(false);
        see("session", session != null);
        if (session != null) {
          session.invalidate();
          see("valid", request.isRequestedSessionIdValid());
          see("session", request.getSession(false));
        }
      }
      case "headers" -> {
        response.setHeader("X-Target", "set");
        response.setStatus(202);
        response.setContentType("text/html");
        see("status", response.getStatus());
        see("header", response.getHeader("X-Target"));
        see("type", response.getContentType());
      }
      case "flush" -> {
        response.getWriter().print("target ");
        response.flushBuffer();
        see("committed", response.isCommitted());
      }
      case "close" -> {
        response.getWriter().print("target ");
        response.getWriter().close();
        see("committed", response.isCommitted());
      }
      case "reset" ->
          attempt(
              "reset",
              () -> {
                response.getWriter().print("gone");
                response.reset();
                return "done";
              });
      case "length" -> {
        response.setContentLength(6);
        response.getWriter().print("target");
        see("committed", response.isCommitted());
      }
      case "error" ->
          attempt(
              "error",
              () -> {
                response.sendError(418, "by the target");
                return response.getStatus();
              });
      case "redirect" ->
          attempt(
              "redirect",
              () -> {
                response.sendRedirect("elsewhere");
                return response.getStatus();
              });
      case "stream" -> attempt("stream", () -> response.getOutputStream() != null);
      case "nested" -> {
        request.getRequestDispatcher("/target?does=print").include(request, response);
        request.getRequestDispatcher("/target?does=look").forward(request, response);
      }
      case "attributes" -> {
        request.setAttribute("x", "1");
        request.setAttribute("x", "2");
        request.removeAttribute("x");
      }
      case "known" -> {
        Set<Object> known = DispatchChecks.KNOWN.get();
        see("known", known.contains(DispatchChecks.REQUEST.get()));
        see("known response", known.contains(DispatchChecks.RESPONSE.get()));
      }
      case "fail" -> fail(request.getParameter("with"));
      case "async" -> AsyncChecks.inTarget(request, response);
      default -> throw new IllegalArgumentException(does);
    }
  }

  private static void look(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    see("same request", request == DispatchChecks.REQUEST.get());
    see("same response", response == DispatchChecks.RESPONSE.get());
    see("uri", request.getRequestURI());
    see("paths", request.getContextPath() + request.getServletPath() + request.getPathInfo());
    see("query", request.getQueryString());
    see("added", request.getParameter("added"));
    see("mapping", request.getHttpServletMapping().getPattern());
    see("forwarded uri", request.getAttribute(RequestDispatcher.FORWARD_REQUEST_URI));
    see("forwarded path", request.getAttribute(RequestDispatcher.FORWARD_SERVLET_PATH));
    see("forwarded info", request.getAttribute(RequestDispatcher.FORWARD_PATH_INFO));
    see("forwarded query", request.getAttribute(RequestDispatcher.FORWARD_QUERY_STRING));
    see("forwarded context", request.getAttribute(RequestDispatcher.FORWARD_CONTEXT_PATH));
    see("included uri", request.getAttribute(RequestDispatcher.INCLUDE_REQUEST_URI));
    see("included path", request.getAttribute(RequestDispatcher.INCLUDE_SERVLET_PATH));
    see("included query", request.getAttribute(RequestDispatcher.INCLUDE_QUERY_STRING));
    see("session", DispatchChecks.sessionOf(request));
    response.getWriter().print("target");
  }

  private static void fail(String with) throws ServletException, IOException {
    switch (with) {
      case "servlet" -> throw new ServletException("as the check wants it");
      case "io" -> throw new IOException("as the check wants it");
      case "runtime" -> throw new UnsupportedOperationException("as the check wants it");
      default -> throw new LinkageError("as the check wants it");
    }
  }
}
