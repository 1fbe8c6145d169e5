package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carryover.testing.Browser;
import dev.carryover.testing.JettyNode;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebXml;
import dev.carryover.testing.app.AsyncServlet;
import dev.carryover.testing.app.DispatchServlet;
import dev.carryover.testing.app.OperationsServlet;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where configuration comes from in a real deployment: bad values keep the application from
 * starting, and say which key, which value, where, and what was expected.
 */
class BadConfigIT {

  private static final String ERROR_PAGE =
      "<error-page><location>/dispatch/next</location></error-page>";
  private static final String FILTER = "dev.carryover.SessionFilter";

  @TempDir static Path directory;

  private static RedisServer redis;
  private static RedisProbe probe;

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
    probe = RedisProbe.of(redis);
  }

  @AfterAll
  static void stop() {
    probe.close();
    redis.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          carryover.redis.url         | http://h    | redis.url     | redis://
          carryover.redis.url         | 'redis://h:99999' | redis.url | port
          carryover.redis.timeout     | soon        | redis.timeout | duration
          carryover.timeout           | -5m         | timeout       | duration
          carryover.redis.connections | many        | redis.connections | a whole number from 1 to 64
          carryover.store             | disk        | store         | redis or memory
          carryover.cookie.name       | a b         | cookie.name   | RFC 6265
          carryover.enabled           | yes         | enabled       | true or false
          """)
  void badContextParam(String key, String value, String named, String expected) {
    assertRefused(
        JettyNode.node().war(war()).contextParam(key, value),
        named,
        value,
        "context-param",
        expected);
  }

  @Test
  void unknownContextParam() {
    assertRefused(
        node(war()).contextParam("carryover.redis.ulr", "redis://h"),
        "unknown key carryover.redis.ulr = \"redis://h\"",
        "context-param",
        "did you mean carryover.redis.url");
  }

  @Test
  void badInitParam() {
    assertRefused(
        node(war(WebXml.filter("redis.timeout", "soon"))),
        "redis.timeout",
        "soon",
        "init-param",
        "duration");
  }

  @Test
  void unknownInitParam() {
    assertRefused(
        node(war(WebXml.filter("redis.timeot", "1s"))),
        "redis.timeot",
        "init-param",
        "did you mean");
  }

  @Test
  void badPropertiesFile() {
    Path war =
        builder()
            .file("WEB-INF/carryover.properties", "expiry.lease=1 fortnight\n")
            .build(directory.resolve("properties.war"));
    assertRefused(
        node(war), "expiry.lease", "1 fortnight", "WEB-INF/carryover.properties", "duration");
  }

  @Test
  void badSystemProperty() {
    System.setProperty("carryover.redis.threads", "0");
    try {
      assertRefused(node(war()), "redis.threads", "\"0\"", "system property", "from 1 to 64");
    } finally {
      System.clearProperty("carryover.redis.threads");
    }
  }

  @Test
  void systemPropertyIsStrongerThanTheWar() {
    System.setProperty("carryover.cookie.name", "STRONG");
    try (JettyNode node = node(war()).contextParam("carryover.cookie.name", "WEAK").start()) {
      assertThat(Browser.browser().get(node.uri("/do?do=create")).header("set-cookie"))
          .startsWith("STRONG=");
    } finally {
      System.clearProperty("carryover.cookie.name");
    }
  }

  @Test
  void twoAddressesExcludeEachOther() {
    assertRefused(
        node(war()).contextParam("carryover.redisson.config", "redisson.yaml"),
        "redis.url",
        "redisson.config",
        "expected only one");
  }

  @Test
  void missingRedissonFile() {
    assertRefused(
        yaml(war(), "not-there.yaml"),
        "redisson.config",
        "not-there.yaml",
        "context-param",
        "expected a file in WEB-INF");
  }

  @Test
  void brokenRedissonFile() {
    Path war =
        builder()
            .file("WEB-INF/redisson.yaml", "singleServerConfig:\n  adress: redis://h\n")
            .build(directory.resolve("broken.war"));
    assertRefused(
        yaml(war, "redisson.yaml"), "redisson.config", "redisson.yaml", "context-param", "line 2");
  }

  @ParameterizedTest
  @CsvSource({"WEB-INF/redisson.yaml,redisson.yaml", "WEB-INF/classes/conf/r.yaml,conf/r.yaml"})
  void redissonFileOfTheWarWithAClassNameInIt(String file, String path) {
    Path war =
        builder()
            .file(
                file,
                """
                singleServerConfig:
                  address: "%s"
                  connectionPoolSize: 2
                  connectionMinimumIdleSize: 1
                codec: !<org.redisson.client.codec.StringCodec> {}
                """
                    .formatted(redis.url()))
            .build(directory.resolve("yaml.war"));
    probe.flushAll();
    try (JettyNode node = yaml(war, path).start()) {
      Browser browser = Browser.browser();
      assertThat(browser.get(node.uri("/do?do=set:a:1")).body()).isEqualTo("set");
      assertThat(browser.get(node.uri("/do?do=get:a")).body()).isEqualTo("1");
      assertThat(probe.keys("*session:*")).hasSize(1);
    }
  }

  @Test
  void switchedOffTheContainerKeepsTheSessions() {
    try (JettyNode node = node(war()).contextParam("carryover.enabled", "false").start()) {
      assertThat(filters(node)).isEmpty();
      assertThat(Browser.browser().get(node.uri("/do?do=create")).body()).startsWith("node0");
    }
  }

  @Test
  void switchedOffWhereItIsDeclared() {
    try (JettyNode node = node(war(WebXml.filter("enabled", "false"))).start()) {
      assertThat(Browser.browser().get(node.uri("/do?do=create")).body()).startsWith("node0");
    }
  }

  @Test
  void registersItself() {
    try (JettyNode node = node(war()).start()) {
      assertThat(filters(node)).containsExactly("carryover");
    }
  }

  /** The declaration names no dispatchers, and does not say that it supports async. */
  @Test
  void declarationIsUsedAndNothingIsRegisteredTwice() {
    try (JettyNode node = node(war(WebXml.filter("cookie.name", "DECLARED"))).start()) {
      assertThat(filters(node)).containsExactly("sessions");
      Browser browser = Browser.browser();
      assertThat(browser.get(node.uri("/do?do=set:a:1")).header("set-cookie"))
          .startsWith("DECLARED=");
      assertThat(browser.get(node.uri("/async?way=dispatch")).body())
          .isEqualTo("dispatched to /async");
      assertThat(browser.get(node.uri("/async?way=timeout")).body()).isEqualTo("timeout ");
      assertThat(browser.get(node.uri("/do?do=get:thread&do=get:listener")).body())
          .isEqualTo("dispatch\ntrue");
      assertThat(browser.get(node.uri("/dispatch?way=sendError")).body())
          .isEqualToIgnoringNewLines(browser.cookie("DECLARED") + " false REQUEST,ERROR");
    }
  }

  @Test
  void nameOfTheFilterIsTaken() {
    String other =
        WebXml.filter()
            .replace("sessions", "carryover")
            .replace(FILTER, OtherFilter.class.getName());
    Path war =
        builder()
            .classes(OtherFilter.class)
            .webXml(WebXml.with(other))
            .build(directory.resolve("taken.war"));
    assertRefused(node(war), "'carryover'", FILTER, "web.xml");
  }

  /** A filter that has the name which ours takes. */
  public static final class OtherFilter extends jakarta.servlet.http.HttpFilter {}

  private static void assertRefused(JettyNode.Builder node, String... words) {
    assertThatThrownBy(() -> node.start().close())
        .satisfies(failure -> assertThat(messages(failure)).contains(words));
  }

  private static String messages(Throwable failure) {
    return String.join(
        "\n",
        Stream.iterate(failure, e -> e != null, Throwable::getCause)
            .map(Throwable::getMessage)
            .map(String::valueOf)
            .toList());
  }

  private static List<String> filters(JettyNode node) {
    return Stream.of(node.context().getServletHandler().getFilters())
        .filter(filter -> filter.getClassName().equals(FILTER))
        .map(filter -> filter.getName())
        .toList();
  }

  private static JettyNode.Builder node(Path war) {
    return JettyNode.node().war(war).contextParam("carryover.redis.url", redis.url());
  }

  private static JettyNode.Builder yaml(Path war, String path) {
    return JettyNode.node().war(war).contextParam("carryover.redisson.config", path);
  }

  private static Path war(String... webXml) {
    return builder()
        .webXml(WebXml.with(ERROR_PAGE, String.join("", webXml)))
        .build(directory.resolve("config.war"));
  }

  private static WarBuilder builder() {
    return WarBuilder.war()
        .classes(OperationsServlet.class, AsyncServlet.class, DispatchServlet.class)
        .webXml(WebXml.with(ERROR_PAGE))
        .carryover();
  }
}
