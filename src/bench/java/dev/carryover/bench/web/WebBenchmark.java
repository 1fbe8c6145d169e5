package dev.carryover.bench.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All contenders under the same load, one at a time, each in processes of its own.
 *
 * <p>The machine may be shared, and its speed is nobody's promise. So contenders take turns, in
 * rounds; what one does is compared with what the container's memory did with the same workload in
 * the same round, and the tables show medians. Every answer is checked: the run fails if a session
 * is lost or swapped.
 */
public final class WebBenchmark {

  private static final int CONNECTIONS = 16;
  private static final int ALONE = 50;
  private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
  private static final Duration TIME =
      Duration.ofMillis(Math.round(1000 * Double.parseDouble(setting("bench.seconds", "1"))));

  /** Warming up goes on while the compilers take more than this share of a processor. */
  private static final double COMPILING = 0.05;

  private static final int MOST_WARM_UPS = 6;

  private final PrintStream out = System.out;
  private final Path results;
  private final Environment environment = Environment.here();
  private final List<Workload> workloads = wanted("bench.workloads", Workload.values());
  private final Map<String, String> absent = new LinkedHashMap<>();
  private final List<Stand> stands = new ArrayList<>();
  private final List<Measurement> rounds = new ArrayList<>();

  private WebBenchmark(Path results) {
    this.results = results;
  }

  /** Measures, and writes a table, a chart and all figures to the results' directory. */
  public static void run() throws Exception {
    Path results = Path.of(setting("bench.directory", "target/bench"));
    Files.createDirectories(results);
    new WebBenchmark(results).measureAndReport();
  }

  private void measureAndReport() throws IOException {
    out.println(environment);
    try {
      open(results.resolve("wars"));
      for (Stand stand : stands) {
        warmUp(stand);
      }
      for (int round = 1; round <= ROUNDS; round++) {
        out.println("round " + round + " of " + ROUNDS);
        measureRound();
      }
    } finally {
      stands.forEach(Stand::close);
    }
    report();
  }

  private void open(Path directory) {
    for (Contender contender : wanted("bench.contenders", Contender.values())) {
      Optional<String> absence = contender.absence();
      if (absence.isPresent()) {
        out.println(contender.title + " is left out: " + absence.get());
        absent.put(contender.title, absence.get());
      } else {
        out.println(contender.title + " starts");
        stands.add(Stand.open(contender, directory));
      }
    }
  }

  /** Does all that will be measured until there is little left to compile. */
  private void warmUp(Stand stand) throws IOException {
    for (int i = 1; i <= MOST_WARM_UPS; i++) {
      long start = System.nanoTime();
      long compiling = stand.usage().compilingMillis();
      for (Workload workload : workloads) {
        measure(stand, workload);
      }
      long millis = (System.nanoTime() - start) / 1_000_000;
      double share = (double) (stand.usage().compilingMillis() - compiling) / millis;
      out.printf("%s is warmed up, %.2f of it spent compiling%n", stand.contender.title, share);
      if (share < COMPILING) {
        return;
      }
    }
  }

  private void measureRound() throws IOException {
    for (Workload workload : workloads) {
      Measurement memory = null;
      for (Stand stand : stands) {
        Measurement measured = measure(stand, workload);
        memory = stand.contender == Contender.MEMORY ? measured : memory;
        rounds.add(memory == null ? measured : measured.withShareOf(memory));
      }
    }
  }

  private Measurement measure(Stand stand, Workload workload) throws IOException {
    try (Load load = stand.load(workload, CONNECTIONS)) {
      load.makeSessions();
      Stand.Usage before = stand.usage();
      Load.Rate rate = load.ask(TIME);
      Stand.Usage after = stand.usage();
      load.prove();
      Stand.Flights flights = stand.flights(load, ALONE);
      return Measurement.of(stand.contender, workload, rate, before, after, flights);
    } catch (LostSession e) {
      if (stand.contender.loses(workload)) {
        return Measurement.lost(stand.contender, workload);
      }
      throw new LostSession(
          stand.contender.title + ", " + workload.title + ": " + e.getMessage(), e);
    }
  }

  private void report() throws IOException {
    List<Measurement> medians = medians();
    String tables = new Tables(medians).toString();
    out.println();
    out.println(tables);
    Files.writeString(results.resolve("web.md"), environment + "\n\n" + tables);
    Files.writeString(results.resolve("web.svg"), new ShareChart(medians).svg());
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(results.resolve("web.json").toFile(), everything(medians));
    out.println("Written to " + results + ": web.md, web.svg, web.json");
  }

  private List<Measurement> medians() {
    List<Measurement> medians = new ArrayList<>();
    for (Stand stand : stands) {
      for (Workload workload : workloads) {
        medians.add(
            Measurement.median(
                rounds.stream()
                    .filter(m -> m.contender() == stand.contender && m.workload() == workload)
                    .toList()));
      }
    }
    return medians;
  }

  private Map<String, Object> everything(List<Measurement> medians) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("environment", environment);
    all.put("connections", CONNECTIONS);
    all.put("seconds", TIME.toMillis() / 1000.0);
    all.put("absent", absent);
    all.put("medians", medians);
    all.put("rounds", rounds);
    return all;
  }

  private static String setting(String name, String otherwise) {
    String value = System.getProperty(name, "");
    return value.isEmpty() ? otherwise : value;
  }

  /** Those that the property names, separated by commas; all if it is not set. */
  private static <E extends Enum<E>> List<E> wanted(String property, E[] all) {
    List<String> names = List.of(setting(property, "").split(","));
    return Arrays.stream(all)
        .filter(each -> names.contains("") || names.contains(each.name()))
        .toList();
  }
}
