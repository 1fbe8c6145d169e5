package dev.carryover.session;

import dev.carryover.metrics.Counter;
import dev.carryover.store.SessionRecord;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One request's use of a live session: what the request reads and writes, until it is released.
 *
 * <p>Kept beyond its request (a WebSocket does so) it still works, by these rules: what is set or
 * removed after the release is committed at once. {@link #catchUp}, before each operation, commits
 * what was changed in place since the last one, and then takes what other nodes have committed,
 * unless that was done a moment ago; neither is an access that would keep the session from
 * expiring. While it is kept, the requests of this node share its attribute objects. Once the
 * session has ended anywhere, it counts as ended here too.
 *
 * <p>Thread-safe.
 */
public final class SessionAccess {

  /** Attributes whose names start so are ours: no application sees them. */
  private static final String HIDDEN = "~carryover.";

  /** The attribute that holds all others, where they are written as one graph. */
  static final String GRAPH = HIDDEN + "graph";

  /** What an application's own name may look like that has to be told from ours. */
  private static final Pattern LOOKS_HIDDEN = Pattern.compile("~+carryover\\.");

  private static final String ELSEWHERE = HIDDEN + "session:";

  private final LiveSessions sessions;

  /** Another than at first if this was kept beyond its request and others have one in use. */
  private volatile LiveSession session;

  /** The objects that this request got or set, by name: they may be changed in place. */
  private final Map<String, Object> read = new ConcurrentHashMap<>();

  /** Something was read or changed since the last commit. */
  private volatile boolean uncommitted;

  /** The id that this request has given the session last; null for none. */
  private volatile @Nullable String rotatedTo;

  private final AtomicBoolean released = new AtomicBoolean();
  private @Nullable Object companion;
  private volatile @Nullable RequestPatience patience;

  SessionAccess(LiveSessions sessions, LiveSession session) {
    this.sessions = sessions;
    this.session = session;
  }

  /** The session's id; once rotated, the new one. */
  public String id() {
    return session.id();
  }

  /** In milliseconds since the epoch. */
  public long createdAt() {
    return session.createdAt();
  }

  /** When the request before this one came, in milliseconds since the epoch. */
  public long lastAccessedAt() {
    // A node that knows nothing of the store's clock yet may have dated the creation by its own.
    return Math.max(session.createdAt(), session.lastAccessedAt());
  }

  /** In seconds; zero or less for never. */
  public int maxInactiveInterval() {
    return session.maxInactiveInterval();
  }

  public void setMaxInactiveInterval(int seconds) {
    session.setMaxInactiveInterval(seconds);
    changed();
  }

  /** True until a second request has come with the session's id. */
  public boolean isNew() {
    return session.isNew();
  }

  /**
   * True once the session was invalidated on this node, and its listeners have been told; beyond
   * the request also once it has ended elsewhere.
   */
  public boolean isEnded() {
    return session.isEnded() || (released.get() && session.isGone());
  }

  /** True if a commit found that another node ended the session, or time did. */
  public boolean isGone() {
    return session.isGone();
  }

  public @Nullable Object get(String name) {
    if (!sessions.isOneGraph()) {
      return read(unhidden(name));
    }
    return session.has(GRAPH) ? graph().get(name) : null;
  }

  /** Where an application has such a name by chance, or was given it, it gets an attribute else. */
  private static String unhidden(String name) {
    return LOOKS_HIDDEN.matcher(name).lookingAt() ? '~' + name : name;
  }

  private @Nullable Object read(String name) {
    Object value = load(name);
    if (value != null && sessions.detectsMutation()) {
      hold(name, value);
    }
    return value;
  }

  private @Nullable Object load(String name) {
    return SessionUnavailableException.<@Nullable Object>asking(
        () -> session.get(name, this::fetch));
  }

  private @Nullable SessionRecord fetch(String name) {
    RequestPatience waiting = patience;
    Supplier<@Nullable SessionRecord> question =
        () -> sessions.store().load(session.storedId(), name);
    return waiting == null ? question.get() : waiting.<@Nullable SessionRecord>answering(question);
  }

  /** From now on, what is fetched for this access is waited for no longer than this allows. */
  public void waitsWith(RequestPatience requests) {
    patience = requests;
  }

  /** The names of the attributes that can be read. */
  public Set<String> names() {
    if (!sessions.isOneGraph()) {
      return seen(session.names());
    }
    return session.has(GRAPH) ? new LinkedHashSet<>(graph().keySet()) : Set.of();
  }

  /** Whether its size is limited: what was not set by the application is small. */
  static boolean isLimited(String name) {
    return name.equals(GRAPH) || !name.startsWith(HIDDEN);
  }

  private static Set<String> seen(Set<String> names) {
    Set<String> seen = new LinkedHashSet<>();
    for (String name : names) {
      String asSeen = nameSeen(name);
      if (asSeen != null) {
        seen.add(asSeen);
      }
    }
    return seen;
  }

  /** The name by which the application knows what is stored under this one; null if it does not. */
  static @Nullable String nameSeen(String stored) {
    if (stored.startsWith(HIDDEN)) {
      return null;
    }
    return LOOKS_HIDDEN.matcher(stored).lookingAt() ? stored.substring(1) : stored;
  }

  /**
   * The id of the session that the same client has in the web application at another context path,
   * to which requests were dispatched; null if none was noted.
   */
  public @Nullable String sessionElsewhere(String contextPath) {
    return (String) load(ELSEWHERE + contextPath);
  }

  /** Notes what {@link #sessionElsewhere} shall answer. */
  public void noteSessionElsewhere(String contextPath, String id) {
    session.set(ELSEWHERE + contextPath, id);
    changed();
  }

  /** What was noted of the session by a name, out of the application's reach; null for nothing. */
  public @Nullable Object note(String name) {
    return load(HIDDEN + name);
  }

  /** Notes what {@link #note(String)} shall answer; null takes it away. */
  public void note(String name, @Nullable Object value) {
    session.set(HIDDEN + name, value);
    changed();
  }

  /** Whether a value can go to other nodes. */
  public boolean canCarry(Object value) {
    return sessions.values().canEncode(value);
  }

  /**
   * Asked before {@link #set}, and before listeners are told of it.
   *
   * @throws IllegalArgumentException if the value can't be carried, and such values are not to be
   *     set at all; or if it is too large
   */
  public void requireSettable(String name, Object value) {
    sessions.values().requireSettable(name, value);
    SizeLimits limits = sessions.sizeLimits();
    int size = limits.isAny() ? sessions.values().size(name, value) : 0;
    if (size > 0 && sessions.isOneGraph()) {
      int all = sessions.values().size(GRAPH, graphWith(name, value));
      limits.require(name, size, all);
      session.admit(GRAPH, all);
    } else if (size > 0) {
      limits.require(name, size, session.sizeWith(unhidden(name), size, limits));
      session.admit(unhidden(name), size);
    }
  }

  private Map<String, Object> graphWith(String name, Object value) {
    Map<String, Object> with = new ConcurrentHashMap<>(session.has(GRAPH) ? graph() : Map.of());
    with.put(name, value);
    return with;
  }

  public void set(String name, Object value) {
    if (sessions.isOneGraph()) {
      Map<String, Object> graph = graph();
      graph.put(name, value);
      write(GRAPH, graph);
    } else {
      write(unhidden(name), value);
    }
    changed();
  }

  private void write(String name, Object value) {
    // What is set may be changed in place later in the request, after an early commit.
    if (sessions.detectsMutation()) {
      hold(name, value);
    }
    session.set(name, value);
  }

  private void hold(String name, Object value) {
    read.put(name, value);
    uncommitted = true;
  }

  public void remove(String name) {
    if (!sessions.isOneGraph()) {
      session.set(unhidden(name), null);
      read.remove(unhidden(name));
    } else if (session.has(GRAPH)) {
      Map<String, Object> graph = graph();
      graph.remove(name);
      write(GRAPH, graph);
    }
    changed();
  }

  /** All attributes, as the one value that they are then. */
  @SuppressWarnings("unchecked")
  private Map<String, Object> graph() {
    Object graph = read(GRAPH);
    if (graph instanceof ConcurrentHashMap) {
      return (Map<String, Object>) graph;
    }
    session.setIfAbsent(GRAPH, new ConcurrentHashMap<>());
    graph = read(GRAPH);
    return graph instanceof ConcurrentHashMap ? (Map<String, Object>) graph : new HashMap<>();
  }

  /** A session that was written with the other granularity is taken over with the first use. */
  void adaptGranularity() {
    if (sessions.isOneGraph()) {
      gather();
    } else if (session.has(GRAPH)) {
      graph().forEach((name, value) -> session.set(unhidden(name), value));
      session.set(GRAPH, null);
    }
  }

  private void gather() {
    Set<String> names = seen(session.names());
    Map<String, Object> graph = names.isEmpty() ? Map.of() : graph();
    for (String name : names) {
      Object value = load(unhidden(name));
      if (value != null) {
        graph.put(name, value);
        session.set(unhidden(name), null);
      }
    }
    if (!names.isEmpty()) {
      write(GRAPH, graph);
    }
  }

  /**
   * Gives the session a new id. The old one is dead with the next commit.
   *
   * @return the old id
   */
  public String rotate() {
    String oldId = session.rotate();
    rotatedTo = session.id();
    sessions.metrics().count(Counter.SESSIONS_ROTATED);
    sessions.events().idChanged(this, oldId);
    changed();
    return oldId;
  }

  /** The user that is known for this session, by a login or an attribute; null for none. */
  public @Nullable String principal() {
    return session.principal();
  }

  public void setPrincipal(@Nullable String name) {
    session.setPrincipal(name);
    changed();
  }

  /**
   * Ends the session everywhere, now.
   *
   * @throws SessionUnavailableException if the store did not answer in time
   */
  public void invalidate() {
    if (SessionUnavailableException.asking(() -> session.end(sessions))) {
      tellEnd();
    }
  }

  /** The store has ended it for this node, which has to tell the listeners. */
  void tellEnd() {
    sessions.metrics().count(Counter.SESSIONS_INVALIDATED);
    try {
      sessions.events().ended(this);
    } finally {
      session.ended();
    }
    if (session.wasStored() && sessions.events().isListening()) {
      sessions.store().finish(session.storedId());
    }
  }

  /** While its end is being told: from now on it counts as ended for those who ask it. */
  public void closeBeforeUnbinding() {
    session.ended();
  }

  /**
   * The object that goes with this access for its life, such as its face to an API; made at the
   * first call.
   */
  public synchronized <T> T companion(Class<T> type, Supplier<T> maker) {
    Object present = companion;
    if (present == null) {
      present = maker.get();
      companion = present;
    }
    return type.cast(present);
  }

  /**
   * Sees to it that what this request has done to the session is in the store. One round trip if
   * anything has changed, none otherwise.
   *
   * @throws SessionUnavailableException if the store did not answer in time; nothing is forgotten
   *     then, and the next commit tries again
   */
  public void commit() {
    boolean before = uncommitted;
    // What comes while this is under way is not in it.
    uncommitted = false;
    try {
      SessionUnavailableException.asking(
          () -> {
            session.commit(sessions, read);
            return null;
          });
    } catch (RuntimeException | Error e) {
      if (before) {
        uncommitted = true;
      }
      throw e;
    }
  }

  /**
   * Beyond the request: saves what was changed in place, and takes what other nodes have committed.
   * During the request it does nothing.
   *
   * @throws SessionUnavailableException if the store did not answer in time
   */
  public void catchUp() {
    if (released.get()) {
      commit();
      SessionUnavailableException.asking(
          () -> {
            keep();
            return null;
          });
    }
  }

  private void keep() {
    LiveSession before = session;
    LiveSession now = before.isStored() ? sessions.keep(before) : before;
    session = now;
    now.catchUp(sessions);
  }

  /** The request is over. Does not commit. */
  public void release() {
    if (released.compareAndSet(false, true)) {
      if (uncommitted) {
        leaveUnsaved();
      }
      sessions.release(session);
    }
  }

  private void leaveUnsaved() {
    String newId = rotatedTo;
    if (newId != null) {
      session.abandonRotation(newId);
    }
    session.leaveUnsaved();
  }

  /**
   * Opens the session that has this id now, as another request would.
   *
   * @return null if there is no such session; else to be released
   * @throws dev.carryover.store.SessionStoreException if the store did not answer in time
   */
  public @Nullable SessionAccess reopen(String id) {
    return sessions.open(id);
  }

  /** The request goes on after all, in an error page. */
  public void reacquire() {
    if (released.compareAndSet(true, false)) {
      sessions.reacquire(session);
    }
  }

  private void changed() {
    uncommitted = true;
    if (released.get()) {
      commit();
    }
  }
}
