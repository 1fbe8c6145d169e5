package dev.carryover.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A load run's figures, as text and as JSON. Not thread-safe. */
final class Report {

  private final Tally tally;
  private final List<Episode> episodes = new ArrayList<>();
  private final Map<String, Object> about = new LinkedHashMap<>();
  private final Map<String, Growth> growth = new LinkedHashMap<>();

  Report(Tally tally) {
    this.tally = tally;
  }

  void about(String name, Object figure) {
    about.put(name, figure);
  }

  void add(Episode episode) {
    episodes.add(episode);
  }

  void add(String when, Growth measured) {
    growth.put(when, measured);
  }

  String text() {
    StringBuilder text = new StringBuilder();
    about.forEach((name, figure) -> text.append(String.format("%-12s %s%n", name, figure)));
    text.append(String.format("%-12s %d%n", "requests", tally.allRequests()));
    text.append(
        String.format(
            "%-12s %s%n",
            "of these",
            tally.requests().entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey().name().toLowerCase())
                .collect(Collectors.joining(", "))));
    text.append(
        String.format(
            "%-12s %s begun, %s abandoned, %s asked for in vain%n",
            "sessions", tally.sessions, tally.abandoned, tally.unanswered));
    growth.forEach((when, figures) -> text.append(String.format("%-12s %s%n", when, figures)));
    text.append(
        String.format(
            "%n     at  %-36s %6s %6s %11s %11s %11s %11s%n",
            "fault", "refused", "lost", "waited", "after end", "before", "after"));
    episodes.forEach(episode -> text.append(episode).append(System.lineSeparator()));
    text.append(
        String.format(
            "%n%d requests, %d faults, %s refused, %s lost, violations: %d%n",
            tally.allRequests(), episodes.size(), tally.refused, tally.lost, tally.violations()));
    tally.told().forEach(line -> text.append("  ").append(line).append(System.lineSeparator()));
    return text.toString();
  }

  void write(Path directory) throws IOException {
    Files.writeString(directory.resolve("load.txt"), text());
    Map<String, Object> json = new LinkedHashMap<>(about);
    json.put("requests", tally.allRequests());
    json.put("requestsByAction", tally.requests());
    json.put("sessions", tally.sessions.sum());
    json.put("abandoned", tally.abandoned.sum());
    json.put("askedForInVain", tally.unanswered.sum());
    json.put("refused", tally.refused.sum());
    json.put("lost", tally.lost.sum());
    json.put("faults", episodes.stream().map(Episode::figures).toList());
    growth.forEach((when, figures) -> json.put(when, figures.figures()));
    json.put("violations", tally.violations());
    json.put("violationsTold", tally.told());
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(directory.resolve("load.json").toFile(), json);
  }
}
