package dev.carryover.store;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way to sessions for those who do not have their ids: how many there are, whose, and all of
 * them, without a look at anything else. Nothing here is an access. Thread-safe.
 *
 * <p>All methods throw {@link SessionStoreException} if the store did not answer in time.
 */
public interface SessionIndex {

  /** For so many minutes before this one it is known what has happened. */
  int MINUTES = 15;

  /**
   * How many sessions live. One that was ended counts until its listeners have been told; one that
   * has expired, for ten seconds at most.
   */
  long count();

  /** The sessions of a principal, in no order; some may have ended. */
  List<OwnedSession> ownedBy(String principal);

  /**
   * Ends a session now, if it is still this principal's.
   *
   * @param lease see {@link SessionStore#end}
   * @return the whole record, with its id, for the one who ended it, who has to tell the listeners;
   *     else null
   */
  @Nullable SessionRecord end(OwnedSession session, String principal, Duration lease);

  /** By what the store may know the session that has this id. */
  List<String> names(String id);

  /** The number of parts that all sessions are in. */
  int parts();

  /**
   * The part that sessions are in whose ids begin so; a rotation does not change it.
   *
   * @param beginning one character or more of an id
   */
  int partOf(String beginning);

  /**
   * Walks through a part. A session that lives from the first call to the last is found, perhaps
   * twice; so is what has just ended.
   *
   * @param part from 0 on
   * @param cursor empty at first, then what the page before said
   * @param wanted about how many to answer
   */
  SessionPage page(int part, String cursor, int wanted);

  /** What is to be said of these sessions; those that do not live are left out. */
  List<SessionSummary> describe(Collection<String> names);

  /** What is to be said of these sessions of a principal; those that are no more are left out. */
  List<SessionSummary> describe(Collection<OwnedSession> sessions, String principal);

  /**
   * Sessions taken at random: from each part an even share of so many, rounded up, or all that it
   * has. So some may be left out even if there are fewer in all. Some may have ended.
   */
  List<String> sample(int wanted);

  /** What these sessions hold; those that do not live are left out. */
  List<SessionSizes> sizes(Collection<String> names);

  /** How many principals have sessions: exactly, if these are not too many. */
  PrincipalCount principals();

  /**
   * What has happened to sessions in each minute of the last quarter of an hour, and in this minute
   * so far, which is the last.
   */
  List<MinuteCounts> minutes();

  /** What is to be said of the session with this id; null if there is none. */
  @Nullable SessionSummary find(String id);
}
