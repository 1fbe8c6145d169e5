package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.BothWars;
import dev.carryover.testing.Browser;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Weld's beans of the session go to two nodes in turn; visitor and beans see what they see on one
 * node without Carryover.
 */
class WeldIT {

  /** A visit: one browser, a request for each. */
  private static final List<List<String>> VISITS =
      List.of(
          List.of("do=count&word=a", "do=count&word=b", "do=read&word=c", "do=count&word=d"),
          List.of("do=nothing&word=a", "do=nothing&word=b"),
          List.of("do=count&word=a", "do=rotate&word=b", "do=count&word=c", "do=read&word=d"),
          List.of(
              "do=say&word=a",
              "do=say&word=b&cid=talk",
              "do=count&word=c&cid=talk",
              "do=say&word=d&cid=talk",
              "do=endTalk&word=e&cid=talk",
              "do=say&word=f"),
          List.of("do=count&word=a", "do=count&word=b", "do=invalidate&word=c", "do=read&word=d"),
          List.of("do=count&word=a", "do=read&word=b", "do=invalidate&word=c", "do=count&word=d"),
          List.of("do=count&word=a", "do=count&word=b", "do=readAfterInvalidate&word=c"),
          List.of("do=count&word=a", "do=readAfterInvalidate&word=b", "do=count&word=c"),
          List.of("do=say&word=a", "do=say&word=b&cid=talk", "do=invalidate&word=c"));

  /** Of the sessions of all visits. */
  private static final int INVALIDATED = 5;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @RegisterExtension static final BothWars wars = BothWars.of(WeldIT::war);

  private static WarBuilder war() {
    return WarBuilder.war()
        .classesOfPackage("weldapp")
        .lib(
            Path.of(
                System.getProperty("carryover-test.directory"),
                "libraries/weld-servlet-shaded.jar"))
        .file("WEB-INF/beans.xml", "");
  }

  @ParameterizedTest
  @MethodSource("dev.carryover.testing.WebContainer$Kind#ofEachMakerForJakarta")
  void beansOfTheSessionAreTheSameOnBothNodes(WebContainer.Kind kind) {
    List<String> expected;
    try (WebContainer plain = kind.start(wars.without(), Map.of())) {
      expected = table(plain);
    }
    assertThat(expected)
        .contains("do=count&word=b 200 2 [a, b] part 2 owner b visit b parts true clerk hello")
        .contains("do=say&word=d&cid=talk 200 [a, b, d] talk");
    try (WebContainer one = start(kind);
        WebContainer other = start(kind)) {
      assertThat(table(one, other)).isEqualTo(expected);
      beansEndOnceWithTheTime(one, other);
    }
  }

  private static void beansEndOnceWithTheTime(WebContainer one, WebContainer other) {
    List<String> before = journal(one, other);
    Browser browser = Browser.browser();
    browser.get(one.uri("/counter?do=count&word=a"));
    browser.get(other.uri("/counter?do=say&word=b"));
    browser.get(other.uri("/counter?do=count&word=c"));
    browser.get(one.uri("/counter?do=interval&word=1"));
    await().atMost(PATIENCE).until(() -> wars.probe().keys("*session:" + id(browser)).isEmpty());
    List<String> after = new ArrayList<>(journal(one, other));
    before.forEach(after::remove);
    after.removeIf(line -> line.startsWith("request ") || line.startsWith("visit "));
    assertThat(after)
        .containsExactly(
            "counted to 1",
            "counted to 2",
            "counter constructed",
            "counter destroyed at 2",
            "owner destroyed as c",
            "part destroyed at 2",
            "session begun",
            "session ended",
            "talk destroyed at [b]");
  }

  private static String id(Browser browser) {
    return browser.cookie("JSESSIONID");
  }

  private static WebContainer start(WebContainer.Kind kind) {
    return kind.node(wars.with())
        .contextParam("carryover.redis.url", wars.redis().url())
        .contextParam("carryover.expiry.poll-interval", "100ms")
        .start();
  }

  /** What the visits' requests are answered, and then, sorted, what the nodes' beans have heard. */
  private static List<String> table(WebContainer... nodes) {
    List<String> table = new ArrayList<>();
    for (List<String> visit : VISITS) {
      Browser browser = Browser.browser();
      for (String request : visit) {
        WebContainer node = nodes[table.size() % nodes.length];
        Browser.Response response = browser.get(node.uri("/counter?" + request));
        table.add(request + " " + response.status() + " " + response.body());
      }
    }
    // The listeners hear of a request's end when the client has its response already.
    await().atMost(PATIENCE).until(() -> count("request ended", nodes) == table.size());
    await().atMost(PATIENCE).until(() -> count("session ended", nodes) == INVALIDATED);
    table.addAll(journal(nodes));
    return table;
  }

  private static long count(String line, WebContainer... nodes) {
    return journal(nodes).stream().filter(line::equals).count();
  }

  private static List<String> journal(WebContainer... nodes) {
    return Stream.of(nodes)
        .flatMap(node -> Browser.browser().get(node.uri("/journal")).body().lines())
        .sorted()
        .toList();
  }
}
