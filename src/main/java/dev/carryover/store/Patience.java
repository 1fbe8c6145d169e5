package dev.carryover.store;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How long one request has waited for the store. A request may ask several times; what it waits in
 * all is bounded as one question's is, so the second is given what the first has left. After five
 * seconds it may wait anew, for asynchronous requests may last for hours. Thread-safe.
 */
public final class Patience {

  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Of the request for which this thread asks. */
  private static final ThreadLocal<Patience> CURRENT = new ThreadLocal<>();

  private long windowStart = System.nanoTime();
  private long waitedNanos;

  /** Asks on behalf of this request. */
  public <T extends @Nullable Object> T asking(Supplier<T> question) {
    Patience before = CURRENT.get();
    CURRENT.set(this);
    try {
      return question.get();
    } finally {
      if (before == null) {
        // Else the thread would hold our classes beyond the web application's life.
        CURRENT.remove();
      } else {
        CURRENT.set(before);
      }
    }
  }

  /** What of the time is left to wait for whoever this thread asks for; not below zero. */
  public static long leftNanos(long wholeNanos) {
    Patience current = CURRENT.get();
    return current == null ? wholeNanos : Math.max(0, wholeNanos - current.waited());
  }

  /** Whoever this thread asks for has waited. */
  public static void waited(long nanos) {
    Patience current = CURRENT.get();
    if (current != null) {
      current.add(nanos);
    }
  }

  private synchronized void add(long nanos) {
    waitedNanos += nanos;
  }

  private synchronized long waited() {
    long now = System.nanoTime();
    if (now - windowStart > WINDOW_NANOS) {
      windowStart = now;
      waitedNanos = 0;
    }
    return waitedNanos;
  }
}
