package dev.carryover.bench.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The medians as tables in Markdown, aligned so that they can be read as they are. */
final class Tables {

  private final List<Measurement> medians;
  private final List<Contender> contenders;
  private final List<Workload> workloads;

  Tables(List<Measurement> medians) {
    this.medians = medians;
    this.contenders = medians.stream().map(Measurement::contender).distinct().toList();
    this.workloads = medians.stream().map(Measurement::workload).distinct().toList();
  }

  @Override
  public String toString() {
    return String.join(
        "\n",
        table("Requests a second, as a share of what the container's memory answers", this::share),
        table(
            "Commands to Redis / round trips, for each request of a client that asks alone",
            m -> number(m.commands()) + " / " + number(m.roundTrips())),
        table(
            "Bytes to Redis / from Redis, for each request",
            m -> number(m.bytesToRedis()) + " / " + number(m.bytesFromRedis())),
        table("Bytes allocated in the server, for each request", m -> number(m.allocated())),
        table(
            "Processor time of the server / of Redis, in microseconds, for each request",
            m -> number(m.serverMicros()) + " / " + number(m.redisMicros())));
  }

  private String share(Measurement measurement) {
    return measurement.contender() == Contender.MEMORY || Double.isNaN(measurement.share())
        ? Math.round(measurement.perSecond()) + "/s"
        : String.format(Locale.ROOT, "%.3f", measurement.share());
  }

  private static String number(double value) {
    String pattern = Math.abs(value) < 9.95 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, pattern, value).replaceFirst("^-?0\\.0$", "0");
  }

  private String table(String title, Function<Measurement, String> cell) {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of(""));
    workloads.forEach(workload -> head.add(workload.title));
    rows.add(head);
    for (Contender contender : contenders) {
      List<String> row = new ArrayList<>(List.of(contender.title));
      for (Workload workload : workloads) {
        Measurement measured = measured(contender, workload);
        row.add(measured.kept() ? cell.apply(measured) : "lost");
      }
      rows.add(row);
    }
    return "**" + title + "**\n\n" + aligned(rows);
  }

  private Measurement measured(Contender contender, Workload workload) {
    return medians.stream()
        .filter(m -> m.contender() == contender && m.workload() == workload)
        .findFirst()
        .orElseThrow();
  }

  private static String aligned(List<List<String>> rows) {
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      for (int c = 0; c < rows.get(r).size(); c++) {
        int column = c;
        int width = rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
        text.append("| ").append(padded(rows.get(r).get(c), width, c > 0)).append(' ');
      }
      text.append("|\n");
      if (r == 0) {
        rows.get(0).forEach(cell -> text.append("|---"));
        text.append("|\n");
      }
    }
    return text.toString();
  }

  private static String padded(String cell, int width, boolean right) {
    String blanks = " ".repeat(width - cell.length());
    return right ? blanks + cell : cell + blanks;
  }
}
