package dev.carryover.event;

/**
 * Hears what happens to sessions, on the node that made it happen: on the thread of the request, or
 * on the expiry thread.
 *
 * @param <S> a session, as those who are told may use it
 */
public interface SessionEvents<S> {

  /** Hears nothing, and says so. */
  static <S> SessionEvents<S> none() {
    return new SessionEvents<>() {
      @Override
      public boolean isListening() {
        return false;
      }
    };
  }

  /**
   * Whether anybody needs to hear of ends. If not, an ended session is removed at once instead of
   * being kept until its end was told.
   */
  default boolean isListening() {
    return true;
  }

  default void created(S session) {}

  default void idChanged(S session, String oldId) {}

  /**
   * The session has ended: by the application, by inactivity or by age. Comes once in the whole
   * cluster, and again if it throws or its node dies. The attributes can still be read.
   */
  default void ended(S session) {}
}
