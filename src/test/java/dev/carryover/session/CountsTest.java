package dev.carryover.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carryover.event.SessionEvents;
import dev.carryover.metrics.Counter;
import dev.carryover.metrics.Gauge;
import dev.carryover.metrics.NodeMetrics;
import dev.carryover.metrics.Timer;
import dev.carryover.store.memory.MemorySessionStore;
import dev.carryover.testing.MutableClock;
import java.io.Serializable;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a node counts of what happens to its sessions. */
class CountsTest {

  private static final SessionRules RULES =
      new SessionRules(
          Duration.ofMinutes(10), true, Duration.ofMillis(100), Duration.ofSeconds(30));

  private final MutableClock clock = new MutableClock();
  private final MemorySessionStore records = new MemorySessionStore(clock, true);
  private final ObservedStore store = new ObservedStore(records);
  private final NodeMetrics metrics = new NodeMetrics();
  private final LiveSessions node = node(metrics);
  private final LiveSessions other = node(new NodeMetrics());

  private LiveSessions node(NodeMetrics counted) {
    SessionRules rules = RULES.withNearCache(100, 1 << 20);
    return new LiveSessions(store, new SerializationCodec(), rules, SessionEvents.none(), counted);
  }

  @Test
  void creationsAndHitsAndMissesOfTheNearCache() {
    String id = stored("a", "1");
    assertCounted(Counter.SESSIONS_CREATED, 1, Counter.COMMITS_CREATED, 1);
    assertThat(metrics.value(Gauge.SESSIONS_IN_USE)).isZero();
    assertThat(metrics.value(Gauge.CACHE_SESSIONS)).isEqualTo(1);
    assertThat(metrics.value(Gauge.CACHE_BYTES)).isPositive();

    SessionAccess access = open(node, id);
    assertThat(metrics.value(Gauge.SESSIONS_IN_USE)).isEqualTo(1);
    access.release();
    assertCounted(Counter.OPENS_UNCHANGED, 1);

    set(other, id, "a", "2");
    open(node, id).release();
    assertCounted(Counter.OPENS_FETCHED, 1);
    assertThat(node.open(SessionId.create())).isNull();
    assertCounted(Counter.OPENS_MISSING, 1);
  }

  @Test
  void theNearCacheWeighsASessionAnewWhenItHasGrownOrShrunk() {
    String id = stored("a", "1");
    long before = metrics.value(Gauge.CACHE_BYTES);

    set(node, id, "b", "x".repeat(1_000_000));
    assertThat(metrics.value(Gauge.CACHE_BYTES)).isGreaterThan(1_000_000);

    SessionAccess access = open(node, id);
    access.remove("b");
    access.commit();
    access.release();
    assertThat(metrics.value(Gauge.CACHE_BYTES)).isEqualTo(before);

    set(other, id, "b", "x".repeat(1_000_000));
    open(node, id).release();
    assertThat(metrics.value(Gauge.CACHE_BYTES)).isGreaterThan(1_000_000);
  }

  /** The one that comes just when the last one has let go of it gets the same. */
  @Test
  void aSessionThatRequestsComeToAndLeaveAtOnceIsNotFetchedAgain() {
    String id = stored("a", "1");
    CompletableFuture<?>[] requests = new CompletableFuture<?>[4];
    for (int i = 0; i < requests.length; i++) {
      requests[i] =
          CompletableFuture.runAsync(
              () -> {
                for (int round = 0; round < 3_000; round++) {
                  open(node, id).release();
                }
              });
    }
    CompletableFuture.allOf(requests).join();
    store.calls();

    assertThat(metrics.total(Counter.OPENS_FETCHED)).isZero();
  }

  @Test
  void commitsThatFoundAnothers() {
    String id = stored("a", "1");
    set(node, id, "a", "2");
    assertCounted(Counter.COMMITS_WRITTEN, 1);

    SessionAccess slow = open(node, id);
    set(other, id, "b", "3");
    slow.set("c", "4");
    slow.commit();
    slow.release();
    assertCounted(Counter.COMMITS_CONFLICTING, 1);
    assertCounted(Counter.COMMITS_WRITTEN, 1);
  }

  @Test
  void commitsOfSessionsThatHaveEndedAndThoseThatTheStoreDidNotTake() {
    String id = stored("a", "1");
    SessionAccess late = open(node, id);
    SessionAccess ending = open(other, id);
    ending.invalidate();
    ending.release();
    late.set("a", "2");
    late.commit();
    late.release();
    assertCounted(Counter.COMMITS_DROPPED, 1, Counter.SESSIONS_INVALIDATED, 0);

    SessionAccess unlucky = open(node, stored("a", "1"));
    unlucky.set("a", "2");
    store.failOnceBefore("commit");
    assertThatThrownBy(unlucky::commit).isInstanceOf(SessionUnavailableException.class);
    assertCounted(Counter.COMMITS_UNSAVED, 1, Counter.COMMITS_WRITTEN, 0);
    unlucky.commit();
    assertCounted(Counter.COMMITS_UNSAVED, 1, Counter.COMMITS_WRITTEN, 1);
  }

  @Test
  void opensThatFail() {
    String id = stored("a", "1");
    store.failOnceBefore("open");
    assertThatThrownBy(() -> node.open(id)).isInstanceOf(SessionUnavailableException.class);
    assertCounted(Counter.OPENS_FAILED, 1, Counter.OPENS_UNCHANGED, 0);
  }

  @Test
  void endsAndRotationsAndTouches() {
    String id = stored("a", "1");
    node.touch(id);
    node.touch(id);
    assertCounted(Counter.TOUCHES, 1);
    SessionAccess access = open(node, id);
    access.rotate();
    access.commit();
    access.invalidate();
    access.invalidate();
    access.release();
    assertCounted(Counter.SESSIONS_ROTATED, 1, Counter.SESSIONS_INVALIDATED, 1);
    assertCounted(Counter.SESSIONS_EXPIRED, 0);
  }

  @Test
  void attributesThatStayHereAndThoseThatCanNotBeRead() {
    SessionAccess access = node.create();
    access.set("a", new Object());
    access.commit();
    access.release();
    assertThat(metrics.total(Counter.ATTRIBUTES_LOCAL)).isPositive();

    String id = stored("a", new Unreadable());
    SessionAccess reader = open(other, id);
    reader.release();
    SessionAccess fresh = open(node(metrics), id);
    assertThat(fresh.get("a")).isNull();
    assertThat(metrics.total(Counter.ATTRIBUTES_UNREADABLE)).isPositive();
  }

  @Test
  void expiredSessionsAndHowLateTheyWereFound() {
    stored("a", "1");
    clock.advance(Duration.ofMinutes(11));
    node.start();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> metrics.total(Counter.SESSIONS_EXPIRED) == 1);
    node.close();
    assertThat(metrics.total(Counter.EXPIRY_TURNS)).isPositive();
    assertThat(metrics.times(Timer.EXPIRY_LAG)).isEqualTo(1);
    assertThat(metrics.nanos(Timer.EXPIRY_LAG))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(59).toNanos())
        .isLessThan(Duration.ofMinutes(11).toNanos());
  }

  @Test
  void howLateASessionWasFoundThatHadReachedItsMaxAge() {
    Duration maxAge = Duration.ofMinutes(12);
    LiveSessions aging =
        new LiveSessions(
            new MemorySessionStore(clock, true, maxAge),
            new SerializationCodec(),
            RULES.withMaxAge(maxAge),
            SessionEvents.none(),
            metrics);
    String id = stored(aging, "a", "1");
    clock.advance(Duration.ofMinutes(9));
    open(aging, id).release();
    clock.advance(Duration.ofMinutes(4));
    aging.start();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> metrics.total(Counter.SESSIONS_EXPIRED) == 1);
    aging.close();

    assertThat(metrics.nanos(Timer.EXPIRY_LAG)).isEqualTo(Duration.ofMinutes(1).toNanos());
  }

  private void assertCounted(Object... pairs) {
    Map<Counter, Long> expected = new EnumMap<>(Counter.class);
    Map<Counter, Long> counted = new EnumMap<>(Counter.class);
    for (int i = 0; i < pairs.length; i += 2) {
      expected.put((Counter) pairs[i], ((Integer) pairs[i + 1]).longValue());
      counted.put((Counter) pairs[i], metrics.total((Counter) pairs[i]));
    }
    assertThat(counted).isEqualTo(expected);
  }

  private String stored(String name, Object value) {
    return stored(node, name, value);
  }

  private static String stored(LiveSessions sessions, String name, Object value) {
    SessionAccess access = sessions.create();
    access.set(name, value);
    access.commit();
    access.release();
    return access.id();
  }

  private static SessionAccess open(LiveSessions sessions, String id) {
    SessionAccess access = sessions.open(id);
    assertThat(access).isNotNull();
    return access;
  }

  private static void set(LiveSessions sessions, String id, String name, Object value) {
    SessionAccess access = open(sessions, id);
    access.set(name, value);
    access.commit();
    access.release();
  }

  /** Can be written, and not read. */
  private static final class Unreadable implements Serializable {
    private void readObject(java.io.ObjectInputStream in) throws java.io.IOException {
      throw new java.io.InvalidObjectException("never");
    }
  }
}
