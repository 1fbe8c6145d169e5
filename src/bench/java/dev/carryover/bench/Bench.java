package dev.carryover.bench;

import dev.carryover.bench.store.GrowthBenchmark;
import dev.carryover.bench.store.SteeringBenchmark;
import dev.carryover.bench.store.StoreComparison;
import dev.carryover.bench.web.WebBenchmark;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs the benchmark named, or all of them. */
public final class Bench {

  private interface Run {
    void run() throws Exception;
  }

  private static final Map<String, Run> BENCHMARKS =
      new TreeMap<>(
          Map.of(
              "codec", CodecComparison::run,
              "growth", GrowthBenchmark::run,
              "steering", SteeringBenchmark::run,
              "store", StoreComparison::run,
              "web", WebBenchmark::run));

  private Bench() {}

  public static void main(String[] arguments) throws Exception {
    String name = List.of(arguments).get(0);
    if (!name.equals("all") && !BENCHMARKS.containsKey(name)) {
      throw new IllegalArgumentException(
          "-Dbench=" + name + ": expected all, or one of " + BENCHMARKS.keySet());
    }
    for (Map.Entry<String, Run> each : BENCHMARKS.entrySet()) {
      if (name.equals("all") || name.equals(each.getKey())) {
        each.getValue().run();
      }
    }
  }
}
