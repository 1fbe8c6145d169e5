package dev.carryover.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisProbeIT {

  private static RedisServer server;
  private static RedisProbe probe;
  private static RedisProbe client;

  @BeforeAll
  static void start() {
    server = RedisServer.start();
    probe = RedisProbe.of(server);
    client = RedisProbe.of(server);
  }

  @AfterAll
  static void stop() {
    client.close();
    probe.close();
    server.close();
  }

  @BeforeEach
  void empty() {
    probe.flushAll();
  }

  @Test
  void readsEveryKindOfAnswer() {
    assertThat(probe.command("SET", "k", "grün")).isEqualTo("OK");
    assertThat(probe.command("GET", "k")).isEqualTo("grün");
    assertThat(probe.command("GET", "absent")).isNull();
    assertThat(probe.command("STRLEN", "k")).isEqualTo(5L);
    assertThat(probe.command("EVAL", "return {1, 'two', {3, {}}}", "0"))
        .isEqualTo(List.of(1L, "two", List.of(3L, List.of())));
    assertThatThrownBy(() -> probe.command("HGET", "k", "field"))
        .isInstanceOf(RedisError.class)
        .hasMessageContaining("WRONGTYPE");
    assertThat(probe.command("PING")).as("after an error").isEqualTo("PONG");
  }

  @Test
  void keepsBytesAsTheyAre() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    probe.hset("hash", "field", all);
    probe.hset("hash", "other", new byte[0]);

    assertThat(probe.hget("hash", "field")).isEqualTo(all);
    assertThat(probe.hgetall("hash"))
        .containsOnlyKeys("field", "other")
        .containsEntry("field", all);
    assertThat(probe.deleteField("hash", "field")).isTrue();
    assertThat(probe.deleteField("hash", "field")).isFalse();
    assertThat(probe.keys("ha*")).containsExactly("hash");
    assertThat(probe.pttl("hash")).isEqualTo(-1);
    assertThat(probe.delete("hash")).isTrue();
    assertThat(probe.exists("hash")).isFalse();
  }

  @Test
  void countsTheCommandsOfOthersAndOfScriptsButNotItsOwn() {
    client.command("GET", "before");
    RedisProbe.CommandCount count = probe.counting();
    client.command("GET", "a");
    client.command("GET", "b");
    client.command("INFO");
    probe.command("GET", "own");
    client.command("EVAL", "return redis.call('INCR', KEYS[1])", "1", "n");

    assertThat(count.stop()).isEqualTo(Map.of("get", 2L, "info", 1L, "eval", 1L, "incr", 1L));
    assertThat(count.stop()).as("asked again").containsEntry("info", 1L).containsEntry("get", 2L);
    assertThat(probe.counting().stop()).isEmpty();
  }

  @Test
  void recordsWhatClientsSendButNotWhatScriptsRun() {
    client.command("GET", "before");
    try (Monitor monitor = probe.monitor()) {
      client.command("SET", "k", "a \"quoted\" \\ grün\r\n\u0007\b\u0001");
      client.command("EVAL", "return redis.call('INCR', KEYS[1])", "1", "n");

      assertThat(monitor.commandsUntilNow())
          .containsExactly(
              List.of("SET", "k", "a \"quoted\" \\ grün\r\n\u0007\b\u0001"),
              List.of("EVAL", "return redis.call('INCR', KEYS[1])", "1", "n"));
      assertThat(monitor.commandsUntilNow()).isEmpty();
      client.command("PING");
      assertThat(monitor.commandsUntilNow()).containsExactly(List.of("PING"));
    }
  }
}
