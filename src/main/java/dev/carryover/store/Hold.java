package dev.carryover.store;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A node's right to use its copy of a session without asking the store. The store takes it away as
 * soon as it hears, or can't be sure to hear, that another node has opened or changed the session.
 * Once lost it does not come back. Thread-safe.
 */
public final class Hold {

  private static final AtomicLong NUMBERS = new AtomicLong();

  private final long number = NUMBERS.incrementAndGet();
  private volatile boolean lost;

  /** Tells it from all others of this node. */
  public long number() {
    return number;
  }

  /** Takes the right away. */
  public void lose() {
    lost = true;
  }

  /** True once the copy may be out of date. */
  public boolean isLost() {
    return lost;
  }
}
