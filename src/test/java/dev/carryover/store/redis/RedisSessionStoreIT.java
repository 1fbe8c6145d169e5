package dev.carryover.store.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.carryover.config.SessionConfig;
import dev.carryover.session.SessionId;
import dev.carryover.store.Commit;
import dev.carryover.store.SessionDelta;
import dev.carryover.store.SessionRecord;
import dev.carryover.store.SessionStore;
import dev.carryover.store.SessionStoreException;
import dev.carryover.testing.FaultyProxy;
import dev.carryover.testing.LoggedLines;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisSessionStoreIT extends RedisStoreContract {

  private static final Duration GRACE = Duration.ofHours(2);

  private RedisServer server;
  private SessionStore store;
  private SessionStore fixedStore;
  private SessionStore agingStore;
  private RedisProbe probe;

  @BeforeAll
  void start() {
    server = RedisServer.start();
    SessionConfig config = config(server.url()).toBuilder().expiryGrace(GRACE).build();
    store = RedisSessionStore.connect(config, NAMESPACE);
    fixedStore = RedisSessionStore.connect(config.toBuilder().sliding(false).build(), NAMESPACE);
    agingStore = RedisSessionStore.connect(config.toBuilder().maxAge(MAX_AGE).build(), NAMESPACE);
  }

  @AfterAll
  void stop() {
    store.close();
    fixedStore.close();
    agingStore.close();
    server.close();
  }

  @BeforeEach
  void empty() {
    probe = RedisProbe.of(server);
    probe.flushAll();
  }

  @Override
  protected SessionStore store() {
    return store;
  }

  @Override
  protected SessionStore fixedStore() {
    return fixedStore;
  }

  @Override
  protected SessionStore agingStore() {
    return agingStore;
  }

  @Override
  RedisProbe probe(String key) {
    return probe;
  }

  @Override
  Collection<RedisProbe> probes() {
    return List.of(probe);
  }

  // ---- what is in Redis

  @Test
  void keepsARecordAndADeadlineAndNothingElse() {
    String id = create(Map.of("a", "1", "~created", "mine"));

    assertThat(probe.keysOfSessions()).containsExactlyInAnyOrder(record(id), index(id));
    assertThat(probe.hgetall(record(id)))
        .containsOnlyKeys(with(formFields(), "~created", "~accessed", "~state", "a", "~~created"));
    assertThat(score(id)).isEqualTo(number(id, "~accessed") + INTERVAL * 1000L);
    assertLivesUntil(id, Duration.ofSeconds(INTERVAL).plus(GRACE));
  }

  /** The fields that a record of this form has beside those that all have. */
  List<String> formFields() {
    return List.of();
  }

  private static List<String> with(List<String> some, String... others) {
    return Stream.concat(some.stream(), Stream.of(others)).toList();
  }

  @Test
  void anOpenMovesDeadlineAndTimeToLiveTogether() {
    String id = create(Map.of());
    elapse(id, Duration.ofSeconds(300));
    probe.command("PEXPIRE", record(id), "60000");

    store.open(id, 0);

    assertThat(score(id)).isEqualTo(number(id, "~accessed") + INTERVAL * 1000L);
    assertLivesUntil(id, Duration.ofSeconds(INTERVAL).plus(GRACE));
  }

  @Test
  void aNeverExpiringRecordHasNoTimeToLive() {
    String id = create(store, 0, Map.of());
    assertThat(probe.pttl(record(id))).isEqualTo(-1);

    SessionDelta sometime = new SessionDelta(id);
    sometime.setMaxInactiveInterval(60);
    store.commit(sometime);
    assertLivesUntil(id, Duration.ofSeconds(60).plus(GRACE));

    SessionDelta never = new SessionDelta(id);
    never.setMaxInactiveInterval(-1);
    store.commit(never);
    assertThat(probe.pttl(record(id))).isEqualTo(-1);
    assertThat(probe.command("ZSCORE", index(id), name(id))).isEqualTo("inf");
  }

  @Test
  void aRotationLeavesAForwardThatGoesByItself() {
    String id = create(Map.of("a", "1"));
    String newId = rotate(id);

    assertThat(probe.keysOfSessions())
        .containsExactlyInAnyOrder(record(newId), index(id), forward(id));
    byte[] told = (byte[]) probe.commandBytes(bytes("GET"), bytes(forward(id)));
    assertThat(forms().first().forwarded(name(id), told)).isEqualTo(newId);
    assertThat(probe.pttl(forward(id))).isBetween(500_000L, SessionStore.FORWARDING.toMillis());
    assertThat(probe.command("ZRANGE", index(id), "0", "-1")).isEqualTo(List.of(name(newId)));
    assertLivesUntil(newId, Duration.ofSeconds(INTERVAL).plus(GRACE));
  }

  @Test
  void nothingIsLeftOfAnEndedSession() {
    String id = create(Map.of("a", "1"));
    store.end(id, 0, Duration.ZERO);
    assertThat(probe.keysOfSessions()).isEmpty();

    String told = create(Map.of("a", "1"));
    store.end(told, 0, LEASE);
    assertThat(probe.keysOfSessions()).containsExactlyInAnyOrder(record(told), index(told));
    assertLivesUntil(told, LEASE.plus(GRACE));
    finishAndWait(told);
    assertThat(probe.keysOfSessions()).isEmpty();

    String expired = create(Map.of("a", "1"));
    elapse(expired, Duration.ofSeconds(INTERVAL + 1));
    store.claim(name(expired), LEASE);
    finishAndWait(expired);
    assertThat(probe.keysOfSessions()).isEmpty();
  }

  @Test
  void aCreationSentAgainReplacesTheFirst() {
    String id = create(Map.of("a", "1", "b", "1"));

    create(store, id, INTERVAL, Map.of("a", "2"));

    assertThat(texts(store.open(id, 0))).isEqualTo(Map.of("a", "2"));
  }

  @Test
  void theLogOfChangesStaysSmall() {
    String id = create(Map.of());
    for (int i = 0; i < 200; i++) {
      store.commit(write(id, "name" + i, "v"));
    }

    assertThat(probe.hget(record(id), "~changes").length).isLessThan(64 * 20);
  }

  // ---- what may happen to Redis

  @Test
  void aFlushOfTheScriptsIsNotNoticed() {
    String id = create(Map.of("a", "1"));

    probe.command("SCRIPT", "FLUSH");
    assertThat(texts(store.open(id, 0))).isEqualTo(Map.of("a", "1"));
    probe.command("SCRIPT", "FLUSH");
    assertThat(store.commit(write(id, "b", "2")).previousVersion()).isEqualTo(1);
    probe.command("SCRIPT", "FLUSH");
    assertThat(store.end(id, 0, LEASE)).isNotNull();
    probe.command("SCRIPT", "FLUSH");
    finishAndWait(id);
    probe.command("SCRIPT", "FLUSH");
    assertThat(create(Map.of())).isNotNull();
  }

  @Test
  void worksAgainAfterARestart() {
    try (RedisServer own = RedisServer.start("appendonly yes", "appendfsync always");
        SessionStore ofOwn = connect(own.url())) {
      String id = create(ofOwn, INTERVAL, Map.of("a", "1"));

      own.kill();
      assertThatThrownBy(() -> ofOwn.open(id, 0)).isInstanceOf(SessionStoreException.class);
      own.restart();

      await()
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(texts(ofOwn.open(id, 0))).isEqualTo(Map.of("a", "1")));
      assertThat(ofOwn.commit(write(id, "b", "2")).previousVersion()).isEqualTo(1);
    }
  }

  @Test
  void comesUpBeforeRedisDoes() {
    try (RedisServer own = RedisServer.start()) {
      own.stop();
      try (SessionStore early = connect(own.url())) {
        assertThatThrownBy(() -> early.open(SessionId.create(), 0))
            .isInstanceOf(SessionStoreException.class);
        own.restart();
        await()
            .ignoreExceptions()
            .untilAsserted(() -> assertThat(early.open(SessionId.create(), 0)).isNull());
      }
    }
  }

  @Test
  @Timeout(30)
  void aRedisThatDoesNotAnswerIsWaitedForNoLongerThanConfigured() throws Exception {
    try (RedisServer own = RedisServer.start();
        SessionStore waiting = connect(own.url())) {
      String id = create(waiting, INTERVAL, Map.of());
      own.signal("-STOP");
      try {
        long start = System.nanoTime();
        assertTellsNothing(failure(waiting, s -> s.open(id, 0)), id);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
      } finally {
        own.signal("-CONT");
      }
      await().ignoreExceptions().until(() -> waiting.open(id, 0) != null);
    }
  }

  /** However many nodes there are, Redis is not asked more often. */
  @Test
  void oneOfManyNodesLooksForWhatHasExpired() {
    try (SessionStore other = connect(server.url())) {
      assertThat(store.takeTurn(LEASE)).isTrue();
      assertThat(other.takeTurn(LEASE)).isFalse();
      assertThat(store.takeTurn(LEASE)).isFalse();
      String turn = "carryover:{shop:A}:turn";
      assertThat(probe.pttl(turn)).isBetween(1L, LEASE.toMillis());

      // As time does.
      probe.delete(turn);
      assertThat(other.takeTurn(LEASE)).isTrue();
    }
  }

  /** Else another node would tell the end a second time. */
  @Test
  void anEndThatRedisCouldNotBeToldOfIsFinishedWhenItCan() {
    String id = create(Map.of("a", "1"));
    try (FaultyProxy proxy = FaultyProxy.to(server.port());
        SessionStore node = connect(proxy.url())) {
      assertThat(node.end(id, 0, LEASE)).isNotNull();
      proxy.fault(FaultyProxy.Fault.CUT);
      assertThat(failure(node, s -> s.open(id, 0))).isNotNull();
      node.finish(id);
      proxy.mend();

      await()
          .ignoreExceptions()
          .until(
              () -> {
                var unused = node.takeTurn(LEASE);
                return !probe.exists(record(id));
              });
    }
  }

  /** An end needs no room, it makes some. */
  @Test
  void sessionsExpireWhereThereIsNoRoom() {
    String id = create(Map.of("a", "1"));
    elapse(id, Duration.ofSeconds(INTERVAL + 1));
    probe.command("CONFIG", "SET", "maxmemory", "1");
    try {
      assertThat(store.takeTurn(LEASE)).isTrue();
      assertThat(store.due(10).names()).containsExactly(name(id));
      assertThat(texts(store.claim(name(id), LEASE))).isEqualTo(Map.of("a", "1"));
      assertThat(store.due(10).names()).isEmpty();
    } finally {
      probe.command("CONFIG", "SET", "maxmemory", "0");
    }
  }

  @Test
  void looksAtEachShardOnceAndMoreOnlyWhereSomethingIsDue() {
    assertThat(commandsOf(() -> store.due(10))).isEqualTo(Map.of("zrangebyscore", 64L));
    elapse(create(Map.of()), Duration.ofSeconds(INTERVAL + 1));
    assertThat(commandsOf(() -> assertThat(store.due(10).names()).hasSize(1)))
        .isEqualTo(Map.of("zrangebyscore", 66L));
  }

  private Map<String, Long> commandsOf(Runnable work) {
    RedisProbe.CommandCount count = probe.counting();
    work.run();
    return count.stop();
  }

  // ---- damaged records

  @ParameterizedTest
  @ValueSource(strings = {"~created", "~accessed", "~state"})
  void aRecordWithoutItsMetadataIsGoneAndCleanedUp(String field) {
    String id = create(Map.of("a", "1"));
    probe.deleteField(record(id), field);

    assertThat(store.commit(write(id, "a", "2")).id()).isNull();
    assertThat(store.end(id, 0, LEASE)).isNull();
    store.touch(id);
    assertThat(store.open(id, 1)).isNull();
    assertThat(probe.keysOfSessions()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"~created", "~accessed", "~state"})
  void aRecordWhoseMetadataIsNoNumberIsGone(String field) {
    String id = create(Map.of("a", "1"));
    probe.hset(record(id), field, bytes("\u0001\u0002 nonsense"));

    assertThat(store.commit(write(id, "a", "2")).id()).isNull();
    assertThat(store.claim(name(id), LEASE)).isNull();
    assertThat(store.open(id, 0)).isNull();
    assertThat(probe.keysOfSessions()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense", "\u0001", "\u0080", "\u0090"})
  void aDamagedLogOfChangesCostsACompleteRecordAndNothingElse(String log) {
    String id = create(Map.of("a", "1"));
    long second = store.commit(write(id, "b", "2")).version();
    probe.hset(record(id), "~changes", log.getBytes(ISO_8859_1));

    SessionRecord record = store.open(id, 1);
    assertThat(record.complete()).isTrue();
    assertThat(texts(record)).isEqualTo(Map.of("a", "1", "b", "2"));
    assertThat(store.commit(write(id, "c", "3")).previousVersion()).isEqualTo(second);
    assertThat(texts(store.open(id, 1))).isEqualTo(Map.of("a", "1", "b", "2", "c", "3"));
    assertThat(texts(store.open(id, second))).isEqualTo(Map.of("c", "3"));
  }

  @Test
  void changesBeforeALostLogAreNotMissed() {
    String id = create(Map.of("a", "1"));
    store.commit(write(id, "b", "2"));
    probe.deleteField(record(id), "~changes");
    store.commit(write(id, "c", "3"));

    assertThat(texts(store.open(id, 1))).isEqualTo(Map.of("a", "1", "b", "2", "c", "3"));
  }

  @Test
  void aRecordDeletedUnderARequestIsGone() {
    String id = create(Map.of("a", "1"));
    store.open(id, 0);
    probe.delete(record(id));

    assertThat(store.commit(write(id, "a", "2")).id()).isNull();
    assertThat(store.end(id, 0, LEASE)).isNull();
    assertThat(store.claim(name(id), LEASE)).isNull();
    assertThat(probe.keysOfSessions()).isEmpty();
  }

  @Test
  void missingAttributesAreAbsent() {
    String id = create(Map.of("a", "1", "b", "2"));
    probe.deleteField(record(id), "a");

    SessionRecord seen = store.open(id, 0);
    assertThat(texts(seen)).isEqualTo(Map.of("b", "2"));
    assertThat(store.commit(write(id, "c", "3")).previousVersion()).isEqualTo(seen.version());
  }

  @Test
  void aNodeThatKnewMissingAttributesHearsThatTheyAreAbsent() {
    String id = create(Map.of("a", "1", "b", "2"));
    SessionRecord before = store.open(id, 0);
    assertThat(store.open(id, before.version()).isUnchanged()).isTrue();
    probe.deleteField(record(id), "a");

    SessionRecord record = store.open(id, before.version());
    assertThat(record.complete()).isTrue();
    assertThat(texts(record)).isEqualTo(Map.of("b", "2"));
    assertThat(store.open(id, record.version()).isUnchanged()).isTrue();
  }

  @Test
  void aCommitDoesNotHideThatAttributesWentMissing() {
    String id = create(Map.of("a", "1", "b", "2"));
    long known = store.open(id, 0).version();
    probe.deleteField(record(id), "a");

    Commit commit = store.commit(write(id, "c", "3"));

    assertThat(commit.previousVersion()).isEqualTo(known);
    assertThat(texts(store.open(id, commit.version()))).isEqualTo(Map.of("b", "2", "c", "3"));
  }

  /** What has to be fetched alone is large, and may be late where the rest is in time. */
  @Test
  void aLargeValueThatIsLateIsAnOutageOnlyIfNothingElseIsAnswered() {
    String id = create(Map.of("a", "1"));
    try (FaultyProxy proxy = FaultyProxy.to(server.port());
        SessionStore node = connect(proxy.url());
        LoggedLines logged = LoggedLines.of(Reachability.class)) {
      assertThat(node.open(id, 0)).isNotNull();
      proxy.fault(FaultyProxy.Fault.HALF_OPEN);
      assertThat(failure(node, s -> s.load(id, "a"))).isNotNull();
      await()
          .untilAsserted(
              () ->
                  assertThat(logged.lines())
                      .anyMatch(line -> line.contains("Redis does not answer")));
    }
  }

  /** Old code interrupts threads, and containers those of requests that took long. */
  @Test
  void whoIsInterruptedHearsTheAnswerAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    try {
      String id = create(Map.of("a", "1"));
      assertThat(store.commit(write(id, "b", "2")).previousVersion()).isEqualTo(1);
      assertThat(texts(store.open(id, 0))).isEqualTo(Map.of("a", "1", "b", "2"));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  /** As after a failover to a replica that had not heard of the last commit. */
  @Test
  void aNodeWhoseCommitWasLostHearsAllThatThereIs() {
    String id = create(Map.of("a", "1", "b", "1"));
    long saved = store.commit(write(id, "a", "2")).version();
    Map<String, byte[]> replica = probe.hgetall(record(id));
    long lost = store.commit(write(id, "a", "lost")).version();
    probe.delete(record(id));
    replica.forEach((field, value) -> probe.hset(record(id), field, value));

    assertThat(texts(store.open(id, lost))).isEqualTo(Map.of("a", "2", "b", "1"));

    long one = fixedStore.commit(write(id, "b", "2")).version();
    assertThat(texts(store.open(id, lost))).isEqualTo(Map.of("a", "2", "b", "2"));
    fixedStore.commit(write(id, "c", "3"));
    assertThat(texts(store.open(id, lost))).isEqualTo(Map.of("a", "2", "b", "2", "c", "3"));
    assertThat(texts(store.open(id, saved))).isEqualTo(Map.of("b", "2", "c", "3"));
    assertThat(texts(store.open(id, one))).isEqualTo(Map.of("c", "3"));
  }

  @Test
  void theIndexFollowsAccessesOnceInAWhileOnly() {
    String id = create(Map.of());
    Set<Long> scores = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      store.open(id, 1);
      scores.add(score(id));
      assertThat(score(id)).isBetween(deadline(id) - 10_000, deadline(id));
    }

    assertThat(scores).hasSizeLessThan(100);
  }

  private long deadline(String id) {
    return number(id, "~accessed") + INTERVAL * 1000L;
  }

  @Test
  void sessionsCanBeReadAndEndedWhenRedisIsFull() {
    try (RedisServer own = RedisServer.start();
        RedisProbe probing = RedisProbe.of(own);
        SessionStore full = connect(own.url())) {
      String read = SessionId.create();
      String ended = SessionId.create();
      create(full, read, INTERVAL, Map.of("a", "1"));
      create(full, ended, INTERVAL, Map.of("a", "1"));
      probing.command("CONFIG", "SET", "maxmemory", "100kb");

      assertThat(full.open(read, 0)).isNotNull();
      assertThat(full.end(ended, 0, LEASE)).isNotNull();
      assertThat(full.open(ended, 0)).isNull();
    }
  }

  @Test
  @Timeout(60)
  void noErrorTellsAnIdOrAValue() {
    try (RedisServer own = RedisServer.start("maxmemory 100kb", "maxmemory-policy noeviction");
        SessionStore full = connect(own.url())) {
      String id = SessionId.create();
      assertTellsNothing(failure(full, s -> createTelling(s, id)), id);
      own.kill();
      assertTellsNothing(failure(full, s -> createTelling(s, id)), id);
      assertTellsNothing(failure(full, s -> s.open(id, 0)), id);
      assertTellsNothing(failure(full, s -> s.commit(write(id, "a", "value-of-it"))), id);
      assertTellsNothing(failure(full, s -> s.end(id, 0, LEASE)), id);
      assertTellsNothing(failure(full, s -> s.claim(name(id), LEASE)), id);
      assertTellsNothing(failure(full, s -> s.due(10)), id);
    }
  }

  private static void createTelling(SessionStore target, String id) {
    create(target, id, INTERVAL, Map.of("a", "value-of-it".repeat(1_000)));
  }

  private static SessionStoreException failure(
      SessionStore target, Consumer<SessionStore> operation) {
    SessionStoreException failure =
        catchThrowableOfType(SessionStoreException.class, () -> operation.accept(target));
    assertThat(failure).isNotNull();
    return failure;
  }

  private static void assertTellsNothing(SessionStoreException failure, String id) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString())
        .contains("Redis ")
        .doesNotContain(id.substring(1, 10))
        .doesNotContain("value-of-it");
  }

  private SessionStore connect(String url) {
    return RedisSessionStore.connect(
        config(url).toBuilder().redisTimeout(Duration.ofMillis(700)).build(), NAMESPACE);
  }

  private void assertLivesUntil(String id, Duration time) {
    assertThat(probe.pttl(record(id))).isBetween(time.minusSeconds(30).toMillis(), time.toMillis());
  }

  private long score(String id) {
    return (long) Double.parseDouble((String) probe.command("ZSCORE", index(id), name(id)));
  }

  private long number(String id, String field) {
    return Long.parseLong((String) probe.command("HGET", record(id), field));
  }
}
