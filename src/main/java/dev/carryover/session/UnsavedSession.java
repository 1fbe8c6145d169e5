package dev.carryover.session;

import dev.carryover.store.Commit;
import dev.carryover.store.NewSession;
import dev.carryover.store.SessionDelta;
import dev.carryover.store.SessionRecord;
import dev.carryover.store.SessionStore;
import dev.carryover.store.SessionStoreException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the store could not be told of one session: changes of a record that it has, a whole session
 * that was created meanwhile, or an end.
 *
 * <p>Guarded by its own monitor, which is held while it is being written, so that whoever wants the
 * session waits for that.
 */
final class UnsavedSession {

  /** What it takes beside names and values. */
  private static final int OVERHEAD_BYTES = 500;

  private static final int BYTES_OF_ID = 150;

  /** The version of a session that was created meanwhile. */
  private static final long FIRST_VERSION = 1;

  /** All of a session that was created meanwhile; null for others. */
  private @Nullable NewSession whole;

  /** What the store's record lacks; null if there is none yet. */
  private @Nullable SessionDelta lacking;

  /** By which the store gets the session that was created meanwhile; null for others. */
  private final @Nullable String firstId;

  /** The one that the store knew, those that it may have heard of since, and the present one. */
  private final Set<String> ids = new LinkedHashSet<>();

  /** The same for all ids that it has had. */
  private final char shard;

  private volatile boolean ended;
  private boolean settled;

  private UnsavedSession(
      @Nullable NewSession whole, @Nullable String firstId, @Nullable SessionDelta lacking) {
    this.whole = whole;
    this.firstId = firstId;
    this.lacking = lacking;
    this.shard = id().charAt(0);
    ids.add(storedId());
    ids.add(id());
  }

  static UnsavedSession created(NewSession session) {
    return new UnsavedSession(session, SessionId.rotated(session.id()), null);
  }

  static UnsavedSession changed(SessionDelta delta) {
    return new UnsavedSession(null, null, delta);
  }

  /** The id that this node knows it by. */
  String id() {
    if (whole != null) {
      return whole.id();
    }
    String newId = lacking().newId();
    return newId == null ? lacking().id() : newId;
  }

  Set<String> ids() {
    return ids;
  }

  /** The id that the store knows it by, if the store has it. */
  private String storedId() {
    return lacking == null ? id() : lacking.id();
  }

  char shard() {
    return shard;
  }

  boolean isEnded() {
    return ended;
  }

  /** True if there is nothing left to write. */
  boolean isSettled() {
    return settled;
  }

  int size() {
    int size = OVERHEAD_BYTES + ids.size() * BYTES_OF_ID;
    size += whole == null ? 0 : size(whole.attributes());
    return size + (lacking == null ? 0 : size(lacking.written()));
  }

  static int size(Map<String, byte[]> attributes) {
    int size = 0;
    for (Map.Entry<String, byte[]> attribute : attributes.entrySet()) {
      size += attribute.getKey().length() + attribute.getValue().length;
    }
    return size;
  }

  void change(SessionDelta delta) {
    whole = whole == null ? null : whole.changedBy(delta);
    lacking = lacking == null ? null : lacking.followedBy(delta);
    ids.add(id());
  }

  /**
   * Ends it on this node.
   *
   * @return what the node does not have; null if it had ended already
   */
  @Nullable SessionRecord end(String id, long knownVersion) {
    if (ended) {
      return null;
    }
    ended = true;
    return whole == null || knownVersion == FIRST_VERSION
        ? unchanged(id, knownVersion)
        : complete(whole);
  }

  /** The store will not be told, come what may. */
  void giveUp() {
    settled = true;
  }

  /**
   * What this node can answer by itself.
   *
   * @param failure why the store can't be asked; thrown if this node does not know enough
   */
  @Nullable SessionRecord answer(String id, long knownVersion, SessionStoreException failure) {
    if (ended || !id.equals(id())) {
      return null;
    }
    return whole == null || knownVersion == FIRST_VERSION
        ? unchanged(id, knownVersion, failure)
        : complete(whole);
  }

  /** What a node that knows a version of a session can answer without the store. */
  static SessionRecord unchanged(String id, long knownVersion, SessionStoreException failure) {
    if (knownVersion == 0) {
      throw failure;
    }
    return unchanged(id, knownVersion);
  }

  private static SessionRecord unchanged(String id, long knownVersion) {
    return SessionRecord.builder(id).unchanged(knownVersion).build();
  }

  private static SessionRecord complete(NewSession session) {
    return SessionRecord.builder(session.id())
        .times(session.createdAt(), session.createdAt(), session.maxInactiveInterval())
        .principal(session.principal())
        .complete(FIRST_VERSION, session.attributes())
        .build();
  }

  /** Answers a session that was created without the store. */
  static Commit commit(NewSession session) {
    return Commit.done(session.id(), 0, FIRST_VERSION, session.createdAt());
  }

  /**
   * Tells the store.
   *
   * @return what became of it: nothing was written if the session had ended there
   * @throws SessionStoreException if the store did not answer; it can be told again
   */
  Commit writeTo(SessionStore store) {
    Commit commit = ended ? endIn(store) : commitTo(store);
    settled = true;
    return commit;
  }

  private Commit commitTo(SessionStore store) {
    if (lacking == null) {
      lacking = createIn(store, Objects.requireNonNull(whole), Objects.requireNonNull(firstId));
    }
    Commit commit = store.commit(lacking);
    String id = commit.id();
    if (id != null) {
      store.touch(id);
    }
    return commit;
  }

  /*
   * Creates the session under an id that nobody else knows, to be rotated to its own by the commit
   * that follows. If an answer is lost, either can be sent again: a session that has meanwhile got
   * its own id, and was ended by another node, is found to be gone then, and does not come back.
   */
  private static SessionDelta createIn(SessionStore store, NewSession session, String firstId) {
    SessionDelta rotation = new SessionDelta(firstId);
    rotation.rotateTo(session.id());
    rotation.attach(store.create(session.withId(firstId)).attachment());
    return rotation;
  }

  private Commit endIn(SessionStore store) {
    if (lacking == null) {
      // The store has it under that id if the answer to its creation was lost; else not at all, and
      // will say so once it can be asked.
      var unused = store.end(Objects.requireNonNull(firstId), 0, Duration.ZERO);
    } else {
      var unused = store.end(lacking.id(), 0, Duration.ZERO);
      // An end whose answer was lost has left something to be told, which was told here.
      store.finish(lacking.id());
      store.finish(id());
    }
    return Commit.gone();
  }

  private SessionDelta lacking() {
    return Objects.requireNonNull(lacking);
  }
}
