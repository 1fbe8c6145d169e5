package dev.carryover.session;

import dev.carryover.store.SessionStoreException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A session can't be had or saved now: the store could not be reached, did not answer in time, or
 * answered with an error. A later request may be served. The message names no session and no value.
 */
public final class SessionUnavailableException extends RuntimeException {

  private SessionUnavailableException(SessionStoreException cause) {
    super(cause.getMessage(), cause);
  }

  private SessionUnavailableException(String message) {
    super(message);
  }

  /** This node has created as many sessions as it may. */
  static SessionUnavailableException tooManyNew() {
    return new SessionUnavailableException(
        "This node may create no more sessions in this second (max-new-sessions-per-second)");
  }

  /**
   * {@return true if the log speaks of it already, so that nobody has to for each request: the
   * store is known to be away and was not asked, or this node has created as many sessions as it
   * may}
   */
  public boolean isSaid() {
    Throwable cause = getCause();
    return !(cause instanceof SessionStoreException)
        || !((SessionStoreException) cause).isDoubtful();
  }

  /** Asks the store on behalf of those who know sessions only. */
  static <T extends @Nullable Object> T asking(Supplier<T> question) {
    try {
      return question.get();
    } catch (SessionStoreException e) {
      throw new SessionUnavailableException(e);
    }
  }
}
