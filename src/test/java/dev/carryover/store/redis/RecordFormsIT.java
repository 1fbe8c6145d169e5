package dev.carryover.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.config.SessionConfig;
import dev.carryover.session.SessionId;
import dev.carryover.store.Commit;
import dev.carryover.store.NewSession;
import dev.carryover.store.SessionDelta;
import dev.carryover.store.SessionRecord;
import dev.carryover.store.SessionStore;
import dev.carryover.testing.Monitor;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two nodes of which each writes in its own form and reads the other's: plain and sealed, or sealed
 * with two secrets. So it is while nodes get another configuration one by one.
 */
class RecordFormsIT {

  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final int INTERVAL = 7_200;
  private static final String ONE = "the first of two secrets";
  private static final String TWO = "the second of two secrets";

  private static RedisServer server;
  private static RedisProbe probe;
  private static final Map<String, RedisSessionStore> STORES = new HashMap<>();
  private static final Map<String, RecordForms> FORMS = new HashMap<>();

  @BeforeAll
  static void start() {
    server = RedisServer.start();
    probe = RedisProbe.of(server);
    // Else the first call would be sent twice.
    probe.command("SCRIPT", "LOAD", new Script().source());
  }

  @AfterAll
  static void stop() {
    STORES.values().forEach(SessionStore::close);
    probe.close();
    server.close();
  }

  @BeforeEach
  void empty() {
    probe.flushAll();
  }

  /** One connection, so that what is sent in the background is done before what is sent next. */
  private static SessionConfig config(String secrets) {
    return SessionConfig.builder()
        .redisUrl(server.url())
        .redisTimeout(Duration.ofSeconds(20))
        .redisConnections(1)
        .secret(secrets)
        .build();
  }

  private static SessionStore store(String secrets) {
    return STORES.computeIfAbsent(
        secrets, key -> RedisSessionStore.connect(config(secrets), "shop"));
  }

  private static RecordForm form(String secrets) {
    return FORMS
        .computeIfAbsent(secrets, key -> RecordForms.of(config(secrets).secrets(), "shop"))
        .first();
  }

  /** Runs with the secrets of either node: what each has first is what it writes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "none," + ONE + "|" + ONE + ",none",
        ONE + ",none|none," + ONE,
        ONE + "," + TWO + "|" + TWO + "," + ONE
      })
  @Retention(RetentionPolicy.RUNTIME)
  @interface BetweenForms {}

  @BetweenForms
  void aNodeReadsAndWritesTheRecordsOfTheOther(String before, String after) {
    String id = create(store(before), Map.of("a", "1", "b", "1"));

    SessionRecord record = store(after).open(id, 0);
    assertThat(texts(record)).isEqualTo(Map.of("a", "1", "b", "1"));
    assertThat(record.principal()).isEqualTo("ann");
    SessionDelta delta = write(id, "a", "2", record);
    delta.setPrincipal("bob");
    long second = store(after).commit(delta).version();
    assertThat(store(after).commit(write(id, "c", "3", null)).previousVersion()).isEqualTo(second);
    store(after).touch(id);

    for (String secrets : List.of(before, after)) {
      SessionRecord seen = store(secrets).open(id, 0);
      assertThat(texts(seen)).isEqualTo(Map.of("a", "2", "b", "1", "c", "3"));
      assertThat(texts(store(secrets).look(id, second))).isEqualTo(Map.of("c", "3"));
      assertThat(seen.principal()).isEqualTo("bob");
    }
    assertThat(records()).containsExactly(record(before, id));
    assertThat(members(id)).containsExactly(form(before).name(id));
  }

  @BetweenForms
  void aRotationByTheOtherNodeIsFollowed(String before, String after) {
    String id = create(store(before), Map.of("a", "1"));
    SessionRecord opened = store(before).open(id, 0);
    SessionRecord elsewhere = store(after).open(id, 0);
    String newId = SessionId.rotated(id);
    SessionDelta rotation = write(id, "b", "2", elsewhere);
    rotation.rotateTo(newId);
    store(after).commit(rotation);

    Commit late = store(before).commit(write(id, "late", "1", opened));

    assertThat(late.id()).isEqualTo(newId);
    assertThat(store(before).look(id, 0).id()).isEqualTo(newId);
    for (String secrets : List.of(before, after)) {
      assertThat(store(secrets).open(id, 0)).isNull();
      assertThat(texts(store(secrets).open(newId, 0)))
          .isEqualTo(Map.of("a", "1", "b", "2", "late", "1"));
    }
    assertThat(store(before).end(id, 0, LEASE).id()).isEqualTo(newId);
  }

  @BetweenForms
  void anEndIsToldByTheOtherNode(String before, String after) {
    String invalidated = create(store(before), Map.of("a", "1"));
    SessionRecord ended = store(after).end(invalidated, 0, LEASE);
    assertThat(texts(ended)).isEqualTo(Map.of("a", "1"));
    assertThat(store(before).open(invalidated, 0)).isNull();
    store(after).finish(invalidated);
    await().until(() -> !store(after).exists(invalidated));

    String expired = create(store(before), Map.of("a", "1"));
    elapse(Duration.ofSeconds(INTERVAL + 1));
    String due = store(after).due(10).names().get(0);
    SessionRecord claimed = store(after).claim(due, LEASE);
    assertThat(claimed.id()).isEqualTo(expired);
    assertThat(texts(claimed)).isEqualTo(Map.of("a", "1"));
    assertThat(claimed.principal()).isEqualTo("ann");
    store(after).finish(claimed.id());
    await().until(() -> !store(after).exists(expired));
    assertThat(probe.keysOfSessions()).isEmpty();
  }

  @BetweenForms
  void anOldRecordIsPutIntoTheFormOfTheNodeThatOpensIt(String before, String after) {
    String id = create(store(before), Map.of("a", "1", "~b", "2", "", "3"));
    long second = store(before).commit(write(id, "a", "2", null)).version();
    SessionRecord underWay = store(before).open(id, 0);
    elapse(Duration.ofMinutes(11));

    SessionRecord opened = store(after).open(id, second);
    awaitRecord(after, id);
    SessionRecord again = store(after).open(id, second);

    assertThat(texts(opened)).isEqualTo(Map.of("a", "2", "~b", "2", "", "3"));
    assertThat(members(id)).containsExactly(form(after).name(id));
    assertThat(probe.pttl(record(after, id))).isGreaterThan(INTERVAL * 1_000L);
    assertThat(again.isUnchanged()).isTrue();
    assertThat(store(after).open(id, 0).createdAt()).isEqualTo(opened.createdAt());
    // Requests that were under way write what can be read.
    Commit late = store(before).commit(write(id, "late", "1", underWay));
    assertThat(late.previousVersion()).isEqualTo(second);
    assertThat(store(after).commit(write(id, "own", "1", opened)).previousVersion())
        .isEqualTo(late.version());
    for (String secrets : List.of(before, after)) {
      SessionRecord record = store(secrets).open(id, 0);
      assertThat(new TreeMap<>(texts(record)))
          .isEqualTo(new TreeMap<>(Map.of("a", "2", "~b", "2", "", "3", "late", "1", "own", "1")));
      assertThat(record.principal()).isEqualTo("ann");
    }
    assertThat(texts(store(after).open(id, second))).isEqualTo(Map.of("late", "1", "own", "1"));
  }

  /** While both run, the session would go back and forth with each request. */
  @BetweenForms
  void aRecordIsNotPutBackSoon(String before, String after) {
    String id = create(store(before), Map.of("a", "1"));
    store(after).open(id, 0);
    store(after).open(id, 0);
    assertThat(records()).containsExactly(record(before, id));

    elapse(Duration.ofMinutes(11));
    store(after).open(id, 0);
    awaitRecord(after, id);
    store(before).open(id, 0);
    store(before).open(id, 0);
    assertThat(records()).containsExactly(record(after, id));

    elapse(Duration.ofMinutes(11));
    store(before).open(id, 0);
    awaitRecord(before, id);
    assertThat(texts(store(after).open(id, 0))).isEqualTo(Map.of("a", "1"));
  }

  /** One call to read, one to write; and once, where the form changed under a request, one more. */
  @BetweenForms
  void anotherFormCostsNoCall(String before, String after) {
    String id = create(store(before), Map.of("a", "1"));
    store(after).open(id, 0);
    long second = store(after).commit(write(id, "a", "2", null)).version();
    try (Monitor monitor = probe.monitor()) {
      SessionRecord record = store(after).open(id, 0);
      assertThat(scripts(monitor)).isEqualTo(1);
      store(after).commit(write(id, "a", "3", record));
      assertThat(scripts(monitor)).isEqualTo(1);

      elapse(Duration.ofMinutes(11));
      monitor.commandsUntilNow();
      record = store(after).open(id, second);
      awaitRecord(after, id);
      Commit commit = store(after).commit(write(id, "a", "4", record));
      assertThat(scripts(monitor)).as("open, reseal, commit, commit").isEqualTo(4);
      SessionDelta next = write(id, "a", "5", null);
      next.attach(commit.attachment());
      store(after).commit(next);
      store(after).open(id, 0);
      assertThat(scripts(monitor)).isEqualTo(2);
    }
  }

  private static long scripts(Monitor monitor) {
    return monitor.commandsUntilNow().stream()
        .filter(command -> command.get(0).toUpperCase(Locale.ROOT).startsWith("EVAL"))
        .count();
  }

  @BetweenForms
  void aRotatedSessionIsFoundAfterItGotAnotherForm(String before, String after) {
    String id = create(store(before), Map.of("a", "1"));
    SessionRecord opened = store(before).open(id, 0);
    SessionDelta rotation = new SessionDelta(id);
    String newId = SessionId.rotated(id);
    rotation.rotateTo(newId);
    store(before).commit(rotation);
    elapse(Duration.ofMinutes(11));
    store(after).open(newId, 0);
    awaitRecord(after, newId);

    assertThat(store(before).commit(write(id, "late", "1", opened)).id()).isEqualTo(newId);

    assertThat(records()).containsExactly(record(after, newId));
    assertThat(texts(store(after).open(newId, 0))).isEqualTo(Map.of("a", "1", "late", "1"));
  }

  /** A node reads a record, and before it has sealed it anew another writes. */
  @Test
  void nothingIsLostThatWasWrittenWhileARecordWasBeingSealedAnew() {
    String before = "none," + ONE;
    String id = create(store(before), Map.of("a", "1"));

    assertThat(reseal(before, id, "7")).isZero();
    SessionDelta login = new SessionDelta(id);
    login.setPrincipal("bob");
    long version = store(before).commit(login).version();
    assertThat(reseal(before, id, "1")).isZero();
    assertThat(records()).containsExactly(record(before, id));
    assertThat(reseal(before, id, String.valueOf(version))).isEqualTo(1);
    assertThat(store(before).open(id, 0)).isNull();

    String ended = create(store(before), Map.of("a", "1"));
    store(before).end(ended, 0, LEASE);
    assertThat(reseal(before, ended, "1")).isZero();
  }

  private static long reseal(String secrets, String id, String version) {
    String record = record(secrets, id);
    String passenger = (char) Script.Operation.RESEAL.number + "\3\0\0\0\2";
    Object answers =
        probe.command(
            "EVAL",
            new Script().source(),
            "3",
            index(id),
            record,
            record + "x",
            passenger,
            "1",
            "60000",
            "0",
            "0",
            version,
            "");
    return (Long) ((List<?>) ((List<?>) answers).get(0)).get(0);
  }

  @Test
  void aNodeWithoutTheSecretLeavesTheEndToTheOthers() {
    String id = create(store(ONE), Map.of("a", "1"));
    elapse(Duration.ofSeconds(INTERVAL + 1));
    String due = store(TWO).due(10).names().get(0);
    probe.command("PEXPIRE", record(ONE, id), "60000");

    for (String secrets : List.of(TWO, "none")) {
      assertThat(store(secrets).open(id, 0)).isNull();
      assertThat(store(secrets).claim(due, LEASE)).isNull();
      assertThat(store(secrets).due(10).names()).isEmpty();
    }
    assertThat(probe.pttl(record(ONE, id))).isLessThanOrEqualTo(60_000);
    assertThat(probe.hget(record(ONE, id), "~ended")).isNull();

    elapse(LEASE.plusSeconds(1));
    assertThat(store(ONE).claim(due, LEASE).id()).isEqualTo(id);

    // When the record is gone, anyone tidies the index.
    probe.delete(record(ONE, id));
    assertThat(store("none").claim(due, LEASE)).isNull();
    assertThat(probe.keysOfSessions()).isEmpty();
  }

  @Test
  void aPlainRecordIsNotReadUnlessItIsSaid() {
    String id = create(store("none"), Map.of("a", "1"));

    assertThat(store(ONE).open(id, 0)).isNull();
    assertThat(store(ONE).commit(write(id, "a", "2", null)).id()).isNull();
    assertThat(texts(store(ONE + ",none").open(id, 0))).isEqualTo(Map.of("a", "1"));
  }

  @Test
  void applicationsWithTheSameSecretCannotReadEachOthersSessions() {
    String id = create(store(ONE), Map.of("a", "1"));
    try (SessionStore other = RedisSessionStore.connect(config(ONE), "shop2")) {
      String name = RecordForms.of(config(ONE).secrets(), "shop2").first().name(id);
      String key = "carryover:{shop2:" + id.charAt(0) + "}:session:" + name;
      probe.command("COPY", record(ONE, id), key);

      assertThat(name).isNotEqualTo(form(ONE).name(id));
      assertThat(other.open(id, 0)).isNull();
    }
  }

  // ---- parts

  private static String create(SessionStore store, Map<String, String> attributes) {
    String id = SessionId.create();
    Map<String, byte[]> encoded = new HashMap<>();
    attributes.forEach((name, value) -> encoded.put(name, value.getBytes(UTF_8)));
    store.create(new NewSession(id, store.currentTimeMillis(), INTERVAL, "ann", encoded));
    return id;
  }

  private static SessionDelta write(String id, String name, String value, SessionRecord known) {
    SessionDelta delta = new SessionDelta(id);
    delta.write(name, value.getBytes(UTF_8));
    delta.attach(known == null ? null : known.attachment());
    return delta;
  }

  private static Map<String, String> texts(SessionRecord record) {
    Map<String, String> texts = new HashMap<>();
    record.attributes().forEach((name, value) -> texts.put(name, new String(value, UTF_8)));
    return texts;
  }

  private static String record(String secrets, String id) {
    return "carryover:{shop:" + id.charAt(0) + "}:session:" + form(secrets).name(id);
  }

  private static String index(String id) {
    return "carryover:{shop:" + id.charAt(0) + "}:deadlines";
  }

  private static void awaitRecord(String secrets, String id) {
    await().until(() -> records().equals(List.of(record(secrets, id))));
  }

  private static List<String> records() {
    return List.copyOf(probe.keys("*session:*"));
  }

  private static List<String> members(String id) {
    List<String> members = new ArrayList<>();
    ((List<?>) probe.command("ZRANGE", index(id), "0", "-1"))
        .forEach(member -> members.add((String) member));
    return members;
  }

  /** Lets time go by for all sessions. */
  private static void elapse(Duration time) {
    for (String record : records()) {
      Map<String, byte[]> fields = probe.hgetall(record);
      for (String field : List.of("~created", "~accessed", "~ended", "~resealed")) {
        if (fields.containsKey(field)) {
          long millis = Long.parseLong(new String(fields.get(field), UTF_8)) - time.toMillis();
          probe.hset(record, field, Long.toString(millis).getBytes(UTF_8));
        }
      }
    }
    for (String index : probe.keys("*deadlines")) {
      for (Object member : (List<?>) probe.command("ZRANGE", index, "0", "-1")) {
        probe.command("ZINCRBY", index, Long.toString(-time.toMillis()), (String) member);
      }
    }
  }
}
