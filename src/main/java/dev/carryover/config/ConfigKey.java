package dev.carryover.config;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be configured: one constant a key, with its name, default and limits.
 *
 * <p>A key is written {@code carryover.redis.url} as a system property or context parameter, {@code
 * redis.url} as an init parameter of the filter or line of {@code WEB-INF/carryover.properties},
 * and {@code CARRYOVER_REDIS_URL} in the environment. See {@link ConfigSource}.
 */
@SuppressWarnings("ImmutableEnumChecker") // Kind is immutable; only the checker cannot see it
public enum ConfigKey {
  ENABLED(
      "enabled",
      Kind.flag("true", "false"),
      "true",
      "Whether sessions are carried at all; if not, the container keeps them as if we were absent."),
  STORE(
      "store",
      Kind.choice(StoreType.values()),
      "redis",
      "Where sessions are kept; memory is this JVM alone, for tests and trials."),
  REDIS_URL(
      "redis.url",
      Kind.of("the URL of a Redis, such as redis://127.0.0.1:6379", RedisUrl::parse),
      "redis://127.0.0.1:6379",
      "Address, credentials and topology of Redis: redis://, redis-sentinel:// or redis-cluster://,"
          + " each with TLS as rediss."),
  REDISSON_CONFIG(
      "redisson.config",
      Kind.text("[^\\p{Cc}]+", "the path of a Redisson YAML file"),
      null,
      "Redisson YAML in WEB-INF, on the class path or in the file system, in place of redis.url."),
  REDIS_TIMEOUT(
      "redis.timeout",
      Kind.duration("10ms", "1m"),
      "1s",
      "The most a request waits for Redis in all within five seconds, retries included."),
  REDIS_CONNECT_TIMEOUT(
      "redis.connect-timeout",
      Kind.duration("10ms", "1m"),
      "2s",
      "The most that opening one connection to Redis may take."),
  REDIS_CONNECTIONS(
      "redis.connections",
      Kind.integer(1, 64),
      "2",
      "Connections to each Redis node; they are pipelined, so few are enough."),
  REDIS_THREADS("redis.threads", Kind.integer(1, 64), "2", "Netty threads that talk to Redis."),
  NAMESPACE(
      "namespace",
      Kind.text("[A-Za-z0-9._/-]{1,128}", "1 to 128 characters of A-Z a-z 0-9 . _ / -"),
      null,
      "Keeps applications apart in one Redis; without it, derived from the context path."),
  SECRET(
      "secret",
      Kind.of(Secrets.EXPECTED + ", with commas between them", Secrets::parse),
      null,
      "Seals what Redis holds; the first secret writes, all are tried for reading."),
  SECRET_FILE(
      "secret.file",
      Kind.text("[^\\p{Cc}]+", "the path of a file with a secret a line"),
      null,
      "A file of the file system with what secret would hold, one a line, in place of it."),
  TIMEOUT(
      "timeout",
      Kind.wholeSecondsOrNever("1s", Kind.LONGEST),
      null,
      "Inactivity after which a session expires, in whole seconds; without it, as in web.xml."),
  SLIDING(
      "sliding",
      Kind.flag("true", "false"),
      "true",
      "Whether each request moves the deadline; if not, a session ends timeout after its creation."),
  MAX_AGE(
      "max-age",
      Kind.wholeSecondsOrNever("1s", Kind.LONGEST),
      "never",
      "How old a session gets at most, in whole seconds, however often it is used."),
  MAX_SESSIONS_PER_PRINCIPAL(
      "max-sessions-per-principal",
      Kind.integer(1, 1_000_000),
      null,
      "The most sessions in which one user is logged in at the same time; without it, any number."),
  ON_MAX_SESSIONS(
      "on-max-sessions",
      Kind.choice(OnMaxSessions.values()),
      "evict-oldest",
      "What a login beyond max-sessions-per-principal does: it ends the session in which the user"
          + " logged in first, or is refused with 403."),
  PRINCIPAL_ATTRIBUTE(
      "principal-attribute",
      Kind.text(
          "[^\\p{Cc}]+", "the name of a session attribute, perhaps with a path, as user.name"),
      null,
      "Session attribute that tells who has logged in, and the path to the name in it, as user.name;"
          + " where it appears or changes, the session gets a new id."),
  BIND(
      "bind",
      Kind.of(ClientTraits.EXPECTED, ClientTraits::parse),
      null,
      "By what a session knows its client again, such as user-agent,ip/24/56; without it, by the id"
          + " alone."),
  BIND_TRUSTED_PROXIES(
      "bind.trusted-proxies",
      Kind.networks(),
      null,
      "Proxies whose X-Forwarded-For tells the client's address."),
  ON_BIND_MISMATCH(
      "on-bind-mismatch",
      Kind.choice(OnBindMismatch.values()),
      "reject",
      "What becomes of a request with the session of another client: it gets none, the session ends,"
          + " or the log says so."),
  COOKIE_NAME(
      "cookie.name",
      Kind.text(
          "[A-Za-z0-9!#$%&'*+.^_`|~-]+", "a cookie name as in RFC 6265: a token without ; , ="),
      null,
      "Name of the session cookie; without it, as in web.xml, else JSESSIONID."),
  COOKIE_DOMAIN(
      "cookie.domain",
      Kind.text("[!-~&&[^;,]]+", "a domain of printable ASCII without blanks ; or ,"),
      null,
      "Domain of the session cookie; without it, as in web.xml, else the host of the request."),
  COOKIE_PATH(
      "cookie.path",
      Kind.text(
          "/[ -~&&[^;,]]*", "a path that starts with / and is printable ASCII without ; or ,"),
      null,
      "Path of the session cookie; without it, as in web.xml, else the context path."),
  COOKIE_HTTP_ONLY(
      "cookie.http-only",
      Kind.flag("true", "false"),
      null,
      "Whether the session cookie is hidden from scripts; without it, as in web.xml, else true."),
  COOKIE_SECURE(
      "cookie.secure",
      Kind.choice(CookieSecure.values()),
      "auto",
      "Whether the session cookie travels over TLS only; auto: if the request did or web.xml says so."),
  COOKIE_SAME_SITE(
      "cookie.same-site",
      Kind.choice(SameSite.values()),
      null,
      "SameSite attribute of the session cookie; off leaves it out; without it, as in web.xml, else"
          + " Lax."),
  COOKIE_MAX_AGE(
      "cookie.max-age",
      Kind.wholeSeconds("1s", Kind.LONGEST),
      null,
      "How long the browser keeps the cookie, in whole seconds; without it, as in web.xml, else until"
          + " the browser closes."),
  COOKIE_ROUTE(
      "cookie.route",
      Kind.of(CookieRoute.EXPECTED, CookieRoute::parse),
      "off",
      "Route appended to the id for sticky load balancers; auto is the container's jvmRoute."),
  CONTAINER_LOGIN(
      "container-login",
      Kind.choice(ContainerLogin.values()),
      "auto",
      "Whether logins that the container does are carried; auto: if all sessions are sealed."),
  CONTAINER_LOGIN_REVALIDATE(
      "container-login.revalidate",
      Kind.wholeSecondsOrNever("1s", "1d"),
      "1m",
      "How often the container's realm is asked anew for the roles of a user whose login is carried,"
          + " in whole seconds."),
  MUTATION_DETECTION(
      "mutation-detection",
      Kind.flag("on", "off"),
      "on",
      "Whether objects changed in place, without setAttribute, are found and saved."),
  GRANULARITY(
      "granularity",
      Kind.choice(Granularity.values()),
      "attribute",
      "Whether each attribute is written on its own, or the session as one graph of objects."),
  READ(
      "read",
      Kind.choice(ReadMode.values()),
      "validated",
      "Whether a node asks Redis before each request that reads a session, or trusts its copy until"
          + " another node has opened it."),
  ON_REDIS_FAILURE(
      "on-redis-failure",
      Kind.choice(OnRedisFailure.values()),
      "reject",
      "What becomes of requests that need a session while Redis can't be asked: refused, or served"
          + " with what their node has, which is written later."),
  MIN_REPLICA_ACKS(
      "min-replica-acks",
      Kind.integer(0, 16),
      "0",
      "Replicas that have to acknowledge a change before it counts as stored."),
  REPLICA_ACK_TIMEOUT(
      "replica-ack-timeout",
      Kind.duration("1ms", "1m"),
      "100ms",
      "How long these acknowledgements are waited for; less than redis.timeout."),
  ON_MISSING_ACKS(
      "on-missing-acks",
      Kind.choice(OnMissingAcks.values()),
      "log",
      "What becomes of a change that too few replicas have acknowledged: logged, or refused."),
  NEAR_CACHE(
      "near-cache",
      Kind.flag("on", "off"),
      "on",
      "Whether a node keeps sessions between requests, to fetch and decode only what has changed."),
  NEAR_CACHE_SESSIONS(
      "near-cache.sessions",
      Kind.integer(1, 10_000_000),
      "10000",
      "The most sessions that a node keeps between requests."),
  NEAR_CACHE_BYTES(
      "near-cache.bytes",
      Kind.size("64KB", "64GB"),
      "32MB",
      "The most encoded bytes of the sessions that a node keeps between requests."),
  LAZY_ABOVE(
      "lazy-above",
      Kind.size("0", "1GB"),
      "64KB",
      "Attributes of more encoded bytes are fetched when they are read, not with the session; 0: none."),
  MAX_ATTRIBUTE_BYTES(
      "max-attribute-bytes",
      Kind.sizeOrOff("64B", "1GB"),
      "off",
      "The most encoded bytes of an attribute; setAttribute refuses larger ones."),
  MAX_SESSION_BYTES(
      "max-session-bytes",
      Kind.sizeOrOff("64B", "1GB"),
      "off",
      "The most encoded bytes of all attributes of a session; setAttribute refuses what is beyond."),
  MAX_NEW_SESSIONS_PER_SECOND(
      "max-new-sessions-per-second",
      Kind.integerOrOff(1, 1_000_000),
      "off",
      "The most sessions that a node creates in a second; who wants another gets a 503."),
  NON_SERIALIZABLE(
      "non-serializable",
      Kind.choice(NonSerializable.values()),
      "carry",
      "What becomes of attributes that are not Serializable: carried if they are plain data, kept on"
          + " their node, or refused by setAttribute."),
  CODEC_CARRY(
      "codec.carry",
      Kind.list(Kind.CLASS_PATTERN, "class names or patterns such as com.shop.* or com.shop.**"),
      null,
      "Classes that are carried although they are not Serializable, whatever non-serializable says."),
  CODEC_KEEP_LOCAL(
      "codec.keep-local",
      Kind.list(Kind.CLASS_PATTERN, "class names or patterns such as com.shop.* or com.shop.**"),
      null,
      "Classes whose objects stay on their node, Serializable or not, with the attribute they are in."),
  CODEC_FILTER(
      "codec.filter",
      Kind.serialFilter(),
      null,
      "Classes that may be read from Redis and caps for values, in the syntax of jdk.serialFilter."),
  CODEC_ALIAS(
      "codec.alias",
      Kind.renamings(),
      null,
      "Classes that were renamed, as old.Name=new.Name: what was written by the old name is read."),
  CODEC_COMPRESS_ABOVE(
      "codec.compress-above",
      Kind.sizeOrOff("64B", "1GB"),
      "off",
      "Encoded values larger than this are compressed, if that makes them smaller."),
  EXPIRY_POLL_INTERVAL(
      "expiry.poll-interval",
      Kind.duration("100ms", "10m"),
      "10s",
      "The longest pause between two looks for expired sessions; deadlines that are known are met."),
  EXPIRY_LEASE(
      "expiry.lease",
      Kind.duration("1s", "1h"),
      "30s",
      "Time a node has to deliver sessionDestroyed before another node tries."),
  EXPIRY_GRACE(
      "expiry.grace",
      Kind.duration("1m", "7d"),
      "1h",
      "How long Redis keeps an expired session for its sessionDestroyed, if no node was there."),
  CONSOLE(
      "console",
      Kind.flag("on", "off"),
      "off",
      "Whether the web application has a page for its operators that shows and ends sessions."),
  CONSOLE_PATH(
      "console.path",
      Kind.text(
          "(/[A-Za-z0-9._-]+)+", "a path such as /admin/sessions, of letters, digits and . _ -"),
      "/carryover",
      "Where the console is, below the context path."),
  CONSOLE_ROLE(
      "console.role",
      Kind.text("[^\\p{Cc}]+", "the name of a role"),
      null,
      "The role that the console's users need; without it, it is shown on the node's machine only."),
  CONSOLE_VALUES(
      "console.values",
      Kind.flag("true", "false"),
      "false",
      "Whether the console shows the values of attributes too, as text.");

  static final String PREFIX = "carryover.";
  static final String ENVIRONMENT_PREFIX = "CARRYOVER_";

  private final String shortName;
  private final Kind<?> kind;
  private final @Nullable String defaultText;
  private final String description;

  ConfigKey(String shortName, Kind<?> kind, @Nullable String defaultText, String description) {
    this.shortName = shortName;
    this.kind = kind;
    this.defaultText = defaultText;
    this.description = description;
  }

  /** The name without prefix, as an init parameter of the filter has it: {@code redis.url}. */
  public String shortName() {
    return shortName;
  }

  /** The name with prefix: {@code carryover.redis.url}. */
  public String fullName() {
    return PREFIX + shortName;
  }

  /** The name of the environment variable: {@code CARRYOVER_REDIS_URL}. */
  public String environmentName() {
    return ENVIRONMENT_PREFIX
        + shortName.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** The default as a user would write it; empty if there is none or web.xml decides. */
  public Optional<String> defaultText() {
    return Optional.ofNullable(defaultText);
  }

  /** What the key is for, in a sentence or two. */
  public String description() {
    return description;
  }

  /** What a value may be, with unit and limits: {@code a duration from 10ms to 1m}. */
  public String expected() {
    return kind.expected();
  }

  /**
   * The value that a text stands for.
   *
   * @throws IllegalArgumentException whose message says what was expected
   */
  Object parse(String text) {
    return kind.parse(text);
  }

  /**
   * The text without passwords. A URL may have been written under the wrong key: masked as well.
   */
  String mask(String text) {
    if (this == SECRET) {
      return Secrets.mask(text);
    }
    return this == REDIS_URL || text.contains("://") ? RedisUrl.mask(text) : text;
  }

  /** The key that someone probably meant by an unknown short name, if one is near enough. */
  static Optional<ConfigKey> nearest(String unknown) {
    String wanted = comparable(unknown);
    int tolerated = Math.min(3, Math.max(1, wanted.length() / 3));
    return Stream.of(values())
        .min(Comparator.comparingInt(key -> key.distance(wanted)))
        .filter(key -> key.distance(wanted) <= tolerated);
  }

  private int distance(String wanted) {
    return EditDistance.between(comparable(shortName), wanted);
  }

  private static String comparable(String name) {
    return name.toLowerCase(Locale.ROOT).replace('-', '.').replace('_', '.');
  }

  @Override
  public String toString() {
    return fullName();
  }
}
