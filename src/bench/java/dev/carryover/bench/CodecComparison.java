package dev.carryover.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * All contenders on all values, and a table of it.
 *
 * <p>The machine may be shared: contenders take turns, in rounds, with one short fork each, and
 * only neighbours in time are compared. The table shows the median of the rounds' ratios.
 */
final class CodecComparison {

  private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
  private static final String VALUES = System.getProperty("bench.values", "");

  private final Path log;
  private final PrintStream out = System.out;
  private final Map<Values, Map<Contender, Measured>> results = new EnumMap<>(Values.class);

  private CodecComparison(Path directory) {
    this.log = directory.resolve("codec.log");
  }

  /** One contender's rounds with one value, in nanoseconds. */
  private static final class Measured {
    final List<Double> encode = new ArrayList<>();
    final List<Double> decode = new ArrayList<>();
    int bytes;
  }

  static void run() throws Exception {
    Path directory = Path.of(System.getProperty("bench.directory", "target/bench"));
    Files.createDirectories(directory);
    System.setProperty("jmh.ignoreLock", "true");
    CodecComparison comparison = new CodecComparison(directory);
    comparison.measure();
    comparison.print();
  }

  private static boolean wanted(Values value) {
    return VALUES.isEmpty() || List.of(VALUES.split(",")).contains(value.name());
  }

  private void measure() throws RunnerException, IOException {
    for (Values value : Values.values()) {
      if (wanted(value)) {
        results.put(value, new EnumMap<>(Contender.class));
      }
    }
    for (int round = 1; round <= ROUNDS; round++) {
      for (Values value : results.keySet()) {
        out.println("round " + round + " of " + ROUNDS + ": " + value.title());
        for (Contender contender : Contender.values()) {
          Measured measured = results.get(value).computeIfAbsent(contender, c -> new Measured());
          measured.bytes = contender.make().bytes(value.make()).length;
          fork(value, contender, measured);
        }
      }
    }
  }

  private void fork(Values value, Contender contender, Measured measured) throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(CodecBenchmark.class.getName())
                    .param("value", value.name())
                    .param("codec", contender.name())
                    .mode(Mode.AverageTime)
                    .timeUnit(TimeUnit.NANOSECONDS)
                    .forks(1)
                    .jvmArgs("-Xms512m", "-Xmx512m", "-XX:+UseSerialGC")
                    .warmupIterations(10)
                    .warmupTime(TimeValue.milliseconds(500))
                    .measurementIterations(5)
                    .measurementTime(TimeValue.milliseconds(200))
                    .addProfiler(CpuTime.class)
                    .shouldFailOnError(true)
                    .output(log.toString())
                    .build())
            .run();
    for (RunResult result : results) {
      boolean encode = result.getPrimaryResult().getLabel().equals("encode");
      double nanos = result.getSecondaryResults().get(CpuTime.LABEL).getScore();
      (encode ? measured.encode : measured.decode).add(nanos);
    }
  }

  // --- the table

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  /** How many times as long the other took, as the median over rounds. */
  private static double ratio(List<Double> other, List<Double> ours) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      ratios.add(other.get(i) / ours.get(i));
    }
    return median(ratios);
  }

  private void print() {
    String head = "%-20s|%9s %9s %9s|%9s %9s %9s|%8s %8s %8s%n";
    String line = "%-20s|%9.0f %8.2fx %8.2fx|%9.0f %8.2fx %8.2fx|%8d %8.2f %8.2f%n";
    String means = "%-20s|%9s %8.2fx %8.2fx|%9s %8.2fx %8.2fx|%8s %8.2f %8.2f%n";
    out.println();
    out.printf(
        head,
        "",
        "encode ns",
        "v. Java",
        "v. Kryo5",
        "decode ns",
        "v. Java",
        "v. Kryo5",
        "bytes",
        "of Java",
        "of Kryo5");
    double[] logs = new double[6];
    results.forEach(
        (value, of) -> {
          Measured java = of.get(Contender.JAVA);
          Measured kryo = of.get(Contender.KRYO5);
          Measured ours = of.get(Contender.CARRYOVER);
          double[] ratios = {
            ratio(java.encode, ours.encode),
            ratio(kryo.encode, ours.encode),
            ratio(java.decode, ours.decode),
            ratio(kryo.decode, ours.decode),
            (double) ours.bytes / java.bytes,
            (double) ours.bytes / kryo.bytes
          };
          for (int i = 0; i < logs.length; i++) {
            logs[i] += Math.log(ratios[i]) / results.size();
          }
          out.printf(
              line,
              value.title(),
              median(ours.encode),
              ratios[0],
              ratios[1],
              median(ours.decode),
              ratios[2],
              ratios[3],
              ours.bytes,
              ratios[4],
              ratios[5]);
        });
    out.printf(
        means,
        "geometric mean",
        "",
        Math.exp(logs[0]),
        Math.exp(logs[1]),
        "",
        Math.exp(logs[2]),
        Math.exp(logs[3]),
        "",
        Math.exp(logs[4]),
        Math.exp(logs[5]));
    out.println("x: how many times as fast as the other; bytes: as a part of the other's");
  }
}
