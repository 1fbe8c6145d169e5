package dev.carryover.testing;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A real Redis Cluster on the loopback interface: three masters, which share the slots evenly, and
 * if wanted a replica of each.
 */
public final class RedisCluster implements AutoCloseable {

  private static final int SLOTS = 16_384;
  private static final int MASTERS = 3;

  /** What is on other masters is served while one is away, and replicas stay with theirs. */
  private static final String[] REPLICATED = {
    "cluster-require-full-coverage no", "cluster-allow-replica-migration no"
  };

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<RedisServer> masters;
  private final List<RedisServer> joined = new ArrayList<>();

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

  /** Starts a cluster whose masters have a replica each, and returns when these have a copy. */
  public static RedisCluster startReplicated() {
    RedisCluster cluster = start(REPLICATED);
    try {
      for (RedisServer master : cluster.masters) {
        replicate(cluster.join(), master);
      }
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** Starts another node, which has no slots, and returns when all know each other. */
  public RedisServer join() {
    RedisServer node = RedisServer.start(withClusterConfig(REPLICATED));
    ask(masters.get(0), "CLUSTER", "MEET", "127.0.0.1", Integer.toString(node.port()));
    joined.add(node);
    await()
        .atMost(PATIENCE)
        .until(() -> running().stream().allMatch(other -> knows(other, running())));
    return node;
  }

  /** Returns the servers that have the slot of the key now: the master, then its replicas. */
  public List<RedisServer> serversOf(String key) {
    RedisServer any = running().get(0);
    long slot = (Long) ask(any, "CLUSTER", "KEYSLOT", key);
    for (Object range : (List<?>) ask(any, "CLUSTER", "SLOTS")) {
      List<?> parts = (List<?>) range;
      if ((Long) parts.get(0) <= slot && slot <= (Long) parts.get(1)) {
        return parts.stream().skip(2).map(node -> at((Long) ((List<?>) node).get(1))).toList();
      }
    }
    throw new IllegalStateException("No node has the slot " + slot);
  }

  private RedisServer at(long port) {
    return Stream.concat(masters.stream(), joined.stream())
        .filter(server -> server.port() == port)
        .findFirst()
        .orElseThrow();
  }

  /** Begins to move the slot of a key, and all that is in it, to another master. */
  public SlotMove move(String key, RedisServer from, RedisServer to) {
    return new SlotMove(key, from, to);
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
    joined.forEach(RedisServer::close);
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

  private static void replicate(RedisServer replica, RedisServer master) {
    ask(replica, "CLUSTER", "REPLICATE", id(master));
    await()
        .atMost(PATIENCE)
        .until(() -> text(ask(replica, "INFO", "replication")).contains("master_link_status:up"));
  }

  private List<RedisServer> running() {
    return Stream.concat(masters.stream(), joined.stream()).filter(RedisServer::isRunning).toList();
  }

  private static boolean knows(RedisServer node, List<RedisServer> others) {
    String nodes = text(ask(node, "CLUSTER", "NODES"));
    return !nodes.contains("handshake")
        && text(ask(node, "CLUSTER", "INFO")).contains("cluster_state:ok")
        && others.stream().allMatch(other -> nodes.contains("127.0.0.1:" + other.port() + "@"));
  }

  private static String id(RedisServer node) {
    return text(ask(node, "CLUSTER", "MYID"));
  }

  private static Object ask(RedisServer node, String... command) {
    try (RedisProbe probe = RedisProbe.of(node)) {
      return probe.command(command);
    }
  }

  private static String text(Object answer) {
    return String.valueOf(answer);
  }

  private static int firstSlotOf(int master) {
    return master * SLOTS / MASTERS;
  }

  private static String[] withClusterConfig(String... config) {
    List<String> lines = new ArrayList<>();
    lines.add("cluster-enabled yes");
    lines.add("cluster-config-file nodes.conf");
    lines.add("cluster-node-timeout 4000");
    lines.addAll(List.of(config));
    return lines.toArray(String[]::new);
  }

  /** A slot on its way to another master, as {@code redis-cli --cluster reshard} does it. */
  public final class SlotMove {

    private final String slot;
    private final RedisServer from;
    private final RedisServer to;

    private SlotMove(String key, RedisServer from, RedisServer to) {
      this.slot = text(ask(from, "CLUSTER", "KEYSLOT", key));
      this.from = from;
      this.to = to;
      ask(to, "CLUSTER", "SETSLOT", slot, "IMPORTING", id(from));
      ask(from, "CLUSTER", "SETSLOT", slot, "MIGRATING", id(to));
    }

    /** Moves some keys; says whether there were any. */
    public boolean step(int most) {
      List<?> keys = (List<?>) ask(from, "CLUSTER", "GETKEYSINSLOT", slot, Integer.toString(most));
      if (keys.isEmpty()) {
        return false;
      }
      List<String> command = new ArrayList<>(List.of("MIGRATE", "127.0.0.1"));
      command.addAll(List.of(Integer.toString(to.port()), "", "0", "20000", "KEYS"));
      keys.forEach(key -> command.add((String) key));
      ask(from, command.toArray(String[]::new));
      return true;
    }

    /** Moves what is left, and tells everybody whose the slot is now. */
    public void finish() {
      while (step(10)) {}
      String owner = id(to);
      ask(to, "CLUSTER", "SETSLOT", slot, "NODE", owner);
      try {
        ask(from, "CLUSTER", "SETSLOT", slot, "NODE", owner);
      } catch (RedisError e) {
        // It was its last slot, and it has heard of it already: then it is a replica by now.
        if (!e.getMessage().contains("only with masters")) {
          throw e;
        }
      }
    }
  }
}
