package dev.carryover.bench.web;

import dev.carryover.testing.Monitor;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.Traffic;
import dev.carryover.testing.WebContainer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A contender on two nodes of its own, with a Redis of its own. Not thread-safe. */
final class Stand implements AutoCloseable {

  private static final int NODES = 2;

  /** Those of the tests start fast; these run fast, and are the same for all contenders. */
  private static final List<String> JVM_OPTIONS =
      List.of(
          "-XX:TieredStopAtLevel=4",
          "-XX:-UseSerialGC",
          "-XX:+UseParallelGC",
          "-Xms256m",
          "-Xmx1g");

  final Contender contender;
  private final RedisServer redis;
  private final RedisProbe probe;
  private final Traffic traffic;
  private final List<WebContainer> nodes = new ArrayList<>();

  private Stand(Contender contender) {
    this.contender = contender;
    this.redis = RedisServer.start();
    this.probe = RedisProbe.of(redis);
    this.traffic = Traffic.of(redis);
  }

  static Stand open(Contender contender, Path directory) {
    Stand stand = new Stand(contender);
    try {
      for (int i = 0; i < NODES; i++) {
        stand.nodes.add(contender.start(directory, stand.redis.port(), JVM_OPTIONS));
      }
      return stand;
    } catch (RuntimeException e) {
      stand.close();
      throw e;
    }
  }

  /** Connects to the first node, or to both where the workload is about that. */
  Load load(Workload workload, int connections) throws IOException {
    boolean both = workload == Workload.TWO_NODES;
    List<Integer> ports = nodes.stream().limit(both ? NODES : 1).map(WebContainer::port).toList();
    return new Load(workload, connections, ports, contender.keepsToOneNode());
  }

  /** What the processes have used so far. */
  Usage usage() throws IOException {
    long allocated = 0;
    long compiling = 0;
    long cpu = 0;
    for (WebContainer node : nodes) {
      String[] costs = costs(node).split(" ");
      cpu += cpuNanos(Long.parseLong(costs[0]));
      allocated += Long.parseLong(costs[1]);
      compiling += Long.parseLong(costs[2]);
    }
    return new Usage(cpu, cpuNanos(redis.pid()), allocated, compiling, traffic.soFar());
  }

  /** Lets one client ask alone, so that its flights to Redis can be counted one by one. */
  Flights flights(Load load, int requests) throws IOException {
    try (Monitor monitor = probe.monitor()) {
      Traffic.Count before = traffic.whenQuiet();
      load.askAlone(requests);
      long reads = traffic.whenQuiet().since(before).reads();
      long commands =
          monitor.commandsUntilNow().stream().filter(c -> !c.get(0).equals("INFO")).count();
      return new Flights((double) commands / requests, (double) reads / requests);
    }
  }

  private static String costs(WebContainer node) throws IOException {
    try (InputStream in = node.uri("/costs").toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static long cpuNanos(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .map(Duration::toNanos)
        .orElseThrow(() -> new IllegalStateException("No process " + pid));
  }

  @Override
  public void close() {
    nodes.forEach(WebContainer::close);
    traffic.close();
    probe.close();
    redis.close();
  }

  /** Commands that were sent, and flights that Redis received, for one request. */
  record Flights(double commands, double roundTrips) {}

  /** What was used up to a moment. */
  record Usage(
      long serverNanos,
      long redisNanos,
      long allocated,
      long compilingMillis,
      Traffic.Count traffic) {}
}
