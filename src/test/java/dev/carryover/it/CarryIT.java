package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;

import carryapp.Cart;
import carryapp.Job;
import dev.carryover.codec.KryoCodec;
import dev.carryover.testing.Browser;
import dev.carryover.testing.LoggedLines;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.app.OperationsServlet;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Promises S9 and S10: what can't be carried, and what can't be read. */
class CarryIT {

  /** No web application here has this class. */
  private static final class Gone implements Serializable {}

  @TempDir static Path directory;

  private static RedisServer redis;
  private static RedisProbe probe;
  private static Path war;

  private final Browser browser = Browser.browser();

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
    probe = RedisProbe.of(redis);
    war =
        WarBuilder.war()
            .classes(OperationsServlet.class)
            .classesOfPackage("carryapp")
            .carryover()
            .build(directory.resolve("carry.war"));
  }

  @AfterAll
  static void stop() {
    probe.close();
    redis.close();
  }

  @BeforeEach
  void flush() {
    probe.flushAll();
  }

  @ParameterizedTest
  @EnumSource(
      value = WebContainer.Kind.class,
      names = {"JETTY_EE10", "TOMCAT_10"})
  void beansGoAlongHandlesStayAndWhatIsUnreadableHurtsNothing(WebContainer.Kind kind) {
    try (LoggedLines values = LoggedLines.of("dev.carryover.session.AttributeValues");
        LoggedLines deployments = LoggedLines.of("dev.carryover.Deployment");
        WebContainer first = start(kind, "carry");
        WebContainer second = start(kind, "carry")) {
      carries(first, second);
      keepsOnItsNode(first, second);
      survivesWhatIsUnreadable(second);
      List<String> log =
          Stream.of(values.lines(), deployments.lines(), lines(first), lines(second))
              .flatMap(List::stream)
              .toList();
      String carried = "carries objects of " + Cart.class.getName() + ", which is not Serializable";
      assertThat(log).filteredOn(line -> line.contains(carried)).as("one a node").hasSize(2);
      saysOnce(log, "stays on this node: job.steps[1]: java.lang.Thread can't be carried");
      saysOnce(log, "reads as absent, its bytes stay: gone: " + Gone.class.getName());
      assertThat(log).noneMatch(line -> line.contains("objects of " + Job.class.getName()));
    }
  }

  private void carries(WebContainer first, WebContainer second) {
    assertThat(get(first, "/carry?add=pear")).isEqualTo("Cart[pear]; null");
    assertThat(get(second, "/carry?add=apple")).isEqualTo("Cart[pear, apple]; null");
    assertThat(get(first, "/carry")).isEqualTo("Cart[pear, apple]; null");
  }

  private void keepsOnItsNode(WebContainer first, WebContainer second) {
    assertThat(get(first, "/carry?job=1&run=1&add=fig"))
        .isEqualTo("Cart[pear, apple, fig]; Job, 2 steps, run 1 times");
    assertThat(get(second, "/carry?add=plum")).isEqualTo("Cart[pear, apple, fig, plum]; null");
    assertThat(get(second, "/do?do=names")).isEqualTo("[cart]");
    assertThat(get(first, "/carry?run=1"))
        .isEqualTo("Cart[pear, apple, fig, plum]; Job, 2 steps, run 2 times");
    assertThat(probe.hgetall(record())).containsKey("cart").doesNotContainKey("job");
    Browser other = Browser.browser();
    assertThat(other.get(first.uri("/carry?job=1")).status()).isEqualTo(200);
  }

  /** As the specification has it for distributable applications. */
  @ParameterizedTest
  @EnumSource(
      value = WebContainer.Kind.class,
      names = {"JETTY_EE10", "TOMCAT_10"})
  void setAttributeThrowsIfThatIsConfigured(WebContainer.Kind kind) {
    try (WebContainer node = start(kind, "reject")) {
      assertThat(get(node, "/do?do=set:text:before")).isEqualTo("set");
      assertThat(get(node, "/carry?try=1"))
          .isEqualTo("null; null; attempt: carryapp.Cart can't be carried: it is not Serializable");
      assertThat(get(node, "/do?do=list:list:one&do=get:attempt&do=get:text&do=get:list"))
          .isEqualTo("set\nnull\nbefore\n[one]");
      assertThat(probe.hgetall(probe.keys("*session:*").iterator().next()))
          .containsKeys("text", "list")
          .doesNotContainKey("attempt");
    }
  }

  private void survivesWhatIsUnreadable(WebContainer second) {
    byte[] bytes = KryoCodec.forClassLoader(Gone.class.getClassLoader()).encode(new Gone());
    probe.hset(record(), "gone", bytes);
    for (int i = 0; i < 3; i++) {
      assertThat(get(second, "/do?do=get:gone&do=get:text&do=set:text:" + i)).startsWith("null\n");
    }
    assertThat(get(second, "/carry?add=lime")).startsWith("Cart[pear, apple, fig, plum, lime];");
    assertThat(probe.hget(record(), "gone")).isEqualTo(bytes);
    assertThat(get(second, "/do?do=set:gone:found&do=get:gone&do=get:text"))
        .isEqualTo("set\nfound\n2");
    assertThat(probe.hget(record(), "gone")).isNotEqualTo(bytes);
  }

  private static WebContainer start(WebContainer.Kind kind, String policy) {
    return kind.node(war)
        .contextParam("carryover.redis.url", redis.url())
        .contextParam("carryover.non-serializable", policy)
        .start();
  }

  /** The record of this test's browser. */
  private String record() {
    return probe.keys("*session:*").stream()
        .filter(key -> probe.hget(key, "cart") != null)
        .findFirst()
        .orElseThrow();
  }

  private static List<String> lines(WebContainer node) {
    return node.log().lines().toList();
  }

  private static void saysOnce(List<String> log, String what) {
    assertThat(log).filteredOn(line -> line.contains(what)).as(what).hasSize(1);
  }

  private String get(WebContainer node, String path) {
    Browser.Response response = browser.get(node.uri(path.replace(" ", "%20")));
    assertThat(response.status()).as(response.body()).isEqualTo(200);
    return response.body();
  }
}
