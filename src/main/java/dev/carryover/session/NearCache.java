package dev.carryover.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sessions that no request on this node has at the moment, kept so that the next one need not fetch
 * and decode them again. What it gives is not known to be current: whoever takes a session from it
 * asks the store what has changed since. A session that is in use again stays in its place until it
 * turns out to be no good any more: that costs least.
 *
 * <p>Bounded by sessions and by bytes; what has not been used for a while leaves by itself.
 * Thread-safe.
 */
final class NearCache {

  /** What is not used for so long makes room: people who click no more have left. */
  private static final Duration LONGEST_IDLE = Duration.ofMinutes(30);

  /** Null where nothing is kept. */
  private final @Nullable Cache<String, LiveSession> idle;

  private final boolean detectsMutation;

  private NearCache(@Nullable Cache<String, LiveSession> idle, boolean detectsMutation) {
    this.idle = idle;
    this.detectsMutation = detectsMutation;
  }

  static NearCache of(SessionRules rules) {
    if (!rules.hasNearCache()) {
      return new NearCache(null, rules.detectsMutation());
    }
    // One bound for both: no session weighs less than its share of the bytes.
    long bytes = rules.nearCacheBytes();
    int least = (int) Math.min(Integer.MAX_VALUE, Math.max(1, bytes / rules.nearCacheSessions()));
    Cache<String, LiveSession> cache =
        Caffeine.newBuilder()
            .maximumWeight(bytes)
            .weigher((String id, LiveSession session) -> Math.max(least, session.size()))
            .expireAfterAccess(LONGEST_IDLE)
            // On the caller's thread: a common pool's would outlive the web application.
            .executor(Runnable::run)
            .build();
    return new NearCache(cache, rules.detectsMutation());
  }

  /** Keeps a session that its last request has released, if the store has all of it. */
  void keep(LiveSession session) {
    if (idle == null) {
      return;
    }
    String id = session.storedId();
    int before = session.size();
    if (!session.idle(detectsMutation)) {
      idle.asMap().remove(id, session);
    } else if (session.size() != before || idle.getIfPresent(id) != session) {
      idle.put(id, session);
    }
  }

  /** A session that requests may use, or use already. */
  @Nullable LiveSession find(String id) {
    LiveSession session = idle == null ? null : idle.getIfPresent(id);
    return session != null && session.isStored() && session.storedId().equals(id) ? session : null;
  }

  /** How many it keeps, about. */
  long sessions() {
    return idle == null ? 0 : idle.estimatedSize();
  }

  /** How many bytes it keeps, about. */
  long bytes() {
    return idle == null ? 0 : idle.policy().eviction().orElseThrow().weightedSize().orElseThrow();
  }

  /** Whatever it has under an id. */
  void forget(String id) {
    if (idle != null) {
      idle.invalidate(id);
    }
  }

  void forget(String id, LiveSession session) {
    if (idle != null) {
      idle.asMap().remove(id, session);
    }
  }
}
