package dev.carryover.testing.app;

import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Keeps all sessions that it hears of, as old code does that wants to count them or end them.
 * Begins one, and does not ask who the user is, or ends all if told.
 */
@WebListener
@WebServlet("/registry")
public class RegistryServlet extends HttpServlet implements HttpSessionListener {

  private static final Queue<HttpSession> SESSIONS = new ConcurrentLinkedQueue<>();

  @Override
  public void sessionCreated(HttpSessionEvent event) {
    SESSIONS.add(event.getSession());
  }

  @Override
  public void sessionDestroyed(HttpSessionEvent event) {
    SESSIONS.remove(event.getSession());
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (request.getParameter("end") == null) {
      request.getSession();
    } else {
      SESSIONS.forEach(HttpSession::invalidate);
      response.getWriter().print(SESSIONS.size() + " left to " + request.getRemoteUser());
    }
  }
}
