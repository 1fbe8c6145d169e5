package dev.carryover.servlet;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What makes the {@code HttpSession}s of several requests equal: one object for each session that
 * somebody on this node has compared, over changes of its id here. It is known as long as one of
 * the sessions that have it is. Thread-safe.
 */
final class SessionIdentities {

  private final Map<String, Known> byId = new ConcurrentHashMap<>();
  private final ReferenceQueue<Object> released = new ReferenceQueue<>();

  /** The identity of the session that has this id now. */
  synchronized Object of(String id) {
    forgetReleased();
    Known known = byId.get(id);
    Object identity = known == null ? null : known.get();
    if (identity == null) {
      identity = new Object();
      byId.put(id, new Known(id, identity, released));
    }
    return identity;
  }

  /** A session that may have been compared has another id now. */
  synchronized void moved(String oldId, String id) {
    Known known = byId.remove(oldId);
    Object identity = known == null ? null : known.get();
    if (identity != null) {
      byId.put(id, new Known(id, identity, released));
    }
  }

  private void forgetReleased() {
    for (Reference<?> next = released.poll(); next != null; next = released.poll()) {
      byId.remove(((Known) next).id, next);
    }
  }

  @Override
  public String toString() {
    return "SessionIdentities{" + byId.size() + '}';
  }

  private static final class Known extends WeakReference<@Nullable Object> {
    private final String id;

    private Known(String id, Object identity, ReferenceQueue<Object> queue) {
      super(identity, queue);
      this.id = id;
    }
  }
}
