package edges;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.util.Collections;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Names the cookie, watches requests, and keeps the live sessions in a set, as old code does. */
@WebListener
public class Watcher
    implements ServletContextListener, ServletRequestListener, HttpSessionListener {

  static final Set<HttpSession> SESSIONS = Collections.synchronizedSet(new HashSet<>());
  static final Queue<String> LINES = new ConcurrentLinkedQueue<>();
  static volatile ServletRequest current;

  @Override
  public void contextInitialized(ServletContextEvent event) {
    event.getServletContext().getSessionCookieConfig().setName("EDGES");
  }

  @Override
  public void requestInitialized(ServletRequestEvent event) {
    current = event.getServletRequest();
  }

  @Override
  public void requestDestroyed(ServletRequestEvent event) {
    HttpServletRequest request = (HttpServletRequest) event.getServletRequest();
    if ("inRequestDestroyed".equals(request.getParameter("case"))) {
      HttpSession session = request.getSession(false);
      LINES.add("destroyed sees " + session.getAttribute("a"));
      session.setAttribute("late", "from requestDestroyed");
    }
  }

  @Override
  public void sessionCreated(HttpSessionEvent event) {
    SESSIONS.add(event.getSession());
  }

  @Override
  public void sessionDestroyed(HttpSessionEvent event) {
    LINES.add("removed from the set: " + SESSIONS.remove(event.getSession()));
  }
}
