package dev.carryover.testing.app;

import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/**
 * Answers the user and the session's cart; sends the head, sets the cart, logs in, logs out,
 * authenticates and invalidates if told.
 */
@WebServlet({"/who", "/secured/who"})
public class LoginServlet extends HttpServlet {

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    String cart = request.getParameter("set");
    String user = request.getParameter("login");
    if (request.getParameter("flush") != null) {
      response.flushBuffer();
    }
    if (cart != null) {
      request.getSession().setAttribute("cart", cart);
    }
    if (user != null) {
      request.login(user, "secret");
    }
    if (request.getParameter("logout") != null) {
      request.logout();
    }
    if (request.getParameter("authenticate") != null && !request.authenticate(response)) {
      return;
    }
    if (request.getParameter("role") != null) {
      response.getWriter().print(request.isUserInRole(request.getParameter("role")));
      return;
    }
    if (request.getParameter("invalidate") != null) {
      request.getSession().invalidate();
    }
    HttpSession session = request.getSession(false);
    Object content = session == null ? null : session.getAttribute("cart");
    response.getWriter().write(request.getRemoteUser() + " " + content);
  }
}
