package dev.carryover.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carryover.codec.CodecException;
import dev.carryover.codec.KryoCodec;
import dev.carryover.codec.Sealing;
import dev.carryover.config.SessionConfig;
import dev.carryover.session.SessionId;
import dev.carryover.store.NewSession;
import dev.carryover.store.SessionDelta;
import dev.carryover.store.SessionRecord;
import dev.carryover.store.SessionStore;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Someone who can write to Redis changes sealed sessions, or moves what belongs to others. */
class TamperedRecordsIT {

  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final KryoCodec CODEC =
      KryoCodec.forClassLoader(TamperedRecordsIT.class.getClassLoader());

  private static RedisServer server;
  private static RedisProbe probe;
  private static SessionStore store;
  private static RecordForm form;

  private String id;
  private String record;

  @BeforeAll
  static void start() {
    server = RedisServer.start();
    probe = RedisProbe.of(server);
    SessionConfig config =
        SessionConfig.builder()
            .redisUrl(server.url())
            .redisTimeout(Duration.ofSeconds(20))
            .secret("a secret of some length")
            .build();
    store = RedisSessionStore.connect(config, "shop");
    form = RecordForms.of(config.secrets(), "shop").first();
  }

  @AfterAll
  static void stop() {
    store.close();
    probe.close();
    server.close();
  }

  @BeforeEach
  void create() {
    probe.flushAll();
    id = SessionId.create();
    create(id, "ann", Map.of("a", "mine", "b", "other"));
    record = record(id);
  }

  @Test
  void aValueOfWhichAByteWasChangedIsRefusedAndStays() {
    forEachByte(
        "a",
        () -> {
          SessionRecord seen = store.open(id, 0);
          assertRefused(seen, "a");
          assertThat(values(seen)).isEqualTo(Map.of("b", "other"));
          assertThat(seen.principal()).isEqualTo("ann");
        });
  }

  @Test
  void aSessionOfWhoseSaltAByteWasChangedIsNone() {
    forEachByte(
        "~salt",
        () -> {
          assertThat(store.open(id, 0)).isNull();
          assertThat(store.look(id, 0)).isNull();
          assertThat(store.commit(write("a", "new")).id()).isNull();
        });
    assertThat(values(store.open(id, 0))).isEqualTo(Map.of("a", "mine", "b", "other"));
  }

  @Test
  void aPrincipalOfWhichAByteWasChangedIsNobody() {
    forEachByte(
        "~principal",
        () -> {
          SessionRecord seen = store.open(id, 0);
          assertThat(seen.principal()).isNull();
          assertThat(values(seen)).isEqualTo(Map.of("a", "mine", "b", "other"));
        });
  }

  /** Its end is still told, once, with what it holds. */
  @Test
  void aSessionOfWhoseIdAByteWasChangedEndsAsAnyOther() {
    probe.hset(record, "~accessed", bytes("1000"));
    forEachByte(
        "~id",
        () -> {
          SessionRecord ended = store.claim(form.name(id), LEASE);
          assertThat(ended.id()).isEqualTo(form.name(id));
          assertThat(values(ended)).isEqualTo(Map.of("a", "mine", "b", "other"));
          probe.hset(record, "~ended", bytes("1000"));
        });
    probe.deleteField(record, "~id");
    String name = store.claim(form.name(id), LEASE).id();
    store.finish(name);
    await().until(() -> probe.keysOfSessions().isEmpty());
  }

  @Test
  void aForwardOfWhichAByteWasChangedLeadsNowhere() {
    SessionDelta rotation = new SessionDelta(id);
    rotation.rotateTo(SessionId.rotated(id));
    store.commit(rotation);
    String forward = record.replace(":session:", ":forward:");
    byte[] written = (byte[]) probe.commandBytes(bytes("GET"), bytes(forward));
    for (int i = 0; i < written.length; i++) {
      probe.commandBytes(bytes("SET"), bytes(forward), changed(written, i));
      assertThat(store.commit(write("a", "late")).id()).isNull();
      assertThat(store.look(id, 0)).isNull();
      assertThat(store.end(id, 0, LEASE)).isNull();
    }
    probe.commandBytes(bytes("SET"), bytes(forward), written);
    assertThat(store.look(id, 0).id()).isEqualTo(rotation.newId());
  }

  @Test
  void aValueMovedToAnotherAttributeIsRefused() {
    probe.hset(record, "b", probe.hget(record, "a"));
    probe.hset(record, "c", probe.hget(record, "a"));
    probe.hset(record, "~~principal", probe.hget(record, "~principal"));

    SessionRecord seen = store.open(id, 0);

    assertThat(values(seen)).isEqualTo(Map.of("a", "mine"));
    List.of("b", "c", "~principal").forEach(name -> assertRefused(seen, name));
  }

  @Test
  void aPrincipalMovedToAnotherSessionIsNobody() {
    String admin = another("admin", "a", "theirs");
    probe.hset(record, "~principal", probe.hget(record(admin), "~principal"));

    assertThat(store.open(id, 0).principal()).isNull();
  }

  @Test
  void aValueMovedToAnotherSessionIsRefused() {
    String other = another("bob", "a", "theirs");
    probe.hset(record, "a", probe.hget(record(other), "a"));

    SessionRecord seen = store.open(id, 0);

    assertRefused(seen, "a");
    assertThat(values(seen)).isEqualTo(Map.of("b", "other"));
  }

  @Test
  void aSaltMovedToAnotherSessionMakesItNone() {
    String other = another("bob", "a", "theirs");
    probe.hset(record, "a", probe.hget(record(other), "a"));
    probe.hset(record, "~salt", probe.hget(record(other), "~salt"));
    assertThat(store.open(id, 0)).isNull();

    probe.deleteField(record, "~salt");
    assertThat(store.open(id, 0)).isNull();
  }

  @Test
  void aRecordCopiedToAnotherKeyIsNoSession() {
    String other = another("admin", "a", "theirs");
    probe.delete(record);
    probe.command("COPY", record(other), record);

    assertThat(store.open(id, 0)).isNull();
    assertThat(store.commit(write("a", "new")).id()).isNull();
    assertThat(values(store.open(other, 0))).isEqualTo(Map.of("a", "theirs"));
  }

  /** Plain values could be of any class. */
  @Test
  void aValueThatWasPlantedIsNotEvenLookedAt() {
    probe.hset(record, "a", CODEC.encode("planted"));
    probe.hset(record, "b", new byte[0]);
    probe.hset(record, "~principal", bytes("admin"));

    SessionRecord seen = store.open(id, 0);

    assertRefused(seen, "a");
    assertRefused(seen, "b");
    assertThat(seen.principal()).isNull();
  }

  @Test
  void aRecordThatWasPlantedIsNoSession() {
    String planted = SessionId.create();
    for (String name : List.of(planted, form.name(planted))) {
      String key = "carryover:{shop:" + planted.charAt(0) + "}:session:" + name;
      probe.command("HSET", key, "~created", "1", "~accessed", "99999999999999", "~state", "0 1 5");
      probe.command("HSET", key, "~principal", "admin");
      probe.hset(key, "a", CODEC.encode("planted"));
    }

    assertThat(store.open(planted, 0)).isNull();
    assertThat(store.commit(new SessionDelta(planted)).id()).isNull();
  }

  /** Of a session whose salt is not its own, an end can be told, but nothing of its values. */
  @Test
  void nothingIsReadInTheEndOfASessionWithAnotherSalt() {
    String other = another("bob", "a", "theirs");
    probe.delete(record);
    probe.command("COPY", record(other), record);
    probe.hset(record, "~accessed", bytes("1000"));

    SessionRecord ended = store.claim(form.name(id), LEASE);

    assertRefused(ended, "a");
    assertThat(ended.principal()).isNull();
  }

  @Test
  void whatWasRefusedIsThereAgainOnceItIsWritten() {
    probe.hset(record, "a", new byte[] {42});
    SessionRecord seen = store.open(id, 0);
    assertRefused(seen, "a");
    assertThat(probe.hget(record, "a")).containsExactly(42);

    store.commit(write("a", "new"));

    assertThat(values(store.open(id, 0))).isEqualTo(Map.of("a", "new", "b", "other"));
  }

  // ---- parts

  private void forEachByte(String field, Runnable check) {
    byte[] written = probe.hget(record, field);
    assertThat(written).hasSizeGreaterThan(33);
    for (int i = 0; i < written.length; i++) {
      byte[] changed = changed(written, i);
      probe.hset(record, field, changed);
      check.run();
      assertThat(probe.hget(record, field)).isEqualTo(changed);
    }
    probe.hset(record, field, written);
  }

  private static byte[] changed(byte[] bytes, int at) {
    byte[] changed = bytes.clone();
    changed[at] ^= 1;
    return changed;
  }

  /** The codec reads it as nothing, so it is absent for the application. */
  private static void assertRefused(SessionRecord record, String name) {
    byte[] value = record.attributes().get(name);
    assertThat(value).startsWith(Sealing.FORMAT);
    assertThatThrownBy(() -> CODEC.decode(value)).isInstanceOf(CodecException.class);
  }

  /** The values that can be read. */
  private static Map<String, String> values(SessionRecord record) {
    Map<String, String> values = new HashMap<>();
    record
        .attributes()
        .forEach(
            (name, value) -> {
              if (value[0] != Sealing.FORMAT) {
                values.put(name, (String) CODEC.decode(value));
              }
            });
    return values;
  }

  /** Creates another session in the same shard. */
  private String another(String principal, String name, String value) {
    String other = SessionId.rotated(id);
    create(other, principal, Map.of(name, value));
    return other;
  }

  private static void create(String id, String principal, Map<String, String> attributes) {
    Map<String, byte[]> encoded = new HashMap<>();
    attributes.forEach((name, value) -> encoded.put(name, CODEC.encode(value)));
    store.create(new NewSession(id, store.currentTimeMillis(), 600, principal, encoded));
  }

  private SessionDelta write(String name, String value) {
    SessionDelta delta = new SessionDelta(id);
    delta.write(name, CODEC.encode(value));
    return delta;
  }

  private static String record(String id) {
    return "carryover:{shop:" + id.charAt(0) + "}:session:" + form.name(id);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
