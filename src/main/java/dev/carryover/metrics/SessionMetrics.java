package dev.carryover.metrics;

import java.util.function.LongSupplier;

/**
 * Told of all that is worth counting. Each method does nothing unless it is overridden, never
 * throws, and is cheap enough for every request. Thread-safe.
 */
public interface SessionMetrics {

  /** Hears and forgets. */
  SessionMetrics NONE = new SessionMetrics() {};

  /** It has happened once more. */
  default void count(Counter counter) {
    count(counter, 1);
  }

  /** It has happened so many times more. */
  default void count(Counter counter, long times) {}

  /** It has taken so long. */
  default void time(Timer timer, long nanos) {}

  /** From now on this tells the gauge's value; asked by those who look, from any thread. */
  default void watch(Gauge gauge, LongSupplier value) {}
}
