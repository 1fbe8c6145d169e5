package dev.carryover.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is, how it is set up and who we are to it. Immutable.
 *
 * <ul>
 *   <li>{@code redis://host:6379/2}: one server, database 2
 *   <li>{@code redis-sentinel://host:26379,host:26379/master?database=2}: sentinels
 *   <li>{@code redis-cluster://host:6379,host:6379}: some nodes of a cluster
 * </ul>
 *
 * Each can have {@code user:password@} or {@code :password@} before the hosts, percent-encoded, and
 * TLS by {@code rediss} in place of {@code redis}. Ports may be left out.
 */
public final class RedisUrl {
  /** How the Redis servers behind a URL work together. */
  public enum Topology {
    /** One server, or one address behind which a service hides its own failover. */
    SINGLE("", 6379),

    /** A master with replicas, found through sentinels. */
    SENTINEL("-sentinel", 26379),

    /** A Redis Cluster. */
    CLUSTER("-cluster", 6379);

    private final String schemeSuffix;
    private final int defaultPort;

    Topology(String schemeSuffix, int defaultPort) {
      this.schemeSuffix = schemeSuffix;
      this.defaultPort = defaultPort;
    }

    private static Topology of(@Nullable String schemeSuffix) {
      String wanted = schemeSuffix == null ? "" : schemeSuffix.toLowerCase(Locale.ROOT);
      return Stream.of(values()).filter(t -> t.schemeSuffix.equals(wanted)).findFirst().get();
    }
  }

  /** Lenient after the scheme, so that each part can be refused for its own reason. */
  private static final Pattern SYNTAX =
      Pattern.compile(
          "(?i)redis(?<tls>s)?(?<topology>-sentinel|-cluster)?://"
              + "(?:(?<user>[^:]*)(?<password>:.*)?@)?(?<hosts>[^/?@]*)"
              + "(?:/(?<path>[^?]*))?(?:\\?(?<query>.*))?",
          Pattern.DOTALL);

  private static final Pattern DATABASE = Pattern.compile("[0-9]{1,9}");
  private static final String DATABASE_QUERY = "database=";

  private static final Pattern USER_INFO =
      Pattern.compile("^((?:[^:/@]*://)?(?:[^:@]*:)?).*@", Pattern.DOTALL);
  private static final Pattern BRACKETS_OR_NO_PORT =
      Pattern.compile(
          "(\\[[^]]*])|(?<=://|^):.*|:(?!//)(?![0-9]{1,5}(?:[,/?]|$))[^,/?]*", Pattern.DOTALL);
  private static final Pattern QUERY_VALUE =
      Pattern.compile("(?<=[?&])(?!" + DATABASE_QUERY + ")([^=&]*=)?[^&]*");

  private final Topology topology;
  private final boolean tls;
  private final List<HostPort> hosts;
  private final @Nullable String user;
  private final @Nullable String password;
  private final int database;
  private final @Nullable String masterName;

  private RedisUrl(Matcher url) {
    topology = Topology.of(url.group("topology"));
    tls = url.group("tls") != null;
    hosts = hosts(url.group("hosts"), topology);
    user = user(url.group("user"));
    password = password(url.group("user"), url.group("password"));
    String path = url.group("path") == null ? "" : url.group("path");
    masterName = topology == Topology.SENTINEL ? masterName(path) : null;
    database = database(path, url.group("query"), topology);
  }

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException if it is malformed; the message says why and quotes nothing
   */
  public static RedisUrl parse(String text) {
    Matcher url = SYNTAX.matcher(text);
    require(
        url.matches(),
        "expected a URL that starts with redis://, redis-sentinel:// or redis-cluster://"
            + " (with TLS rediss://, rediss-sentinel://, rediss-cluster://)");
    return new RedisUrl(url);
  }

  private static List<HostPort> hosts(String text, Topology topology) {
    List<HostPort> hosts =
        Stream.of(text.split(",", -1))
            .map(host -> HostPort.parse(host, topology.defaultPort))
            .collect(Collectors.toUnmodifiableList());
    require(
        topology != Topology.SINGLE || hosts.size() == 1,
        "expected one host; several need redis-sentinel:// or redis-cluster://");
    return hosts;
  }

  private static @Nullable String user(@Nullable String text) {
    return text == null || text.isEmpty() ? null : decode(text);
  }

  private static @Nullable String password(@Nullable String user, @Nullable String colonAndText) {
    if (user == null) {
      return null;
    }
    if (colonAndText == null || colonAndText.length() == 1) {
      throw refused("expected user:password@ or :password@ before the host");
    }
    return decode(colonAndText.substring(1));
  }

  private static String masterName(String path) {
    require(
        !path.isEmpty(), "expected the master's name, as in redis-sentinel://host:26379/master");
    return decode(path);
  }

  private static int database(String path, @Nullable String query, Topology topology) {
    switch (topology) {
      case SINGLE:
        require(query == null, "expected the database in the path, as in redis://host/2");
        return path.isEmpty() ? 0 : database(path);
      case SENTINEL:
        require(
            query == null || query.startsWith(DATABASE_QUERY),
            "expected nothing but ?database=2 after the master's name");
        return query == null ? 0 : database(query.substring(DATABASE_QUERY.length()));
      default:
        require(
            path.isEmpty() && query == null,
            "expected nothing after the hosts: Redis Cluster has no databases but 0");
        return 0;
    }
  }

  private static int database(String text) {
    require(DATABASE.matcher(text).matches(), "expected the database as a number");
    return Integer.parseInt(text);
  }

  private static String decode(String text) {
    require(
        text.chars().noneMatch(c -> "/?#@ ".indexOf(c) >= 0),
        "expected / ? # @ and blanks in user, password and name percent-encoded, @ as %40");
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException quotesTheText) {
      throw refused("expected two hexadecimal digits after each %, and % itself as %25");
    }
  }

  private static void require(boolean condition, String expected) {
    if (!condition) {
      throw refused(expected);
    }
  }

  private static IllegalArgumentException refused(String expected) {
    return new IllegalArgumentException(expected);
  }

  /**
   * What can be shown of a text that is meant to be a URL, however malformed: whatever stands where
   * a password could be becomes {@code ***}.
   */
  static String mask(String text) {
    String masked =
        text.contains("@")
            ? USER_INFO.matcher(text).replaceFirst("$1***@")
            : BRACKETS_OR_NO_PORT
                .matcher(text)
                .replaceAll(found -> found.group(1) == null ? ":***" : found.group(1));
    return QUERY_VALUE.matcher(masked).replaceAll("$1***");
  }

  /** How the servers work together. */
  public Topology topology() {
    return topology;
  }

  /** Whether connections are encrypted: {@code rediss}. */
  public boolean tls() {
    return tls;
  }

  /** The servers to ask first, at least one, in the order given; sentinels if there are any. */
  public List<HostPort> hosts() {
    return hosts;
  }

  /** The ACL user, decoded; empty for Redis's default user. */
  public Optional<String> user() {
    return Optional.ofNullable(user);
  }

  /** The password, decoded; empty if Redis wants none. */
  public Optional<String> password() {
    return Optional.ofNullable(password);
  }

  /** The database's number, 0 unless given; always 0 for a cluster. */
  public int database() {
    return database;
  }

  /** The name sentinels know the master by; present for {@link Topology#SENTINEL} only. */
  public Optional<String> masterName() {
    return Optional.ofNullable(masterName);
  }

  private List<Object> identity() {
    return List.of(topology, tls, hosts, user(), password(), database, masterName());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RedisUrl && identity().equals(((RedisUrl) other).identity());
  }

  @Override
  public int hashCode() {
    return identity().hashCode();
  }

  /** The URL with ports, and with {@code ***} for the password. */
  @Override
  public String toString() {
    String scheme = (tls ? "rediss" : "redis") + topology.schemeSuffix + "://";
    String credentials = password == null ? "" : user().orElse("") + ":***@";
    String servers = hosts.stream().map(HostPort::toString).collect(Collectors.joining(","));
    return scheme + credentials + servers + pathAndQuery();
  }

  private String pathAndQuery() {
    if (masterName == null) {
      return database == 0 ? "" : "/" + database;
    }
    return "/" + masterName + (database == 0 ? "" : "?" + DATABASE_QUERY + database);
  }
}
