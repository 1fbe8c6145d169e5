package dev.carryover.store.memory;

import dev.carryover.store.Commit;
import dev.carryover.store.DueSessions;
import dev.carryover.store.Hold;
import dev.carryover.store.MinuteCounts;
import dev.carryover.store.NewSession;
import dev.carryover.store.OwnedSession;
import dev.carryover.store.PrincipalCount;
import dev.carryover.store.SessionDelta;
import dev.carryover.store.SessionIndex;
import dev.carryover.store.SessionPage;
import dev.carryover.store.SessionRecord;
import dev.carryover.store.SessionSizes;
import dev.carryover.store.SessionStore;
import dev.carryover.store.SessionSummary;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The reference store: the semantics of {@link SessionStore} in one process's memory, plainly. It
 * serves tests, and {@code store=memory} for trying Carryover without Redis. Sessions end with the
 * process. Thread-safe by one lock.
 */
public final class MemorySessionStore implements SessionStore {

  /** Whoever opens a session without a hold. */
  private static final Hold NOBODY = new Hold();

  /** A node may have dated a session before it knew the store's time. */
  private static final long MOST_AHEAD_MILLIS = 10_000;

  private final Clock clock;
  private final boolean sliding;
  private final long maxAgeMillis;
  private final Map<String, Entry> entries = new HashMap<>();
  private final Map<String, Forward> forwards = new HashMap<>();
  private final Map<Long, MinuteCounts> counted = new HashMap<>();

  /**
   * @param sliding whether an access moves the deadline
   */
  public MemorySessionStore(Clock clock, boolean sliding) {
    this(clock, sliding, Duration.ZERO);
  }

  /**
   * @param sliding whether an access moves the deadline
   * @param maxAge how old a session gets at most, however often it is accessed; zero for any age
   */
  public MemorySessionStore(Clock clock, boolean sliding, Duration maxAge) {
    this.clock = clock;
    this.sliding = sliding;
    this.maxAgeMillis = maxAge.toMillis();
  }

  @Override
  public @Nullable SessionRecord open(String id, long knownVersion) {
    return open(id, knownVersion, NOBODY);
  }

  @Override
  public synchronized @Nullable SessionRecord open(String id, long knownVersion, Hold hold) {
    Entry entry = living(id);
    if (entry == null) {
      return null;
    }
    SessionRecord record = entry.record(id, knownVersion);
    entry.access(clock.millis());
    entry.holdBy(hold);
    return record;
  }

  @Override
  public synchronized @Nullable SessionRecord look(String id, long knownVersion) {
    String present = presentId(id);
    Entry entry = living(present);
    return entry == null ? null : entry.record(present, knownVersion);
  }

  @Override
  public synchronized @Nullable SessionRecord load(String id, String name) {
    String present = presentId(id);
    Entry entry = living(present);
    return entry == null ? null : entry.record(present, name);
  }

  @Override
  public synchronized void touch(String id) {
    Entry entry = living(id);
    if (entry != null) {
      entry.access(clock.millis());
    }
  }

  @Override
  public synchronized void touch(String id, Hold hold) {
    Entry entry = living(id);
    if (entry == null || entry.hold != hold) {
      hold.lose();
    }
    touch(id);
  }

  @Override
  public synchronized Commit create(NewSession session) {
    Entry entry = new Entry(session, clock.millis());
    // Ids are random: one that exists is its own, sent twice.
    entries.put(session.id(), entry);
    count(1, 0, 0);
    return Commit.done(session.id(), 0, entry.version, entry.createdAt);
  }

  @Override
  public synchronized Commit commit(SessionDelta delta) {
    String id = presentId(delta.id());
    Entry entry = living(id);
    if (entry == null) {
      return Commit.gone();
    }
    long previous = entry.version;
    entry.changed(delta.hold());
    entry.apply(delta, clock.millis());
    String newId = delta.newId();
    if (newId != null && !newId.equals(id)) {
      entries.remove(id);
      entries.put(newId, entry);
      forwards.put(id, new Forward(newId, clock.millis() + FORWARDING.toMillis()));
      id = newId;
    }
    return Commit.done(id, previous, entry.version, entry.createdAt);
  }

  @Override
  public synchronized @Nullable SessionRecord end(String id, long knownVersion, Duration lease) {
    String present = presentId(id);
    Entry entry = living(present);
    if (entry == null) {
      return null;
    }
    SessionRecord record = entry.record(present, knownVersion);
    count(0, 0, 1);
    endOrRemove(present, entry, lease);
    return record;
  }

  /** There is but one node. */
  @Override
  public boolean takeTurn(Duration turn) {
    return true;
  }

  @Override
  public synchronized DueSessions due(int limit) {
    forwards.values().removeIf(forward -> forward.until <= clock.millis());
    List<Map.Entry<String, Entry>> byDeadline = new ArrayList<>(entries.entrySet());
    byDeadline.sort(Comparator.comparingLong(entry -> dueAt(entry.getValue())));
    List<String> ids = new ArrayList<>();
    long next = Long.MAX_VALUE;
    for (Map.Entry<String, Entry> entry : byDeadline) {
      long dueAt = dueAt(entry.getValue());
      if (dueAt > clock.millis() || ids.size() == limit) {
        next = dueAt;
        break;
      }
      ids.add(entry.getKey());
    }
    return new DueSessions(ids, next);
  }

  @Override
  public synchronized @Nullable SessionRecord claim(String id, Duration lease) {
    Entry entry = entries.get(id);
    if (entry == null || dueAt(entry) > clock.millis()) {
      return null;
    }
    if (entry.endedUntil == 0) {
      count(0, 1, 0);
    }
    entry.endedUntil = clock.millis() + lease.toMillis();
    entry.hold.lose();
    return entry.record(id, 0);
  }

  @Override
  public synchronized boolean exists(String id) {
    return entries.containsKey(id);
  }

  @Override
  public synchronized void finish(String id) {
    entries.remove(id);
  }

  @Override
  public SessionIndex index() {
    return new Index();
  }

  @Override
  public long currentTimeMillis() {
    return clock.millis();
  }

  @Override
  public void close() {}

  private void endOrRemove(String id, Entry entry, Duration lease) {
    entry.hold.lose();
    if (lease.isZero()) {
      entries.remove(id);
    } else {
      entry.endedUntil = clock.millis() + lease.toMillis();
    }
  }

  private long minute() {
    return clock.millis() / 60_000;
  }

  private void count(int created, int expired, int invalidated) {
    counted.keySet().removeIf(minute -> minute < minute() - SessionIndex.MINUTES);
    counted.merge(
        minute(),
        new MinuteCounts(minute(), created, expired, invalidated),
        (before, more) ->
            new MinuteCounts(
                before.minute(),
                before.created() + more.created(),
                before.expired() + more.expired(),
                before.invalidated() + more.invalidated()));
  }

  private long dueAt(Entry entry) {
    return entry.dueAt(sliding, maxAgeMillis);
  }

  private @Nullable Entry living(String id) {
    Entry entry = entries.get(id);
    boolean lives = entry != null && entry.endedUntil == 0 && dueAt(entry) > clock.millis();
    return lives ? entry : null;
  }

  private String presentId(String id) {
    String present = id;
    Forward forward = forwards.get(present);
    while (forward != null && forward.until > clock.millis()) {
      present = forward.id;
      forward = forwards.get(present);
    }
    return present;
  }

  /** Looks at all sessions for each answer: this store is for few. */
  private final class Index implements SessionIndex {

    @Override
    public long count() {
      synchronized (MemorySessionStore.this) {
        return entries.keySet().stream().filter(id -> living(id) != null).count();
      }
    }

    @Override
    public List<OwnedSession> ownedBy(String principal) {
      synchronized (MemorySessionStore.this) {
        List<OwnedSession> sessions = new ArrayList<>();
        entries.forEach(
            (id, entry) -> {
              if (entry.endedUntil == 0 && principal.equals(entry.principal)) {
                sessions.add(new OwnedSession(id, entry.principalSince));
              }
            });
        return sessions;
      }
    }

    @Override
    public @Nullable SessionRecord end(OwnedSession session, String principal, Duration lease) {
      synchronized (MemorySessionStore.this) {
        Entry entry = living(session.name());
        boolean owned = entry != null && principal.equals(entry.principal);
        return owned ? MemorySessionStore.this.end(session.name(), 0, lease) : null;
      }
    }

    @Override
    public List<String> names(String id) {
      return List.of(id);
    }

    @Override
    public int parts() {
      return 1;
    }

    @Override
    public int partOf(String beginning) {
      return 0;
    }

    @Override
    public SessionPage page(int part, String cursor, int wanted) {
      synchronized (MemorySessionStore.this) {
        return new SessionPage(List.copyOf(entries.keySet()), "");
      }
    }

    @Override
    public List<SessionSummary> describe(Collection<String> names) {
      List<SessionSummary> found = new ArrayList<>();
      for (String name : names) {
        SessionSummary summary = find(name);
        if (summary != null) {
          found.add(summary);
        }
      }
      return found;
    }

    @Override
    public List<SessionSummary> describe(Collection<OwnedSession> sessions, String principal) {
      List<SessionSummary> found =
          describe(sessions.stream().map(OwnedSession::name).collect(Collectors.toList()));
      found.removeIf(summary -> !principal.equals(summary.principal()));
      return found;
    }

    @Override
    public List<String> sample(int wanted) {
      synchronized (MemorySessionStore.this) {
        List<String> ids = new ArrayList<>(entries.keySet());
        Collections.shuffle(ids);
        return ids.subList(0, Math.min(wanted, ids.size()));
      }
    }

    @Override
    public List<SessionSizes> sizes(Collection<String> names) {
      synchronized (MemorySessionStore.this) {
        List<SessionSizes> sizes = new ArrayList<>();
        for (String id : names) {
          Entry entry = living(id);
          if (entry != null) {
            Map<String, Long> bytes = new HashMap<>();
            entry.attributes.forEach((name, value) -> bytes.put(name, (long) value.length));
            sizes.add(new SessionSizes(entry.summary(id), bytes));
          }
        }
        return sizes;
      }
    }

    @Override
    public PrincipalCount principals() {
      synchronized (MemorySessionStore.this) {
        long count =
            entries.values().stream()
                .filter(entry -> entry.endedUntil == 0 && entry.principal != null)
                .map(entry -> String.valueOf(entry.principal))
                .distinct()
                .count();
        return new PrincipalCount(count, true);
      }
    }

    @Override
    public List<MinuteCounts> minutes() {
      synchronized (MemorySessionStore.this) {
        List<MinuteCounts> minutes = new ArrayList<>();
        long now = minute();
        for (long minute = now - MINUTES; minute <= now; minute++) {
          minutes.add(counted.getOrDefault(minute, new MinuteCounts(minute, 0, 0, 0)));
        }
        return minutes;
      }
    }

    @Override
    public @Nullable SessionSummary find(String id) {
      synchronized (MemorySessionStore.this) {
        Entry entry = living(id);
        return entry == null ? null : entry.summary(id);
      }
    }
  }

  /** Where a rotated session went. */
  private static final class Forward {
    private final String id;
    private final long until;

    private Forward(String id, long until) {
      this.id = id;
      this.until = until;
    }
  }

  /** One session. Guarded by the store's lock. */
  private static final class Entry {
    private final long createdAt;
    private final Map<String, byte[]> attributes;
    private final Map<String, Long> changedIn = new HashMap<>();
    private long lastAccessedAt;
    private int maxInactiveInterval;
    private @Nullable String principal;
    private long principalSince;
    private long version = 1;
    private long endedUntil;
    private Hold hold = NOBODY;

    private Entry(NewSession session, long now) {
      createdAt = session.createdAt() <= now + MOST_AHEAD_MILLIS ? session.createdAt() : now;
      lastAccessedAt = now;
      maxInactiveInterval = session.maxInactiveInterval();
      principal = session.principal();
      principalSince = now;
      attributes = new LinkedHashMap<>(session.attributes());
    }

    private long dueAt(boolean sliding, long maxAgeMillis) {
      if (endedUntil != 0) {
        return endedUntil;
      }
      long oldest = maxAgeMillis > 0 ? createdAt + maxAgeMillis : Long.MAX_VALUE;
      long from = sliding ? lastAccessedAt : createdAt;
      return maxInactiveInterval > 0
          ? Math.min(oldest, from + maxInactiveInterval * 1000L)
          : oldest;
    }

    private void access(long now) {
      lastAccessedAt = Math.max(lastAccessedAt, now);
    }

    /** Whoever held it before has an old copy, from the holder's next change on. */
    private void holdBy(Hold next) {
      changed(next);
      hold = next;
    }

    /** A change by another than the holder leaves the holder with an old copy. */
    private void changed(@Nullable Hold by) {
      if (by != hold) {
        hold.lose();
      }
    }

    private void apply(SessionDelta delta, long now) {
      attributes.putAll(delta.written());
      attributes.keySet().removeAll(delta.removed());
      Integer interval = delta.maxInactiveInterval();
      if (delta.changesAttributes() || delta.principalChanged() || interval != null) {
        version++;
        delta.written().keySet().forEach(name -> changedIn.put(name, version));
        delta.removed().forEach(name -> changedIn.put(name, version));
      }
      if (interval != null) {
        maxInactiveInterval = interval;
      }
      if (delta.principalChanged()) {
        principal = delta.principal();
        principalSince = now;
      }
    }

    private SessionSummary summary(String id) {
      return new SessionSummary(id, createdAt, lastAccessedAt, maxInactiveInterval, principal);
    }

    private SessionRecord record(String id, String name) {
      byte[] value = attributes.get(name);
      return SessionRecord.builder(id)
          .times(createdAt, lastAccessedAt, maxInactiveInterval)
          .principal(principal)
          .changes(
              version,
              value == null ? Map.of() : Map.of(name, value),
              value == null ? Set.of(name) : Set.of())
          .build();
    }

    private SessionRecord record(String id, long knownVersion) {
      SessionRecord.Builder record =
          SessionRecord.builder(id)
              .times(createdAt, lastAccessedAt, maxInactiveInterval)
              .principal(principal);
      if (knownVersion == version) {
        return record.unchanged(version).build();
      }
      if (knownVersion < 1 || knownVersion > version) {
        return record.complete(version, new LinkedHashMap<>(attributes)).build();
      }
      Map<String, byte[]> changed = new LinkedHashMap<>();
      Set<String> removed = new LinkedHashSet<>();
      changedIn.forEach(
          (name, changedVersion) -> {
            if (changedVersion > knownVersion && attributes.containsKey(name)) {
              changed.put(name, Objects.requireNonNull(attributes.get(name)));
            } else if (changedVersion > knownVersion) {
              removed.add(name);
            }
          });
      return record.changes(version, changed, removed).build();
    }
  }
}
