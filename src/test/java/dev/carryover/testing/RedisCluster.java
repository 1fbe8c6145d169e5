package dev.carryover.testing;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A real Redis Cluster of three masters on the loopback interface, which share the slots evenly.
 */
public final class RedisCluster implements AutoCloseable {

  private static final int SLOTS = 16_384;
  private static final int MASTERS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<RedisServer> masters;

  private RedisCluster(List<RedisServer> masters) {
    this.masters = masters;
  }

  /**
   * Starts the cluster, and returns when every master sees all of it.
   *
   * @param config lines as in redis.conf, for every node
   */
  public static RedisCluster start(String... config) {
    RedisCluster cluster = new RedisCluster(new ArrayList<>());
    try {
      for (int i = 0; i < MASTERS; i++) {
        cluster.masters.add(RedisServer.start(withClusterConfig(config)));
      }
      cluster.assignSlots();
      cluster.meet();
      cluster.awaitOk();
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** Returns the address as {@code redis-cluster://127.0.0.1:port,127.0.0.1:port,...}. */
  public String url() {
    return masters.stream()
        .map(master -> "127.0.0.1:" + master.port())
        .collect(Collectors.joining(",", "redis-cluster://", ""));
  }

  /** Returns the masters, in the order of their slots. */
  public List<RedisServer> masters() {
    return List.copyOf(masters);
  }

  /** Returns the master that keeps the key. */
  public RedisServer masterOf(String key) {
    try (RedisProbe probe = RedisProbe.of(masters.get(0))) {
      int slot = Math.toIntExact((Long) probe.command("CLUSTER", "KEYSLOT", key));
      return IntStream.range(0, MASTERS)
          .filter(i -> slot < firstSlotOf(i + 1))
          .mapToObj(masters::get)
          .findFirst()
          .orElseThrow();
    }
  }

  /** Deletes everything on every master. */
  public void flushAll() {
    for (RedisServer master : masters) {
      try (RedisProbe probe = RedisProbe.of(master)) {
        probe.flushAll();
      }
    }
  }

  /** Waits until every master that runs says that all slots are served. */
  public void awaitOk() {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> masters.stream().filter(RedisServer::isRunning).allMatch(this::isOk));
  }

  /** Stops every node and deletes what it left. */
  @Override
  public void close() {
    masters.forEach(RedisServer::close);
  }

  @Override
  public String toString() {
    return "RedisCluster" + masters;
  }

  private void assignSlots() {
    for (int i = 0; i < MASTERS; i++) {
      List<String> command = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
      IntStream.range(firstSlotOf(i), firstSlotOf(i + 1))
          .forEach(slot -> command.add(Integer.toString(slot)));
      try (RedisProbe probe = RedisProbe.of(masters.get(i))) {
        // Nodes that would begin with the same epoch first have to quarrel about it.
        probe.command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
        probe.command(command.toArray(String[]::new));
      }
    }
  }

  private void meet() {
    try (RedisProbe probe = RedisProbe.of(masters.get(0))) {
      for (RedisServer master : masters.subList(1, MASTERS)) {
        probe.command("CLUSTER", "MEET", "127.0.0.1", Integer.toString(master.port()));
      }
    }
  }

  private boolean isOk(RedisServer master) {
    try (RedisProbe probe = RedisProbe.of(master)) {
      String info = (String) probe.command("CLUSTER", "INFO");
      return info.contains("cluster_state:ok") && info.contains("cluster_size:" + MASTERS);
    }
  }

  private static int firstSlotOf(int master) {
    return master * SLOTS / MASTERS;
  }

  private static String[] withClusterConfig(String... config) {
    List<String> lines = new ArrayList<>();
    lines.add("cluster-enabled yes");
    lines.add("cluster-config-file nodes.conf");
    lines.add("cluster-node-timeout 2000");
    lines.addAll(List.of(config));
    return lines.toArray(String[]::new);
  }
}
