package dev.carryover.cli;

import dev.carryover.session.SessionSearch;
import dev.carryover.store.MinuteCounts;
import dev.carryover.store.SessionStore;
import dev.carryover.store.SessionSummary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "stats",
    description = {
      "Reads all sessions' metadata, and the attributes of some, and sums them up.",
      "This is a script call for each session, on its way with others; what is sampled is of the"
          + " first sessions found, which are of no special kind."
    })
final class StatsCommand implements Callable<Integer> {

  private static final int TOP = 10;
  private static final int LARGEST_SAMPLE = 100_000;

  @Mixin private final Sessions sessions = new Sessions();

  @Option(
      names = "--sample",
      paramLabel = "<n>",
      defaultValue = "200",
      description = "Sessions whose attributes are read; default: ${DEFAULT-VALUE}.")
  private int sample;

  private final Set<String> users = new HashSet<>();
  private final List<SessionSummary> sampled = new ArrayList<>();
  private long all;
  private long loggedIn;
  private long oldest = Long.MAX_VALUE;
  private long newest;

  /** Of the sample: how many sessions have it, and its bytes in all. */
  private final Map<String, long[]> attributes = new HashMap<>();

  private List<MinuteCounts> minutes = List.of();
  private long bytes;
  private int read;

  @Override
  public Integer call() throws IOException {
    if (sample < 0 || sample > LARGEST_SAMPLE) {
      throw new UserError("--sample is a number from 0 to " + LARGEST_SAMPLE + ", not " + sample);
    }
    try (SessionStore store = sessions.open()) {
      Progress progress = new Progress(sessions.err(), "read", store.index().count());
      Walk.through(
          store.index(),
          Long.MAX_VALUE,
          page -> {
            page.forEach(this::add);
            progress.add(page.size());
          });
      minutes = store.index().minutes();
      SessionSearch search = new SessionSearch(store);
      sampled.forEach(session -> add(search.attributes(session.id())));
    }
    print();
    return 0;
  }

  private void add(SessionSummary session) {
    all++;
    String principal = session.principal();
    if (principal != null) {
      loggedIn++;
      users.add(principal);
    }
    oldest = Math.min(oldest, session.createdAt());
    newest = Math.max(newest, session.createdAt());
    if (sampled.size() < sample) {
      sampled.add(session);
    }
  }

  private void add(@Nullable Map<String, byte[]> encoded) {
    if (encoded == null) {
      return;
    }
    read++;
    encoded.forEach(
        (name, value) -> {
          long[] sums = attributes.computeIfAbsent(name, unknown -> new long[2]);
          sums[0]++;
          sums[1] += value.length;
          bytes += value.length;
        });
  }

  private void print() {
    Map<String, @Nullable Object> figures = new LinkedHashMap<>();
    figures.put("sessions", all);
    figures.put("loggedIn", loggedIn);
    figures.put("users", users.size());
    figures.put("oldest", all == 0 ? null : Sessions.time(oldest));
    figures.put("newest", all == 0 ? null : Sessions.time(newest));
    figures.put("createdIn15Minutes", sum(MinuteCounts::created));
    figures.put("expiredIn15Minutes", sum(MinuteCounts::expired));
    figures.put("endedIn15Minutes", sum(MinuteCounts::invalidated));
    figures.put("sampled", read);
    figures.put("averageBytes", read == 0 ? null : bytes / read);
    if (sessions.isJson()) {
      figures.put("attributes", top());
      sessions.printJson(figures);
      return;
    }
    Table table = new Table("FIGURE", "VALUE");
    figures.forEach((name, value) -> table.add(List.of(name, value == null ? "-" : "" + value)));
    table.print(sessions.out());
    sessions.out().println();
    Table largest = new Table("ATTRIBUTE", "SESSIONS", "AVERAGE BYTES");
    for (Map<String, Object> attribute : top()) {
      largest.add(attribute.values().stream().map(Object::toString).collect(Collectors.toList()));
    }
    largest.print(sessions.out());
  }

  private long sum(ToLongFunction<MinuteCounts> count) {
    return minutes.stream().mapToLong(count).sum();
  }

  /** Those that take most of the bytes. */
  private List<Map<String, Object>> top() {
    List<Map<String, Object>> top = new ArrayList<>();
    attributes.entrySet().stream()
        .sorted(
            Comparator.comparingLong((Map.Entry<String, long[]> each) -> each.getValue()[1])
                .reversed())
        .limit(TOP)
        .forEach(
            each -> {
              Map<String, Object> attribute = new LinkedHashMap<>();
              attribute.put("name", each.getKey());
              attribute.put("sessions", each.getValue()[0]);
              attribute.put("averageBytes", each.getValue()[1] / each.getValue()[0]);
              top.add(attribute);
            });
    return top;
  }
}
