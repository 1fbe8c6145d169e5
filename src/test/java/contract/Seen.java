package contract;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What the checks have seen, a line each. Hands it out, and forgets it, when asked. */
@WebServlet("/seen")
public final class Seen extends HttpServlet {

  private static final Queue<String> LINES = new ConcurrentLinkedQueue<>();
  private static final AtomicInteger PENDING = new AtomicInteger();
  private static final long PATIENCE_MILLIS = 8_000;

  static void see(String what, Object value) {
    LINES.add(what + " " + value);
  }

  /** Does something, and tells how it ended. */
  static void attempt(String what, Action action) {
    see(what, outcome(action));
  }

  static String outcome(Action action) {
    try {
      return String.valueOf(action.run());
    } catch (InvocationTargetException e) {
      return "! " + e.getCause().getClass().getSimpleName();
    } catch (Throwable e) {
      return "! " + e.getClass().getSimpleName();
    }
  }

  /** Something goes on after this request, until {@link #done}. */
  static void pending() {
    PENDING.incrementAndGet();
  }

  static void done() {
    PENDING.decrementAndGet();
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    while (PENDING.get() > 0 && System.nanoTime() < end) {
      pause();
    }
    if (PENDING.getAndSet(0) > 0) {
      see("still", "pending");
    }
    for (String line = LINES.poll(); line != null; line = LINES.poll()) {
      response.getWriter().println(line);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(5);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Something that may fail. */
  interface Action {
    Object run() throws Throwable;
  }
}
