package legacyshop;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What the listeners of this node were told, the newest last; kept in the servlet context. */
public class EventLog {

  private static final String ATTRIBUTE = "eventLog";
  private static final int MOST = 500;
  private static final int ID_SHOWN = 8;

  private final Deque<String> lines = new ArrayDeque<>();

  static EventLog createIn(ServletContext context) {
    EventLog log = new EventLog();
    context.setAttribute(ATTRIBUTE, log);
    return log;
  }

  /** Returns the log of the application. */
  public static EventLog of(ServletContext context) {
    return (EventLog) context.getAttribute(ATTRIBUTE);
  }

  static EventLog of(HttpSession session) {
    return of(session.getServletContext());
  }

  /** Appends a line: the event, the beginning of the session's id, and what else is to be said. */
  synchronized void add(String event, HttpSession session, String detail) {
    if (lines.size() == MOST) {
      lines.removeFirst();
    }
    lines.addLast(event + " " + shortened(session.getId()) + " " + detail);
  }

  /** Returns a copy of the lines. */
  public synchronized List<String> getLines() {
    return new ArrayList<>(lines);
  }

  static String shortened(String id) {
    return id.substring(0, Math.min(ID_SHOWN, id.length()));
  }
}
