package dev.carryover.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionConfigTest {
  /** An application's sessions are found again after an upgrade. */
  @ParameterizedTest
  @CsvSource({
    "'', ROOT",
    "/shop, shop",
    "/a_b, a_b",
    "/a/b, a/b",
    "/v1.2-x, v1.2-x",
    "/a b, a_b-c8687a08",
    "/магазин, _______-",
    "/каталог, _______-",
  })
  void namespaceComesFromTheContextPath(String path, String beginning) {
    assertThat(SessionConfig.builder().build().namespaceAt(path))
        .matches(Pattern.quote(beginning) + (beginning.endsWith("-") ? "[0-9a-f]{8}" : ""));
    assertThat(SessionConfig.builder().namespace("own").build().namespaceAt(path)).isEqualTo("own");
  }

  @ParameterizedTest
  @CsvSource({"/магазин, /каталог", "/a b, /a_b", "/a b, /a+b"})
  void applicationsWithContextPathsThatDifferHaveNamespacesThatDiffer(String one, String other) {
    SessionConfig config = SessionConfig.builder().build();
    assertThat(config.namespaceAt(one)).isNotEqualTo(config.namespaceAt(other));
    assertThat(config.namespaceAt(one)).isEqualTo(config.namespaceAt(one));
  }

  @Test
  void hasDefaults() {
    SessionConfig config = SessionConfig.from(List.of());

    assertThat(config.enabled()).isTrue();
    assertThat(config.store()).isEqualTo(StoreType.REDIS);
    assertThat(config.redisUrl()).hasToString("redis://127.0.0.1:6379");
    assertThat(config.redissonConfig()).isEmpty();
    assertThat(config.redisTimeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.redisConnectTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.redisConnections()).isEqualTo(2);
    assertThat(config.redisThreads()).isEqualTo(2);
    assertThat(config.namespace()).isEmpty();
    assertThat(config.timeout()).isEmpty();
    assertThat(config.sliding()).isTrue();
    assertThat(config.mutationDetection()).isTrue();
    assertThat(config.expiryPollInterval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.expiryLease()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.expiryGrace()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void hasDefaultsForTheCodec() {
    SessionConfig config = SessionConfig.builder().build();

    assertThat(config.nonSerializable()).isEqualTo(NonSerializable.CARRY);
    assertThat(config.codecCarry()).isEmpty();
    assertThat(config.codecKeepLocal()).isEmpty();
    assertThat(config.codecFilter()).isEmpty();
    assertThat(config.codecAlias()).isEmpty();
    assertThat(config.codecCompressAbove()).isEmpty();
  }

  @Test
  void readsTheKeysOfTheCodec() {
    SessionConfig config =
        config(
            Map.of(
                "non-serializable", "Reject",
                "codec.carry", " com.shop.* , com.shop.Item$Part;a.b.**,x.Cart* ",
                "codec.keep-local", "com.shop.Job",
                "codec.filter", "com.shop.**;java.base/*;maxdepth=20;!*",
                "codec.alias", "old.Cart = shop.Cart, old.Item$A=shop.Item$B",
                "codec.compress-above", "4kb"));

    assertThat(config.nonSerializable()).isEqualTo(NonSerializable.REJECT);
    assertThat(config.codecCarry())
        .containsExactly("com.shop.*", "com.shop.Item$Part", "a.b.**", "x.Cart*");
    assertThat(config.codecKeepLocal()).containsExactly("com.shop.Job");
    assertThat(config.codecFilter()).contains("com.shop.**;java.base/*;maxdepth=20;!*");
    assertThat(config.codecAlias())
        .isEqualTo(Map.of("old.Cart", "shop.Cart", "old.Item$A", "shop.Item$B"));
    assertThat(config.codecCompressAbove()).hasValue(4096);
    assertThat(config.toBuilder().build().describe()).isEqualTo(config.describe());
  }

  @Test
  void takesTheKeysOfTheCodecFromABuilderToo() {
    SessionConfig config =
        SessionConfig.builder()
            .nonSerializable(NonSerializable.LOCAL)
            .codecCarry(List.of("a.B", "c.*"))
            .codecKeepLocal(List.of("d.E"))
            .codecFilter("!f.*")
            .codecAlias(Map.of("g.H", "i.J"))
            .codecCompressAbove(OptionalInt.of(100))
            .build();

    assertThat(config.nonSerializable()).isEqualTo(NonSerializable.LOCAL);
    assertThat(config.codecCarry()).containsExactly("a.B", "c.*");
    assertThat(config.codecKeepLocal()).containsExactly("d.E");
    assertThat(config.codecFilter()).contains("!f.*");
    assertThat(config.codecAlias()).isEqualTo(Map.of("g.H", "i.J"));
    assertThat(config.codecCompressAbove()).hasValue(100);
    assertThat(
            config.toBuilder().codecCompressAbove(OptionalInt.empty()).build().codecCompressAbove())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "codec.carry | com.shop..Cart",
        "codec.carry | !com.shop.Cart",
        "codec.carry | *.Cart",
        "codec.keep-local | com/shop/Cart",
        "codec.filter | ;maxdepth=many",
        "codec.filter | com.shop.*.*.x/y/z;a=b",
        "codec.filter | ;",
        "codec.alias | old.Cart",
        "codec.alias | old.Cart=shop.Cart,old.Cart=shop.Basket",
        "codec.alias | old.*=shop.*",
        "codec.compress-above | 63",
        "codec.compress-above | 2GB",
        "codec.compress-above | 4KiB",
        "codec.compress-above | never",
        "max-attribute-bytes | 0",
        "max-attribute-bytes | 63B",
        "max-session-bytes | 2GB",
        "max-session-bytes | many",
        "max-new-sessions-per-second | 0",
        "max-new-sessions-per-second | -1",
        "max-new-sessions-per-second | 1.5",
        "non-serializable | maybe"
      })
  void refusesWhatTheCodecCannotUse(String key, String value) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> config(Map.of(key, value)))
        .withMessageContaining(key)
        .withMessageContaining("expected");
  }

  @ParameterizedTest
  @CsvSource({"64, 64", "64B, 64", "4KB, 4096", "1 MB, 1048576", "1GB, 1073741824"})
  void readsSizes(String text, int bytes) {
    assertThat(config(Map.of("codec.compress-above", text)).codecCompressAbove()).hasValue(bytes);
  }

  @Test
  void limitsAreOffUnlessTheyAreSet() {
    SessionConfig none = SessionConfig.builder().build();
    assertThat(none.maxAttributeBytes()).isEmpty();
    assertThat(none.maxSessionBytes()).isEmpty();
    assertThat(none.maxNewSessionsPerSecond()).isEmpty();

    SessionConfig some =
        config(
            Map.of(
                "max-attribute-bytes", "64KB",
                "max-session-bytes", "1MB",
                "max-new-sessions-per-second", "50"));
    assertThat(some.maxAttributeBytes()).hasValue(64 * 1024);
    assertThat(some.maxSessionBytes()).hasValue(1024 * 1024);
    assertThat(some.maxNewSessionsPerSecond()).hasValue(50);

    SessionConfig off =
        some.toBuilder()
            .maxAttributeBytes(OptionalInt.empty())
            .maxSessionBytes(OptionalInt.of(100))
            .maxNewSessionsPerSecond(OptionalInt.empty())
            .build();
    assertThat(off.maxAttributeBytes()).isEmpty();
    assertThat(off.maxSessionBytes()).hasValue(100);
    assertThat(off.maxNewSessionsPerSecond()).isEmpty();
  }

  @Test
  void hasDefaultsForTheCookie() {
    SessionConfig config = SessionConfig.builder().build();

    assertThat(config.cookieName()).isEmpty();
    assertThat(config.cookieDomain()).isEmpty();
    assertThat(config.cookiePath()).isEmpty();
    assertThat(config.cookieHttpOnly()).isEmpty();
    assertThat(config.cookieSecure()).isEqualTo(CookieSecure.AUTO);
    assertThat(config.cookieSameSite()).isEmpty();
    assertThat(config.cookieMaxAge()).isEmpty();
    assertThat(config.cookieRoute()).isEqualTo(CookieRoute.OFF);
  }

  @Test
  void readsEveryKey() {
    SessionConfig config =
        config(
            Map.ofEntries(
                Map.entry("enabled", "false"),
                Map.entry("store", "Memory"),
                Map.entry("redisson.config", "redisson.yaml"),
                Map.entry("redis.timeout", "250ms"),
                Map.entry("redis.connect-timeout", "3"),
                Map.entry("redis.connections", "64"),
                Map.entry("redis.threads", "1"),
                Map.entry("namespace", "shop/v2"),
                Map.entry("timeout", "2h"),
                Map.entry("sliding", "FALSE"),
                Map.entry("mutation-detection", "off"),
                Map.entry("expiry.poll-interval", "PT10M"),
                Map.entry("expiry.lease", "1h"),
                Map.entry("expiry.grace", "7d")));

    assertThat(config.enabled()).isFalse();
    assertThat(config.store()).isEqualTo(StoreType.MEMORY);
    assertThat(config.redissonConfig()).contains("redisson.yaml");
    assertThat(config.redisTimeout()).isEqualTo(Duration.ofMillis(250));
    assertThat(config.redisConnectTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(config.redisConnections()).isEqualTo(64);
    assertThat(config.redisThreads()).isEqualTo(1);
    assertThat(config.namespace()).contains("shop/v2");
    assertThat(config.timeout()).contains(Duration.ofHours(2));
    assertThat(config.sliding()).isFalse();
    assertThat(config.mutationDetection()).isFalse();
    assertThat(config.expiryPollInterval()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.expiryLease()).isEqualTo(Duration.ofHours(1));
    assertThat(config.expiryGrace()).isEqualTo(Duration.ofDays(7));
  }

  @Test
  void readsEveryKeyOfTheCookie() {
    SessionConfig config =
        config(
            Map.of(
                "cookie.name", "__Host-SID",
                "cookie.domain", "example.org",
                "cookie.path", "/shop",
                "cookie.http-only", "false",
                "cookie.secure", "true",
                "cookie.same-site", "none",
                "cookie.max-age", "30d",
                "cookie.route", "node-1"));

    assertThat(config.cookieName()).contains("__Host-SID");
    assertThat(config.cookieDomain()).contains("example.org");
    assertThat(config.cookiePath()).contains("/shop");
    assertThat(config.cookieHttpOnly()).contains(false);
    assertThat(config.cookieSecure()).isEqualTo(CookieSecure.TRUE);
    assertThat(config.cookieSameSite()).contains(SameSite.NONE);
    assertThat(config.cookieMaxAge()).contains(Duration.ofDays(30));
    assertThat(config.cookieRoute()).hasToString("node-1");
  }

  @Test
  void readsNeverAsZero() {
    assertThat(config(Map.of("timeout", "never")).timeout()).contains(Duration.ZERO);
  }

  @Test
  void takesEachKeyFromTheStrongestSource() {
    Properties file = new Properties();
    file.putAll(
        Map.of("namespace", "file", "redis.threads", "3", "timeout", "3m", "store", "redis"));
    List<ConfigSource> sources =
        List.of(
            ConfigSource.environment(Map.of("CARRYOVER_NAMESPACE", "environment")),
            ConfigSource.contextParams(
                Map.of("carryover.namespace", "context", "carryover.redis.threads", "4")),
            ConfigSource.propertiesFile(file));

    SessionConfig config = SessionConfig.from(sources);

    assertThat(config.namespace()).contains("environment");
    assertThat(config.redisThreads()).isEqualTo(4);
    assertThat(config.timeout()).contains(Duration.ofMinutes(3));
  }

  @Test
  void stripsTheBlanksOfAnIndentedWebXml() {
    assertThat(config(Map.of("namespace", "\n      shop\n    ")).namespace()).contains("shop");
  }

  @Test
  void refusesAnUnknownKeyInAnySource() {
    List<ConfigSource> sources =
        List.of(
            ConfigSource.initParams(Map.of("store", "memory")),
            ConfigSource.contextParams(Map.of("carryover.stoer", "memory")));

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> SessionConfig.from(sources))
        .withMessage(
            "unknown key carryover.stoer = \"memory\" (context-param of web.xml):"
                + " did you mean carryover.store?");
  }

  @Test
  void namesKeyValueSourceAndWhatIsExpected() {
    ConfigSource webXml =
        ConfigSource.contextParams(Map.of("carryover.redis.timeout", "1 sekunde"));
    ConfigSource environment = ConfigSource.environment(Map.of("CARRYOVER_REDIS_THREADS", "many"));

    refuses(
        webXml,
        "carryover.redis.timeout = \"1 sekunde\" (context-param of web.xml):"
            + " expected a duration from 10ms to 1m");
    refuses(
        environment,
        "carryover.redis.threads = \"many\" (environment CARRYOVER_REDIS_THREADS):"
            + " expected a whole number from 1 to 64");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          enabled              | yes          | true or false
          store                | disk         | redis or memory
          redis.timeout        | 9ms          | a duration from 10ms to 1m
          redis.timeout        | 61s          | a duration from 10ms to 1m
          redis.connections    | 0            | a whole number from 1 to 64
          redis.connections    | 65           | a whole number from 1 to 64
          redis.connections    | 9999999999   | a whole number from 1 to 64
          redis.threads        | -1           | a whole number from 1 to 64
          namespace            | a b          | 1 to 128 characters of A-Z a-z 0-9 . _ / -
          max-attribute-bytes  | none         | off or a size from 64B to 1GB, such as 4KB
          max-attribute-bytes  | 17179869185GB | off or a size from 64B to 1GB, such as 4KB
          lazy-above           | -1           | a size from
          timeout              | 0            | never or a duration from 1s to 24855d, in whole seconds
          timeout              | -1           | never or a duration from 1s to 24855d, in whole seconds
          timeout              | 1500ms       | never or a duration from 1s to 24855d, in whole seconds
          timeout              | 24856d       | never or a duration from 1s to 24855d
          cookie.max-age       | 0            | a duration from 1s to 24855d
          cookie.max-age       | 1500ms       | a duration from 1s to 24855d, in whole seconds
          cookie.max-age       | never        | a duration from 1s to 24855d
          cookie.name          | a=b          | a cookie name as in RFC 6265
          cookie.same-site     | Laxx         | Lax or Strict or None or off
          cookie.secure        | on           | auto or true or false
          cookie.path          | shop         | a path that starts with /
          mutation-detection   | true         | on or off
          expiry.poll-interval | 99ms         | a duration from 100ms to 10m
          expiry.lease         | 61m          | a duration from 1s to 1h
          expiry.grace         | 59s          | a duration from 1m to 7d
          redis.url            | h:6379       | a URL that starts with redis://
          redisson.config      | ''           | the path of a Redisson YAML file
          """)
  void refusesEachBadValue(String key, String value, String expected) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> config(Map.of(key, value)))
        .withMessageStartingWith("carryover." + key + " = ")
        .withMessageContaining("(init-param of the filter): expected " + expected);
  }

  @ParameterizedTest
  @CsvSource({
    "redis.timeout, 10ms", "redis.timeout, 1m", "redis.connections, 1", "redis.connections, 64",
    "timeout, 1s", "timeout, 24855d", "expiry.poll-interval, 100ms", "expiry.grace, 1m"
  })
  void acceptsTheLimitsThemselves(String key, String value) {
    assertThat(config(Map.of(key, value)).toString()).contains('"' + value + '"');
  }

  @Test
  void refusesANamespaceOverOneHundredAndTwentyEightCharacters() {
    assertThat(config(Map.of("namespace", "n".repeat(128))).namespace()).isPresent();
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> config(Map.of("namespace", "n".repeat(129))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a;b", "a,b", "a\r\nSet-Cookie: x=y", "a\u0000b", "a\u007fb", "a\u0085b"})
  void refusesWhatCouldInjectAHeader(String evil) {
    for (String key : List.of("cookie.name", "cookie.domain", "cookie.path", "cookie.route")) {
      assertThatExceptionOfType(ConfigException.class)
          .isThrownBy(() -> config(Map.of(key, key.endsWith("path") ? "/" + evil : evil)))
          .withMessageContaining("carryover." + key)
          .satisfies(e -> assertThat(e.getMessage()).doesNotContainPattern("\\p{Cc}"));
    }
  }

  @Test
  void showsControlCharactersOfARefusedValueEscaped() {
    refuses(
        ConfigSource.initParams(Map.of("sliding", "yes\nCRITICAL")),
        "carryover.sliding = \"yes\\u000aCRITICAL\" (init-param of the filter):"
            + " expected true or false");
  }

  @Test
  void masksThePasswordOfARefusedUrl() {
    refuses(
        ConfigSource.environment(Map.of("CARRYOVER_REDIS_URL", "redis://app:s3/cr%et@h")),
        "carryover.redis.url = \"redis://app:***@h\" (environment CARRYOVER_REDIS_URL): expected"
            + " / ? # @ and blanks in user, password and name percent-encoded, @ as %40");
  }

  @Test
  void masksThePasswordOfAUrlWithoutScheme() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> config(Map.of("redis.url", "app:s3cret@h:6379")))
        .withMessageStartingWith("carryover.redis.url = \"app:***@h:6379\"");
  }

  @Test
  void givesAwayNoPasswordThroughTheCause() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> config(Map.of("redis.url", "redis://:s3cret%zz@h")))
        .withNoCause();
  }

  @Test
  void masksAUrlUnderTheWrongKey() {
    refuses(
        ConfigSource.initParams(Map.of("store", "redis://:s3cret@h")),
        "carryover.store = \"redis://:***@h\" (init-param of the filter):"
            + " expected redis or memory");
  }

  @Test
  void refusesUrlAndRedissonConfigTogether() {
    List<ConfigSource> sources =
        List.of(
            ConfigSource.environment(Map.of("CARRYOVER_REDIS_URL", "redis://:s3cret@h")),
            ConfigSource.initParams(Map.of("redisson.config", "redisson.yaml")));

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> SessionConfig.from(sources))
        .withMessage(
            "carryover.redis.url = \"redis://:***@h\" (environment CARRYOVER_REDIS_URL) and"
                + " carryover.redisson.config = \"redisson.yaml\" (init-param of the filter)"
                + " exclude each other: expected only one");
  }

  @Test
  void refusesACookieThatBrowsersDrop() {
    refuses(
        ConfigSource.initParams(Map.of("cookie.same-site", "None", "cookie.secure", "false")),
        "carryover.cookie.same-site = \"None\" (init-param of the filter) and"
            + " carryover.cookie.secure = \"false\" (init-param of the filter)"
            + " exclude each other: browsers drop such a cookie");
    assertThat(config(Map.of("cookie.same-site", "None")).cookieSecure())
        .isEqualTo(CookieSecure.AUTO);
  }

  @Test
  void refusesToWaitLongerForReplicasThanForRedis() {
    refuses(
        ConfigSource.initParams(Map.of("min-replica-acks", "1", "replica-ack-timeout", "1s")),
        "carryover.replica-ack-timeout = \"1s\" (init-param of the filter): expected less than"
            + " carryover.redis.timeout = \"1s\" (default)");
    assertThat(config(Map.of("replica-ack-timeout", "1s")).minReplicaAcks()).isZero();
  }

  @Test
  void readsWhatIsToBeAskedOfLogins() {
    SessionConfig config =
        config(
            Map.of(
                "principal-attribute", "user.name",
                "max-age", "8h",
                "max-sessions-per-principal", "2",
                "on-max-sessions", "REJECT",
                "bind", "user-agent, ip/24/56",
                "bind.trusted-proxies", "10.0.0.0/8, ::1",
                "on-bind-mismatch", "Log"));

    assertThat(config.principalAttribute()).contains("user.name");
    assertThat(config.maxAge()).isEqualTo(Duration.ofHours(8));
    assertThat(config.maxSessionsPerPrincipal()).hasValue(2);
    assertThat(config.onMaxSessions()).isEqualTo(OnMaxSessions.REJECT);
    ClientTraits traits = config.bind().orElseThrow();
    assertThat(traits.userAgent()).isTrue();
    assertThat(traits.ipv4Bits()).hasValue(24);
    assertThat(traits.ipv6Bits()).hasValue(56);
    assertThat(config.bindTrustedProxies()).hasToString("[10.0.0.0/8, ::1]");
    assertThat(config.onBindMismatch()).isEqualTo(OnBindMismatch.LOG);
    assertThat(config.toBuilder().build().bind()).hasToString("Optional[user-agent, ip/24/56]");
  }

  @Test
  void asksNothingOfLoginsByDefault() {
    SessionConfig config = SessionConfig.builder().build();

    assertThat(config.principalAttribute()).isEmpty();
    assertThat(config.maxAge()).isZero();
    assertThat(config.maxSessionsPerPrincipal()).isEmpty();
    assertThat(config.onMaxSessions()).isEqualTo(OnMaxSessions.EVICT_OLDEST);
    assertThat(config.bind()).isEmpty();
    assertThat(config.bindTrustedProxies()).isEmpty();
    assertThat(config.onBindMismatch()).isEqualTo(OnBindMismatch.REJECT);
  }

  @Test
  void isBuiltInCode() {
    SessionConfig config =
        SessionConfig.builder()
            .enabled(false)
            .store(StoreType.MEMORY)
            .redisUrl("redis-cluster://h")
            .redisTimeout(Duration.ofMillis(1500))
            .redisConnectTimeout(Duration.ofNanos(10_000_001))
            .redisConnections(3)
            .redisThreads(4)
            .namespace("shop")
            .timeout(Duration.ofMinutes(30))
            .sliding(false)
            .mutationDetection(false)
            .expiryPollInterval(Duration.ofSeconds(2))
            .expiryLease(Duration.ofMinutes(1))
            .expiryGrace(Duration.ofDays(1))
            .console(true)
            .consolePath("/admin/sessions")
            .consoleRole("operator")
            .consoleValues(true)
            .build();

    assertThat(config.enabled()).isFalse();
    assertThat(config.store()).isEqualTo(StoreType.MEMORY);
    assertThat(config.redisUrl()).isEqualTo(RedisUrl.parse("redis-cluster://h"));
    assertThat(config.redisTimeout()).isEqualTo(Duration.ofMillis(1500));
    assertThat(config.redisConnectTimeout()).isEqualTo(Duration.ofNanos(10_000_001));
    assertThat(config.redisConnections()).isEqualTo(3);
    assertThat(config.redisThreads()).isEqualTo(4);
    assertThat(config.namespace()).contains("shop");
    assertThat(config.timeout()).contains(Duration.ofMinutes(30));
    assertThat(config.sliding()).isFalse();
    assertThat(config.mutationDetection()).isFalse();
    assertThat(config.expiryPollInterval()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.expiryLease()).isEqualTo(Duration.ofMinutes(1));
    assertThat(config.expiryGrace()).isEqualTo(Duration.ofDays(1));
    assertThat(config.console()).isTrue();
    assertThat(config.consolePath()).isEqualTo("/admin/sessions");
    assertThat(config.consoleRole()).contains("operator");
    assertThat(config.consoleValues()).isTrue();
  }

  @Test
  void buildsInCodeWhoMayUseASessionAndHowItIsKept() {
    SessionConfig config =
        SessionConfig.builder()
            .maxAge(Duration.ofHours(12))
            .maxSessionsPerPrincipal(2)
            .onMaxSessions(OnMaxSessions.REJECT)
            .principalAttribute("user")
            .bind("ip/20/60")
            .bindTrustedProxies("10.0.0.0/8, fd00::1")
            .onBindMismatch(OnBindMismatch.INVALIDATE)
            .containerLogin(ContainerLogin.CARRY)
            .containerLoginRevalidate(Duration.ofMinutes(3))
            .granularity(Granularity.SESSION)
            .read(ReadMode.TRUSTED)
            .onRedisFailure(OnRedisFailure.LOCAL)
            .minReplicaAcks(1)
            .replicaAckTimeout(Duration.ofMillis(70))
            .onMissingAcks(OnMissingAcks.FAIL)
            .nearCacheSessions(77)
            .nearCacheBytes(1 << 20)
            .lazyAbove(4096)
            .build();

    assertThat(config.maxAge()).isEqualTo(Duration.ofHours(12));
    assertThat(config.maxSessionsPerPrincipal()).hasValue(2);
    assertThat(config.onMaxSessions()).isEqualTo(OnMaxSessions.REJECT);
    assertThat(config.principalAttribute()).contains("user");
    ClientTraits traits = config.bind().orElseThrow();
    assertThat(traits.userAgent()).isFalse();
    assertThat(traits.ipv4Bits()).hasValue(20);
    assertThat(traits.ipv6Bits()).hasValue(60);
    assertThat(config.bindTrustedProxies())
        .map(IpNetwork::toString)
        .containsExactly("10.0.0.0/8", "fd00::1");
    assertThat(config.onBindMismatch()).isEqualTo(OnBindMismatch.INVALIDATE);
    assertThat(config.containerLogin()).isEqualTo(ContainerLogin.CARRY);
    assertThat(config.containerLoginRevalidate()).isEqualTo(Duration.ofMinutes(3));
    assertThat(config.granularity()).isEqualTo(Granularity.SESSION);
    assertThat(config.read()).isEqualTo(ReadMode.TRUSTED);
    assertThat(config.onRedisFailure()).isEqualTo(OnRedisFailure.LOCAL);
    assertThat(config.minReplicaAcks()).isEqualTo(1);
    assertThat(config.replicaAckTimeout()).isEqualTo(Duration.ofMillis(70));
    assertThat(config.onMissingAcks()).isEqualTo(OnMissingAcks.FAIL);
    assertThat(config.nearCache()).isTrue();
    assertThat(config.nearCacheSessions()).isEqualTo(77);
    assertThat(config.nearCacheBytes()).isEqualTo(1 << 20);
    assertThat(config.lazyAbove()).isEqualTo(4096);
    assertThat(SessionConfig.builder().nearCache(false).build().nearCache()).isFalse();
  }

  @Test
  void refusesToTrustCopiesThatAreNotKept() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> config(Map.of("read", "trusted", "near-cache", "off")))
        .withMessageContaining("carryover.read = \"trusted\"")
        .withMessageContaining("carryover.near-cache = \"off\"");
    assertThat(config(Map.of("near-cache", "off")).read()).isEqualTo(ReadMode.VALIDATED);
  }

  @Test
  void buildsTheCookieInCode() {
    SessionConfig config =
        SessionConfig.builder()
            .cookieName("SID")
            .cookieDomain("example.org")
            .cookiePath("/")
            .cookieHttpOnly(false)
            .cookieSecure(CookieSecure.TRUE)
            .cookieSameSite(SameSite.STRICT)
            .cookieMaxAge(Duration.ofDays(1))
            .cookieRoute(CookieRoute.AUTO)
            .redissonConfig("redisson.yaml")
            .build();

    assertThat(config.cookieName()).contains("SID");
    assertThat(config.cookieDomain()).contains("example.org");
    assertThat(config.cookiePath()).contains("/");
    assertThat(config.cookieHttpOnly()).contains(false);
    assertThat(config.cookieSecure()).isEqualTo(CookieSecure.TRUE);
    assertThat(config.cookieSameSite()).contains(SameSite.STRICT);
    assertThat(config.cookieMaxAge()).contains(Duration.ofDays(1));
    assertThat(config.cookieRoute()).isEqualTo(CookieRoute.AUTO);
    assertThat(config.redissonConfig()).contains("redisson.yaml");
  }

  @Test
  void buildsASessionThatNeverExpires() {
    assertThat(SessionConfig.builder().timeout(Duration.ZERO).build().timeout())
        .contains(Duration.ZERO);
  }

  static Stream<UnaryOperator<SessionConfig.Builder>> badInCode() {
    return Stream.of(
        builder -> builder.redisTimeout(Duration.ofMillis(1)),
        builder -> builder.redisTimeout(Duration.ofSeconds(-1)),
        builder -> builder.redisTimeout(Duration.ofSeconds(Long.MAX_VALUE)),
        builder -> builder.timeout(Duration.ofSeconds(-1)),
        builder -> builder.redisConnections(0),
        builder -> builder.cookieName(""),
        builder -> builder.cookiePath("/a;b"),
        builder -> builder.redisUrl("redis://h").redissonConfig("redisson.yaml"),
        builder -> builder.cookieSameSite(SameSite.NONE).cookieSecure(CookieSecure.FALSE));
  }

  @ParameterizedTest
  @MethodSource("badInCode")
  void refusesBadValuesInCode(UnaryOperator<SessionConfig.Builder> change) {
    SessionConfig.Builder builder = change.apply(SessionConfig.builder());

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(builder::build)
        .withMessageContaining("(builder)");
  }

  @Test
  void becomesABuilderAgainWithoutChangingItself() {
    SessionConfig config = config(Map.of("redis.url", "redis://h", "store", "memory"));

    SessionConfig changed =
        config.toBuilder().reset(ConfigKey.REDIS_URL).redissonConfig("redisson.yaml").build();

    assertThat(changed.redissonConfig()).contains("redisson.yaml");
    assertThat(changed.store()).isEqualTo(StoreType.MEMORY);
    assertThat(changed.redisUrl()).hasToString("redis://127.0.0.1:6379");
    assertThat(config.redisUrl()).hasToString("redis://h:6379");
    assertThat(config.redissonConfig()).isEmpty();
  }

  @Test
  void isNotChangedByItsBuilder() {
    SessionConfig.Builder builder = SessionConfig.builder().redisThreads(3);
    SessionConfig config = builder.build();
    builder.redisThreads(4);

    assertThat(config.toBuilder().build().redisThreads()).isEqualTo(3);
  }

  @Test
  void describesEachKeyInAlignedColumns() {
    Properties system = new Properties();
    system.setProperty("carryover.redis.url", "redis://app:s3cret@cache.example/2");
    List<ConfigSource> sources =
        List.of(
            ConfigSource.systemProperties(system),
            ConfigSource.environment(Map.of("CARRYOVER_TIMEOUT", "never")));

    List<String> lines = SessionConfig.from(sources).describe();

    assertThat(lines.stream().map(line -> line.replaceAll(" +", " ")))
        .hasSize(ConfigKey.values().length)
        .contains(
            "carryover.redis.url = redis://app:***@cache.example/2 system property",
            "carryover.timeout = never environment CARRYOVER_TIMEOUT",
            "carryover.redis.connect-timeout = 2s default",
            "carryover.namespace = (none) default");
    assertThat(lines.stream().map(line -> line.indexOf('=')).collect(Collectors.toSet()))
        .hasSize(1);
    assertThat(lines).noneMatch(line -> line.contains("s3cret"));
  }

  @Test
  void showsWhatDiffersFromTheDefaults() {
    assertThat(config(Map.of("redis.url", "redis://:s3cret@h")))
        .hasToString(
            "SessionConfig[carryover.redis.url = \"redis://:***@h\" (init-param of the filter)]");
  }

  @Test
  void refusesAValueOnBehalfOfWhoeverUsesIt() {
    SessionConfig config = config(Map.of("redisson.config", "redisson.yaml"));

    assertThat(config.refuse(ConfigKey.REDISSON_CONFIG, "no such file in WEB-INF"))
        .hasMessage(
            "carryover.redisson.config = \"redisson.yaml\" (init-param of the filter):"
                + " no such file in WEB-INF");
    assertThat(config.refuse(ConfigKey.NAMESPACE, "expected one"))
        .hasMessage("carryover.namespace (not given): expected one");
  }

  private static SessionConfig config(Map<String, String> initParams) {
    return SessionConfig.from(List.of(ConfigSource.initParams(initParams)));
  }

  private static void refuses(ConfigSource source, String message) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> SessionConfig.from(List.of(source)))
        .withMessage(message);
  }
}
