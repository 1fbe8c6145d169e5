package dev.carryover.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carryover.config.SessionConfig;
import dev.carryover.metrics.Counter;
import dev.carryover.metrics.SessionMetrics;
import dev.carryover.session.SessionId;
import dev.carryover.store.Commit;
import dev.carryover.store.NewSession;
import dev.carryover.store.SessionDelta;
import dev.carryover.store.SessionRecord;
import dev.carryover.store.SessionStore;
import dev.carryover.store.SessionStoreException;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Data in Redis that is damaged, or not ours: no request fails for it, what can be put right is,
 * and what somebody else may have put there stays.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DegradedDataIT {

  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final AtomicLong healed = new AtomicLong();
  private final String id = SessionId.create();
  private final String record = key("session:" + id);
  private final String index = key("deadlines");
  private RedisServer redis;
  private RedisProbe probe;
  private SessionStore store;

  @BeforeAll
  void start() {
    redis = RedisServer.start();
    probe = RedisProbe.of(redis);
    store = connect(redis, Duration.ofSeconds(20));
  }

  @AfterAll
  void stop() {
    store.close();
    probe.close();
    redis.close();
  }

  @BeforeEach
  void empty() {
    probe.flushAll();
    healed.set(0);
  }

  // ---- something else under our keys

  @ParameterizedTest
  @ValueSource(strings = {"SET %s theirs", "RPUSH %s theirs", "ZADD %s 1 theirs", "SADD %s theirs"})
  void whatIsNoHashIsNoSessionAndStays(String command) {
    probe.command(command.formatted(record).split(" "));
    probe.command("ZADD", index, "1", id);
    Object theirs = probe.command("DUMP", record);

    assertGone(id);
    assertThat(probe.command("ZCARD", index)).as("nothing to expire there").isEqualTo(0L);
    store.finish(id);
    store.touch(id);
    assertThat(store.open(SessionId.rotated(id), 0)).isNull();

    assertThat(probe.command("DUMP", record)).isEqualTo(theirs);
    assertThat(healed).hasPositiveValue();
  }

  /** Ids are random, so that only somebody who wants to be in the way is. */
  @Test
  void whatIsUnderTheKeyOfANewSessionIsPutAside() {
    probe.command("SET", record, "theirs");

    create();

    assertThat(store.open(id, 0)).isNotNull();
    assertAside(record);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SET %s theirs", "HSET %s their field", "RPUSH %s theirs"})
  void anIndexThatIsNoneIsPutAsideAndSessionsGoOn(String command) {
    create();
    probe.delete(index);
    probe.command(command.formatted(index).split(" "));

    assertThat(store.open(id, 0)).isNotNull();
    SessionDelta rotation = new SessionDelta(id);
    rotation.rotateTo(SessionId.rotated(id));
    Commit rotated = store.commit(rotation);

    assertAside(index);
    // The index, and the session's place in it.
    assertThat(healed).hasValue(2);
    elapse(rotated.id());
    assertThat(store.due(10).names()).containsExactly(rotated.id());
    assertThat(store.claim(rotated.id(), LEASE)).isNotNull();
  }

  @Test
  void anIndexThatIsNoneKeepsExpiryFromNoOtherShard() {
    create();
    elapse(id);
    for (char shard : RedisKeys.SHARDS.toCharArray()) {
      if (shard != id.charAt(0)) {
        probe.command("SET", "carryover:{shop:" + shard + "}:deadlines", "theirs");
      }
    }

    assertThat(store.due(10).names()).containsExactly(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RPUSH %s theirs", "SET %s theirs", "SET %s !", "SET %s \u00fc"})
  void whatIsNoForwardLeadsNowhere(String command) {
    String old = SessionId.rotated(id);
    probe.command(command.formatted(key("forward:" + old)).split(" "));

    assertGone(old);
  }

  @Test
  void forwardsInACircleEnd() {
    String other = SessionId.rotated(id);
    probe.command("SET", key("forward:" + id), other);
    probe.command("SET", key("forward:" + other), id);

    assertGone(id);
  }

  // ---- the index

  @Test
  void anEntryWithoutARecordIsRemoved() {
    probe.command("ZADD", index, "1", id);

    assertThat(store.due(10).names()).containsExactly(id);
    assertThat(store.claim(id, LEASE)).isNull();

    assertThat(probe.exists(index)).isFalse();
    assertThat(healed).hasValue(1);
  }

  @Test
  void entriesThatAreNoNamesAreRemovedAndKeepNoSessionFromExpiring() {
    create();
    elapse(id);
    List<String> garbage =
        List.of("", "!", "x", "\u00fc", id + "x", id.substring(1), SessionId.create() + ".abc");
    garbage.forEach(name -> probe.command("ZADD", index, "1", name));
    probe.command("ZADD", index, "-inf", "first");
    probe.commandBytes(bytes("ZADD"), bytes(index), bytes("1"), new byte[] {(byte) 0xff, 0, 13});
    String ofAnotherShard = (id.charAt(0) == 'A' ? 'B' : 'A') + id.substring(1);
    probe.command("ZADD", index, "1", ofAnotherShard);

    assertThat(store.due(100).names()).containsExactly(id);

    await().atMost(PATIENCE).until(() -> probe.command("ZCARD", index).equals(1L));
    await().atMost(PATIENCE).until(() -> healed.get() == garbage.size() + 3);
    assertThat(store.claim(id, LEASE)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-5", "0"})
  void anEntryThatIsTooEarlyIsPutRight(String score) {
    create();
    Object deadline = probe.command("ZSCORE", index, id);
    probe.command("ZADD", index, score, id);

    assertThat(store.due(10).names()).containsExactly(id);
    assertThat(store.claim(id, LEASE)).isNull();

    assertThat(probe.command("ZSCORE", index, id)).isEqualTo(deadline);
    assertThat(store.open(id, 0)).isNotNull();
  }

  @Test
  void anEntryThatIsMissingIsBackOnceTheSessionIsUsed() {
    create();
    probe.delete(index);

    store.open(id, 0);

    assertThat(probe.command("ZCARD", index)).isEqualTo(1L);
    assertThat(healed).hasValue(1);
  }

  @Test
  void theEndOfASessionThatTheIndexHasLostIsTold() {
    create();
    elapse(id);
    probe.delete(index);
    assertThat(store.due(10).names()).isEmpty();

    assertThat(store.open(id, 0)).isNull();

    assertThat(store.due(10).names()).containsExactly(id);
    assertThat(store.claim(id, LEASE).attributes()).containsOnlyKeys("a");
    assertThat(healed).hasValue(1);
  }

  @Test
  void namesThatAreNoneAreNotAmongTheSessions() {
    create();
    for (String name : List.of("", "!", "\u00fc", id + "x")) {
      probe.command("ZADD", index, "1", name);
    }

    assertThat(store.index().page(RedisKeys.SHARDS.indexOf(id.charAt(0)), "", 100).names())
        .containsExactly(id);
  }

  // ---- the index of users

  @Test
  void whatIsNoIndexOfUsersIsPutAsideAndLoginsGoOn() {
    probe.command("SET", key("principals"), "theirs");
    assertThat(store.index().ownedBy("ann")).isEmpty();

    store.create(new NewSession(id, store.currentTimeMillis(), 60, "ann", Map.of()));

    assertThat(store.index().ownedBy("ann")).hasSize(1);
    assertThat(store.index().count()).isEqualTo(1);
    assertThat(store.end(id, 0, LEASE)).isNotNull();
    assertAside(key("principals"));
  }

  @Test
  void entriesThatAreNoneHideNoSessionOfTheUser() {
    store.create(new NewSession(id, store.currentTimeMillis(), 60, "ann", Map.of()));
    String owner = ((String) probe.command("HGET", record, "~owner")).split(" ")[0];
    List<String> garbage =
        List.of(owner + " ", owner + " x y", owner + " 1 !", owner + " 99999999999999999 " + id);
    garbage.forEach(entry -> probe.command("ZADD", key("principals"), "0", entry));
    probe.command("ZADD", key("principals"), "0", "");

    assertThat(store.index().ownedBy("ann")).singleElement().extracting("name").isEqualTo(id);

    // An end that is not there has some of them looked at.
    assertThat(store.claim(SessionId.rotated(id), LEASE)).isNull();
    assertThat((Long) probe.command("ZCARD", key("principals"))).isLessThan(garbage.size() + 2);
  }

  // ---- metadata

  @ParameterizedTest
  @ValueSource(
      strings = {
        "~state:99999999999999999999 1 4",
        "~state:1e9 1 4",
        "~state:nan 1 4",
        "~state:60 1 4 ",
        "~state:60 18446744073709551616 4",
        "~accessed:99999999999999999999",
        "~accessed:inf",
        "~created:0x10",
        "~created:"
      })
  void metadataThatIsNoneEndsTheSession(String damage) {
    create();
    probe.hset(record, damage.split(":", 2)[0], bytes(damage.split(":", 2)[1]));

    assertGone(id);

    assertThat(probe.keysOfSessions()).isEmpty();
    assertThat(healed).hasPositiveValue();
  }

  @Test
  void anEndThatCannotBeReadIsAnEnd() {
    create();
    probe.hset(record, "~ended", bytes("nonsense"));

    assertThat(store.open(id, 0)).isNull();
    assertThat(store.commit(new SessionDelta(id)).id()).isNull();
    assertThat(store.claim(id, LEASE)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{since = {1}, of = {a = 'x'}}",
        "{since = 'x', of = {}}",
        "{since = {1}, of = 'x'}",
        "{since = {1}, of = {'x', 'y'}}",
        "{since = {1}, of = {a = {}}}",
        "{since = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17}, of = {}}",
        "'x'"
      })
  void aLogOfChangesThatIsNoneCostsACompleteRecord(String log) {
    create();
    write("b");
    probe.command(
        "EVAL", "redis.call('HSET', KEYS[1], '~changes', cmsgpack.pack(" + log + "))", "1", record);

    SessionRecord seen = store.open(id, 1);
    assertThat(seen.complete()).isTrue();
    assertThat(seen.attributes()).containsOnlyKeys("a", "b");
    write("c");
    assertThat(store.open(id, seen.version()).attributes()).containsOnlyKeys("c");
    assertThat(healed).hasValue(1);
  }

  @Test
  void fieldsThatSomebodyElseHasAddedAreCounted() {
    create();
    probe.hset(record, "their", bytes("field"));

    SessionRecord seen = store.open(id, 1);
    assertThat(seen.attributes()).containsOnlyKeys("a", "their");
    assertThat(store.open(id, seen.version()).isUnchanged()).isTrue();
    assertThat(healed).hasValue(1);
  }

  /** A node of the next version may run beside this one while they are updated one by one. */
  @Test
  void aRecordOfAVersionToComeIsLeftToThoseWhoKnowIt() {
    create();
    probe.hset(record, "~state", bytes("v2 600 1 4 and more"));
    probe.command("ZADD", index, "1", id);
    Map<String, byte[]> before = probe.hgetall(record);

    assertGone(id);
    store.finish(id);
    store.touch(id);
    assertThat(store.open(SessionId.rotated(id), 0)).isNull();

    assertThat(probe.hgetall(record)).containsExactlyInAnyOrderEntriesOf(before);
    assertThat(store.due(10).names()).as("put off").isEmpty();
    assertThat(probe.command("ZCARD", index)).isEqualTo(1L);
    assertThat(healed).hasValue(0);
  }

  // ---- a server that is not the master any more

  /** Its answer might be older than what the node knows. */
  @Test
  void aReplicaIsNotAskedForWhatHasToBeCurrent() {
    try (RedisServer old = RedisServer.start();
        RedisServer next = RedisServer.start("replicaof 127.0.0.1 " + old.port());
        RedisProbe ofOld = RedisProbe.of(old);
        RedisProbe ofNext = RedisProbe.of(next)) {
      for (Consumer<SessionStore> read :
          List.<Consumer<SessionStore>>of(
              s -> s.look(id, 0), s -> s.load(id, "a"), s -> s.open(id, 0))) {
        try (SessionStore asking = connect(old, Duration.ofSeconds(2))) {
          ofOld.command("REPLICAOF", "NO", "ONE");
          replicate(ofNext, old);
          await().atMost(PATIENCE).ignoreExceptions().until(() -> isThere(asking));
          ofNext.command("REPLICAOF", "NO", "ONE");
          replicate(ofOld, next);

          assertThat(ofOld.exists(record)).isTrue();
          assertThatThrownBy(() -> read.accept(asking)).isInstanceOf(SessionStoreException.class);
        }
      }
    }
  }

  private boolean isThere(SessionStore asked) {
    asked.create(session());
    return asked.look(id, 0) != null;
  }

  private static void replicate(RedisProbe replica, RedisServer master) {
    replica.command("REPLICAOF", "127.0.0.1", Integer.toString(master.port()));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                ((String) replica.command("INFO", "replication"))
                    .contains("master_link_status:up"));
  }

  // ---- parts

  private void assertGone(String gone) {
    assertThat(store.look(gone, 0)).isNull();
    assertThat(store.load(gone, "a")).isNull();
    assertThat(store.commit(new SessionDelta(gone)).id()).isNull();
    assertThat(store.end(gone, 0, LEASE)).isNull();
    assertThat(store.claim(gone, LEASE)).isNull();
    assertThat(store.open(gone, 0)).isNull();
  }

  private void assertAside(String key) {
    assertThat(probe.keys(key + ":aside:*")).hasSize(1);
    assertThat(probe.keys(key + ":aside:*"))
        .allSatisfy(aside -> assertThat(probe.command("TYPE", aside)).isNotEqualTo("zset"));
  }

  private void create() {
    store.create(session());
  }

  private NewSession session() {
    return new NewSession(id, store.currentTimeMillis(), 60, null, Map.of("a", new byte[] {1}));
  }

  private void write(String name) {
    SessionDelta delta = new SessionDelta(id);
    delta.write(name, new byte[] {1});
    assertThat(store.commit(delta).id()).isEqualTo(id);
  }

  /** Its time is up. */
  private void elapse(String session) {
    probe.hset(key("session:" + session), "~accessed", bytes("1000"));
    probe.command("ZADD", index, "61000", session);
  }

  private SessionStore connect(RedisServer server, Duration timeout) {
    SessionConfig config =
        SessionConfig.builder().redisUrl(server.url()).redisTimeout(timeout).build();
    return RedisSessionStore.connect(
        config,
        "shop",
        new SessionMetrics() {
          @Override
          public void count(Counter counter, long times) {
            healed.addAndGet(counter == Counter.REDIS_HEALED ? times : 0);
          }
        });
  }

  private String key(String rest) {
    return "carryover:{shop:" + id.charAt(0) + "}:" + rest;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
