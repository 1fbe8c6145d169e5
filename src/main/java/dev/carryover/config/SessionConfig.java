package dev.carryover.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The whole configuration, checked. Immutable.
 *
 * <p>Made from the places a deployer writes to, by {@link #from}, or in code, by {@link #builder}.
 * {@link ConfigKey} says what each key is for.
 */
public final class SessionConfig {
  private static final String DEFAULT = "default";
  private static final String NO_VALUE = "(none)";

  private final Map<ConfigKey, Setting> given;
  private final Map<ConfigKey, Object> values = new EnumMap<>(ConfigKey.class);

  private SessionConfig(Map<ConfigKey, Setting> given) {
    this.given = new EnumMap<>(given);
    for (ConfigKey key : ConfigKey.values()) {
      setting(key).ifPresent(setting -> values.put(key, setting.parse()));
    }
    requireOneOf(ConfigKey.REDIS_URL, ConfigKey.REDISSON_CONFIG);
    requireOneOf(ConfigKey.SECRET, ConfigKey.SECRET_FILE);
    requireSecureIfSentAcrossSites();
    requireNearCacheIfTrusted();
    requireTimeForAcks();
  }

  /**
   * Reads the configuration: of each key the value of the first source that has one, else the
   * default.
   *
   * @param strongestFirst the sources, the one that overrides all others first
   * @throws ConfigException if a source has an unknown key, or a value or a combination of values
   *     is refused
   */
  public static SessionConfig from(List<ConfigSource> strongestFirst) {
    strongestFirst.forEach(ConfigSource::requireAllKnown);
    Builder builder = builder();
    for (ConfigKey key : ConfigKey.values()) {
      strongestFirst.stream()
          .flatMap(source -> source.find(key).stream())
          .findFirst()
          .ifPresent(setting -> builder.given.put(key, setting));
    }
    return builder.build();
  }

  /** A builder in which every key has its default. */
  public static Builder builder() {
    return new Builder(new EnumMap<>(ConfigKey.class));
  }

  /** A builder that starts with this configuration and remembers its sources. */
  public Builder toBuilder() {
    return new Builder(new EnumMap<>(given));
  }

  private void requireOneOf(ConfigKey one, ConfigKey other) {
    Setting first = given.get(one);
    Setting second = given.get(other);
    if (first != null && second != null) {
      throw new ConfigException(
          first + " and " + second + " exclude each other: expected only one");
    }
  }

  private void requireSecureIfSentAcrossSites() {
    Setting sameSite = given.get(ConfigKey.COOKIE_SAME_SITE);
    Setting secure = given.get(ConfigKey.COOKIE_SECURE);
    if (cookieSameSite().filter(value -> value == SameSite.NONE).isPresent()
        && cookieSecure() == CookieSecure.FALSE) {
      throw new ConfigException(
          sameSite + " and " + secure + " exclude each other: browsers drop such a cookie");
    }
  }

  private void requireNearCacheIfTrusted() {
    if (read() == ReadMode.TRUSTED && !nearCache()) {
      throw new ConfigException(
          given.get(ConfigKey.READ)
              + " and "
              + given.get(ConfigKey.NEAR_CACHE)
              + " exclude each other: a node that keeps no copy has none to trust");
    }
  }

  private void requireTimeForAcks() {
    if (minReplicaAcks() > 0 && replicaAckTimeout().compareTo(redisTimeout()) >= 0) {
      throw refuse(
          ConfigKey.REPLICA_ACK_TIMEOUT,
          "expected less than " + setting(ConfigKey.REDIS_TIMEOUT).orElseThrow());
    }
  }

  /** Whether sessions are carried at all; true by default. */
  public boolean enabled() {
    return get(ConfigKey.ENABLED, Boolean.class);
  }

  /** Where sessions are kept; {@link StoreType#REDIS} by default. */
  public StoreType store() {
    return get(ConfigKey.STORE, StoreType.class);
  }

  /**
   * Where Redis is; {@code redis://127.0.0.1:6379} by default. Without meaning if there is a {@link
   * #redissonConfig()}.
   */
  public RedisUrl redisUrl() {
    return get(ConfigKey.REDIS_URL, RedisUrl.class);
  }

  /**
   * The path of a Redisson YAML file in WEB-INF, on the class path or in the file system, used in
   * place of {@link #redisUrl()}; empty by default.
   */
  public Optional<String> redissonConfig() {
    return find(ConfigKey.REDISSON_CONFIG, String.class);
  }

  /** The most a request waits for Redis in all, retries included: 10ms to 1m, 1s by default. */
  public Duration redisTimeout() {
    return get(ConfigKey.REDIS_TIMEOUT, Duration.class);
  }

  /** The most that opening one connection may take: 10ms to 1m, 2s by default. */
  public Duration redisConnectTimeout() {
    return get(ConfigKey.REDIS_CONNECT_TIMEOUT, Duration.class);
  }

  /** Connections to each Redis node: 1 to 64, 2 by default. */
  public int redisConnections() {
    return get(ConfigKey.REDIS_CONNECTIONS, Integer.class);
  }

  /** Netty threads: 1 to 64, 2 by default. */
  public int redisThreads() {
    return get(ConfigKey.REDIS_THREADS, Integer.class);
  }

  /**
   * What keeps this application apart from others in one Redis: 1 to 128 characters; empty by
   * default, which means: derive it from the context path.
   */
  public Optional<String> namespace() {
    return find(ConfigKey.NAMESPACE, String.class);
  }

  /**
   * The {@link #namespace()}; without one, the context path without its slash, {@code ROOT} for
   * none. Characters that a namespace can't have become {@code _}, and a hash follows.
   */
  public String namespaceAt(String contextPath) {
    return namespace().orElseGet(() -> ContextNamespace.of(contextPath));
  }

  /**
   * What sessions are sealed with, in Redis; by default they are not. Reads {@code secret.file},
   * where that is given.
   *
   * @throws ConfigException if the file can't be read or holds something else than secrets
   */
  public Secrets secrets() {
    return find(ConfigKey.SECRET, Secrets.class)
        .or(() -> find(ConfigKey.SECRET_FILE, String.class).map(this::readSecrets))
        .orElse(Secrets.NONE);
  }

  private Secrets readSecrets(String file) {
    try {
      return Secrets.ofLines(Files.readAllLines(Path.of(file)));
    } catch (IOException | InvalidPathException e) {
      throw refuse(ConfigKey.SECRET_FILE, "expected a file that can be read as UTF-8");
    } catch (IllegalArgumentException e) {
      throw refuse(ConfigKey.SECRET_FILE, e.getMessage() + ", one a line");
    }
  }

  /**
   * Inactivity after which a session expires, in whole seconds. {@link Duration#ZERO} means never;
   * empty, the default, means what web.xml says.
   */
  public Optional<Duration> timeout() {
    return find(ConfigKey.TIMEOUT, Duration.class);
  }

  /** Whether each request moves the deadline; true by default. */
  public boolean sliding() {
    return get(ConfigKey.SLIDING, Boolean.class);
  }

  /**
   * How old a session gets at most, in whole seconds; {@link Duration#ZERO}, the default: any age.
   */
  public Duration maxAge() {
    return get(ConfigKey.MAX_AGE, Duration.class);
  }

  /** The most sessions in which one user is logged in, 1 to 1,000,000; empty by default: any. */
  public OptionalInt maxSessionsPerPrincipal() {
    return find(ConfigKey.MAX_SESSIONS_PER_PRINCIPAL, Integer.class)
        .map(OptionalInt::of)
        .orElseGet(OptionalInt::empty);
  }

  /** What a login beyond that does; {@link OnMaxSessions#EVICT_OLDEST} by default. */
  public OnMaxSessions onMaxSessions() {
    return get(ConfigKey.ON_MAX_SESSIONS, OnMaxSessions.class);
  }

  /** The session attribute that tells who has logged in, with the path to the name in it. */
  public Optional<String> principalAttribute() {
    return find(ConfigKey.PRINCIPAL_ATTRIBUTE, String.class);
  }

  /** By what a session knows its client again; empty by default: by the id alone. */
  public Optional<ClientTraits> bind() {
    return find(ConfigKey.BIND, ClientTraits.class);
  }

  /** Proxies whose X-Forwarded-For tells the client's address; none by default. */
  @SuppressWarnings("unchecked")
  public List<IpNetwork> bindTrustedProxies() {
    return (List<IpNetwork>) find(ConfigKey.BIND_TRUSTED_PROXIES, List.class).orElse(List.of());
  }

  /** What becomes of a request with another client's session; rejected by default. */
  public OnBindMismatch onBindMismatch() {
    return get(ConfigKey.ON_BIND_MISMATCH, OnBindMismatch.class);
  }

  /** The session cookie's name, a token; empty by default: as in web.xml, else JSESSIONID. */
  public Optional<String> cookieName() {
    return find(ConfigKey.COOKIE_NAME, String.class);
  }

  /** The session cookie's domain; empty by default: as in web.xml, else the host of the request. */
  public Optional<String> cookieDomain() {
    return find(ConfigKey.COOKIE_DOMAIN, String.class);
  }

  /** The session cookie's path; empty by default: as in web.xml, else the context path. */
  public Optional<String> cookiePath() {
    return find(ConfigKey.COOKIE_PATH, String.class);
  }

  /**
   * Whether the session cookie is hidden from scripts; empty by default: as in web.xml, else true.
   */
  public Optional<Boolean> cookieHttpOnly() {
    return find(ConfigKey.COOKIE_HTTP_ONLY, Boolean.class);
  }

  /** Whether the session cookie travels over TLS only; {@link CookieSecure#AUTO} by default. */
  public CookieSecure cookieSecure() {
    return get(ConfigKey.COOKIE_SECURE, CookieSecure.class);
  }

  /**
   * The session cookie's SameSite attribute; empty by default: as in web.xml, else {@link
   * SameSite#LAX}.
   */
  public Optional<SameSite> cookieSameSite() {
    return find(ConfigKey.COOKIE_SAME_SITE, SameSite.class);
  }

  /**
   * How long a browser keeps the cookie, at least 1s, in whole seconds; empty by default: as in
   * web.xml, else until the browser closes.
   */
  public Optional<Duration> cookieMaxAge() {
    return find(ConfigKey.COOKIE_MAX_AGE, Duration.class);
  }

  /** The route appended to the id; {@link CookieRoute#OFF} by default. */
  public CookieRoute cookieRoute() {
    return get(ConfigKey.COOKIE_ROUTE, CookieRoute.class);
  }

  /** Whether objects changed in place are found and saved; true by default. */
  public boolean mutationDetection() {
    return get(ConfigKey.MUTATION_DETECTION, Boolean.class);
  }

  /** What is written as one piece; {@link Granularity#ATTRIBUTE} by default. */
  public Granularity granularity() {
    return get(ConfigKey.GRANULARITY, Granularity.class);
  }

  /** Whether logins that the container does are carried; {@link ContainerLogin#AUTO} by default. */
  public ContainerLogin containerLogin() {
    return get(ConfigKey.CONTAINER_LOGIN, ContainerLogin.class);
  }

  /**
   * How often the container's realm is asked anew for the roles of a user whose login is carried:
   * whole seconds from 1s to 1d, 1m by default. {@link Duration#ZERO} means never.
   */
  public Duration containerLoginRevalidate() {
    return get(ConfigKey.CONTAINER_LOGIN_REVALIDATE, Duration.class);
  }

  /** What a node does before a request reads a session; {@link ReadMode#VALIDATED} by default. */
  public ReadMode read() {
    return get(ConfigKey.READ, ReadMode.class);
  }

  /**
   * What becomes of requests that need a session while Redis can't be asked; {@link
   * OnRedisFailure#REJECT} by default.
   */
  public OnRedisFailure onRedisFailure() {
    return get(ConfigKey.ON_REDIS_FAILURE, OnRedisFailure.class);
  }

  /** Replicas that have to acknowledge a change: 0 to 16, 0 by default. */
  public int minReplicaAcks() {
    return get(ConfigKey.MIN_REPLICA_ACKS, Integer.class);
  }

  /** How long their acknowledgements are waited for: 1ms to 1m, 100ms by default. */
  public Duration replicaAckTimeout() {
    return get(ConfigKey.REPLICA_ACK_TIMEOUT, Duration.class);
  }

  /**
   * What becomes of a change that too few replicas have acknowledged; {@link OnMissingAcks#LOG} by
   * default.
   */
  public OnMissingAcks onMissingAcks() {
    return get(ConfigKey.ON_MISSING_ACKS, OnMissingAcks.class);
  }

  /** Whether a node keeps sessions between requests; true by default. */
  public boolean nearCache() {
    return get(ConfigKey.NEAR_CACHE, Boolean.class);
  }

  /** The most sessions that a node keeps between requests: 1 to 10,000,000, 10,000 by default. */
  public int nearCacheSessions() {
    return get(ConfigKey.NEAR_CACHE_SESSIONS, Integer.class);
  }

  /** The most bytes, as Redis has them, of the sessions that a node keeps; 32 MB by default. */
  public long nearCacheBytes() {
    return get(ConfigKey.NEAR_CACHE_BYTES, Long.class);
  }

  /**
   * The most encoded bytes of an attribute that comes with its session; 0 for any, 64 KB by
   * default.
   */
  public long lazyAbove() {
    return get(ConfigKey.LAZY_ABOVE, Long.class);
  }

  /** The most encoded bytes of an attribute: 64B to 1GB; empty by default: any number. */
  public OptionalInt maxAttributeBytes() {
    return get(ConfigKey.MAX_ATTRIBUTE_BYTES, OptionalInt.class);
  }

  /** The most encoded bytes of a session: 64B to 1GB; empty by default: any number. */
  public OptionalInt maxSessionBytes() {
    return get(ConfigKey.MAX_SESSION_BYTES, OptionalInt.class);
  }

  /** The most sessions that a node creates in a second: 1 to 1000000; empty by default: any. */
  public OptionalInt maxNewSessionsPerSecond() {
    return get(ConfigKey.MAX_NEW_SESSIONS_PER_SECOND, OptionalInt.class);
  }

  /** What becomes of what is not Serializable; {@link NonSerializable#CARRY} by default. */
  public NonSerializable nonSerializable() {
    return get(ConfigKey.NON_SERIALIZABLE, NonSerializable.class);
  }

  /** Names and patterns of classes carried although not Serializable; empty by default. */
  public List<String> codecCarry() {
    return patterns(ConfigKey.CODEC_CARRY);
  }

  /** Names and patterns of classes that stay on their node; empty by default. */
  public List<String> codecKeepLocal() {
    return patterns(ConfigKey.CODEC_KEEP_LOCAL);
  }

  @SuppressWarnings("unchecked")
  private List<String> patterns(ConfigKey key) {
    return find(key, List.class).orElse(List.of());
  }

  /**
   * Classes that may be read from Redis, and caps for the depth, references, arrays and bytes of a
   * value, in the syntax of {@code jdk.serialFilter}; empty by default.
   */
  public Optional<String> codecFilter() {
    return find(ConfigKey.CODEC_FILTER, String.class);
  }

  /** The new names of renamed classes by their old ones, for reading; empty by default. */
  @SuppressWarnings("unchecked")
  public Map<String, String> codecAlias() {
    return find(ConfigKey.CODEC_ALIAS, Map.class).orElse(Map.of());
  }

  /** Bytes above which values are compressed: 64B to 1GB; empty by default: never. */
  public OptionalInt codecCompressAbove() {
    return get(ConfigKey.CODEC_COMPRESS_ABOVE, OptionalInt.class);
  }

  /** The longest pause between two looks for expired sessions: 100ms to 10m, 10s by default. */
  public Duration expiryPollInterval() {
    return get(ConfigKey.EXPIRY_POLL_INTERVAL, Duration.class);
  }

  /**
   * Time a node has to deliver {@code sessionDestroyed} before another tries: 1s to 1h, 30s by
   * default.
   */
  public Duration expiryLease() {
    return get(ConfigKey.EXPIRY_LEASE, Duration.class);
  }

  /**
   * How long Redis keeps an expired session whose end nobody has delivered: 1m to 7d, 1h by
   * default.
   */
  public Duration expiryGrace() {
    return get(ConfigKey.EXPIRY_GRACE, Duration.class);
  }

  /** Whether there is a page for operators; false by default. */
  public boolean console() {
    return get(ConfigKey.CONSOLE, Boolean.class);
  }

  /** Where that page is, below the context path; {@code /carryover} by default. */
  public String consolePath() {
    return get(ConfigKey.CONSOLE_PATH, String.class);
  }

  /** The role that its users need; empty, the default, means that they are on the same machine. */
  public Optional<String> consoleRole() {
    return find(ConfigKey.CONSOLE_ROLE, String.class);
  }

  /** Whether it shows values of attributes; false by default. */
  public boolean consoleValues() {
    return get(ConfigKey.CONSOLE_VALUES, Boolean.class);
  }

  /**
   * An exception about a value that is well formed and yet of no use, such as the path of a file
   * that is not there.
   *
   * @param expected what was expected, or what is wrong; shown as it is
   */
  public ConfigException refuse(ConfigKey key, String expected) {
    return new ConfigException(
        setting(key).map(Setting::toString).orElse(key + " (not given)") + ": " + expected);
  }

  /**
   * A line for each key: its name, value and source, in aligned columns, for the log at start.
   * Nothing secret is shown.
   */
  public List<String> describe() {
    int nameWidth = width(Stream.of(ConfigKey.values()).map(ConfigKey::fullName));
    int valueWidth = width(Stream.of(ConfigKey.values()).map(this::shown));
    String format = "%-" + nameWidth + "s = %-" + valueWidth + "s  %s";
    return Stream.of(ConfigKey.values())
        .map(key -> String.format(format, key, shown(key), source(key)))
        .collect(Collectors.toUnmodifiableList());
  }

  private static int width(Stream<String> column) {
    return column.mapToInt(String::length).max().orElse(1);
  }

  private String shown(ConfigKey key) {
    return setting(key).map(Setting::shown).orElse(NO_VALUE);
  }

  private String source(ConfigKey key) {
    return setting(key).map(Setting::source).orElse(DEFAULT);
  }

  private Optional<Setting> setting(ConfigKey key) {
    return Optional.ofNullable(given.get(key))
        .or(() -> key.defaultText().map(text -> new Setting(key, text, DEFAULT)));
  }

  private <T> Optional<T> find(ConfigKey key, Class<T> type) {
    return Optional.ofNullable(type.cast(values.get(key)));
  }

  private <T> T get(ConfigKey key, Class<T> type) {
    return find(key, type).orElseThrow();
  }

  /** What differs from the defaults, with the sources; nothing secret. */
  @Override
  public String toString() {
    return "SessionConfig" + new ArrayList<>(given.values());
  }

  /**
   * Collects values in code; {@link #build()} checks them. Not thread-safe.
   *
   * <p>No setter refuses a value; {@link #build()} does, so that all are refused in the same words.
   */
  public static final class Builder {
    private final Map<ConfigKey, Setting> given;

    private Builder(Map<ConfigKey, Setting> given) {
      this.given = given;
    }

    /** Sets {@link SessionConfig#enabled()}. */
    public Builder enabled(boolean value) {
      return set(ConfigKey.ENABLED, Boolean.toString(value));
    }

    /** Sets {@link SessionConfig#store()}. */
    public Builder store(StoreType value) {
      return set(ConfigKey.STORE, value.toString());
    }

    /** Sets {@link SessionConfig#redisUrl()}. */
    public Builder redisUrl(String value) {
      return set(ConfigKey.REDIS_URL, value);
    }

    /** Sets {@link SessionConfig#redissonConfig()}. */
    public Builder redissonConfig(String value) {
      return set(ConfigKey.REDISSON_CONFIG, value);
    }

    /** Sets {@link SessionConfig#redisTimeout()}. */
    public Builder redisTimeout(Duration value) {
      return set(ConfigKey.REDIS_TIMEOUT, DurationText.format(value));
    }

    /** Sets {@link SessionConfig#redisConnectTimeout()}. */
    public Builder redisConnectTimeout(Duration value) {
      return set(ConfigKey.REDIS_CONNECT_TIMEOUT, DurationText.format(value));
    }

    /** Sets {@link SessionConfig#redisConnections()}. */
    public Builder redisConnections(int value) {
      return set(ConfigKey.REDIS_CONNECTIONS, Integer.toString(value));
    }

    /** Sets {@link SessionConfig#redisThreads()}. */
    public Builder redisThreads(int value) {
      return set(ConfigKey.REDIS_THREADS, Integer.toString(value));
    }

    /** Sets {@link SessionConfig#namespace()}. */
    public Builder namespace(String value) {
      return set(ConfigKey.NAMESPACE, value);
    }

    /** Sets {@link SessionConfig#secrets()}, with commas between them. */
    public Builder secret(String value) {
      return set(ConfigKey.SECRET, value);
    }

    /** Sets the file that {@link SessionConfig#secrets()} reads. */
    public Builder secretFile(String value) {
      return set(ConfigKey.SECRET_FILE, value);
    }

    /** Sets {@link SessionConfig#timeout()}. */
    public Builder timeout(Duration value) {
      return set(ConfigKey.TIMEOUT, Kind.formatOrNever(value));
    }

    /** Sets {@link SessionConfig#sliding()}. */
    public Builder sliding(boolean value) {
      return set(ConfigKey.SLIDING, Boolean.toString(value));
    }

    /** Sets {@link SessionConfig#maxAge()}. */
    public Builder maxAge(Duration value) {
      return set(ConfigKey.MAX_AGE, Kind.formatOrNever(value));
    }

    /** Sets {@link SessionConfig#maxSessionsPerPrincipal()}. */
    public Builder maxSessionsPerPrincipal(int value) {
      return set(ConfigKey.MAX_SESSIONS_PER_PRINCIPAL, Integer.toString(value));
    }

    /** Sets {@link SessionConfig#onMaxSessions()}. */
    public Builder onMaxSessions(OnMaxSessions value) {
      return set(ConfigKey.ON_MAX_SESSIONS, value.toString());
    }

    /** Sets {@link SessionConfig#principalAttribute()}. */
    public Builder principalAttribute(String value) {
      return set(ConfigKey.PRINCIPAL_ATTRIBUTE, value);
    }

    /** Sets {@link SessionConfig#bind()}. */
    public Builder bind(String value) {
      return set(ConfigKey.BIND, value);
    }

    /** Sets {@link SessionConfig#bindTrustedProxies()}, with commas between them. */
    public Builder bindTrustedProxies(String value) {
      return set(ConfigKey.BIND_TRUSTED_PROXIES, value);
    }

    /** Sets {@link SessionConfig#onBindMismatch()}. */
    public Builder onBindMismatch(OnBindMismatch value) {
      return set(ConfigKey.ON_BIND_MISMATCH, value.toString());
    }

    /** Sets {@link SessionConfig#cookieName()}. */
    public Builder cookieName(String value) {
      return set(ConfigKey.COOKIE_NAME, value);
    }

    /** Sets {@link SessionConfig#cookieDomain()}. */
    public Builder cookieDomain(String value) {
      return set(ConfigKey.COOKIE_DOMAIN, value);
    }

    /** Sets {@link SessionConfig#cookiePath()}. */
    public Builder cookiePath(String value) {
      return set(ConfigKey.COOKIE_PATH, value);
    }

    /** Sets {@link SessionConfig#cookieHttpOnly()}. */
    public Builder cookieHttpOnly(boolean value) {
      return set(ConfigKey.COOKIE_HTTP_ONLY, Boolean.toString(value));
    }

    /** Sets {@link SessionConfig#cookieSecure()}. */
    public Builder cookieSecure(CookieSecure value) {
      return set(ConfigKey.COOKIE_SECURE, value.toString());
    }

    /** Sets {@link SessionConfig#cookieSameSite()}. */
    public Builder cookieSameSite(SameSite value) {
      return set(ConfigKey.COOKIE_SAME_SITE, value.toString());
    }

    /** Sets {@link SessionConfig#cookieMaxAge()}. */
    public Builder cookieMaxAge(Duration value) {
      return set(ConfigKey.COOKIE_MAX_AGE, DurationText.format(value));
    }

    /** Sets {@link SessionConfig#cookieRoute()}. */
    public Builder cookieRoute(CookieRoute value) {
      return set(ConfigKey.COOKIE_ROUTE, value.toString());
    }

    /** Sets {@link SessionConfig#mutationDetection()}. */
    public Builder mutationDetection(boolean value) {
      return set(ConfigKey.MUTATION_DETECTION, value ? "on" : "off");
    }

    /** Sets {@link SessionConfig#granularity()}. */
    public Builder granularity(Granularity value) {
      return set(ConfigKey.GRANULARITY, value.toString());
    }

    /** Sets {@link SessionConfig#containerLogin()}. */
    public Builder containerLogin(ContainerLogin value) {
      return set(ConfigKey.CONTAINER_LOGIN, value.toString());
    }

    /** Sets {@link SessionConfig#containerLoginRevalidate()}. */
    public Builder containerLoginRevalidate(Duration value) {
      return set(ConfigKey.CONTAINER_LOGIN_REVALIDATE, Kind.formatOrNever(value));
    }

    /** Sets {@link SessionConfig#read()}. */
    public Builder read(ReadMode value) {
      return set(ConfigKey.READ, value.toString());
    }

    /** Sets {@link SessionConfig#onRedisFailure()}. */
    public Builder onRedisFailure(OnRedisFailure value) {
      return set(ConfigKey.ON_REDIS_FAILURE, value.toString());
    }

    /** Sets {@link SessionConfig#minReplicaAcks()}. */
    public Builder minReplicaAcks(int value) {
      return set(ConfigKey.MIN_REPLICA_ACKS, Integer.toString(value));
    }

    /** Sets {@link SessionConfig#replicaAckTimeout()}. */
    public Builder replicaAckTimeout(Duration value) {
      return set(ConfigKey.REPLICA_ACK_TIMEOUT, DurationText.format(value));
    }

    /** Sets {@link SessionConfig#onMissingAcks()}. */
    public Builder onMissingAcks(OnMissingAcks value) {
      return set(ConfigKey.ON_MISSING_ACKS, value.toString());
    }

    /** Sets {@link SessionConfig#nearCache()}. */
    public Builder nearCache(boolean value) {
      return set(ConfigKey.NEAR_CACHE, value ? "on" : "off");
    }

    /** Sets {@link SessionConfig#nearCacheSessions()}. */
    public Builder nearCacheSessions(int value) {
      return set(ConfigKey.NEAR_CACHE_SESSIONS, String.valueOf(value));
    }

    /** Sets {@link SessionConfig#nearCacheBytes()}. */
    public Builder nearCacheBytes(long value) {
      return set(ConfigKey.NEAR_CACHE_BYTES, SizeText.format(value));
    }

    /** Sets {@link SessionConfig#lazyAbove()}. */
    public Builder lazyAbove(long bytes) {
      return set(ConfigKey.LAZY_ABOVE, SizeText.format(bytes));
    }

    /** Sets {@link SessionConfig#maxAttributeBytes()}. */
    public Builder maxAttributeBytes(OptionalInt value) {
      return set(ConfigKey.MAX_ATTRIBUTE_BYTES, Kind.formatOrOff(value));
    }

    /** Sets {@link SessionConfig#maxSessionBytes()}. */
    public Builder maxSessionBytes(OptionalInt value) {
      return set(ConfigKey.MAX_SESSION_BYTES, Kind.formatOrOff(value));
    }

    /** Sets {@link SessionConfig#maxNewSessionsPerSecond()}. */
    public Builder maxNewSessionsPerSecond(OptionalInt value) {
      return set(ConfigKey.MAX_NEW_SESSIONS_PER_SECOND, Kind.formatNumberOrOff(value));
    }

    /** Sets {@link SessionConfig#nonSerializable()}. */
    public Builder nonSerializable(NonSerializable value) {
      return set(ConfigKey.NON_SERIALIZABLE, value.toString());
    }

    /** Sets {@link SessionConfig#codecCarry()}. */
    public Builder codecCarry(List<String> value) {
      return set(ConfigKey.CODEC_CARRY, String.join(",", value));
    }

    /** Sets {@link SessionConfig#codecKeepLocal()}. */
    public Builder codecKeepLocal(List<String> value) {
      return set(ConfigKey.CODEC_KEEP_LOCAL, String.join(",", value));
    }

    /** Sets {@link SessionConfig#codecFilter()}. */
    public Builder codecFilter(String value) {
      return set(ConfigKey.CODEC_FILTER, value);
    }

    /** Sets {@link SessionConfig#codecAlias()}. */
    public Builder codecAlias(Map<String, String> value) {
      String text =
          value.entrySet().stream()
              .map(entry -> entry.getKey() + '=' + entry.getValue())
              .sorted()
              .collect(Collectors.joining(","));
      return set(ConfigKey.CODEC_ALIAS, text);
    }

    /** Sets {@link SessionConfig#codecCompressAbove()}. */
    public Builder codecCompressAbove(OptionalInt value) {
      return set(ConfigKey.CODEC_COMPRESS_ABOVE, Kind.formatOrOff(value));
    }

    /** Sets {@link SessionConfig#expiryPollInterval()}. */
    public Builder expiryPollInterval(Duration value) {
      return set(ConfigKey.EXPIRY_POLL_INTERVAL, DurationText.format(value));
    }

    /** Sets {@link SessionConfig#expiryLease()}. */
    public Builder expiryLease(Duration value) {
      return set(ConfigKey.EXPIRY_LEASE, DurationText.format(value));
    }

    /** Sets {@link SessionConfig#expiryGrace()}. */
    public Builder expiryGrace(Duration value) {
      return set(ConfigKey.EXPIRY_GRACE, DurationText.format(value));
    }

    /** Sets {@link SessionConfig#console()}. */
    public Builder console(boolean value) {
      return set(ConfigKey.CONSOLE, value ? "on" : "off");
    }

    /** Sets {@link SessionConfig#consolePath()}. */
    public Builder consolePath(String value) {
      return set(ConfigKey.CONSOLE_PATH, value);
    }

    /** Sets {@link SessionConfig#consoleRole()}. */
    public Builder consoleRole(String value) {
      return set(ConfigKey.CONSOLE_ROLE, value);
    }

    /** Sets {@link SessionConfig#consoleValues()}. */
    public Builder consoleValues(boolean value) {
      return set(ConfigKey.CONSOLE_VALUES, String.valueOf(value));
    }

    /** Sets what a source has, and remembers that source. */
    public Builder set(ConfigSource source) {
      for (ConfigKey key : ConfigKey.values()) {
        source.find(key).ifPresent(setting -> given.put(key, setting));
      }
      return this;
    }

    /** Forgets the value of a key, so that it has its default. */
    public Builder reset(ConfigKey key) {
      given.remove(key);
      return this;
    }

    private Builder set(ConfigKey key, String text) {
      given.put(key, new Setting(key, text, Setting.BUILDER));
      return this;
    }

    /**
     * Checks the values and their combination.
     *
     * @throws ConfigException if a value is refused, or two exclude each other
     */
    public SessionConfig build() {
      return new SessionConfig(given);
    }
  }
}
