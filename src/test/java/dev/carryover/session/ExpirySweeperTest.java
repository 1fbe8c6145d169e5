package dev.carryover.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carryover.event.SessionEvents;
import dev.carryover.metrics.Counter;
import dev.carryover.metrics.NodeMetrics;
import dev.carryover.store.SessionStore;
import dev.carryover.store.SessionStoreException;
import dev.carryover.store.memory.MemorySessionStore;
import dev.carryover.testing.MutableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExpirySweeperTest {

  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(50);

  private final MutableClock clock = new MutableClock();
  private final SessionStore records = new MemorySessionStore(clock, true);
  private final ObservedStore store = new ObservedStore(records);
  private final List<LiveSessions> nodes = new ArrayList<>();

  @AfterEach
  void stop() {
    // The clock stands still, and with it a sleeping sweeper: closing has to wake it.
    nodes.forEach(LiveSessions::close);
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.isAlive() && thread.getName().equals("carryover-expiry"));
  }

  @Test
  void tellsOfAnExpiredSessionWithItsAttributesAndRemovesIt() {
    Told told = new Told();
    LiveSessions node = start(told);
    String id = stored(node, "a", "1");
    assertThat(records.exists(id)).isTrue();

    clock.advance(Duration.ofMinutes(11));

    awaitWhileTimePasses(() -> !records.exists(id));
    assertThat(told.ids).containsExactly(id);
    assertThat(told.attributes).isEqualTo(Map.of("a", "1"));
  }

  @Test
  void leavesASessionThatIsUsed() {
    Told told = new Told();
    LiveSessions node = start(told);
    String used = stored(node, "a", "1");
    String idle = stored(node, "a", "1");
    clock.advance(Duration.ofMinutes(9));
    node.open(used).release();
    clock.advance(Duration.ofMinutes(9));

    awaitWhileTimePasses(() -> !records.exists(idle));
    assertThat(told.ids).containsExactly(idle);
    assertThat(records.open(used, 0)).isNotNull();
  }

  @Test
  void twoNodesTellOfEachSessionOnce() {
    Told told = new Told();
    LiveSessions node = start(told);
    start(told);
    Set<String> ids = new TreeSet<>();
    for (int i = 0; i < 500; i++) {
      ids.add(stored(node, "a", "1"));
    }

    clock.advance(Duration.ofMinutes(11));

    awaitWhileTimePasses(() -> ids.stream().noneMatch(records::exists));
    assertThat(told.ids).hasSize(500);
    assertThat(new TreeSet<>(told.ids)).isEqualTo(ids);
  }

  @Test
  void anotherNodeTellsAfterTheLeaseWhatTheFirstCouldNotTell() {
    Told failing = new Told();
    failing.failing = true;
    LiveSessions first = start(failing);
    String id = stored(first, "a", "1");
    String next = stored(first, "b", "2");
    clock.advance(Duration.ofMinutes(11));
    awaitWhileTimePasses(() -> failing.ids.size() == 2);

    Told told = new Told();
    start(told);
    failing.failing = false;
    assertThat(records.exists(id)).isTrue();
    clock.advance(LEASE.plusSeconds(1));

    awaitWhileTimePasses(() -> !records.exists(id) && !records.exists(next));
    assertThat(told.ids.size() + failing.ids.size()).isEqualTo(4);
  }

  @Test
  void anotherNodeTellsAfterTheLeaseWhatANodeThatDiedHadClaimed() {
    String id = stored(node(new Told()), "a", "1");
    clock.advance(Duration.ofMinutes(11));
    assertThat(records.claim(id, LEASE)).isNotNull();

    Told told = new Told();
    start(told);
    clock.advance(LEASE.plusSeconds(1));

    awaitWhileTimePasses(() -> !records.exists(id));
    assertThat(told.ids).containsExactly(id);
  }

  @Test
  void anInvalidationThatWasNotFinishedIsToldAgain() {
    LiveSessions dying = node(new Told());
    String id = stored(dying, "a", "1");
    store.failOnceBefore("finish");
    SessionAccess access = dying.open(id);
    assertThatThrownBy(access::invalidate).isInstanceOf(SessionStoreException.class);
    assertThat(records.exists(id)).isTrue();

    Told told = new Told();
    start(told);
    clock.advance(LEASE.plusSeconds(1));

    awaitWhileTimePasses(() -> !records.exists(id));
    assertThat(told.ids).containsExactly(id);
  }

  @Test
  void goesOnAfterAFailureOfTheStore() {
    Told told = new Told();
    LiveSessions node = start(told);
    String id = stored(node, "a", "1");
    store.failOnceBefore("claim");

    clock.advance(Duration.ofMinutes(11));

    awaitWhileTimePasses(() -> !records.exists(id));
    assertThat(told.ids).containsExactly(id);
  }

  @Test
  void oneThatCannotBeClaimedDoesNotKeepTheOthers() {
    Told told = new Told();
    LiveSessions node = start(told);
    stored(node, "a", "1");
    stored(node, "b", "2");
    store.failOnceBefore("claim");

    clock.advance(Duration.ofMinutes(11));

    awaitWhileTimePasses(() -> told.ids.size() == 1);
  }

  @Test
  void aDeadlineThatAccessesDoNotMoveIsMetThoughTheNextLookIsFarAway() {
    SessionRules rules =
        new SessionRules(Duration.ofMinutes(10), true, Duration.ofHours(1), LEASE)
            .withFixedDeadlines();
    SessionStore fixed = new MemorySessionStore(clock, false);
    LiveSessions other =
        new LiveSessions(fixed, new SerializationCodec(), rules, SessionEvents.none());
    NodeMetrics metrics = new NodeMetrics();
    LiveSessions node =
        new LiveSessions(fixed, new SerializationCodec(), rules, SessionEvents.none(), metrics);
    start(node);
    awaitWhileTimePasses(() -> metrics.total(Counter.EXPIRY_TURNS) > 0);
    String id = stored(other, "a", "1");
    clock.advance(Duration.ofMinutes(10).minusMillis(100));
    node.open(id).release();

    clock.advance(Duration.ofMillis(100));

    awaitWhileTimePasses(() -> !fixed.exists(id));
  }

  @Test
  void withoutListenersNothingIsLeftEither() {
    LiveSessions node = start(SessionEvents.none());
    String id = stored(node, "a", "1");

    clock.advance(Duration.ofMinutes(11));

    awaitWhileTimePasses(() -> !records.exists(id));
  }

  @Test
  void aSessionKeptForALocalAttributeIsLetGoOnceItHasExpired() {
    LiveSessions node = start(SessionEvents.none());
    kept(node);
    assertThat(node.size()).isOne();

    clock.advance(Duration.ofMinutes(11));

    awaitWhileTimePasses(() -> node.size() == 0);
  }

  @Test
  void sessionsKeptForALocalAttributeAreNotAskedForWhileTheyLive() {
    LiveSessions node = start(SessionEvents.none());
    for (int i = 0; i < 100; i++) {
      kept(node);
    }
    int before = store.turns();

    awaitWhileTimePasses(() -> store.turns() > before + 3);
    assertThat(store.askedForExistence()).isZero();
  }

  @Test
  void aSessionKeptForALocalAttributeThatNeverExpiresIsLetGoOnceAnotherNodeHasEndedIt() {
    LiveSessions node = start(SessionEvents.none());
    SessionAccess access = node.create();
    access.setMaxInactiveInterval(0);
    access.set("local", new Object());
    access.commit();
    access.release();
    SessionAccess elsewhere = node(SessionEvents.none()).open(access.id());
    elsewhere.invalidate();
    elsewhere.release();

    clock.advance(Duration.ofMinutes(11));

    awaitWhileTimePasses(() -> node.size() == 0);
  }

  @Test
  void whoStopsWaitsForAListenerThatIsBeingTold() throws Exception {
    CountDownLatch telling = new CountDownLatch(1);
    CountDownLatch told = new CountDownLatch(1);
    List<Boolean> undisturbed = new CopyOnWriteArrayList<>();
    LiveSessions node =
        start(
            new SessionEvents<>() {
              @Override
              public void ended(SessionAccess session) {
                telling.countDown();
                try {
                  undisturbed.add(told.await(30, TimeUnit.SECONDS));
                } catch (InterruptedException e) {
                  undisturbed.add(false);
                }
              }
            });
    List<String> ids =
        List.of(stored(node, "a", "1"), stored(node, "a", "1"), stored(node, "a", "1"));
    clock.advance(Duration.ofMinutes(11));
    telling.await();

    Thread closing = new Thread(node::close);
    closing.start();
    closing.join(4 * POLL.toMillis());
    boolean waits = closing.isAlive();
    told.countDown();
    closing.join();
    assertThat(waits).isTrue();
    assertThat(undisturbed).containsExactly(true);
    // Those that it has not told are left to others, now.
    assertThat(ids.stream().filter(id -> records.claim(id, LEASE) != null)).hasSize(2);
  }

  private static void kept(LiveSessions node) {
    SessionAccess access = node.create();
    access.set("local", new Object());
    access.commit();
    access.release();
  }

  /** A sweeper that was just looking when the clock was moved would sleep on for ever. */
  private void awaitWhileTimePasses(Callable<Boolean> condition) {
    await()
        .until(
            () -> {
              clock.advance(POLL);
              return condition.call();
            });
  }

  private LiveSessions start(SessionEvents<SessionAccess> events) {
    return start(node(events));
  }

  private LiveSessions start(LiveSessions node) {
    node.start();
    nodes.add(node);
    return node;
  }

  private LiveSessions node(SessionEvents<SessionAccess> events) {
    SessionRules rules = new SessionRules(Duration.ofMinutes(10), true, POLL, LEASE);
    return new LiveSessions(store, new SerializationCodec(), rules, events);
  }

  private static String stored(LiveSessions node, String name, String value) {
    SessionAccess access = node.create();
    access.set(name, value);
    access.commit();
    access.release();
    return access.id();
  }

  /** What was told of ends. */
  private static final class Told implements SessionEvents<SessionAccess> {
    private final List<String> ids = new CopyOnWriteArrayList<>();
    private final Map<String, Object> attributes = new ConcurrentHashMap<>();
    private volatile boolean failing;

    @Override
    public void ended(SessionAccess session) {
      ids.add(session.id());
      session.names().forEach(name -> attributes.put(name, session.get(name)));
      if (failing) {
        throw new IllegalStateException("a listener's bug");
      }
    }
  }
}
