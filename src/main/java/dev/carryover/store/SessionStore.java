package dev.carryover.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The place where session records live, shared by all nodes that use the same namespace.
 *
 * <p>Every operation is atomic for its session. Time is the store's own, never the node's. Ids are
 * given well-formed: the store does not look at them again. Thread-safe.
 *
 * <p>An id that was rotated away is dead for {@link #open}, {@link #touch} and {@link #claim}. Only
 * {@link #look}, {@link #load}, {@link #commit} and {@link #end} follow it to the session's present
 * id, for requests that were already under way when another node rotated it.
 */
public interface SessionStore extends AutoCloseable {

  /** The longest a rotated id is followed by late commits. */
  Duration FORWARDING = Duration.ofMinutes(10);

  /**
   * Checks that the session lives, slides its deadline, and answers what the node does not have.
   *
   * @param knownVersion the version the node has, 0 for none
   * @return the record, holding only what changed since {@code knownVersion} where the store still
   *     knows that; null if there is no such session or it has expired
   * @throws SessionStoreException if the store did not answer in time
   */
  @Nullable SessionRecord open(String id, long knownVersion);

  /**
   * As {@link #open(String, long)}, and this node holds the session from then on.
   *
   * @param hold lost when another node opens, changes or ends the session, or when this node might
   *     not hear of it; a store that can't tell loses it at once
   */
  @Nullable SessionRecord open(String id, long knownVersion, Hold hold);

  /**
   * What the node does not have, as {@link #open(String, long)} answers it, but the session is not
   * accessed: nothing slides. For those who keep a session beyond their request; it follows a
   * rotated id.
   *
   * @return null if there is no such session or it has expired
   * @throws SessionStoreException if the store did not answer in time
   */
  @Nullable SessionRecord look(String id, long knownVersion);

  /**
   * One attribute that an answer has left out for its size. Does not count as an access; follows a
   * rotated id.
   *
   * @return a record that holds this attribute, or says that it is removed, and nothing else; null
   *     if there is no such session or it has expired
   * @throws SessionStoreException if the store did not answer in time
   */
  @Nullable SessionRecord load(String id, String name);

  /** Slides the deadline of a session without waiting for it. Unknown ids are ignored. */
  void touch(String id);

  /**
   * Slides the deadline of a session that this node holds, without waiting for it.
   *
   * @param hold lost if it turns out that the session has ended, or that another node holds it
   */
  void touch(String id, Hold hold);

  /**
   * Writes a new session.
   *
   * @throws SessionStoreException if the store did not answer in time
   */
  Commit create(NewSession session);

  /**
   * Writes what a request changed, and renames the record if the delta rotates the id. A session
   * that has ended meanwhile stays ended: nothing is written.
   *
   * @throws SessionStoreException if the store did not answer in time
   */
  Commit commit(SessionDelta delta);

  /**
   * Ends a session now. Of concurrent callers, one gets the record and has to tell the listeners.
   *
   * @param knownVersion the version the node has, 0 for none
   * @param lease how long this node may take to tell listeners before another does, to be followed
   *     by {@link #finish}; zero if nobody needs to be told, then nothing is left of the session
   * @return the record as in {@link #open}, or null if the session had ended already
   * @throws SessionStoreException if the store did not answer in time
   */
  @Nullable SessionRecord end(String id, long knownVersion, Duration lease);

  /**
   * Whether this node is the one to look for sessions that are {@link #due}. Of all nodes, one is
   * in such a time; it is another's turn in the next.
   *
   * @param turn how long no other node is to look
   * @throws SessionStoreException if the store did not answer in time
   */
  boolean takeTurn(Duration turn);

  /**
   * The sessions whose deadline, or whose lease of an unfinished end, seems to have passed.
   *
   * @param limit the most that are wanted of each shard
   * @throws SessionStoreException if the store did not answer in time
   */
  DueSessions due(int limit);

  /**
   * Claims the end of a session that {@link #due} named. A session that was touched meanwhile, or
   * that another node claimed, is left alone, and so is one that this node can't read.
   *
   * @param name as {@link #due} named it
   * @return the whole record, with its id, if this node has to tell the listeners, else null
   * @throws SessionStoreException if the store did not answer in time
   */
  @Nullable SessionRecord claim(String name, Duration lease);

  /**
   * Whether the store still has anything of a session, without touching it.
   *
   * @throws SessionStoreException if the store did not answer in time
   */
  boolean exists(String id);

  /**
   * Removes what is left of an ended session, once its listeners have been told. Does not wait.
   *
   * @param id of the record that {@link #end} or {@link #claim} answered
   */
  void finish(String id);

  /** The way to sessions whose ids are not known. */
  SessionIndex index();

  /**
   * The store's time in milliseconds since the epoch, as far as this node can tell without asking;
   * never ahead of it. Before the first answer from the store it is the node's own time.
   */
  long currentTimeMillis();

  @Override
  void close();
}
