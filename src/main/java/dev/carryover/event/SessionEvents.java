package dev.carryover.event;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Hears what happens to sessions, on the node that made it happen. Called on the thread of the
 * request, or on the expiry thread; must not throw.
 */
public interface SessionEvents {

  /** Hears nothing, and says so. */
  SessionEvents NONE =
      new SessionEvents() {
        @Override
        public boolean isListening() {
          return false;
        }
      };

  /**
   * Whether anybody needs to hear of ends. If not, an ended session is removed at once instead of
   * being kept until its end was told.
   */
  default boolean isListening() {
    return true;
  }

  default void created(SessionView session) {}

  default void idChanged(SessionView session, String oldId) {}

  /** The application ended the session. */
  default void invalidated(SessionView session) {}

  /** The session ended by inactivity. Comes once in the whole cluster. */
  default void expired(SessionView session) {}

  /** A session as its listeners may see it, also when it has just ended. */
  interface SessionView {
    String id();

    /** In milliseconds since the epoch. */
    long createdAt();

    Set<String> names();

    @Nullable Object get(String name);
  }
}
