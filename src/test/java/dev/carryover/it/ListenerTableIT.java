package dev.carryover.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.Browser;
import dev.carryover.testing.EachContainer;
import dev.carryover.testing.ListenerTableWar;
import dev.carryover.testing.RawHttp;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WebContainer;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promise S2: an application with Carryover sees the events that it sees without, in the same
 * order, on every container, and also if its requests go to two nodes in turn. Prints the tables
 * side by side.
 */
class ListenerTableIT {

  /** A visit: one browser, a request for each line. */
  private static final List<List<String>> VISITS =
      List.of(
          List.of("none", "create", "none", "invalidate;none", "none"),
          List.of(
              "set:a=plain:v1;get:a",
              "set:a=plain:v2;same:a;equal:a",
              "null:a;null:a;remove:a",
              "set:a=plain:v3;remove:a;remove:unknown"),
          List.of(
              "set:b=binding:b1",
              "set:b=binding:b2;same:b;equal:b",
              "set:b=plain:p;set:b=binding:b3",
              "null:b",
              "set:b=binding:b4;remove:b"),
          List.of("set:c=activation:c1;set:d=both:d1", "get:c;get:d", "set:d=both:d2;remove:c"),
          List.of("set:a=plain:v1;rotate", "rotate;rotate", "get:a"),
          List.of("set:a=plain:v1;set:b=binding:b1;invalidate;get:a", "none"),
          List.of(
              "set:b=both:b1",
              "invalidate;stale:invalidate;stale:id;stale:get;stale:set;stale:new;stale:created;"
                  + "stale:accessed;stale:names;create"),
          List.of("request:x=1;request:x=2"),
          List.of("set:a=plain:v1", "set:a=plain:v2;dispatch", "get:a;complete", "invalidate"));

  /** What happens when a listener throws is the container's, with Carryover nobody is hurt. */
  private static final List<List<String>> THROWING =
      List.of(
          List.of("throw:sessionCreated;create", "none"),
          List.of("throw:attributeAdded;set:a=plain:v1;get:a"),
          List.of("throw:valueBound;set:a=binding:v1;get:a"),
          List.of("set:a=binding:v1;throw:valueUnbound;set:a=binding:v2;get:a"),
          List.of("set:a=binding:v1;throw:valueUnbound;remove:a;get:a"),
          List.of("set:a=plain:v1;throw:attributeReplaced;set:a=plain:v2;get:a"),
          List.of("create;throw:sessionIdChanged;rotate"),
          List.of("set:a=binding:v1;set:b=binding:v2;throw:valueUnbound;invalidate", "none"),
          List.of("set:a=binding:v1;throw:sessionDestroyed;invalidate", "none"),
          List.of("create;throw:requestInitialized", "none", "none"),
          List.of("create;throw:annotatedRequestInitialized", "none", "none"),
          List.of("create;throw:annotatedRequestDestroyed", "none"),
          List.of("create;throw:requestDestroyed", "none"));

  private static final Pattern ID = Pattern.compile("\\{[^}]*}");

  @TempDir static Path directory;

  private static RedisServer redis;
  private static Path without;
  private static Path with;

  @BeforeAll
  static void build() {
    redis = RedisServer.start();
    without = ListenerTableWar.builder().build(directory.resolve("without.war"));
    with = ListenerTableWar.builder().carryover().build(directory.resolve("with.war"));
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @EachContainer
  void applicationSeesTheSameEvents(WebContainer.Kind kind) {
    List<String> expected = new ArrayList<>(table(kind, without, VISITS));
    List<String> actual = table(kind, with, VISITS);
    allowTheListenersRequest(expected, actual);
    print(kind + ", as it is and with Carryover", expected, actual);
    assertThat(actual).isEqualTo(expected);
    List<String> spread;
    try (WebContainer one = start(kind, with);
        WebContainer other = start(kind, with)) {
      spread = table(List.of(one, other), VISITS);
    }
    print(kind + ", as it is and on two nodes with Carryover", expected, spread);
    assertThat(spread).isEqualTo(expected);
  }

  @EachContainer
  void aListenerThatThrowsHurtsNoOther(WebContainer.Kind kind) {
    List<String> usual = table(kind, without, THROWING);
    List<String> actual = table(kind, with, THROWING);
    print(kind + " with listeners that throw, as it is and with Carryover", usual, actual);
    for (String event : List.of("sessionCreated", "attributeAdded", "sessionDestroyed")) {
      assertThat(count(actual, "programmatic " + event))
          .as(event)
          .isPositive()
          .isEqualTo(count(actual, "declared " + event));
    }
    assertThat(actual).noneMatch(line -> line.startsWith("!"));
  }

  /** Containers use their request objects again for the next request of a connection. */
  @EachContainer
  void requestsOfOneConnectionHaveEachTheirOwnSession(WebContainer.Kind kind) {
    try (WebContainer node = start(kind, with);
        RawHttp connection = RawHttp.connect(node.port())) {
      String one = sessionWith(node, "one");
      String other = sessionWith(node, "other");
      for (String before : List.of("dispatch", "complete", "throw:valueBound")) {
        over(connection, node, one, before);
        assertThat(over(connection, node, other, "get:a"))
            .filteredOn(line -> line.contains(" a="))
            .isNotEmpty()
            .allMatch(line -> line.contains(" a=other"));
      }
    }
  }

  private static String sessionWith(WebContainer node, String value) {
    Browser browser = Browser.browser();
    browser.get(node.uri("/run?script=set:a=plain:" + value));
    return browser.cookie("JSESSIONID");
  }

  /** Returns the events of a request with the session's id. */
  private static List<String> over(
      RawHttp connection, WebContainer node, String id, String script) {
    Browser.browser().get(node.uri("/events"));
    connection.request("GET", node.uri("/run?script=" + script), "Cookie: JSESSIONID=" + id);
    connection.readHead();
    connection.readBody();
    return Browser.browser().get(node.uri("/events")).body().lines().toList();
  }

  /** Where a container's servlet gets another request than the listeners, ours may be theirs. */
  private static void allowTheListenersRequest(List<String> expected, List<String> actual) {
    for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
      String better = expected.get(i).replace("another request", "the listeners' request");
      if (actual.get(i).equals(better)) {
        expected.set(i, better);
      }
    }
  }

  private static long count(List<String> lines, String beginning) {
    return lines.stream().filter(line -> line.startsWith(beginning)).count();
  }

  private static List<String> table(WebContainer.Kind kind, Path war, List<List<String>> visits) {
    try (WebContainer container = start(kind, war)) {
      return table(List.of(container), visits);
    }
  }

  private static WebContainer start(WebContainer.Kind kind, Path war) {
    return kind.start(war, Map.of("carryover.redis.url", redis.url()));
  }

  /** What all nodes see of the visits, whose requests go to one node after the other. */
  private static List<String> table(List<WebContainer> nodes, List<List<String>> visits) {
    List<String> table = new ArrayList<>();
    int requests = 0;
    for (List<String> visit : visits) {
      Browser browser = Browser.browser();
      List<String> lines = new ArrayList<>();
      for (String script : visit) {
        WebContainer node = nodes.get(requests++ % nodes.size());
        lines.add("== " + script + " : " + status(browser, node, script));
        for (WebContainer listening : nodes) {
          lines.addAll(browser.get(listening.uri("/events")).body().lines().toList());
        }
      }
      nodes.forEach(node -> browser.get(node.uri("/events?reset")));
      table.addAll(numbered(lines));
    }
    return table;
  }

  /** The status of a response, or that there was none: some containers close the connection. */
  private static String status(Browser browser, WebContainer node, String script) {
    try {
      return "" + browser.get(node.uri("/run?script=" + URLEncoder.encode(script, UTF_8))).status();
    } catch (UncheckedIOException e) {
      return "none";
    }
  }

  /** The lines with numbers for the ids of sessions: S1 for the first of a visit. */
  private static List<String> numbered(List<String> lines) {
    Map<String, String> numbers = new HashMap<>();
    return lines.stream()
        .map(
            line ->
                ID.matcher(line)
                    .replaceAll(
                        id ->
                            numbers.computeIfAbsent(
                                id.group(), unknown -> "S" + (numbers.size() + 1))))
        .toList();
  }

  private static void print(String title, List<String> left, List<String> right) {
    StringBuilder out = new StringBuilder("\n### ").append(title).append('\n');
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      String one = i < left.size() ? left.get(i) : "";
      String other = i < right.size() ? right.get(i) : "";
      out.append("%s %-72s | %s%n".formatted(one.equals(other) ? " " : "*", one, other));
    }
    System.out.println(out);
  }
}
