package dev.carryover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the doctor knows without a Redis. */
class DoctorTest {

  @ParameterizedTest
  @CsvSource({
    "5.0.14, true",
    "6.0.16, true",
    "6.2.0, false",
    "6.2.11, false",
    "7.2.4, false",
    "10.0, false",
    "unknown, false"
  })
  void redisBeforeSixTwoIsTooOld(String version, boolean tooOld) {
    assertThat(Doctor.isTooOld(version)).isEqualTo(tooOld);
  }

  @Test
  void valkeyIsCalledByItsName() {
    assertThat(Doctor.product(Map.of("redis_version", "7.2.4", "valkey_version", "8.0.1")))
        .isEqualTo("Valkey 8.0.1, as Redis 7.2.4");
    assertThat(Doctor.product(Map.of("redis_version", "7.4.0"))).isEqualTo("Redis 7.4.0");
  }
}
