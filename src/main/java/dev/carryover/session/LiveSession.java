package dev.carryover.session;

import dev.carryover.metrics.Counter;
import dev.carryover.store.Attachment;
import dev.carryover.store.Commit;
import dev.carryover.store.Hold;
import dev.carryover.store.NewSession;
import dev.carryover.store.SessionDelta;
import dev.carryover.store.SessionRecord;
import dev.carryover.store.SessionStoreException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One session as this node has it, shared by all its concurrent requests here. */
final class LiveSession {

  /*
   * Three locks, always taken in this order, and none while values are encoded or decoded:
   *
   *   commitLock   held over the one store call of a commit or an end, so that commits of this node
   *                reach the store in the order in which they are applied here
   *   this         the session's own state, for moments
   *   Attribute    one attribute's state
   *
   * A commit writes all that is pending, whichever request did it. A request whose changes another
   * request is just writing waits for that write at the commit lock: when its own response goes
   * out, its changes are in the store (S7).
   *
   * What this node knows of the store's version moves forward only when it has everything of that
   * version: after an open, or after a commit that found the version it knew. A commit that met
   * another node's keeps the old number, so that the next open fetches the other's changes.
   */
  private final ReentrantLock commitLock = new ReentrantLock();

  /** For so long after the store was heard of it, a session kept beyond its request is current. */
  private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** For so long one that was alive is taken for it, if its deadline is not earlier. */
  private static final long LONGEST_UNASKED_MILLIS = TimeUnit.MINUTES.toMillis(10);

  private final AttributeValues values;

  private final AttributeTable attributes;

  private String id;
  private @Nullable String nextId;
  private State state;
  private boolean isNew;

  /** Creating it in the store has failed, so that the store may have it or not. */
  private boolean doubtful;

  private long knownVersion;
  private long createdAt;
  private long lastAccessedAt;
  private int maxInactiveInterval;
  private boolean intervalChanged;
  private @Nullable String principal;
  private boolean principalChanged;
  private @Nullable Attachment attachment;
  private int uses;
  private boolean retired;

  /** The store did not have it when it was last asked, and no request has it. */
  private boolean missing;

  /** A request has left with changes that were not saved. */
  private boolean unsaved;

  /** How many commits there were that the store did not know of at first. */
  private long deferrals;

  private long heardAt = System.nanoTime();

  /** When the newest request came, in the store's time; the next one's {@link #lastAccessedAt}. */
  private long accessedAt;

  /** Until when it is taken for alive while no request has it, in the store's time. */
  private long livesUntil;

  /** What opens ask for, where the node may trust its copy; null before the first. */
  private @Nullable Hold hold;

  /** The hold that an open has brought: while it is not lost, this copy is current. */
  private @Nullable Hold granted;

  private enum State {
    /** Not in the store yet. */
    UNSTORED,
    STORED,
    /** Ended, and its listeners are being told. */
    ENDING,
    /** Ended by this node. */
    ENDED,
    /** The store no longer has it; requests under way may use it until they end. */
    GONE
  }

  private LiveSession(String id, AttributeValues values, State state) {
    this.id = id;
    this.values = values;
    this.attributes = new AttributeTable(values);
    this.state = state;
  }

  /** A session that the store is about to be asked for. */
  static LiveSession expected(String id, AttributeValues values) {
    return new LiveSession(id, values, State.STORED);
  }

  static LiveSession created(AttributeValues values, long now, int maxInactiveInterval) {
    LiveSession session = new LiveSession(SessionId.create(), values, State.UNSTORED);
    session.isNew = true;
    session.createdAt = now;
    session.lastAccessedAt = now;
    session.maxInactiveInterval = maxInactiveInterval;
    session.uses = 1;
    return session;
  }

  /** A session made from a whole record, for those who are told of its end. */
  static LiveSession ending(SessionRecord record, AttributeValues values) {
    LiveSession session = new LiveSession(record.id(), values, State.ENDING);
    session.merge(record, 0, Set.of());
    return session;
  }

  // ---- how many requests have it

  /** Counts one more request, unless the session was retired already. */
  synchronized boolean acquire() {
    if (!retired) {
      uses++;
    }
    return !retired;
  }

  /** Counts one request less, and tells whether it was the last, so that the session is retired. */
  synchronized boolean release() {
    heardAt = System.nanoTime();
    uses--;
    retired = uses == 0 && !isPinned();
    if (uses == 0 && unsaved) {
      revert();
    }
    return retired;
  }

  /** What the last request did could not be saved: the session is as the store has it. */
  private void revert() {
    attributes.leftUnsaved();
    nextId = null;
    if (intervalChanged || principalChanged) {
      intervalChanged = false;
      principalChanged = false;
      // The next open brings them.
      knownVersion = 0;
    }
    unsaved = false;
  }

  /** Counts one request less, for which the store did not have it; nothing pins it then. */
  synchronized boolean releaseMissing() {
    uses--;
    retired = uses == 0;
    missing = retired;
    return retired;
  }

  synchronized boolean isRetired() {
    return retired;
  }

  /** Found again, before a request acquires it. */
  synchronized void unretire() {
    retired = false;
  }

  /** Counts again a request that had let go of it. */
  synchronized void revive() {
    uses++;
    retired = false;
  }

  /** It was alive just now: for some time nobody has to ask whether it still is. */
  synchronized void lives(long now, SessionRules rules) {
    long deadline = rules.deadline(createdAt, now, maxInactiveInterval);
    livesUntil = Math.min(deadline, now + LONGEST_UNASKED_MILLIS);
  }

  /** Nobody has to ask before that time whether it is alive. */
  synchronized void askedUntil(long time) {
    livesUntil = time;
  }

  /** True if it is kept although no request has it, and may have ended. */
  synchronized boolean isIdleAndDoubtful(long now) {
    return uses == 0 && now >= livesUntil;
  }

  /**
   * True if the store has all of it, so that a node may keep it for the next request.
   *
   * @param detectsMutation see {@link Attribute#idle}
   */
  synchronized boolean idle(boolean detectsMutation) {
    boolean settled =
        state == State.STORED
            && knownVersion > 0
            && !missing
            && !unsaved
            && !isMetadataPending()
            && attributes.areSettled();
    if (settled) {
      attributes.idle(detectsMutation);
    }
    return settled;
  }

  /** An attribute that is about to be set has so many bytes. */
  synchronized void admit(String name, int bytes) {
    attributes.admit(name, bytes);
  }

  /** How many bytes it has or will have, all that was set included, if an attribute has these. */
  synchronized long sizeWith(String name, int bytes, SizeLimits limits) {
    return attributes.sizeWith(name, bytes, limits);
  }

  /** How many bytes the store had of it when it was {@linkplain #idle idle} last, about. */
  synchronized int size() {
    return attributes.size();
  }

  /**
   * A request is over that may have changed attributes, and that has not committed. Its client was
   * not told that they are saved: once no request has the session, it is as the store has it.
   */
  synchronized void leaveUnsaved() {
    unsaved = true;
  }

  /**
   * Who has given it this id could not save that, and the client was not told of it. Not so if
   * there is more that another request will save: of a login, nothing may be saved under the old
   * id.
   */
  synchronized void abandonRotation(String newId) {
    if (newId.equals(nextId) && !principalChanged && attributes.areSettled()) {
      nextId = null;
    }
  }

  private boolean isPinned() {
    return attributes.isAnyLocal() && state == State.STORED;
  }

  // ---- what the application sees

  /** The id it has, or will have once the rotation is committed. */
  synchronized String id() {
    return nextId != null ? nextId : id;
  }

  /** The id the store knows it by. */
  synchronized String storedId() {
    return id;
  }

  synchronized long createdAt() {
    return createdAt;
  }

  synchronized long lastAccessedAt() {
    return lastAccessedAt;
  }

  synchronized int maxInactiveInterval() {
    return maxInactiveInterval;
  }

  synchronized void setMaxInactiveInterval(int seconds) {
    intervalChanged |= seconds != maxInactiveInterval;
    maxInactiveInterval = seconds;
  }

  synchronized boolean isNew() {
    return isNew;
  }

  /** True if it has ended and all listeners have been told. */
  synchronized boolean isEnded() {
    return state == State.ENDED;
  }

  /** True if there is nothing more to write: it has ended, or the store has lost it. */
  private synchronized boolean isOver() {
    return state == State.ENDING || state == State.ENDED || state == State.GONE;
  }

  /** All listeners have been told, or have seen enough. */
  synchronized void ended() {
    state = State.ENDED;
  }

  synchronized boolean isGone() {
    return state == State.GONE;
  }

  synchronized boolean isStored() {
    return state == State.STORED;
  }

  /** True if the store may have had it at any time. */
  synchronized boolean wasStored() {
    return knownVersion > 0 || doubtful;
  }

  synchronized @Nullable String principal() {
    return principal;
  }

  synchronized void setPrincipal(@Nullable String name) {
    principal = name;
    principalChanged = true;
  }

  Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (Map.Entry<String, Attribute> entry : copyOfAttributes().entrySet()) {
      if (entry.getValue().isPresent()) {
        names.add(entry.getKey());
      }
    }
    return names;
  }

  /** True if there is such an attribute; does not decode it. */
  synchronized boolean has(String name) {
    return attributes.has(name);
  }

  /**
   * The value of an attribute.
   *
   * @param loader see {@link Attribute#read}
   */
  @Nullable Object get(String name, Function<String, @Nullable SessionRecord> loader) {
    Attribute attribute;
    synchronized (this) {
      attribute = attributes.touch(name);
    }
    return attribute == null ? null : attribute.read(loader);
  }

  void set(String name, @Nullable Object value) {
    // Under the session's lock, so that a commit does not drop the attribute it is just written to.
    synchronized (this) {
      if (value != null || attributes.knows(name)) {
        attributes.touchOrAdd(name).write(value);
        if (value == null) {
          attributes.admit(name, 0);
        }
      }
    }
  }

  /** Sets an attribute that can't be read, because there is none or its bytes are damaged. */
  synchronized void setIfAbsent(String name, Object value) {
    if (!has(name)) {
      set(name, value);
    }
  }

  /**
   * Gives the session a new id, in the store with the next commit.
   *
   * @return the id it had
   */
  String rotate() {
    commitLock.lock();
    try {
      return rotateNow();
    } finally {
      commitLock.unlock();
    }
  }

  private synchronized String rotateNow() {
    String old = id();
    if (state == State.UNSTORED && !doubtful) {
      id = SessionId.create();
    } else {
      nextId = SessionId.rotated(id);
    }
    return old;
  }

  // ---- between the node and the store

  synchronized long knownVersion() {
    return knownVersion;
  }

  /**
   * Takes what the store answered to an open.
   *
   * @param asked what this node knew before
   */
  void opened(SessionRecord record, Asked asked) {
    synchronized (this) {
      isNew = false;
    }
    takeOver(record, asked);
  }

  /** To be kept while the store is asked. */
  synchronized Asked asking() {
    return new Asked(knownVersion, deferrals);
  }

  /** The hold to ask for: the one that this node has, or may be about to get. */
  synchronized Hold holdToAskFor() {
    if (hold == null || hold.isLost()) {
      hold = new Hold();
    }
    return hold;
  }

  /** An open has brought the hold, at a time of the store's. */
  synchronized void held(Hold asked, long now) {
    granted = asked;
    accessedAt = Math.max(accessedAt, now);
  }

  /**
   * Counts one more access without asking the store, if this node may trust its copy: it holds the
   * session, which is not near its end.
   *
   * @param now the store's time, not ahead of it
   */
  synchronized @Nullable Hold accessTrusted(long now, SessionRules rules) {
    boolean current = granted != null && granted == hold && !granted.isLost();
    boolean lives = now < rules.trustedUntil(createdAt, accessedAt, maxInactiveInterval);
    if (!current || !lives || !isStored() || knownVersion == 0) {
      return null;
    }
    isNew = false;
    lastAccessedAt = Math.max(lastAccessedAt, accessedAt);
    accessedAt = Math.max(accessedAt, now);
    return granted;
  }

  /**
   * Takes what other nodes have committed since the store was last heard of, if that was not just
   * now. Does not count as an access.
   */
  void catchUp(LiveSessions owner) {
    if (!isStored() || isFresh()) {
      return;
    }
    String askedFor = storedId();
    Asked asked = asking();
    SessionRecord record = owner.store().look(askedFor, asked.version());
    if (record == null) {
      gone(owner);
      return;
    }
    takeOver(record, asked);
    if (!record.id().equals(askedFor)) {
      renamed(askedFor, record.id());
      owner.reregister(askedFor, this);
    }
  }

  private synchronized boolean isFresh() {
    return System.nanoTime() - heardAt < FRESH_NANOS;
  }

  /** Another node has rotated it, unless this one has meanwhile. */
  private synchronized void renamed(String oldId, String newId) {
    id = id.equals(oldId) ? newId : id;
  }

  /**
   * What was asked before a commit that the store does not know yet has no place after it; the next
   * open brings it once more.
   */
  private void takeOver(SessionRecord record, Asked asked) {
    Set<String> changedInPlace = record.isUnchanged() ? Set.of() : changedInPlace(record);
    synchronized (this) {
      if (deferrals == asked.deferrals) {
        merge(record, asked.version, changedInPlace);
      }
    }
  }

  /** Of what the record brings: the attributes that were changed in place here. */
  private Set<String> changedInPlace(SessionRecord record) {
    Set<String> changed = new HashSet<>();
    for (Map.Entry<String, Attribute> entry : copyOfAttributes().entrySet()) {
      boolean affected =
          record.attributes().containsKey(entry.getKey())
              || record.deferred().contains(entry.getKey())
              || record.removed().contains(entry.getKey());
      if (affected && entry.getValue().isChangedInPlace()) {
        changed.add(entry.getKey());
      }
    }
    return changed;
  }

  private synchronized void merge(
      SessionRecord record, long askedWith, Set<String> changedInPlace) {
    heardAt = System.nanoTime();
    lastAccessedAt = Math.max(lastAccessedAt, record.lastAccessedAt());
    if (record.isUnchanged()) {
      return;
    }
    attachment = record.attachment();
    createdAt = record.createdAt();
    boolean wentBack = record.version() < askedWith;
    if (record.version() <= knownVersion && !wentBack) {
      return;
    }
    if (!intervalChanged) {
      maxInactiveInterval = record.maxInactiveInterval();
    }
    if (!principalChanged) {
      principal = record.principal();
    }
    if (wentBack) {
      // A replica took over that had not heard of the last commits.
      attributes.doubtVersions();
    }
    knownVersion = record.version();
    BiConsumer<String, byte[]> refresh =
        (name, encoded) ->
            attributes
                .touchOrAdd(name)
                .refresh(encoded, changedInPlace.contains(name), record.version());
    record.attributes().forEach(refresh);
    record.deferred().forEach(name -> refresh.accept(name, Attribute.NOT_LOADED));
    for (String name : attributes.absentFrom(record)) {
      Attribute attribute = attributes.touch(name);
      if (attribute != null) {
        attribute.refresh(null, changedInPlace.contains(name), record.version());
      }
    }
    attributes.removeForgotten();
  }

  /**
   * Writes what is pending, if anything is.
   *
   * @param readInRequest what the committing request has read or set, by name
   */
  void commit(LiveSessions owner, Map<String, Object> readInRequest) {
    if (isOver()) {
      return;
    }
    List<Pending> pending = pendingChanges(readInRequest);
    commitLock.lock();
    try {
      if (isOver()) {
        return;
      }
      pending.removeIf(change -> !change.attribute.isNeeded(change.change));
      pending.removeIf(change -> isRefused(change, owner));
      if (isUnstored()) {
        create(owner, pending);
      } else {
        write(owner, pending);
      }
    } catch (SessionStoreException e) {
      owner.metrics().count(Counter.COMMITS_UNSAVED);
      distrust();
      throw e;
    } finally {
      commitLock.unlock();
    }
  }

  /** The store may have what it did not confirm, and then this node's copy is out of date. */
  private synchronized void distrust() {
    if (hold != null) {
      hold.lose();
    }
  }

  /** What has grown too large in place is not written: the store's value is the attribute's. */
  private boolean isRefused(Pending change, LiveSessions owner) {
    SizeLimits limits = owner.sizeLimits();
    byte[] bytes = change.change.encoded();
    if (bytes == null || !limits.isAny() || !SessionAccess.isLimited(change.name)) {
      return false;
    }
    synchronized (this) {
      int ofAttribute = change.name.equals(SessionAccess.GRAPH) ? 0 : bytes.length;
      long ofSession = attributes.sizeWith(change.name, bytes.length, limits);
      if (!hasGrown(change, bytes.length) || !limits.forbids(ofAttribute, ofSession)) {
        // Those that come after it in this commit have so much less room.
        attributes.admit(change.name, bytes.length);
        return false;
      }
      change.attribute.refused(change.change);
      attributes.removeForgotten();
    }
    values.oversized(change.name, bytes.length);
    return true;
  }

  /** Since it was set; or, if that was in an earlier request, since it was stored. */
  private boolean hasGrown(Pending change, int bytes) {
    Integer whenSet = attributes.admitted(change.name);
    if (whenSet != null) {
      return bytes > whenSet;
    }
    return !change.change.isSet() && bytes > change.attribute.size();
  }

  private synchronized boolean isUnstored() {
    return state == State.UNSTORED;
  }

  private List<Pending> pendingChanges(Map<String, Object> readInRequest) {
    boolean alone;
    synchronized (this) {
      alone = uses <= 1;
    }
    List<Pending> pending = new ArrayList<>(0);
    for (Map.Entry<String, Attribute> entry : mayHaveChanged(readInRequest)) {
      Attribute attribute = entry.getValue();
      Object held = readInRequest.get(entry.getKey());
      if (held != null) {
        attribute.readopt(held);
      }
      Attribute.Change change = attribute.pendingChange(held != null, alone);
      if (change != null) {
        pending.add(new Pending(entry.getKey(), attribute, change));
      }
    }
    return pending;
  }

  /** Those worth a look: of a large session most requests read little. */
  private synchronized List<Map.Entry<String, Attribute>> mayHaveChanged(
      Map<String, Object> readInRequest) {
    return attributes.mayHaveChanged(readInRequest);
  }

  private void create(LiveSessions owner, List<Pending> pending) {
    Map<String, byte[]> encoded = new LinkedHashMap<>();
    for (Pending change : pending) {
      byte[] bytes = change.change.encoded();
      if (bytes != null) {
        encoded.put(change.name, bytes);
      }
    }
    NewSession session;
    synchronized (this) {
      session = new NewSession(id, createdAt, maxInactiveInterval, principal, encoded);
      intervalChanged = false;
      principalChanged = false;
      doubtful = true;
    }
    Commit commit = owner.store().create(session);
    owner.metrics().count(Counter.COMMITS_CREATED);
    boolean rotates;
    synchronized (this) {
      state = State.STORED;
      createdAt = commit.createdAt();
      knownVersion = commit.version();
      attachment = commit.attachment();
      applied(pending, commit);
      rotates = nextId != null;
    }
    owner.register(this);
    if (rotates) {
      write(owner, List.of());
    }
  }

  private void write(LiveSessions owner, List<Pending> pending) {
    if (pending.isEmpty() && !isMetadataPending()) {
      return;
    }
    SessionDelta delta = delta(pending);
    Commit commit = owner.store().commit(delta);
    String storedId = commit.id();
    owner.metrics().count(outcome(commit));
    if (storedId == null) {
      gone(owner);
      return;
    }
    synchronized (this) {
      id = storedId;
      applied(delta, commit);
      applied(pending, commit);
    }
    if (!storedId.equals(delta.id())) {
      owner.reregister(delta.id(), this);
    }
  }

  private synchronized Counter outcome(Commit commit) {
    if (commit.id() == null) {
      return Counter.COMMITS_DROPPED;
    }
    if (commit.isDeferred()) {
      return Counter.COMMITS_DEFERRED;
    }
    return commit.previousVersion() == knownVersion
        ? Counter.COMMITS_WRITTEN
        : Counter.COMMITS_CONFLICTING;
  }

  private synchronized boolean isMetadataPending() {
    return nextId != null || intervalChanged || principalChanged;
  }

  private void gone(LiveSessions owner) {
    synchronized (this) {
      state = State.GONE;
    }
    owner.forget(this);
  }

  private synchronized SessionDelta delta(List<Pending> pending) {
    SessionDelta delta = new SessionDelta(id);
    delta.heldBy(hold);
    delta.attach(attachment);
    for (Pending change : pending) {
      byte[] bytes = change.change.encoded();
      if (bytes == null) {
        delta.remove(change.name);
      } else {
        delta.write(change.name, bytes);
      }
    }
    if (nextId != null) {
      delta.rotateTo(nextId);
    }
    if (intervalChanged) {
      delta.setMaxInactiveInterval(maxInactiveInterval);
    }
    if (principalChanged) {
      delta.setPrincipal(principal);
    }
    return delta;
  }

  /** Called with this session's lock held. */
  private void applied(SessionDelta delta, Commit commit) {
    attachment = commit.attachment();
    deferrals += commit.isDeferred() ? 1 : 0;
    if (delta.newId() != null && delta.newId().equals(nextId)) {
      nextId = null;
    }
    Integer interval = delta.maxInactiveInterval();
    intervalChanged &= interval == null || interval != maxInactiveInterval;
    principalChanged &= !delta.principalChanged() || !Objects.equals(delta.principal(), principal);
    if (commit.previousVersion() == knownVersion) {
      knownVersion = commit.version();
    } else if (hold != null) {
      hold.lose();
    }
  }

  /** Called with this session's lock held. */
  private void applied(List<Pending> pending, Commit commit) {
    pending.forEach(
        change -> {
          Attribute attribute = change.attribute;
          long version = commit.isDeferred() ? attribute.storedVersion() : commit.version();
          attribute.committed(change.change, version);
          attributes.stored(change.name);
        });
    attributes.removeForgotten();
  }

  /**
   * Ends the session, in the store too.
   *
   * @return true if it was this call that ended it, so that the listeners have to be told, and then
   *     {@link #ended} has to be called
   */
  boolean end(LiveSessions owner) {
    commitLock.lock();
    try {
      if (isEnding() || isEnded()) {
        return false;
      }
      SessionRecord record = null;
      boolean unstored = isUnstored();
      if (unstored ? isDoubtful() : !isGone()) {
        record = owner.store().end(storedId(), completeVersion(), owner.endLease());
      }
      if (record != null) {
        load(record);
        merge(record, 0, names());
      }
      boolean endedHere = unstored || record != null;
      synchronized (this) {
        state = endedHere ? State.ENDING : State.ENDED;
      }
      owner.forget(this);
      if (record != null) {
        endedAs(record.id());
      }
      return endedHere;
    } finally {
      commitLock.unlock();
    }
  }

  /**
   * This node has ended the session in the store, otherwise than by {@link #end}.
   *
   * @param record all that the store had of it
   */
  void endedWith(LiveSessions owner, SessionRecord record) {
    commitLock.lock();
    try {
      load(record);
      merge(record, 0, names());
      synchronized (this) {
        state = State.ENDING;
      }
      owner.forget(this);
      endedAs(record.id());
    } finally {
      commitLock.unlock();
    }
  }

  /** The version of which this node has everything, large attributes too; 0 for none. */
  private synchronized long completeVersion() {
    return attributes.areAllLoaded() ? knownVersion : 0;
  }

  /** Those who are told of the end can read what was not loaded before. */
  private synchronized void load(SessionRecord record) {
    attributes.load(record);
  }

  /** Another node may have rotated it: what is left of it is kept under this id. */
  private synchronized void endedAs(String storedId) {
    id = storedId;
  }

  private synchronized boolean isEnding() {
    return state == State.ENDING;
  }

  private synchronized boolean isDoubtful() {
    return doubtful;
  }

  private synchronized Map<String, Attribute> copyOfAttributes() {
    return attributes.copy();
  }

  @Override
  public String toString() {
    return "LiveSession{version=" + knownVersion() + ", attributes=" + names() + '}';
  }

  /** What this node knew of the session when it asked the store. */
  static final class Asked {
    private final long version;
    private final long deferrals;

    private Asked(long version, long deferrals) {
      this.version = version;
      this.deferrals = deferrals;
    }

    /** The known version, to ask with. */
    long version() {
      return version;
    }
  }

  /** An attribute's change on its way to the store. */
  private static final class Pending {
    private final String name;
    private final Attribute attribute;
    private final Attribute.Change change;

    private Pending(String name, Attribute attribute, Attribute.Change change) {
      this.name = name;
      this.attribute = attribute;
      this.change = change;
    }
  }
}
