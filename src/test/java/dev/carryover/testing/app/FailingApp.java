package dev.carryover.testing.app;

import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/** Fails when it has put something into a session, and has a request listener. */
public final class FailingApp {

  private FailingApp() {}

  /** Hears of all requests. */
  @WebListener
  public static class Listener implements ServletRequestListener {}

  /** Fails. */
  @WebServlet("/fail")
  public static class Failing extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws ServletException {
      request.getSession().setAttribute("owner", "the first client");
      throw new ServletException("on purpose");
    }
  }

  /** Answers what is in the session. */
  @WebServlet("/owner")
  public static class Owner extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      HttpSession session = request.getSession(false);
      response.getWriter().print(session == null ? "nobody" : session.getAttribute("owner"));
    }
  }
}
