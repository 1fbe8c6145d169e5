package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.Browser;
import dev.carryover.testing.ListenerTableWar;
import dev.carryover.testing.RawHttp;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WebContainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Promise S2: an application with Carryover sees the events that it sees without, in the same
 * order, on every container, and also if its requests go to two nodes in turn. Prints the tables
 * side by side.
 */
class ListenerTableIT {

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

  @ParameterizedTest
  @MethodSource("dev.carryover.testing.WebContainer$Kind#withoutTheNewest")
  void applicationSeesTheSameEvents(WebContainer.Kind kind) {
    List<String> expected = new ArrayList<>(table(kind, without, ListenerTable.VISITS));
    List<String> actual = table(kind, with, ListenerTable.VISITS);
    ListenerTable.allowTheListenersRequest(expected, actual);
    ListenerTable.print(kind + ", as it is and with Carryover", expected, actual);
    assertThat(actual).isEqualTo(expected);
    List<String> spread;
    try (WebContainer one = start(kind, with);
        WebContainer other = start(kind, with)) {
      spread = ListenerTable.of(List.of(one, other), ListenerTable.VISITS);
    }
    ListenerTable.print(kind + ", as it is and on two nodes with Carryover", expected, spread);
    assertThat(spread).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("dev.carryover.testing.WebContainer$Kind#withoutTheNewest")
  void aListenerThatThrowsHurtsNoOther(WebContainer.Kind kind) {
    List<String> usual = table(kind, without, THROWING);
    List<String> actual = table(kind, with, THROWING);
    ListenerTable.print(
        kind + " with listeners that throw, as it is and with Carryover", usual, actual);
    for (String event : List.of("sessionCreated", "attributeAdded", "sessionDestroyed")) {
      assertThat(count(actual, "programmatic " + event))
          .as(event)
          .isPositive()
          .isEqualTo(count(actual, "declared " + event));
    }
    assertThat(actual).noneMatch(line -> line.startsWith("!"));
  }

  /** Containers use their request objects again for the next request of a connection. */
  @ParameterizedTest
  @MethodSource("dev.carryover.testing.WebContainer$Kind#withoutTheNewest")
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

  private static long count(List<String> lines, String beginning) {
    return lines.stream().filter(line -> line.startsWith(beginning)).count();
  }

  private static List<String> table(WebContainer.Kind kind, Path war, List<List<String>> visits) {
    try (WebContainer container = start(kind, war)) {
      return ListenerTable.of(List.of(container), visits);
    }
  }

  private static WebContainer start(WebContainer.Kind kind, Path war) {
    return kind.start(war, Map.of("carryover.redis.url", redis.url()));
  }
}
