package dev.carryover.testing.app;

import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.io.Serializable;
import java.util.Collections;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/**
 * Writes down on this node how sessions begin and end, a line each: what, the session's id, its
 * attributes, and whose class loader the thread has. If the context parameter {@code stall} is
 * there, it never returns from a session's end.
 */
@WebListener
public class LifecycleLog implements HttpSessionListener {

  private static final Queue<String> LINES = new ConcurrentLinkedQueue<>();

  @Override
  public void sessionCreated(HttpSessionEvent event) {
    add("created", event.getSession());
  }

  @Override
  public void sessionDestroyed(HttpSessionEvent event) {
    HttpSession session = event.getSession();
    StringBuilder attributes = new StringBuilder("destroyed");
    for (String name : new TreeSet<>(Collections.list(session.getAttributeNames()))) {
      attributes.append(' ').append(name).append('=').append(session.getAttribute(name));
    }
    add(attributes.toString(), session);
    if (session.getServletContext().getInitParameter("stall") != null) {
      System.out.println("stalled at the end of " + session.getId());
      stall();
    }
  }

  private static void stall() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void add(String what, HttpSession session) {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    LINES.add(
        session.getId()
            + ' '
            + what
            + (loader == LifecycleLog.class.getClassLoader() ? "" : " FOREIGN CLASS LOADER"));
  }

  /** An attribute that hears when it is unbound. */
  public static final class Value implements HttpSessionBindingListener, Serializable {
    private final String label;

    public Value(String label) {
      this.label = label;
    }

    @Override
    public void valueUnbound(HttpSessionBindingEvent event) {
      add("unbound " + event.getName() + '=' + label, event.getSession());
    }

    @Override
    public String toString() {
      return label;
    }
  }

  /** Answers all lines; with {@code ?create} it makes a session with two values. */
  @WebServlet("/lifecycle")
  public static class Lines extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      if (request.getParameter("create") == null) {
        response.getWriter().write(String.join("\n", LINES));
        return;
      }
      HttpSession session = request.getSession();
      session.setMaxInactiveInterval(Integer.parseInt(request.getParameter("create")));
      session.setAttribute("a", new Value("1"));
      session.setAttribute("b", new Value("2"));
      response.getWriter().write(session.getId());
    }
  }
}
