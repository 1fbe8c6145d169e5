package dev.carryover.bench.store;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** The store's calls from 16 threads at once, each as a share of the yardstick's rate. */
public final class StoreComparison {

  private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
  private static final int THREADS = 16;
  private static final List<String> CALLS =
      List.of("yardstick", "openUnchanged", "openWhole", "commitOneAttribute", "create");

  private final Path log;
  private final PrintStream out = System.out;
  private final Map<String, List<Double>> shares = new TreeMap<>();
  private final Map<String, List<Double>> allocated = new TreeMap<>();

  private StoreComparison(Path log) {
    this.log = log;
  }

  /** Measures, and prints a table. */
  public static void run() throws Exception {
    Path directory = Path.of(System.getProperty("bench.directory", "target/bench"));
    Files.createDirectories(directory);
    System.setProperty("jmh.ignoreLock", "true");
    StoreComparison comparison = new StoreComparison(directory.resolve("store.log"));
    for (int round = 1; round <= ROUNDS; round++) {
      comparison.out.println("round " + round + " of " + ROUNDS);
      comparison.measureRound();
    }
    comparison.print();
  }

  private void measureRound() throws RunnerException {
    double yardstick = Double.NaN;
    for (String call : CALLS) {
      RunResult result = fork(call);
      double rate = result.getPrimaryResult().getScore();
      yardstick = call.equals(CALLS.get(0)) ? rate : yardstick;
      shares.computeIfAbsent(call, c -> new ArrayList<>()).add(rate / yardstick);
      allocated
          .computeIfAbsent(call, c -> new ArrayList<>())
          .add(result.getSecondaryResults().get("gc.alloc.rate.norm").getScore());
    }
  }

  private RunResult fork(String call) throws RunnerException {
    return new Runner(
            new OptionsBuilder()
                .include(StoreBenchmark.class.getName() + "\\." + call + "$")
                .mode(Mode.Throughput)
                .threads(THREADS)
                .forks(1)
                .jvmArgs("-Xms512m", "-Xmx512m", "-XX:+UseParallelGC")
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(3)
                .measurementTime(TimeValue.seconds(1))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .output(log.toString())
                .build())
        .runSingle();
  }

  private void print() {
    out.printf(
        "%n| call of 16 threads | share of the yardstick | bytes allocated |%n|---|---|---|%n");
    for (String call : CALLS) {
      out.printf(
          "| %-18s | %22.2f | %15.0f |%n",
          call, median(shares.get(call)), median(allocated.get(call)));
    }
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
