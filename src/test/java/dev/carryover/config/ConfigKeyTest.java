package dev.carryover.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigKeyTest {
  @Test
  void hasANameForEachKindOfSource() {
    assertThat(ConfigKey.REDIS_CONNECT_TIMEOUT.shortName()).isEqualTo("redis.connect-timeout");
    assertThat(ConfigKey.REDIS_CONNECT_TIMEOUT.fullName())
        .isEqualTo("carryover.redis.connect-timeout");
    assertThat(ConfigKey.REDIS_CONNECT_TIMEOUT.environmentName())
        .isEqualTo("CARRYOVER_REDIS_CONNECT_TIMEOUT");
  }

  @ParameterizedTest
  @EnumSource
  void isNamedAsItsConstant(ConfigKey key) {
    assertThat(key.environmentName()).isEqualTo("CARRYOVER_" + key.name());
  }

  @Test
  void hasEnvironmentNamesThatAreUniqueWhenDotAndHyphenFallTogether() {
    assertThat(Stream.of(ConfigKey.values()).map(ConfigKey::environmentName))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void hasADefaultThatItAccepts(ConfigKey key) {
    assertThatCode(() -> key.defaultText().ifPresent(key::parse)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @EnumSource
  void isDescribed(ConfigKey key) {
    assertThat(key.description()).endsWith(".").hasSizeGreaterThan(20);
    assertThat(key.expected()).isNotBlank();
  }

  @ParameterizedTest
  @CsvSource({
    "REDIS_TIMEOUT, a duration from 10ms to 1m",
    "REDIS_CONNECTIONS, a whole number from 1 to 64",
    "STORE, redis or memory",
    "COOKIE_SAME_SITE, Lax or Strict or None or off",
    "COOKIE_SECURE, auto or true or false",
    "MUTATION_DETECTION, on or off",
    "SLIDING, true or false",
    "EXPIRY_GRACE, a duration from 1m to 7d"
  })
  void tellsUnitAndLimits(ConfigKey key, String expected) {
    assertThat(key.expected()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "redis.ulr, REDIS_URL",
    "redis.ur, REDIS_URL",
    "Redis.URL, REDIS_URL",
    "cookie.samesite, COOKIE_SAME_SITE",
    "redis.connect.timeout, REDIS_CONNECT_TIMEOUT",
    "redis_connection, REDIS_CONNECTIONS",
    "timeot, TIMEOUT"
  })
  void suggestsTheNearestKey(String unknown, ConfigKey expected) {
    assertThat(ConfigKey.nearest(unknown)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "colour", "stray", "max-sessions-per-user", "url"})
  void suggestsNothingFarFetched(String unknown) {
    assertThat(ConfigKey.nearest(unknown)).isEmpty();
  }
}
