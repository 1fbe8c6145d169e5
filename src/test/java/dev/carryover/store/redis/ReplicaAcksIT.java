package dev.carryover.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carryover.config.OnMissingAcks;
import dev.carryover.config.SessionConfig;
import dev.carryover.metrics.Counter;
import dev.carryover.metrics.NodeMetrics;
import dev.carryover.session.SessionId;
import dev.carryover.store.Commit;
import dev.carryover.store.NewSession;
import dev.carryover.store.SessionDelta;
import dev.carryover.store.SessionStoreException;
import dev.carryover.testing.LoggedLines;
import dev.carryover.testing.Monitor;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With {@code min-replica-acks=1}: a real replica, that stops and goes on. */
class ReplicaAcksIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ACK_MILLIS = 2_000;

  private static RedisServer master;
  private static RedisServer replica;
  private static RedisProbe probe;
  private static RedisProbe replicaProbe;

  private final NodeMetrics metrics = new NodeMetrics();
  private Commit created;
  private final LoggedLines logged = LoggedLines.of(ReplicaAcks.class);

  @BeforeAll
  static void start() {
    master = RedisServer.start("repl-diskless-sync-delay 0", "repl-diskless-sync yes");
    replica = RedisServer.start("replicaof 127.0.0.1 " + master.port());
    probe = RedisProbe.of(master);
    replicaProbe = RedisProbe.of(replica);
  }

  @BeforeEach
  void replicate() {
    awaitAcks(probe);
  }

  @AfterEach
  void goOn() throws Exception {
    logged.close();
    signal("-CONT");
  }

  @AfterAll
  static void stop() {
    probe.close();
    replicaProbe.close();
    replica.close();
    master.close();
  }

  @Test
  void aChangeIsOnTheReplicaWhenItIsAnswered() {
    try (RedisSessionStore store = store(OnMissingAcks.FAIL);
        Monitor monitor = probe.monitor()) {
      // Whoever asks Redis for a script that it does not know yet asks twice.
      create(store);
      monitor.commandsUntilNow();

      String id = create(store);

      assertThat(replicaProbe.exists(key(id))).isTrue();
      assertThat(sent(monitor)).endsWith("evalsha", "wait 1 " + ACK_MILLIS);

      write(store, id, "a", "2");
      assertThat(new String(replicaProbe.hget(key(id), "a"), UTF_8)).isEqualTo("2");
      String newId = SessionId.rotated(id);
      SessionDelta rotation = new SessionDelta(id);
      rotation.rotateTo(newId);
      assertThat(store.commit(rotation).id()).isEqualTo(newId);
      assertThat(replicaProbe.exists(key(newId))).isTrue();
      assertThat(store.end(newId, 0, Duration.ZERO)).isNotNull();
      assertThat(replicaProbe.exists(key(newId))).isFalse();
      assertThat(metrics.total(Counter.REDIS_UNACKNOWLEDGED)).isZero();
    }
  }

  @Test
  void readsWaitForNoReplica() throws Exception {
    try (RedisSessionStore store = store(OnMissingAcks.FAIL);
        Monitor monitor = probe.monitor()) {
      String id = create(store);
      signal("-STOP");
      monitor.commandsUntilNow();

      assertThat(store.open(id, 0)).isNotNull();

      assertThat(sent(monitor)).containsExactly("evalsha");
    }
  }

  @Test
  void aScriptThatIsNotKnownIsSentWithItsSource() {
    try (RedisSessionStore store = store(OnMissingAcks.FAIL)) {
      create(store);
      probe.command("SCRIPT", "FLUSH");

      String id = create(store);

      assertThat(replicaProbe.exists(key(id))).isTrue();
    }
  }

  @Test
  void missingAcknowledgementsAreRefusedWhereTheyHaveTo() throws Exception {
    try (RedisSessionStore store = store(OnMissingAcks.FAIL)) {
      String id = create(store);
      signal("-STOP");

      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> write(store, id, "a", "2"))
            .isInstanceOf(SessionStoreException.class)
            .hasMessageContaining("too few replicas")
            .hasMessageNotContaining(id);
      }
      assertThat(store.open(id, 0)).isNotNull();
      assertThat(metrics.total(Counter.REDIS_UNACKNOWLEDGED)).isEqualTo(2);

      signal("-CONT");
      await().atMost(PATIENCE).until(() -> isWritten(store, id));
      assertThat(logged.lines()).hasSize(2);
      assertThat(logged.lines().get(0)).contains("0 of 1 replicas", "not stored");
    }
  }

  /** Nor with a change that is still waiting for one. */
  @Test
  void readsDoNotTravelWithChanges() throws Exception {
    SessionConfig patient =
        config(OnMissingAcks.FAIL).toBuilder()
            .redisTimeout(Duration.ofSeconds(60))
            .replicaAckTimeout(Duration.ofSeconds(25))
            .build();
    try (RedisSessionStore store = RedisSessionStore.connect(patient, "acks", metrics)) {
      String id = create(store);
      signal("-STOP");
      CompletableFuture<Void> first = CompletableFuture.runAsync(() -> write(store, id, "a", "2"));
      await().atMost(PATIENCE).until(() -> !waiting().isEmpty());

      assertThat(store.open(id, 0)).isNotNull();

      assertThat(first).isNotDone();
      signal("-CONT");
      first.join();
    }
  }

  /** A WAIT that is sent again alone would have nothing to wait for. */
  @Test
  void aConnectionThatBreaksWhileReplicasAreWaitedForMakesNoAcknowledgement() throws Exception {
    try (RedisSessionStore store = store(OnMissingAcks.FAIL);
        Monitor monitor = probe.monitor()) {
      String id = create(store);
      signal("-STOP");
      monitor.commandsUntilNow();
      CompletableFuture<Void> writing =
          CompletableFuture.runAsync(() -> write(store, id, "a", "2"));
      String connection =
          await().atMost(PATIENCE).until(ReplicaAcksIT::waiting, found -> !found.isEmpty());
      probe.command("CLIENT", "KILL", "ID", connection);

      assertThatThrownBy(writing::join).hasMessageContaining("too few replicas");
      String wait = "wait 1 " + ACK_MILLIS;
      assertThat(sent(monitor)).containsExactly("evalsha", wait, "evalsha", wait);
    }
  }

  @Test
  void missingAcknowledgementsAreLoggedOnceAndNotWaitedForAgain() throws Exception {
    try (RedisSessionStore store = store(OnMissingAcks.LOG);
        Monitor monitor = probe.monitor()) {
      String id = create(store);
      signal("-STOP");
      monitor.commandsUntilNow();

      write(store, id, "a", "2");
      write(store, id, "a", "3");
      write(store, id, "a", "4");

      assertThat(sent(monitor))
          .containsExactly(
              "evalsha", "wait 1 " + ACK_MILLIS, "evalsha", "wait 1 1", "evalsha", "wait 1 1");
      assertThat(metrics.total(Counter.REDIS_UNACKNOWLEDGED)).isEqualTo(3);
      assertThat(logged.lines()).hasSize(1);

      signal("-CONT");
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                write(store, id, "a", "5");
                return logged.lines().size() == 2;
              });
      monitor.commandsUntilNow();
      write(store, id, "a", "6");
      assertThat(sent(monitor)).containsExactly("evalsha", "wait 1 " + ACK_MILLIS);
    }
  }

  /** Redis has answered, if not what was hoped for. */
  @Test
  void missingAcknowledgementsOpenNoCircuitBreaker() throws Exception {
    SessionConfig patient =
        config(OnMissingAcks.FAIL).toBuilder()
            .redisTimeout(Duration.ofSeconds(3))
            .replicaAckTimeout(Duration.ofMillis(1600))
            .build();
    try (RedisSessionStore store = RedisSessionStore.connect(patient, "acks", metrics)) {
      String id = create(store);
      signal("-STOP");

      assertThatThrownBy(() -> write(store, id, "a", "2")).hasMessageContaining("too few replicas");

      assertThat(store.open(id, 0)).isNotNull();
    }
  }

  // ---- parts

  private RedisSessionStore store(OnMissingAcks policy) {
    return RedisSessionStore.connect(config(policy), "acks", metrics);
  }

  private static SessionConfig config(OnMissingAcks policy) {
    return SessionConfig.builder()
        .redisUrl(master.url())
        .redisTimeout(Duration.ofSeconds(20))
        .minReplicaAcks(1)
        .replicaAckTimeout(Duration.ofMillis(ACK_MILLIS))
        .onMissingAcks(policy)
        .build();
  }

  private String create(RedisSessionStore store) {
    String id = SessionId.create();
    NewSession session = new NewSession(id, 0, 600, null, Map.of("a", "1".getBytes(UTF_8)));
    created = store.create(session);
    return id;
  }

  private void write(RedisSessionStore store, String id, String name, String value) {
    SessionDelta delta = new SessionDelta(id);
    delta.write(name, value.getBytes(UTF_8));
    delta.attach(created.attachment());
    store.commit(delta);
  }

  private boolean isWritten(RedisSessionStore store, String id) {
    try {
      write(store, id, "a", "3");
      return true;
    } catch (SessionStoreException e) {
      return false;
    }
  }

  private static String key(String id) {
    return "carryover:{acks:" + id.charAt(0) + "}:session:" + id;
  }

  /** What was sent for sessions, without keys and values. */
  private static List<String> sent(Monitor monitor) {
    return monitor.commandsUntilNow().stream()
        .map(ReplicaAcksIT::inShort)
        .filter(command -> command.matches("evalsha|eval|wait .*"))
        .toList();
  }

  private static String inShort(List<String> command) {
    String name = command.get(0).toLowerCase(Locale.ROOT);
    return name.equals("wait") ? "wait " + command.get(1) + " " + command.get(2) : name;
  }

  /** The number of the connection that waits for replicas; empty if there is none. */
  private static String waiting() {
    return String.valueOf(probe.command("CLIENT", "LIST"))
        .lines()
        .filter(client -> client.contains("cmd=wait"))
        .map(client -> client.substring("id=".length(), client.indexOf(' ')))
        .findFirst()
        .orElse("");
  }

  private static void awaitAcks(RedisProbe probe) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              probe.command("SET", "any", "1");
              return probe.command("WAIT", "1", "100").equals(1L);
            });
  }

  private static void signal(String name) throws Exception {
    int exit = new ProcessBuilder("kill", name, Long.toString(replica.pid())).start().waitFor();
    assertThat(exit).isZero();
  }
}
