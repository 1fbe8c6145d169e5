package dev.carryover.load;

import dev.carryover.testing.RedisProbe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the nodes and Redis hold while nobody asks anything.
 *
 * @param heap of each node, bytes in use after a collection
 * @param threads of each node
 * @param connections of both nodes to Redis
 * @param sessions records in Redis
 * @param indexed entries in the indexes of deadlines
 * @param forwards from ids before logins, which live for ten minutes
 * @param immortal keys that have no time to live, and are no index
 * @param redisBytes the memory that Redis uses
 */
record Growth(
    List<Long> heap,
    List<Integer> threads,
    long connections,
    long sessions,
    long indexed,
    long forwards,
    long immortal,
    long redisBytes) {

  /** What a heap may have more than at the beginning, whatever that was. */
  private static final long HEAP_SLACK = 10L << 20;

  private static final int THREADS_SLACK = 4;

  static Growth measure(Stand stand) {
    List<Long> heap = new ArrayList<>();
    List<Integer> threads = new ArrayList<>();
    for (int node : List.of(Stand.A, Stand.B)) {
      String[] figures = stand.figures(node);
      heap.add(Long.parseLong(figures[0]));
      threads.add(Integer.parseInt(figures[1]));
    }
    try (RedisProbe probe = RedisProbe.of(stand.redis())) {
      Set<String> records = probe.keys("*:session:*");
      Set<String> forwards = probe.keys("*:forward:*");
      long indexed =
          probe.keys("*:deadlines").stream()
              .mapToLong(index -> (Long) probe.command("ZCARD", index))
              .sum();
      long immortal =
          probe.keys("*").stream()
              .filter(key -> !key.endsWith(":deadlines") && probe.pttl(key) == -1)
              .count();
      return new Growth(
          heap,
          threads,
          probe.clients() - 1,
          records.size(),
          indexed,
          forwards.size(),
          immortal,
          usedMemory(probe));
    }
  }

  private static long usedMemory(RedisProbe probe) {
    return ((String) probe.command("INFO", "memory"))
        .lines()
        .filter(line -> line.startsWith("used_memory:"))
        .mapToLong(line -> Long.parseLong(line.substring("used_memory:".length()).strip()))
        .findFirst()
        .orElseThrow();
  }

  /**
   * What has grown since an earlier measurement, and should not have.
   *
   * @param nodes those that have not been started anew since
   * @param live sessions that clients use
   * @param abandoned sessions of which clients do not know whether they have ended
   */
  List<String> grownSince(Growth before, Set<Integer> nodes, long live, long abandoned) {
    List<String> grown = new ArrayList<>();
    for (int node : nodes) {
      long heapBefore = before.heap.get(node);
      if (heap.get(node) > heapBefore + heapBefore / 4 + HEAP_SLACK) {
        grown.add("the heap of node " + node + ": " + heapBefore + " to " + heap.get(node));
      }
      if (threads.get(node) > before.threads.get(node) + THREADS_SLACK) {
        grown.add(
            "the threads of node "
                + node
                + ": "
                + before.threads.get(node)
                + " to "
                + threads.get(node));
      }
    }
    if (connections > before.connections) {
      grown.add("connections: " + before.connections + " to " + connections);
    }
    if (sessions < live || sessions > live + abandoned) {
      grown.add(sessions + " records of " + live + " sessions and " + abandoned + " left behind");
    }
    if (indexed != sessions) {
      grown.add(indexed + " entries in the indexes of " + sessions + " sessions");
    }
    if (immortal > 0) {
      grown.add(immortal + " keys that would never go away");
    }
    return grown;
  }

  Map<String, Object> figures() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("heapBytes", heap);
    figures.put("threads", threads);
    figures.put("connections", connections);
    figures.put("sessions", sessions);
    figures.put("indexed", indexed);
    figures.put("forwards", forwards);
    figures.put("redisBytes", redisBytes);
    return figures;
  }

  @Override
  public String toString() {
    return String.format(
        "heap %.1f and %.1f MB, threads %d and %d, connections %d, sessions %d, forwards %d, Redis"
            + " %.1f MB",
        heap.get(Stand.A) / 1e6,
        heap.get(Stand.B) / 1e6,
        threads.get(Stand.A),
        threads.get(Stand.B),
        connections,
        sessions,
        forwards,
        redisBytes / 1e6);
  }
}
