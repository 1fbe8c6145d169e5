package dev.carryover.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RedisServerIT {

  @Test
  void runsWithTheConfigurationGiven() {
    try (RedisServer server = RedisServer.start("maxmemory 12345678");
        RedisProbe probe = RedisProbe.of(server)) {
      assertThat(server.url()).isEqualTo("redis://127.0.0.1:" + server.port());
      assertThat(probe.command("PING")).isEqualTo("PONG");
      assertThat(probe.command("CONFIG", "GET", "maxmemory").toString()).contains("12345678");
      assertThat(probe.command("CONFIG", "GET", "save")).asString().isEqualTo("[save, ]");
    }
  }

  @Test
  void leavesNoProcessAndNoFilesBehind() {
    RedisServer server = RedisServer.start();
    long pid = server.pid();
    Path directory = server.directory();
    assertThat(ProcessHandle.of(pid)).get().matches(ProcessHandle::isAlive);

    server.close();

    assertThat(ProcessHandle.of(pid)).isNotPresent();
    assertThat(directory).doesNotExist();
  }

  @Test
  void isAwayWhenKilledAndEmptyAtTheSamePortWhenRestarted() {
    try (RedisServer server = RedisServer.start()) {
      int port = server.port();
      try (RedisProbe probe = RedisProbe.of(server)) {
        probe.command("SET", "key", "value");
      }

      server.kill();
      assertThat(server.isRunning()).isFalse();
      assertThatThrownBy(() -> RedisProbe.of(server)).isInstanceOf(UncheckedIOException.class);

      server.restart();
      assertThat(server.port()).isEqualTo(port);
      try (RedisProbe probe = RedisProbe.of(server)) {
        assertThat(probe.exists("key")).isFalse();
      }
    }
  }

  @Test
  void keepsItsDataOverARestartWhenToldTo() {
    try (RedisServer server = RedisServer.start("appendonly yes", "appendfsync always")) {
      try (RedisProbe probe = RedisProbe.of(server)) {
        probe.command("SET", "key", "value");
      }
      server.kill();
      server.restart();
      try (RedisProbe probe = RedisProbe.of(server)) {
        assertThat(probe.command("GET", "key")).isEqualTo("value");
      }
    }
  }

  @Test
  void saysWhyItDoesNotStart() {
    assertThatThrownBy(() -> RedisServer.start("no-such-directive yes"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no-such-directive");
  }
}
