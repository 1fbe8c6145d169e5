package dev.carryover.session;

import dev.carryover.store.OwnedSession;
import java.util.List;

/**
 * How many sessions one user may have. Thread-safe.
 *
 * <p>A user's sessions lie in all shards, so no script sees them all: each login looks once it is
 * in the store. All nodes know the order of logins, by the store's clock, and end the same ones. So
 * of several logins at the same moment there may be more than allowed, until the last of them has
 * looked; then there are not.
 */
public final class SessionLimit {

  private final SessionDirectory sessions;
  private final int most;
  private final boolean rejects;

  /**
   * @param most how many sessions a user may have
   * @param rejects whether the newest logins go, instead of the oldest
   */
  public SessionLimit(SessionDirectory sessions, int most, boolean rejects) {
    this.sessions = sessions;
    this.most = most;
    this.rejects = rejects;
  }

  /**
   * A login is in the store: ends what there is beyond the limit.
   *
   * @return false if that is the session that has just logged in
   * @throws SessionUnavailableException if the store did not answer in time
   */
  public boolean admits(SessionAccess login) {
    String principal = login.principal();
    return principal == null || endSurplus(principal, sessions.namesOf(login.id()));
  }

  private boolean endSurplus(String principal, List<String> own) {
    List<OwnedSession> inOrder = sessions.inOrder(principal);
    if (inOrder.size() > most) {
      inOrder = sessions.living(inOrder, principal);
    }
    boolean admitted = true;
    for (OwnedSession session : surplus(inOrder)) {
      boolean ended = sessions.end(session, principal);
      admitted &= !ended || !own.contains(session.name());
    }
    return admitted;
  }

  private List<OwnedSession> surplus(List<OwnedSession> inOrder) {
    int count = Math.max(0, inOrder.size() - most);
    return rejects
        ? inOrder.subList(inOrder.size() - count, inOrder.size())
        : inOrder.subList(0, count);
  }
}
