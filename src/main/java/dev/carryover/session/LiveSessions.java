package dev.carryover.session;

import dev.carryover.event.SessionEvents;
import dev.carryover.metrics.Counter;
import dev.carryover.metrics.Gauge;
import dev.carryover.metrics.SessionMetrics;
import dev.carryover.store.Hold;
import dev.carryover.store.SessionRecord;
import dev.carryover.store.SessionStore;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that requests on this node are using, one {@link LiveSession} each, and the way to
 * open and create them. Thread-safe.
 */
public final class LiveSessions implements AutoCloseable {

  private final SessionStore store;

  /** The store, where this node goes on while the one behind it can't be asked; else null. */
  private final @Nullable BridgingStore bridge;

  private final AttributeValues values;
  private final SessionRules rules;
  private final SessionEvents<SessionAccess> events;
  private final SessionMetrics metrics;
  private final CreationLimit creationLimit;
  private final ExpirySweeper sweeper;
  private final ConcurrentMap<String, LiveSession> byId = new ConcurrentHashMap<>();
  private final NearCache nearCache;
  private final Touches touches = new Touches();

  /** Those that were used beyond their requests, for as long as someone holds them. */
  private final ConcurrentMap<String, WeakReference<LiveSession>> kept = new ConcurrentHashMap<>();

  /**
   * @param store closed with this
   * @param events hears of every session that this node creates, ends or finds expired
   */
  public LiveSessions(
      SessionStore store,
      AttributeCodec codec,
      SessionRules rules,
      SessionEvents<SessionAccess> events) {
    this(store, codec, rules, events, SessionMetrics.NONE);
  }

  /**
   * @param metrics told of what becomes of sessions on this node
   */
  public LiveSessions(
      SessionStore store,
      AttributeCodec codec,
      SessionRules rules,
      SessionEvents<SessionAccess> events,
      SessionMetrics metrics) {
    this.metrics = metrics;
    this.bridge = rules.goesOnAlone() ? new BridgingStore(store, rules, metrics) : null;
    this.creationLimit = new CreationLimit(rules.newSessionsPerSecond());
    this.store = bridge == null ? store : bridge;
    this.values = new AttributeValues(codec, metrics);
    this.rules = rules;
    this.events = events;
    this.nearCache = NearCache.of(rules);
    this.sweeper = new ExpirySweeper(this.store, rules, metrics, this::tellEnd, this::forgetEnded);
    metrics.watch(Gauge.SESSIONS_IN_USE, this::size);
    metrics.watch(Gauge.CACHE_SESSIONS, nearCache::sessions);
    metrics.watch(Gauge.CACHE_BYTES, nearCache::bytes);
  }

  /** Starts looking for sessions that have expired, and writing what could not be written. */
  public void start() {
    sweeper.start();
    if (bridge != null) {
      bridge.start();
    }
  }

  /**
   * Opens a session for one request, which has to {@link SessionAccess#release} it.
   *
   * @param id well-formed, see {@link SessionId#isWellFormed}
   * @return null if there is no such session
   * @throws SessionUnavailableException if the store did not answer in time
   */
  public @Nullable SessionAccess open(String id) {
    return SessionUnavailableException.<@Nullable SessionAccess>asking(() -> find(id));
  }

  private @Nullable SessionAccess find(String id) {
    LiveSession session = acquire(id);
    if (rules.trustsCopies() && accessTrusted(session, id)) {
      metrics.count(Counter.OPENS_TRUSTED);
      return new SessionAccess(this, session);
    }
    SessionRecord record;
    try {
      record = open(session, id);
    } catch (RuntimeException | Error e) {
      metrics.count(Counter.OPENS_FAILED);
      release(session);
      throw e;
    }
    if (record == null) {
      metrics.count(Counter.OPENS_MISSING);
      releaseMissing(session);
      return null;
    }
    metrics.count(record.isUnchanged() ? Counter.OPENS_UNCHANGED : Counter.OPENS_FETCHED);
    sweeper.expect(session);
    return adapted(new SessionAccess(this, session));
  }

  private static SessionAccess adapted(SessionAccess access) {
    try {
      access.adaptGranularity();
      return access;
    } catch (RuntimeException | Error e) {
      access.release();
      throw e;
    }
  }

  private @Nullable SessionRecord open(LiveSession session, String id) {
    LiveSession.Asked asked = session.asking();
    long known = asked.version();
    Hold hold = rules.trustsCopies() ? session.holdToAskFor() : null;
    SessionRecord record = hold == null ? store.open(id, known) : store.open(id, known, hold);
    if (record != null) {
      session.opened(record, asked);
      if (hold != null) {
        session.held(hold, store.currentTimeMillis());
      }
    }
    return record;
  }

  private boolean accessTrusted(LiveSession session, String id) {
    boolean rotated = !session.storedId().equals(id);
    Hold hold = rotated ? null : session.accessTrusted(store.currentTimeMillis(), rules);
    if (hold != null && touches.isDue(id)) {
      store.touch(id, hold);
    }
    return hold != null;
  }

  /**
   * A new session, in the store from the first commit on.
   *
   * @throws SessionUnavailableException if this node has created as many as it may
   */
  public SessionAccess create() {
    if (!creationLimit.allows()) {
      metrics.count(Counter.SESSIONS_REFUSED);
      throw SessionUnavailableException.tooManyNew();
    }
    LiveSession session =
        LiveSession.created(values, store.currentTimeMillis(), maxInactiveInterval());
    SessionAccess access = new SessionAccess(this, session);
    metrics.count(Counter.SESSIONS_CREATED);
    events.created(access);
    return access;
  }

  /** Tells of a session that has expired. */
  private void tellEnd(SessionRecord record) {
    LiveSession session = LiveSession.ending(record, values);
    SessionAccess access = new SessionAccess(this, session);
    access.adaptGranularity();
    events.ended(access);
    session.ended();
    metrics.count(Counter.SESSIONS_EXPIRED);
  }

  /** All sessions, of whatever node. */
  public SessionDirectory directory() {
    return new SessionDirectory(this);
  }

  /** For those who look for sessions, and into them, without a request of theirs. */
  public SessionSearch search() {
    return new SessionSearch(store);
  }

  /** Tells of a session that this node has ended in the store, without a request of its. */
  void tellEndOf(SessionRecord record) {
    LiveSession here = here(record.id());
    LiveSession session = here == null ? LiveSession.ending(record, values) : here;
    if (here != null) {
      here.endedWith(this, record);
    }
    SessionAccess access = new SessionAccess(this, session);
    access.adaptGranularity();
    access.tellEnd();
  }

  /** What this node has of a session, if anything. */
  private @Nullable LiveSession here(String id) {
    LiveSession inUse = byId.get(id);
    LiveSession holder = inUse == null ? kept(id) : inUse;
    return holder == null ? nearCache.find(id) : holder;
  }

  /** Ends a session, whether this node has it or not. */
  @Nullable SessionRecord endUnknown(String id) {
    String storedId = storedId(id);
    return bridge == null
        ? store.end(storedId, 0, endLease())
        : bridge.endUnknown(storedId, endLease());
  }

  /** By which the store knows the session that has this id, or will have it with its commit. */
  String storedId(String id) {
    for (LiveSession session : byId.values()) {
      if (session.id().equals(id)) {
        return session.storedId();
      }
    }
    return id;
  }

  /** Slides the deadline of a session that a request names but does not use. Does not wait. */
  public void touch(String id) {
    if (touches.isDue(id)) {
      metrics.count(Counter.TOUCHES);
      store.touch(id);
    }
  }

  /** Ends the node's part; sessions stay in the store. */
  @Override
  public void close() {
    sweeper.close();
    store.close();
  }

  /** The store's time in milliseconds since the epoch, as far as this node knows it. */
  public long currentTimeMillis() {
    return store.currentTimeMillis();
  }

  /** In seconds, of a new session; zero or less for never. */
  public int maxInactiveInterval() {
    return (int) rules.maxInactiveInterval().toSeconds();
  }

  AttributeValues values() {
    return values;
  }

  SessionStore store() {
    return store;
  }

  SessionMetrics metrics() {
    return metrics;
  }

  SessionEvents<SessionAccess> events() {
    return events;
  }

  SizeLimits sizeLimits() {
    return rules.sizeLimits();
  }

  boolean isOneGraph() {
    return rules.isOneGraph();
  }

  boolean detectsMutation() {
    return rules.detectsMutation();
  }

  /** How long an end may take to be told; zero if nobody listens. */
  Duration endLease() {
    return events.isListening() ? rules.expiryLease() : Duration.ZERO;
  }

  /** A request is done with it; the last one leaves it to the near cache. */
  void release(LiveSession session) {
    if (session.release()) {
      forgetRetired(session.storedId(), session, nearCache::keep);
    } else {
      session.lives(store.currentTimeMillis(), rules);
    }
  }

  private void releaseMissing(LiveSession session) {
    if (session.releaseMissing()) {
      forgetRetired(session.storedId(), session, nearCache::keep);
    }
  }

  /** Takes a released session into use again. */
  void reacquire(LiveSession session) {
    session.revive();
    if (session.isStored()) {
      register(session);
    }
  }

  void register(LiveSession session) {
    put(session);
    sweeper.expect(session);
  }

  void reregister(String oldId, LiveSession session) {
    nearCache.forget(oldId, session);
    if (byId.remove(oldId, session)) {
      put(session);
    }
    WeakReference<LiveSession> holder = kept.get(oldId);
    if (holder != null && holder.get() == session && kept.remove(oldId, holder)) {
      kept.put(session.storedId(), holder);
    }
  }

  /**
   * The session to go on with for one who has kept this one beyond its request: that which requests
   * use now, or which another has kept, so that all share attribute objects again. Requests to come
   * will find it.
   */
  LiveSession keep(LiveSession session) {
    AtomicReference<LiveSession> common = new AtomicReference<>(session);
    var unused =
        byId.compute(
            session.storedId(),
            (id, inUse) -> {
              LiveSession before = kept(id);
              LiveSession idle = before == null ? nearCache.find(id) : before;
              LiveSession found = inUse != null ? inUse : idle;
              if (found != null) {
                common.set(found);
              }
              if (before != common.get()) {
                kept.put(id, new WeakReference<>(common.get()));
              }
              return inUse;
            });
    return Objects.requireNonNull(common.get());
  }

  private @Nullable LiveSession kept(String id) {
    WeakReference<LiveSession> holder = kept.get(id);
    LiveSession session = holder == null ? null : holder.get();
    return session != null && session.isStored() && session.storedId().equals(id) ? session : null;
  }

  private LiveSession keptOrExpected(String id) {
    LiveSession holder = kept(id);
    LiveSession session = holder == null ? nearCache.find(id) : holder;
    if (session == null) {
      return LiveSession.expected(id, values);
    }
    session.unretire();
    return session;
  }

  /** Makes a session found by its id, unless no request has it any more. */
  private void put(LiveSession session) {
    byId.compute(
        session.storedId(),
        (id, other) -> {
          if (other != null || session.isRetired()) {
            return other;
          }
          nearCache.forget(id);
          return session;
        });
  }

  /**
   * Forgets a session, unless a request has come back to it meanwhile.
   *
   * @param last told of the session before anyone can come back to it
   */
  private void forgetRetired(String id, LiveSession session, Consumer<LiveSession> last) {
    byId.computeIfPresent(
        id,
        (key, found) -> {
          if (found != session || !session.isRetired()) {
            return found;
          }
          last.accept(session);
          return null;
        });
  }

  void forget(LiveSession session) {
    byId.remove(session.storedId(), session);
    // Whatever copy there is: its id is dead.
    nearCache.forget(session.storedId());
  }

  /**
   * Lets go of idle sessions that were kept for an attribute that can't be carried, once another
   * node or time has ended them. There may be many, so the store is asked for those alone that may
   * have ended.
   */
  private void forgetEnded() {
    kept.keySet().removeIf(id -> kept(id) == null);
    long now = store.currentTimeMillis();
    for (LiveSession session : byId.values()) {
      if (session.isIdleAndDoubtful(now)) {
        session.askedUntil(now + rules.pollInterval().toMillis());
        if (!store.exists(session.storedId())) {
          forget(session);
        }
      }
    }
  }

  /** The sessions in use now, and those kept for what can't be carried. */
  int size() {
    return byId.size();
  }

  private LiveSession acquire(String id) {
    while (true) {
      LiveSession session = byId.computeIfAbsent(id, this::keptOrExpected);
      if (session.acquire()) {
        return session;
      }
      // Whoever has let go of it is about to do this too. Another may have taken it out again.
      boolean moved = !id.equals(session.storedId());
      forgetRetired(id, session, moved ? other -> nearCache.forget(id, other) : nearCache::keep);
    }
  }
}
