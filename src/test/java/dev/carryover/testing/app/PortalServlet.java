package dev.carryover.testing.app;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/**
 * Does {@code ?do=} with its own session, and has {@code &other=} done in the web application at
 * {@code /other}, by {@code &by=}include or forward; then says what it has itself.
 */
@WebServlet("/portal")
public class PortalServlet extends HttpServlet {

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    String mine = request.getContextPath();
    boolean isTarget =
        request.getAttribute(RequestDispatcher.INCLUDE_CONTEXT_PATH) != null
            || request.getAttribute(RequestDispatcher.FORWARD_CONTEXT_PATH) != null;
    if (isTarget) {
      response.getWriter().println("other " + run(request.getParameter("other"), request));
      return;
    }
    response.getWriter().println(run(request.getParameter("do"), request));
    String by = request.getParameter("by");
    if (by != null) {
      RequestDispatcher other =
          getServletContext()
              .getContext("/other")
              .getRequestDispatcher("/portal?other=" + request.getParameter("other"));
      if (by.equals("forward")) {
        other.forward(request, response);
      } else {
        other.include(request, response);
        response.getWriter().println("still " + run("look", request));
      }
    }
  }

  private static String run(String operation, HttpServletRequest request) {
    HttpSession session = request.getSession(operation.equals("count"));
    if (session == null) {
      return "none";
    }
    Integer count = (Integer) session.getAttribute("count");
    switch (operation) {
      case "look":
        return "" + count;
      case "count":
        session.setAttribute("count", count == null ? 1 : count + 1);
        return session.getAttribute("count") + " new " + session.isNew();
      case "rotate":
        request.changeSessionId();
        return count + " rotated";
      case "invalidate":
        session.invalidate();
        return count + " invalidated";
      default:
        throw new IllegalArgumentException(operation);
    }
  }
}
