package dev.carryover.load;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Watches whether this machine runs at all: where a thread that wants to sleep for a moment sleeps
 * for much longer, nobody could have answered in time. Such times are announced, and counted.
 */
final class Stalls implements Runnable {

  private static final long PAUSE_MILLIS = 50;
  private static final long STALL_NANOS = 700_000_000L;

  private final Announcements announcements;
  private final AtomicInteger count = new AtomicInteger();

  Stalls(Announcements announcements) {
    this.announcements = announcements;
  }

  int count() {
    return count.get();
  }

  @Override
  public void run() {
    try {
      while (true) {
        long before = System.nanoTime();
        Thread.sleep(PAUSE_MILLIS);
        if (System.nanoTime() - before > STALL_NANOS) {
          count.incrementAndGet();
          announcements.stalledSince(before);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
