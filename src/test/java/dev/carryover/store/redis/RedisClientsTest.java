package dev.carryover.store.redis;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carryover.metrics.SessionMetrics;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisClientsTest {

  @ParameterizedTest
  @CsvSource({
    "'password: \"s3cret', 'line 4'",
    "'password: [s3cret', 'line 4'",
    "'password: {s3cret: 1}', line",
    "'pasword: s3cret', line",
    "'database: s3cret', line",
    "'s3cret', line",
  })
  void brokenFileIsLocatedAndNotQuoted(String line, String place) {
    String yaml = "singleServerConfig:\n  address: redis://localhost:1\n  " + line + "\n";
    assertThatThrownBy(() -> RedisClients.fromYaml(yaml, SessionMetrics.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(place)
        .hasMessageNotContaining("s3cret")
        .hasNoCause();
  }
}
