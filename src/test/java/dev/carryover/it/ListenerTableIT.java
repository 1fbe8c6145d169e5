package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.Browser;
import dev.carryover.testing.ListenerTableWar;
import dev.carryover.testing.RawHttp;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WebContainer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Promise S2: an application with Carryover sees the events that it sees without, in the same
 * order, on every container, and also if its requests go to two nodes in turn. Prints the tables
 * side by side.
 */
@ParameterizedClass
@MethodSource("dev.carryover.testing.WebContainer$Kind#withoutTheNewest")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
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
  private static WebContainer plain;
  private static WebContainer one;
  private static WebContainer other;

  private final WebContainer.Kind kind;

  ListenerTableIT(WebContainer.Kind kind) {
    this.kind = kind;
  }

  @BeforeAll
  static void build() {
    redis = RedisServer.start();
    without = ListenerTableWar.builder().build(directory.resolve("without.war"));
    with = ListenerTableWar.builder().carryover().build(directory.resolve("with.war"));
  }

  @BeforeParameterizedClassInvocation
  static void start(WebContainer.Kind kind) {
    plain = kind.start(without, Map.of());
    one = kind.start(with, Map.of("carryover.redis.url", redis.url()));
    other = kind.start(with, Map.of("carryover.redis.url", redis.url()));
  }

  @AfterParameterizedClassInvocation
  static void stopNodes() {
    Stream.of(plain, one, other).filter(Objects::nonNull).forEach(WebContainer::close);
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @Test
  @Order(1)
  void applicationSeesTheSameEvents() {
    List<String> expected = ListenerTable.of(List.of(plain), ListenerTable.VISITS);
    List<String> actual = ListenerTable.of(List.of(one), ListenerTable.VISITS);
    ListenerTable.allowTheListenersRequest(expected, actual);
    ListenerTable.print(kind + ", as it is and with Carryover", expected, actual);
    assertThat(actual).isEqualTo(expected);
    List<String> spread = ListenerTable.of(List.of(one, other), ListenerTable.VISITS);
    ListenerTable.print(kind + ", as it is and on two nodes with Carryover", expected, spread);
    assertThat(spread).isEqualTo(expected);
  }

  /** Containers use their request objects again for the next request of a connection. */
  @Test
  @Order(2)
  void requestsOfOneConnectionHaveEachTheirOwnSession() {
    try (RawHttp connection = RawHttp.connect(one.port())) {
      String first = sessionWith("first");
      String second = sessionWith("second");
      for (String before : List.of("dispatch", "complete", "throw:valueBound")) {
        over(connection, first, before);
        assertThat(over(connection, second, "get:a"))
            .filteredOn(line -> line.contains(" a="))
            .isNotEmpty()
            .allMatch(line -> line.contains(" a=second"));
      }
    }
  }

  /** The last, since containers may be the worse for it. */
  @Test
  @Order(3)
  void aListenerThatThrowsHurtsNoOther() {
    List<String> usual = ListenerTable.of(List.of(plain), THROWING);
    List<String> actual = ListenerTable.of(List.of(one), THROWING);
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

  private static String sessionWith(String value) {
    Browser browser = Browser.browser();
    browser.get(one.uri("/run?script=set:a=plain:" + value));
    return browser.cookie("JSESSIONID");
  }

  /** Returns the events of a request with the session's id. */
  private static List<String> over(RawHttp connection, String id, String script) {
    Browser.browser().get(one.uri("/events"));
    connection.request("GET", one.uri("/run?script=" + script), "Cookie: JSESSIONID=" + id);
    connection.readHead();
    connection.readBody();
    return Browser.browser().get(one.uri("/events")).body().lines().toList();
  }

  private static long count(List<String> lines, String beginning) {
    return lines.stream().filter(line -> line.startsWith(beginning)).count();
  }
}
