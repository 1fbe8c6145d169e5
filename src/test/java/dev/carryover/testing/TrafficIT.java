package dev.carryover.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TrafficIT {

  private final RedisServer redis = RedisServer.start();
  private final RedisProbe client = RedisProbe.of(redis);
  private final Traffic traffic = Traffic.of(redis);

  @AfterEach
  void stop() {
    traffic.close();
    client.close();
    redis.close();
  }

  @Test
  void askingIsNotCounted() {
    Traffic.Count before = traffic.soFar();
    traffic.soFar();
    traffic.whenQuiet();
    assertThat(traffic.soFar()).isEqualTo(before);
  }

  @Test
  void isQuietWhileAMonitorListens() {
    Traffic.Count before = traffic.soFar();
    try (Monitor monitor = client.monitor()) {
      assertThat(traffic.whenQuiet().since(before).reads()).isEqualTo(1);
      assertThat(monitor.commandsUntilNow()).isNotEmpty();
    }
  }

  @Test
  void countsWhatClientsSendAndGet() {
    Traffic.Count before = traffic.whenQuiet();
    client.command("SET", "key", "value");
    client.command("GET", "key");
    Traffic.Count since = traffic.whenQuiet().since(before);
    assertThat(since.bytesIn())
        .isEqualTo(
            "*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5\r\nvalue\r\n*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n"
                .length());
    assertThat(since.bytesOut()).isEqualTo("+OK\r\n$5\r\nvalue\r\n".length());
    assertThat(since.reads()).isEqualTo(2);
  }
}
