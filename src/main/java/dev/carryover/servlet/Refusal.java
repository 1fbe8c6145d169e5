package dev.carryover.servlet;

import dev.carryover.session.SessionUnavailableException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why a request is refused: its session is out of reach, or its login was one too many. */
final class Refusal {

  private static final Logger log = LoggerFactory.getLogger(Refusal.class);

  /** What clients are told of the one that may pass. */
  static final String RETRY_AFTER_SECONDS = "2";

  private static final int MOST_CAUSES = 50;

  private Refusal() {}

  /** Whether the store failed, however the application has wrapped it. */
  static boolean isUnavailable(Throwable failure) {
    return cause(SessionUnavailableException.class, failure) != null;
  }

  /** Whether there was a login too many, even if it is not what the application failed of. */
  static boolean isLoginTooMany(Throwable failure) {
    return cause(TooManySessionsException.class, failure) != null
        || Arrays.stream(failure.getSuppressed())
            .anyMatch(TooManySessionsException.class::isInstance);
  }

  /** Tells operators that a request has no answer, as far as they do not know why anyway. */
  static void sayUnavailable(Throwable failure) {
    SessionUnavailableException cause = cause(SessionUnavailableException.class, failure);
    if (cause != null && cause.isSaid()) {
      log.debug("A request could not be answered: {}", cause.getMessage());
    } else {
      log.error("A request could not be answered: {}", failure.getMessage());
    }
  }

  static void sayLoginTooMany(Throwable refusal) {
    log.info("A login was refused: {}", refusal.getMessage());
  }

  private static <T> @Nullable T cause(Class<T> type, Throwable failure) {
    Throwable cause = failure;
    // Not for ever: an application can make a chain of causes that bites its tail.
    for (int depth = 0; depth < MOST_CAUSES && cause != null; depth++) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
      cause = cause.getCause();
    }
    return null;
  }
}
