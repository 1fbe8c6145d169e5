package listenertable;

import jakarta.servlet.http.HttpSession;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** All that happened since it was last asked for, in order. */
public final class Events {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Where a listener has thrown, others may never be told that the request has ended. */
  private static final long PATIENCE_AFTER_THROW_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  private static final List<String> LINES = new ArrayList<>();
  private static final Set<String> THROWING = new HashSet<>();
  private static int requests;
  private static boolean thrown;

  private Events() {}

  /** Writes a line. */
  public static synchronized void add(String line) {
    boolean isOwnLoader =
        Thread.currentThread().getContextClassLoader() == Events.class.getClassLoader();
    LINES.add(isOwnLoader ? line : line + " (foreign context class loader)");
  }

  /** Writes a line, then throws if the event was told to. */
  static void addAndThrow(String event, String line) {
    add(line);
    throwIfTold(event);
  }

  static synchronized void throwIfTold(String event) {
    if (THROWING.remove(event)) {
      thrown = true;
      throw new IllegalArgumentException("as told, in " + event);
    }
  }

  /** Has the next event of the name end in an exception. */
  static synchronized void throwIn(String event) {
    THROWING.add(event);
  }

  /** Returns how a session's id is written, so that whoever compares tables can number it. */
  static String id(String id) {
    return "{" + id + "}";
  }

  static String id(HttpSession session) {
    return session == null ? "none" : id(session.getId());
  }

  /** Returns what the session has under the name, or why it does not say. */
  static String read(HttpSession session, String name) {
    try {
      return String.valueOf(session.getAttribute(name));
    } catch (IllegalStateException e) {
      return "invalid";
    }
  }

  static synchronized void requestBegins() {
    requests++;
  }

  static synchronized void requestEnds() {
    requests--;
    Events.class.notifyAll();
  }

  /** Returns the lines, once the requests before have ended. */
  static synchronized List<String> drain() throws InterruptedException {
    long began = System.nanoTime();
    for (long left = patience();
        requests > 0 && left > 0;
        left = began + patience() - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(Events.class, left);
    }
    List<String> lines = new ArrayList<>(LINES);
    LINES.clear();
    requests = 0;
    thrown = false;
    return lines;
  }

  private static long patience() {
    return thrown ? PATIENCE_AFTER_THROW_NANOS : PATIENCE_NANOS;
  }

  /** Forgets what was to throw. */
  static synchronized void reset() {
    THROWING.clear();
  }
}
