package dev.carryover.servlet;

import dev.carryover.session.SessionAccess;
import dev.carryover.session.SessionLimit;
import dev.carryover.session.SessionUnavailableException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the login that a request may bring is one too many for its user. Thread-safe. */
final class LoginAdmission {

  private static final Logger log = LoggerFactory.getLogger(LoginAdmission.class);

  private final @Nullable SessionLimit limit;

  /** There is a login that was not looked at yet. */
  private final AtomicBoolean hasLogin = new AtomicBoolean();

  /** A login was one too many while the request went on: what it wants to answer is refused. */
  private volatile boolean refused;

  /**
   * @param limit null where a user may have any number of sessions
   */
  LoginAdmission(@Nullable SessionLimit limit) {
    this.limit = limit;
  }

  /** The session has got a user, or has none any more. */
  void loggedIn(boolean hasUser) {
    hasLogin.set(hasUser);
  }

  void requireNotRefused() {
    if (refused) {
      throw new TooManySessionsException();
    }
  }

  void forgetRefusal() {
    refused = false;
  }

  /**
   * Looks at a login that is in the store now.
   *
   * @param refusal run if it is one too many
   * @throws TooManySessionsException if it is
   */
  void look(SessionAccess session, Runnable refusal) {
    if (limit == null) {
      return;
    }
    synchronized (this) {
      requireNotRefused();
      boolean lives = !session.isEnded() && !session.isGone();
      if (hasLogin.getAndSet(false) && lives && !isAdmitted(limit, session)) {
        refusal.run();
        throw new TooManySessionsException();
      }
    }
  }

  /** Where the store can't be asked, a login is one: the user's next one looks again. */
  private static boolean isAdmitted(SessionLimit limit, SessionAccess login) {
    try {
      return limit.admits(login);
    } catch (SessionUnavailableException e) {
      log.warn("How many sessions a user has could not be looked up: {}", e.getMessage());
      return true;
    }
  }

  /** Runs a commit without a thread that could answer a refusal: it is kept for who completes. */
  void whileUnderWay(Runnable commit) {
    if (limit == null) {
      commit.run();
      return;
    }
    // Whoever completes it meanwhile waits to hear of it.
    synchronized (this) {
      try {
        commit.run();
      } catch (TooManySessionsException e) {
        refused = true;
      }
    }
  }
}
