package dev.carryover.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigSourceTest {
  static Stream<ConfigSource> spelledAsEachSourceDoes() {
    return Stream.of(
        ConfigSource.systemProperties(properties("carryover.redis.url", "redis://h")),
        ConfigSource.environment(Map.of("CARRYOVER_REDIS_URL", "redis://h")),
        ConfigSource.initParams(Map.of("redis.url", "redis://h")),
        ConfigSource.initParams(Map.of("carryover.redis.url", "redis://h")),
        ConfigSource.contextParams(Map.of("carryover.redis.url", "redis://h")),
        ConfigSource.propertiesFile(properties("redis.url", "redis://h")),
        ConfigSource.propertiesFile(properties("carryover.redis.url", "redis://h")));
  }

  @ParameterizedTest
  @MethodSource("spelledAsEachSourceDoes")
  void findsAKey(ConfigSource source) {
    assertThat(source.find(ConfigKey.REDIS_URL).orElseThrow().shown()).isEqualTo("redis://h");
    assertThat(source.find(ConfigKey.STORE)).isEmpty();
    source.requireAllKnown();
  }

  @Test
  void minesOnlyItsOwnNames() {
    Properties system = properties("carryover.redis.ulr", "x");
    system.putAll(Map.of("carryover-test.jar", "x", "redis.url", "x", "CARRYOVER_STORE", "x"));
    assertRefused(ConfigSource.systemProperties(system), "carryover.redis.ulr");
    system.remove("carryover.redis.ulr");
    ConfigSource.systemProperties(system).requireAllKnown();

    assertRefused(
        ConfigSource.contextParams(Map.of("carryover.b", "", "carryover.a", "", "store", "x")),
        "carryover.a");
    ConfigSource.contextParams(Map.of("store", "x")).requireAllKnown();

    Map<String, String> others = Map.of("PATH", "x", "carryover.a", "");
    ConfigSource.environment(others).requireAllKnown();
    assertRefused(ConfigSource.environment(Map.of("CARRYOVER_STOER", "x")), "CARRYOVER_STOER");
  }

  private static void assertRefused(ConfigSource source, String name) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(source::requireAllKnown)
        .withMessageContaining(name);
  }

  @Test
  void claimsEveryNameInAFileOrFilterOfOurs() {
    assertRefused(ConfigSource.initParams(Map.of("encoding", "x")), "encoding");
    assertRefused(ConfigSource.propertiesFile(properties("log.level", "x")), "log.level");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CARRYOVER_SERVICE_HOST",
        "CARRYOVER_SERVICE_PORT",
        "CARRYOVER_SERVICE_PORT_HTTP",
        "CARRYOVER_PORT",
        "CARRYOVER_PORT_6379_TCP",
        "CARRYOVER_REDIS_SERVICE_HOST",
        "CARRYOVER_REDIS_SERVICE_PORT",
        "CARRYOVER_REDIS_SERVICE_PORT_REDIS_TLS",
        "CARRYOVER_REDIS_PORT",
        "CARRYOVER_REDIS_PORT_6379_TCP",
        "CARRYOVER_REDIS_PORT_6379_TCP_PROTO",
        "CARRYOVER_REDIS_PORT_6379_TCP_PORT",
        "CARRYOVER_REDIS_PORT_6379_TCP_ADDR"
      })
  void ignoresWhatKubernetesInjectsForAServiceOfOurName(String name) {
    ConfigSource.environment(Map.of(name, "tcp://10.0.0.1:6379")).requireAllKnown();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CARRYOVER_REDIS_HOST",
        "CARRYOVER_REDISPORT",
        "CARRYOVER_REDIS_PORT_X",
        "CARRYOVER_REDIS_PORT_6379",
        "CARRYOVER_REDIS_PORT_6379_TCP_X",
        "CARRYOVER_SERVICE"
      })
  void doesNotTakeEverythingForKubernetes(String name) {
    assertRefused(ConfigSource.environment(Map.of(name, "x")), name);
  }

  @ParameterizedTest
  @EnumSource
  void findsEveryKeyInTheEnvironment(ConfigKey key) {
    assertThat(ConfigSource.environment(Map.of(key.environmentName(), "x")).find(key)).isPresent();
  }

  @Test
  void suggestsTheKeyThatWasMeant() {
    refusesUnknown(
        ConfigSource.environment(Map.of("CARRYOVER_REDIS_ULR", "redis://:s3cret@h")),
        "unknown key carryover.redis.ulr = \"redis://:***@h\" (environment CARRYOVER_REDIS_ULR):"
            + " did you mean carryover.redis.url?");
    refusesUnknown(
        ConfigSource.environment(Map.of("CARRYOVER_REDIS_CONNECT_TIMOUT", "1s")),
        "unknown key carryover.redis.connect.timout = \"1s\""
            + " (environment CARRYOVER_REDIS_CONNECT_TIMOUT):"
            + " did you mean carryover.redis.connect-timeout?");
    refusesUnknown(
        ConfigSource.contextParams(Map.of("carryover.cookie.samesite", "Lax")),
        "unknown key carryover.cookie.samesite = \"Lax\" (context-param of web.xml):"
            + " did you mean carryover.cookie.same-site?");
    refusesUnknown(
        ConfigSource.initParams(Map.of("slidng", "true")),
        "unknown key carryover.slidng = \"true\" (init-param of the filter):"
            + " did you mean carryover.sliding?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"redis.pasword", "redis-secret", "my.token", "redis.auth", "encryption.key"})
  void hidesTheValueOfAnUnknownKeyThatSoundsSecret(String key) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(ConfigSource.initParams(Map.of(key, "hunter2"))::requireAllKnown)
        .withMessageStartingWith("unknown key carryover." + key + " = \"***\" (init-param")
        .withMessageNotContaining("hunter2");
  }

  @Test
  void listsAllKeysWhereNoneIsNear() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(ConfigSource.initParams(Map.of("encoding", "x"))::requireAllKnown)
        .withMessageStartingWith(
            "unknown key carryover.encoding = \"x\" (init-param of the filter): known")
        .withMessageContainingAll(
            Stream.of(ConfigKey.values()).map(ConfigKey::fullName).toArray(String[]::new));
  }

  private static void refusesUnknown(ConfigSource source, String message) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(source::requireAllKnown)
        .withMessage(message);
  }

  @Test
  void isContentWithKnownNames() {
    assertThatNoException()
        .isThrownBy(ConfigSource.initParams(Map.of("store", "x"))::requireAllKnown);
  }

  @Test
  void refusesAKeyGivenWithAndWithoutPrefix() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(
            () -> ConfigSource.initParams(Map.of("store", "memory", "carryover.store", "redis")))
        .withMessage(
            "carryover.store is given twice (init-param of the filter): as carryover.store and store");
  }

  @Test
  void isACopy() {
    Properties properties = properties("store", "memory");
    ConfigSource source = ConfigSource.propertiesFile(properties);
    properties.setProperty("store", "redis");

    assertThat(SessionConfig.from(List.of(source)).store()).isEqualTo(StoreType.MEMORY);
  }

  @Test
  void showsNoValues() {
    assertThat(ConfigSource.initParams(Map.of("redis.url", "redis://:s3cret@h")))
        .hasToString("init-param of the filter [carryover.redis.url]");
  }

  private static Properties properties(String name, String value) {
    Properties properties = new Properties();
    properties.setProperty(name, value);
    return properties;
  }
}
