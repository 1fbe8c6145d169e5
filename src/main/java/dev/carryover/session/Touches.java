package dev.carryover.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/**
 * Which sessions were touched just now, so that a page's many requests do not touch each their own
 * time. An access may so be dated too early by {@link #INTERVAL}. Thread-safe.
 */
final class Touches {

  static final Duration INTERVAL = Duration.ofMillis(100);
  private static final int MOST = 10_000;

  private final Cache<String, Boolean> recent =
      Caffeine.newBuilder()
          .expireAfterWrite(INTERVAL)
          .maximumSize(MOST)
          .executor(Runnable::run)
          .build();

  /** True once in an interval for each session. */
  boolean isDue(String id) {
    return recent.asMap().putIfAbsent(id, true) == null;
  }
}
