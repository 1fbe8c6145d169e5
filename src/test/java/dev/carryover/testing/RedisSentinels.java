package dev.carryover.testing;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A real Redis with a replica, and three sentinels that watch over them, on loopback. */
public final class RedisSentinels implements AutoCloseable {

  private static final int SENTINELS = 3;
  private static final String NAME = "primary";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<RedisServer> servers = new ArrayList<>();
  private final List<RedisServer> sentinels = new ArrayList<>();

  private RedisSentinels() {}

  /** Starts all, and returns when the replica has a copy and the sentinels know each other. */
  public static RedisSentinels start() {
    RedisSentinels all = new RedisSentinels();
    try {
      RedisServer master = RedisServer.start();
      all.servers.add(master);
      all.servers.add(RedisServer.start("replicaof 127.0.0.1 " + master.port()));
      for (int i = 0; i < SENTINELS; i++) {
        all.sentinels.add(
            RedisServer.start(
                "sentinel monitor " + NAME + " 127.0.0.1 " + master.port() + " 2",
                "sentinel down-after-milliseconds " + NAME + " 2000",
                "sentinel failover-timeout " + NAME + " 5000"));
      }
      await().atMost(PATIENCE).until(all::isComplete);
      return all;
    } catch (RuntimeException e) {
      all.close();
      throw e;
    }
  }

  /** Returns the address as {@code redis-sentinel://127.0.0.1:port,.../primary}. */
  public String url() {
    return sentinels.stream()
        .map(sentinel -> "127.0.0.1:" + sentinel.port())
        .collect(Collectors.joining(",", "redis-sentinel://", "/" + NAME));
  }

  /** Returns the server that most sentinels hold for the master. */
  public RedisServer master() {
    return servers.stream().filter(this::isMaster).findFirst().orElseThrow();
  }

  /** Returns the other server. */
  public RedisServer replica() {
    return servers.stream().filter(server -> !isMaster(server)).findFirst().orElseThrow();
  }

  /** Waits until the sentinels have made this server the master. */
  public void awaitMaster(RedisServer server) {
    await().atMost(PATIENCE).until(() -> isMaster(server));
  }

  /** Waits until this server is a replica that has a copy. */
  public void awaitReplica(RedisServer server) {
    await().atMost(PATIENCE).until(() -> info(server).contains("master_link_status:up"));
  }

  @Override
  public void close() {
    sentinels.forEach(RedisServer::close);
    servers.forEach(RedisServer::close);
  }

  @Override
  public String toString() {
    return "RedisSentinels" + sentinels + servers;
  }

  private boolean isComplete() {
    return info(servers.get(1)).contains("master_link_status:up")
        && sentinels.stream()
            .map(sentinel -> String.valueOf(ask(sentinel, "INFO", "sentinel")))
            .allMatch(info -> info.contains("slaves=1,sentinels=" + SENTINELS));
  }

  private boolean isMaster(RedisServer server) {
    long votes =
        sentinels.stream()
            .map(sentinel -> ask(sentinel, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME))
            .filter(address -> ((List<?>) address).get(1).equals(Integer.toString(server.port())))
            .count();
    return votes > SENTINELS / 2;
  }

  private static String info(RedisServer server) {
    return String.valueOf(ask(server, "INFO", "replication"));
  }

  private static Object ask(RedisServer server, String... command) {
    try (RedisProbe probe = RedisProbe.of(server)) {
      return probe.command(command);
    }
  }
}
