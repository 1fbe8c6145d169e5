package dev.carryover.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.awaitility.Awaitility.await;

import dev.carryover.config.SessionConfig;
import dev.carryover.session.SessionId;
import dev.carryover.store.NewSession;
import dev.carryover.store.OwnedSession;
import dev.carryover.store.PrincipalCount;
import dev.carryover.store.SessionDelta;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the index of principals costs, and that it holds nothing that is not there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisSessionIndexIT {

  private static final Duration LEASE = Duration.ofSeconds(30);

  private RedisServer server;
  private RedisProbe probe;
  private RedisSessionStore store;

  @BeforeAll
  void start() {
    server = RedisServer.start();
    probe = RedisProbe.of(server);
    store = connect("none");
  }

  @AfterAll
  void stop() {
    store.close();
    probe.close();
    server.close();
  }

  @BeforeEach
  void empty() {
    probe.flushAll();
  }

  private RedisSessionStore connect(String secret) {
    SessionConfig config =
        SessionConfig.builder()
            .redisUrl(server.url())
            .redisTimeout(Duration.ofSeconds(20))
            .secret(secret)
            .build();
    return RedisSessionStore.connect(config, "shop");
  }

  @Test
  void countingIsABatchOf64CommandsHoweverManySessionsThereAre() {
    create(store, "ann", 50);
    Map<String, Long> before = probe.commandStats();

    assertThat(store.index().count()).isEqualTo(50);

    assertThat(since(before)).isEqualTo(Map.of("zcount", 64L));
  }

  @Test
  void loggingOutEverywhereIsABatchOf64CommandsAndAScriptASession() {
    create(store, "ann", 5);
    create(store, "bob", 50);
    Map<String, Long> before = probe.commandStats();

    List<OwnedSession> owned = store.index().ownedBy("ann");
    assertThat(since(before)).isEqualTo(Map.of("zrangebylex", 64L));
    owned.forEach(session -> store.index().end(session, "ann", Duration.ZERO));

    assertThat(since(before)).containsEntry("evalsha", 5L).doesNotContainKeys("scan", "keys");
    assertThat(store.index().ownedBy("ann")).isEmpty();
    assertThat(store.index().count()).isEqualTo(50);
  }

  @Test
  void nothingIsLeftOfAPrincipalWhoseSessionsHaveEnded() {
    List<String> ids = create(store, "ann", 40);
    for (String id : ids) {
      SessionDelta rotation = new SessionDelta(id);
      rotation.rotateTo(SessionId.rotated(id));
      store.commit(rotation);
    }
    assertThat(entries()).hasSize(40);

    for (OwnedSession owned : store.index().ownedBy("ann")) {
      assertThat(store.index().end(owned, "ann", LEASE)).isNotNull();
    }

    assertThat(entries()).isEmpty();
  }

  @Test
  void anEntryOfARecordThatSomebodyHasDeletedGoesWhenItIsMet() {
    List<String> ids = create(store, "ann", 3);
    probe.command("DEL", record(ids.get(0)));
    probe.command("DEL", record(ids.get(1)));
    assertThat(entries()).hasSize(3);

    List<OwnedSession> owned = store.index().ownedBy("ann");
    assertThat(store.index().describe(owned, "ann")).hasSize(1);
    assertThat(entries()).hasSize(1);

    probe.command("DEL", record(ids.get(2)));
    owned.forEach(session -> assertThat(store.index().end(session, "ann", LEASE)).isNull());
    assertThat(entries()).isEmpty();
  }

  @Test
  void entriesOfDeletedRecordsGoWithTheirDeadlinesThoughNobodyAsksForTheirPrincipals() {
    String shard = SessionId.create();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String id = SessionId.rotated(shard);
      create(store, id, "user" + i);
      ids.add(id);
    }
    ids.subList(0, 39).forEach(id -> probe.command("DEL", record(id)));

    assertThat(store.claim(ids.get(0), LEASE)).isNull();

    assertThat(entries()).hasSize(1);
    assertThat(store.index().ownedBy("user39")).hasSize(1);
  }

  /** A part of them is looked at; the error of one such estimate is 3 % as a rule. */
  @Test
  void estimatesHowManyUsersThereAre() {
    int users = 6_000;
    for (int i = 0; i < users; i++) {
      create(store, SessionId.create(), "user" + i);
      create(store, SessionId.create(), "user" + i % 100);
    }
    Map<String, Long> before = probe.commandStats();

    PrincipalCount principals = store.index().principals();

    assertThat(since(before)).isEqualTo(Map.of("zrange", 64L));
    assertThat(principals.isExact()).isFalse();
    assertThat((double) principals.count()).isCloseTo(users, withinPercentage(20));
  }

  @Test
  void aUserWithMostSessionsOfAShardIsCounted() {
    String first = SessionId.create();
    for (int i = 0; i < 40; i++) {
      create(store, SessionId.rotated(first), "ann");
    }

    assertThat(store.index().principals().count()).isEqualTo(1);
  }

  @Test
  void whatIsNoSessionIsNotInASample() {
    String id = create(store, "ann", 1).get(0);
    probe.command("ZADD", probe.keys("*:deadlines").iterator().next(), "1", "of somebody else");

    Set<String> sample = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      sample.addAll(store.index().sample(64 * 2));
    }
    assertThat(sample).containsExactly(id);
  }

  @Test
  void whatHappensIsCountedInABatchAndForgottenByItself() {
    List<String> ids = create(store, "ann", 3);
    store.end(ids.get(0), 0, Duration.ZERO);
    Map<String, Long> before = probe.commandStats();

    store.index().minutes();

    assertThat(since(before)).isEqualTo(Map.of("hgetall", 64L));
    String key = "carryover:{shop:" + ids.get(0).charAt(0) + "}:events";
    assertThat(probe.pttl(key)).isBetween(1L, Duration.ofMinutes(16).toMillis());
    probe.hset(key, "1 created", new byte[] {'7'});
    store.end(ids.get(1), 0, Duration.ZERO);
    String other = SessionId.rotated(ids.get(0));
    create(store, other, "bob");
    probe.command(
        "HDEL",
        key,
        probe.hgetall(key).keySet().stream()
            .filter(field -> field.endsWith(" invalidated"))
            .findFirst()
            .orElseThrow());
    store.end(other, 0, Duration.ZERO);
    assertThat(probe.hgetall(key)).doesNotContainKey("1 created");
  }

  @Test
  void withASecretThereIsNoWordOfTheUser() {
    try (RedisSessionStore sealed = connect("a secret of some length")) {
      create(sealed, "ann.the.user", 2);
      create(store, "ann.the.user", 1);

      assertThat(entries()).hasSize(3).noneMatch(entry -> entry.contains("ann"));
      assertThat(entries().stream().map(entry -> entry.substring(0, 22)).distinct()).hasSize(2);
      assertThat(sealed.index().ownedBy("ann.the.user")).hasSize(2);
      assertThat(store.index().ownedBy("ann.the.user")).hasSize(1);
    }
  }

  @Test
  void aSessionIsFoundByItsPrincipalWhileASecretIsTurnedOn() {
    String id = create(store, "ann", 1).get(0);
    makeOld(id);

    try (RedisSessionStore both = connect("a secret of some length,none");
        RedisSessionStore sealed = connect("a secret of some length")) {
      assertThat(ids(both, "ann")).containsExactly(id);
      both.open(id, 0);
      await().untilAsserted(() -> assertThat(ids(sealed, "ann")).containsExactly(id));

      assertThat(store.index().ownedBy("ann")).isEmpty();
      assertThat(ids(both, "ann")).containsExactly(id);
      assertThat(entries()).hasSize(1);
    }
  }

  /** A record is put into another form only if it has had its own for ten minutes. */
  private void makeOld(String id) {
    long created = System.currentTimeMillis() - Duration.ofHours(1).toMillis();
    probe.hset(record(id), "~created", Long.toString(created).getBytes(StandardCharsets.US_ASCII));
  }

  private static List<String> ids(RedisSessionStore store, String principal) {
    return store.index().describe(store.index().ownedBy(principal), principal).stream()
        .map(summary -> summary.id())
        .toList();
  }

  private static List<String> create(RedisSessionStore store, String principal, int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String id = SessionId.create();
      create(store, id, principal);
      ids.add(id);
    }
    return ids;
  }

  private static void create(RedisSessionStore store, String id, String principal) {
    store.create(new NewSession(id, store.currentTimeMillis(), 600, principal, Map.of()));
  }

  private static String record(String id) {
    return "carryover:{shop:" + id.charAt(0) + "}:session:" + id;
  }

  /** All that the index of principals has. */
  private List<String> entries() {
    List<String> entries = new ArrayList<>();
    for (String key : probe.keys("*:principals")) {
      for (Object entry : (List<?>) probe.command("ZRANGE", key, "0", "-1")) {
        entries.add((String) entry);
      }
    }
    return entries;
  }

  /** The commands since then, but for the probe's own. */
  private Map<String, Long> since(Map<String, Long> before) {
    Map<String, Long> now = new TreeMap<>(probe.commandStats());
    now.replaceAll((command, calls) -> calls - before.getOrDefault(command, 0L));
    now.values().removeIf(calls -> calls == 0);
    now.remove("info");
    return now;
  }
}
