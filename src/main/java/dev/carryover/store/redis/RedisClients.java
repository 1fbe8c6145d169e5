package dev.carryover.store.redis;

import dev.carryover.config.HostPort;
import dev.carryover.config.RedisUrl;
import dev.carryover.config.SessionConfig;
import dev.carryover.metrics.SessionMetrics;
import io.netty.util.ResourceLeakDetector;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.redisson.Redisson;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.config.BaseConfig;
import org.redisson.config.BaseMasterSlaveServersConfig;
import org.redisson.config.Config;
import org.redisson.config.ReadMode;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Makes Redisson clients fit for a session filter inside someone else's application: few
 * connections and threads, no waiting beyond the configured time, no need of Redis to start.
 */
final class RedisClients {

  private static final int RETRIES = 3;
  private static final Duration SOON = Duration.ofMillis(100);

  /** So often a node asks the Cluster whether masters or their slots have changed. */
  private static final Duration TOPOLOGY_IS_ASKED = Duration.ofSeconds(2);

  private RedisClients() {}

  /**
   * A client for the configured Redis; it connects when it is first used.
   *
   * @param metrics told of the bytes on its connections
   */
  static OwnRedisson connect(SessionConfig settings, SessionMetrics metrics) {
    Config config = new Config();
    config.setThreads(settings.redisThreads());
    config.setNettyThreads(settings.redisThreads());
    RedisUrl url = settings.redisUrl();
    url.user().ifPresent(config::setUsername);
    url.password().ifPresent(config::setPassword);
    switch (url.topology()) {
      case SINGLE:
        single(config, url, settings);
        break;
      case SENTINEL:
        sentinel(config, url, settings);
        break;
      case CLUSTER:
        cluster(config, url, settings);
        break;
    }
    return create(config, metrics);
  }

  /**
   * A client as a Redisson YAML file describes it.
   *
   * @param metrics told of the bytes on its connections
   * @throws IllegalArgumentException if the text is no such description; says where, but quotes
   *     nothing, since there may be a password in it
   */
  static OwnRedisson fromYaml(String yaml, SessionMetrics metrics) {
    Config config;
    try {
      config = Config.fromYAML(withOurClassNames(yaml));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("a Redisson configuration (" + failure(e) + ")");
    }
    return create(config, metrics);
  }

  /** The kind of a failure and its place, which is told best by the innermost. */
  private static String failure(Throwable failure) {
    String place = "";
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      Mark mark =
          cause instanceof MarkedYAMLException
              ? ((MarkedYAMLException) cause).getProblemMark()
              : null;
      if (mark != null) {
        place = " in line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
      }
    }
    return failure.getClass().getSimpleName() + place;
  }

  private static OwnRedisson create(Config config, SessionMetrics metrics) {
    if (config.isClusterConfig()) {
      config.useClusterServers().setReadMode(ReadMode.MASTER);
    } else if (config.isSentinelConfig()) {
      config.useSentinelServers().setReadMode(ReadMode.MASTER);
    }
    config.setLazyInitialization(true);
    // The store sends scripts by their SHA-1 itself.
    config.setUseScriptCache(false);
    config.setUseThreadClassLoader(false);
    // No argument of ours is one of Redisson's objects: it need not look for that in each.
    config.setReferenceEnabled(false);
    config.setCodec(ByteArrayCodec.INSTANCE);
    config.setNettyHook(
        new BrokenConnections(List.of(config.getNettyHook(), new TrafficMeter(metrics))));
    if (ResourceLeakDetector.class.getName().startsWith("dev.carryover.")) {
      // Inside our jar Netty is ours alone; its search for lost buffers is for those who change it.
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }
    return OwnRedisson.create(config);
  }

  private static void single(Config config, RedisUrl url, SessionConfig settings) {
    common(config.useSingleServer(), settings)
        .setAddress(addresses(url).get(0))
        .setDatabase(url.database())
        .setConnectionPoolSize(settings.redisConnections())
        .setConnectionMinimumIdleSize(settings.redisConnections())
        .setSubscriptionConnectionMinimumIdleSize(0)
        .setSubscriptionConnectionPoolSize(1);
  }

  private static void sentinel(Config config, RedisUrl url, SessionConfig settings) {
    var servers = common(config.useSentinelServers(), settings);
    replicated(servers, settings);
    servers.setSentinelAddresses(addresses(url));
    servers.setMasterName(url.masterName().orElseThrow()).setDatabase(url.database());
    servers.setCheckSentinelsList(false);
  }

  private static void cluster(Config config, RedisUrl url, SessionConfig settings) {
    var servers = common(config.useClusterServers(), settings);
    replicated(servers, settings);
    servers.setNodeAddresses(addresses(url));
    servers.setScanInterval((int) TOPOLOGY_IS_ASKED.toMillis());
  }

  private static <T extends BaseConfig<T>> T common(T servers, SessionConfig settings) {
    return servers
        .setTimeout((int) settings.redisTimeout().toMillis())
        .setConnectTimeout((int) settings.redisConnectTimeout().toMillis())
        .setRetryAttempts(RETRIES)
        .setRetryDelay(attempt -> retryDelay(attempt, settings.redisTimeout()));
  }

  /** The first comes soon, for a connection that broke; then there is time for Redis to come. */
  private static Duration retryDelay(int attempt, Duration timeout) {
    Duration part = timeout.dividedBy(RETRIES + 1);
    return attempt == 0 && part.compareTo(SOON) > 0 ? SOON : part;
  }

  /** Everything goes to masters: what a request reads has to be current. */
  private static <T extends BaseMasterSlaveServersConfig<T>> void replicated(
      T servers, SessionConfig settings) {
    servers
        .setReadMode(ReadMode.MASTER)
        .setMasterConnectionPoolSize(settings.redisConnections())
        .setMasterConnectionMinimumIdleSize(settings.redisConnections())
        .setSlaveConnectionPoolSize(1)
        .setSlaveConnectionMinimumIdleSize(0)
        .setSubscriptionConnectionMinimumIdleSize(0)
        .setSubscriptionConnectionPoolSize(1);
  }

  private static List<String> addresses(RedisUrl url) {
    String scheme = url.tls() ? "rediss://" : "redis://";
    return url.hosts().stream()
        .map(host -> scheme + bracketed(host) + ':' + host.port())
        .collect(Collectors.toList());
  }

  private static String bracketed(HostPort host) {
    return host.host().indexOf(':') < 0 ? host.host() : '[' + host.host() + ']';
  }

  /** The file names Redisson's classes as everyone knows them; in our jar they have moved. */
  private static String withOurClassNames(String yaml) {
    // Joined at run time: as one constant it would be moved like the classes.
    String known = String.join(".", "!<org", "redisson.");
    return yaml.replace(known, "!<" + Redisson.class.getPackageName() + '.');
  }
}
