package dev.carryover.session;

import dev.carryover.store.Commit;
import dev.carryover.store.DueSessions;
import dev.carryover.store.Hold;
import dev.carryover.store.NewSession;
import dev.carryover.store.SessionDelta;
import dev.carryover.store.SessionIndex;
import dev.carryover.store.SessionRecord;
import dev.carryover.store.SessionStore;
import dev.carryover.store.SessionStoreException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that notes the calls it gets, and fails or pauses when a test wants it to. */
final class ObservedStore implements SessionStore {

  private final SessionStore store;
  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger turns = new AtomicInteger();
  private final AtomicInteger askedForExistence = new AtomicInteger();
  private volatile String failingBefore = "";
  private volatile String failingAfter = "";
  private volatile boolean away;
  private volatile boolean mute;
  private volatile String deferred = "";
  private volatile Runnable afterCommit = () -> {};
  private volatile Runnable afterOpen = () -> {};
  private volatile Runnable beforeOwnedEnd = () -> {};

  ObservedStore(SessionStore store) {
    this.store = store;
  }

  /** The calls since the last time, in their order. */
  List<String> calls() {
    synchronized (calls) {
      List<String> copy = List.copyOf(calls);
      calls.clear();
      return copy;
    }
  }

  /** How often a node wanted to look for sessions that have expired. */
  int turns() {
    return turns.get();
  }

  /** How often it was asked whether a session is there. */
  int askedForExistence() {
    return askedForExistence.get();
  }

  /** The next call of this name fails, and does nothing. */
  void failOnceBefore(String call) {
    failingBefore = call;
  }

  /** The next call of this name is done, but its answer is lost. */
  void failOnceAfter(String call) {
    failingAfter = call;
  }

  /** From now on every call fails, and does nothing. */
  void goAway() {
    away = true;
  }

  /** From now on every call is done, but its answer is lost. */
  void goMute() {
    mute = true;
  }

  void comeBack() {
    away = false;
    mute = false;
  }

  /** From now on those who know nothing of a session get it without this attribute. */
  void defer(String name) {
    deferred = name;
  }

  /** Runs something once after the next commit, before the committing node hears of it. */
  void afterNextCommit(Runnable action) {
    afterCommit = action;
  }

  /** Runs something once after the next open, before the opening node hears of it. */
  void afterNextOpen(Runnable action) {
    afterOpen = action;
  }

  /** Runs something once before the next end of a session that was found by its principal. */
  void beforeNextOwnedEnd(Runnable action) {
    beforeOwnedEnd = action;
  }

  private void before(String call) {
    calls.add(call);
    requireThere();
    if (call.equals(failingBefore)) {
      failingBefore = "";
      throw new SessionStoreException("not reached");
    }
  }

  private void requireThere() {
    if (away) {
      throw new SessionStoreException("away", false);
    }
  }

  private void after(String call) {
    if (mute || call.equals(failingAfter)) {
      failingAfter = "";
      throw new SessionStoreException("answer lost");
    }
  }

  @Override
  public SessionRecord open(String id, long knownVersion) {
    before("open");
    SessionRecord record = withoutDeferred(store.open(id, knownVersion));
    Runnable action = afterOpen;
    afterOpen = () -> {};
    action.run();
    after("open");
    return record;
  }

  private SessionRecord withoutDeferred(SessionRecord record) {
    if (record == null || !record.attributes().containsKey(deferred)) {
      return record;
    }
    Map<String, byte[]> others = new HashMap<>(record.attributes());
    others.remove(deferred);
    return SessionRecord.builder(record.id())
        .times(record.createdAt(), record.lastAccessedAt(), record.maxInactiveInterval())
        .complete(record.version(), others)
        .deferred(Set.of(deferred))
        .build();
  }

  @Override
  public SessionRecord open(String id, long knownVersion, Hold hold) {
    before("hold");
    SessionRecord record = store.open(id, knownVersion, hold);
    after("hold");
    return record;
  }

  @Override
  public SessionRecord look(String id, long knownVersion) {
    before("look");
    return store.look(id, knownVersion);
  }

  @Override
  public SessionRecord load(String id, String name) {
    before("load[" + name + "]");
    return store.load(id, name);
  }

  @Override
  public void touch(String id) {
    calls.add("touch");
    if (!away) {
      store.touch(id);
    }
  }

  @Override
  public void touch(String id, Hold hold) {
    calls.add("touch");
    if (!away) {
      store.touch(id, hold);
    }
  }

  @Override
  public Commit create(NewSession session) {
    before("create" + session.attributes().keySet());
    before("create");
    calls.remove("create");
    Commit commit = store.create(session);
    after("create");
    return commit;
  }

  @Override
  public Commit commit(SessionDelta delta) {
    String removed = delta.removed().isEmpty() ? "" : "-" + delta.removed();
    before("commit" + delta.written().keySet() + removed);
    before("commit");
    calls.remove("commit");
    Commit commit = store.commit(delta);
    Runnable action = afterCommit;
    afterCommit = () -> {};
    action.run();
    after("commit");
    return commit;
  }

  @Override
  public SessionRecord end(String id, long knownVersion, Duration lease) {
    before("end");
    SessionRecord record = store.end(id, knownVersion, lease);
    after("end");
    return record;
  }

  @Override
  public boolean takeTurn(Duration turn) {
    turns.incrementAndGet();
    requireThere();
    return store.takeTurn(turn);
  }

  @Override
  public DueSessions due(int limit) {
    requireThere();
    return store.due(limit);
  }

  @Override
  public SessionRecord claim(String id, Duration lease) {
    before("claim");
    return store.claim(id, lease);
  }

  @Override
  public boolean exists(String id) {
    askedForExistence.incrementAndGet();
    requireThere();
    return store.exists(id);
  }

  @Override
  public void finish(String id) {
    if (!away) {
      before("finish");
      store.finish(id);
    }
  }

  @Override
  public SessionIndex index() {
    SessionIndex index = store.index();
    InvocationHandler observing =
        (proxy, method, arguments) -> {
          if (method.getName().equals("end")) {
            Runnable action = beforeOwnedEnd;
            beforeOwnedEnd = () -> {};
            action.run();
          }
          return method.invoke(index, arguments);
        };
    return (SessionIndex)
        Proxy.newProxyInstance(
            SessionIndex.class.getClassLoader(), new Class<?>[] {SessionIndex.class}, observing);
  }

  @Override
  public long currentTimeMillis() {
    return store.currentTimeMillis();
  }

  @Override
  public void close() {
    store.close();
  }
}
