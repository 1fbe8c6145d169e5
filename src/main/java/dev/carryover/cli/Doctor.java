package dev.carryover.cli;

import dev.carryover.config.HostPort;
import dev.carryover.config.OnMissingAcks;
import dev.carryover.config.RedisUrl;
import dev.carryover.config.SessionConfig;
import dev.carryover.store.SessionStoreException;
import dev.carryover.store.redis.RedisCheckup;
import dev.carryover.store.redis.RedisCheckup.Server;
import dev.carryover.store.redis.RedisCheckup.Trials;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is to be said of the Redis that sessions would be in. */
final class Doctor {

  private static final int CALLS = 200;
  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(5);
  private static final int NEARLY_FULL_PERCENT = 90;
  private static final int OLDEST_MAJOR = 6;
  private static final int OLDEST_MINOR = 2;

  private final SessionConfig config;
  private final Optional<String> namespace;
  private final List<Finding> findings = new ArrayList<>();

  private Doctor(SessionConfig config, Optional<String> namespace) {
    this.config = config;
    this.namespace = namespace;
  }

  /**
   * Looks at all of it.
   *
   * @param namespace the application's, if it is known
   */
  static List<Finding> look(SessionConfig config, Optional<String> namespace, RedisCheckup redis) {
    Doctor doctor = new Doctor(config, namespace);
    doctor.look(redis);
    return doctor.findings;
  }

  private void look(RedisCheckup redis) {
    List<Server> masters;
    try {
      masters = redis.masters();
    } catch (SessionStoreException e) {
      fail("connection", where() + ": " + e.getMessage(), remedy(String.valueOf(e.getMessage())));
      return;
    }
    findings.add(Finding.ok("connection", where() + topology(masters)));
    for (Server server : masters) {
      String at = masters.size() == 1 ? "" : server + ": ";
      try {
        look(server, at);
      } catch (SessionStoreException e) {
        fail("connection", at + e.getMessage(), remedy(String.valueOf(e.getMessage())));
      }
    }
    encryption(masters);
  }

  private void look(Server server, String at) {
    latency(server, at);
    Map<String, String> info = server.info();
    if (info.isEmpty()) {
      note(
          "server",
          at + "this user may not ask for INFO: no version, memory, persistence",
          "to look at them, use a user that may");
    } else {
      version(info, at);
      role(info, at);
      memory(info, at);
      room(info, at);
      persistence(info, at);
      acks(info, at);
    }
    clock(server, at);
    if (!isReplica(info)) {
      Trials trials = server.tryCommands();
      writes(trials.refusal(), at);
      rights(trials.missingRights(), at);
    }
  }

  private String where() {
    return config.redissonConfig().orElseGet(() -> config.redisUrl().toString());
  }

  private String topology(List<Server> masters) {
    if (masters.size() > 1) {
      return ", Cluster of " + masters.size() + " masters";
    }
    boolean isSentinel =
        config.redissonConfig().isEmpty()
            && config.redisUrl().topology() == RedisUrl.Topology.SENTINEL;
    return isSentinel ? ", Sentinel, the master is " + masters.get(0) : ", one server";
  }

  private static String remedy(String reason) {
    if (reason.contains("WRONGPASS") || reason.contains("invalid password")) {
      return "put the right user and password into the URL: redis://user:password@host:6379";
    }
    if (reason.contains("NOAUTH")) {
      return "Redis wants a password: redis://user:password@host:6379";
    }
    if (reason.contains("MOVED")) {
      return "this is a Redis Cluster: use redis-cluster:// in the URL";
    }
    if (reason.contains("NOPERM")) {
      return "give the user this right too, see conf-examples/users.acl";
    }
    return "is Redis running there, may this machine reach it, and does the URL name what it is:"
        + " redis://, redis-sentinel://, redis-cluster://, with TLS rediss...?";
  }

  private void latency(Server server, String at) {
    List<Duration> latencies = server.latencies(CALLS);
    Duration p99 = latencies.get(CALLS * 99 / 100);
    String text =
        String.format(
            Locale.ROOT,
            "%sp50 %.2f ms, p99 %.2f ms, of %d calls one after the other",
            at,
            millis(latencies.get(CALLS / 2)),
            millis(p99),
            CALLS);
    if (p99.compareTo(config.redisTimeout().dividedBy(4)) > 0) {
      warn(
          "latency", text, "near redis.timeout: look at the network, and at what keeps Redis busy");
    } else {
      findings.add(Finding.ok("latency", text));
    }
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  private void version(Map<String, String> info, String at) {
    String redis = info.getOrDefault("redis_version", "");
    String text = at + product(info);
    if (isTooOld(redis)) {
      fail("version", text + " is too old", "take Redis 6.2 or newer, or Valkey");
    } else {
      findings.add(Finding.ok("version", text));
    }
  }

  /** The server's name and version; Valkey tells the version of Redis that it is like, too. */
  static String product(Map<String, String> info) {
    String redis = "Redis " + info.getOrDefault("redis_version", "");
    String valkey = info.get("valkey_version");
    return valkey == null ? redis : "Valkey " + valkey + ", as " + redis;
  }

  static boolean isTooOld(String version) {
    String[] parts = version.split("\\.", -1);
    try {
      int major = Integer.parseInt(parts[0]);
      int minor = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
      return major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private void role(Map<String, String> info, String at) {
    if (isReplica(info)) {
      fail(
          "role",
          at + "a replica, which can't be written to",
          "name its master, or use redis-sentinel:// so that the master is found");
    }
    boolean isCluster = "1".equals(info.get("cluster_enabled"));
    if (isCluster
        && config.redissonConfig().isEmpty()
        && config.redisUrl().topology() != RedisUrl.Topology.CLUSTER) {
      fail("role", at + "a server of a Redis Cluster", "use redis-cluster:// in the URL");
    }
  }

  private static boolean isReplica(Map<String, String> info) {
    return "slave".equals(info.get("role"));
  }

  private void memory(Map<String, String> info, String at) {
    String policy = info.getOrDefault("maxmemory_policy", "unknown");
    boolean isLimited = !"0".equals(info.getOrDefault("maxmemory", "0"));
    String text = at + "maxmemory-policy " + policy;
    if (policy.equals("noeviction")) {
      findings.add(Finding.ok("memory", text));
    } else if (isLimited) {
      warn(
          "memory",
          text + " evicts sessions when maxmemory is reached",
          "set maxmemory-policy noeviction, or give the sessions a Redis of their own");
    } else {
      note("memory", text + ", without a maxmemory", "set noeviction before you limit the memory");
    }
  }

  private void room(Map<String, String> info, String at) {
    long most = Long.parseLong(info.getOrDefault("maxmemory", "0"));
    long used = Long.parseLong(info.getOrDefault("used_memory", "0"));
    if (most > 0 && used > most / 100 * NEARLY_FULL_PERCENT) {
      warn("memory", at + "more than 90 % of maxmemory is used", "give it more memory");
    }
  }

  private void persistence(Map<String, String> info, String at) {
    String replicas = info.getOrDefault("connected_slaves", "0");
    if ("1".equals(info.get("aof_enabled"))) {
      findings.add(Finding.ok("persistence", at + "append-only file; replicas: " + replicas));
    } else if (!replicas.equals("0")) {
      note(
          "persistence",
          at + "no append-only file; replicas: " + replicas,
          "a failover keeps the sessions; for an end of all servers set appendonly yes");
    } else {
      warn(
          "persistence",
          at
              + "no append-only file and no replica: if Redis ends, sessions since its last"
              + " snapshot are lost",
          "set appendonly yes, or add a replica with Sentinel");
    }
  }

  private void acks(Map<String, String> info, String at) {
    String replicas = info.getOrDefault("connected_slaves", "0");
    if (!isReplica(info) && config.minReplicaAcks() > Integer.parseInt(replicas)) {
      boolean fails = config.onMissingAcks() == OnMissingAcks.FAIL;
      say(
          fails ? Finding.Level.FAIL : Finding.Level.WARN,
          "acks",
          String.format(
              Locale.ROOT,
              "%s%d replicas have to acknowledge changes, and there are %s: %s",
              at,
              config.minReplicaAcks(),
              replicas,
              fails ? "no session can be saved" : "nobody waits"),
          "add replicas, or lower min-replica-acks");
    }
  }

  private void clock(Server server, String at) {
    Duration offset = server.clockOffset();
    if (offset != null && offset.abs().compareTo(CLOCK_TOLERANCE) > 0) {
      note(
          "clock",
          at + "differs from this machine's by " + offset.toMillis() + " ms",
          "sessions go by the clock of Redis; let both be set by NTP, for the sake of logs");
    } else if (offset != null) {
      findings.add(Finding.ok("clock", at + "as this machine's, within seconds"));
    }
  }

  private void writes(@Nullable String refusal, String at) {
    if (refusal != null) {
      fail("writes", at + "Redis refuses " + refusal, remedyOfRefusal(refusal));
    }
  }

  private static String remedyOfRefusal(String refusal) {
    if (refusal.contains("OOM")) {
      return "its maxmemory is reached: give it more memory";
    }
    if (refusal.contains("NOREPLICAS")) {
      return "add replicas, or lower min-replicas-to-write";
    }
    if (refusal.contains("MISCONF")) {
      return "its last snapshot could not be written: look at its disk and its log";
    }
    if (refusal.contains("READONLY")) {
      return "name its master, or use redis-sentinel:// so that the master is found";
    }
    if (refusal.contains("ERR unknown")) {
      return "this command must have its own name: take the rename-command out of redis.conf";
    }
    return "sessions can't be kept there until it takes this command";
  }

  private void rights(Set<String> missing, String at) {
    if (missing.isEmpty()) {
      findings.add(Finding.ok("rights", at + "all that is needed"));
      return;
    }
    String user =
        config.redissonConfig().isEmpty() ? config.redisUrl().user().orElse("default") : "...";
    fail(
        "rights",
        at
            + "this user may not, on keys of "
            + namespace.orElse("carryover")
            + ": "
            + String.join(", ", missing),
        (namespace.isEmpty() && missing.contains("EXISTS")
                ? "give --namespace if the user is for one application alone; else "
                : "")
            + "ACL SETUSER "
            + user
            + ' '
            + namespace.map(name -> "~carryover:{" + name + ":*").orElse("~carryover:*")
            + ' '
            + (missing.contains("PUBLISH") || missing.contains("SUBSCRIBE") ? "&carryover:* " : "")
            + missing.stream()
                .map(command -> '+' + command.toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" "))
            + ", see conf-examples/users.acl");
  }

  private void encryption(List<Server> masters) {
    if (config.redissonConfig().isPresent()) {
      return;
    }
    RedisUrl url = config.redisUrl();
    if (url.tls()) {
      findings.add(Finding.ok("TLS", "on"));
    } else if (Stream.concat(
            url.hosts().stream().map(HostPort::host), masters.stream().map(Server::host))
        .allMatch(Doctor::isLoopback)) {
      findings.add(Finding.ok("TLS", "off, on this machine"));
    } else {
      warn(
          "TLS",
          "off: password and sessions can be read on the network",
          "use rediss:// if the network is not yours alone; a secret seals the sessions");
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private void note(String topic, String text, String remedy) {
    say(Finding.Level.NOTE, topic, text, remedy);
  }

  private void warn(String topic, String text, String remedy) {
    say(Finding.Level.WARN, topic, text, remedy);
  }

  private void fail(String topic, String text, String remedy) {
    say(Finding.Level.FAIL, topic, text, remedy);
  }

  private void say(Finding.Level level, String topic, String text, String remedy) {
    findings.add(Finding.of(level, topic, text, remedy));
  }

  /** The gravest of some. */
  static Optional<Finding.Level> gravest(List<Finding> findings) {
    return findings.stream().map(finding -> finding.level).max(Enum::compareTo);
  }
}
