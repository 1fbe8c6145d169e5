package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.Browser;
import dev.carryover.testing.JettyNode;
import dev.carryover.testing.Monitor;
import dev.carryover.testing.RawHttp;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.app.OperationsServlet;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Promise X1: what a client makes up costs Redis nothing, and gets it nothing. */
class BadInputIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String WELL_FORMED = "Abcdefghijklmnopqrstuvwxyz0123456789-_ABCDE";

  @TempDir static Path directory;

  private static RedisServer redis;
  private static RedisProbe probe;
  private static Monitor monitor;
  private static JettyNode node;

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
    probe = RedisProbe.of(redis);
    Path war =
        WarBuilder.war()
            .classes(OperationsServlet.class)
            .carryover()
            .build(directory.resolve("input.war"));
    node =
        JettyNode.node()
            .war(war)
            .alsoWar(war, "/other")
            .contextParam("carryover.redis.url", redis.url())
            .start();
    monitor = probe.monitor();
    request("/do?do=create", "A: b");
  }

  @AfterAll
  static void stop() {
    monitor.close();
    node.close();
    probe.close();
    redis.close();
  }

  static Stream<String> malformed() {
    return Stream.of(
        "",
        "\"\"",
        "x",
        "null",
        ".",
        ".node1",
        "../../etc/passwd",
        "A".repeat(42),
        "A".repeat(44),
        "A".repeat(42) + "*",
        "A".repeat(42) + "=",
        "A".repeat(42) + "+",
        "A".repeat(42) + "/",
        "A".repeat(42) + "\u00e4",
        "\u0416".repeat(43),
        "{" + "A".repeat(41) + "}",
        "A".repeat(20) + "%0d%0aSet-Cookie:%20evil=1",
        "A".repeat(40) + "%00%0A",
        "%41".repeat(43),
        "\"" + "A".repeat(41) + "\"",
        "\"" + "A".repeat(42) + "\\\"\"",
        "'; FLUSHALL; '",
        "<script>alert(1)</script>",
        "B".repeat(5_000),
        "junk; JSESSIONID=".repeat(100) + "junk");
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void malformedIdsInCookiesAreTurnedAway(String id) {
    assertTurnedAway(
        request("/do?do=valid&do=id", "Cookie: JSESSIONID=" + id), "false\nnone", true);
    assertTurnedAway(request("/do", "Cookie: JSESSIONID=" + id), "", true);
  }

  static Stream<String> malformedInUrls() {
    return malformed()
        .map(id -> id.replaceAll("[ <>\"\\\\{}\u0416\u00e4]", "%22"))
        .filter(id -> !id.contains("JSESSIONID"));
  }

  /** The container may refuse such a URL itself. */
  @ParameterizedTest
  @MethodSource("malformedInUrls")
  void malformedIdsInUrlsAreTurnedAway(String id) {
    assertTurnedAway(
        request("/do;jsessionid=" + id + "?do=valid&do=id", "A: b"), "false\nnone", false);
  }

  /** Bytes that no client library would send. The container refuses them, or we do. */
  @ParameterizedTest
  @MethodSource("rawBytes")
  void rawBytesAreTurnedAway(String bytes) {
    Answer answer = request("/do?do=valid&do=id", "Cookie: JSESSIONID=" + bytes);
    assertTurnedAway(answer, "false\nnone", false);
  }

  static Stream<String> rawBytes() {
    return Stream.of(
        "A".repeat(20) + "\r\nSet-Cookie: evil=1",
        "A".repeat(20) + "\nSet-Cookie: evil=1",
        "A".repeat(20) + "\rB",
        "A".repeat(20) + "\0B",
        "\u00ff\u00fe\u0080".repeat(10),
        "A".repeat(22) + "\t" + "A".repeat(20));
  }

  @Test
  void tenThousandCharactersInTheUrlAreTurnedAway() {
    // Larger than the container takes: it says so itself, with a status of the client's.
    Answer answer = request("/do;jsessionid=" + "A".repeat(10_000) + "?do=valid&do=id", "A: b");
    assertTurnedAway(answer, "false\nnone", false);
    answer = request("/do?do=valid&do=id", "Cookie: JSESSIONID=" + "A".repeat(10_000));
    assertTurnedAway(answer, "false\nnone", false);
  }

  @Test
  void madeUpIdIsNeverAdopted() {
    Answer answer =
        request("/do?do=valid&do=id&do=set:a:1&do=id", "Cookie: JSESSIONID=" + WELL_FORMED);
    String[] lines = answer.body().split("\n");
    assertThat(lines[0]).isEqualTo("false");
    assertThat(lines[1]).isEqualTo("none");
    assertThat(lines[3]).isNotEqualTo(WELL_FORMED).hasSize(43);
    assertThat(answer.head().cookie("JSESSIONID")).isEqualTo(lines[3]);
    assertThat(probe.keys("*" + WELL_FORMED + "*")).isEmpty();
    assertThat(request("/do;jsessionid=" + WELL_FORMED + "?do=create", "A: b").body())
        .isNotEqualTo(WELL_FORMED);
  }

  @Test
  void madeUpIdIsTouchedAndNothingMore() {
    scripts();
    assertThat(request("/do", "Cookie: JSESSIONID=" + WELL_FORMED).head().status()).isEqualTo(200);
    await().atMost(PATIENCE).until(() -> !scripts().isEmpty());
    assertThat(probe.keys("*" + WELL_FORMED + "*")).isEmpty();
  }

  @Test
  void idOfAnotherNamespaceIsUnknownHere() {
    Browser browser = Browser.browser();
    String id = browser.get(node.uri(node.context("/other"), "/do?do=create")).body();
    assertThat(id).hasSize(43);
    Answer answer = request("/do?do=valid&do=create", "Cookie: JSESSIONID=" + id);
    assertThat(answer.body()).startsWith("false\n").doesNotContain(id);
    assertThat(browser.get(node.uri(node.context("/other"), "/do?do=valid")).body())
        .isEqualTo("true");
  }

  @Test
  void anIdThatMeansAKeyOfTheStoreIsNoId() {
    String id = request("/do?do=create", "A: b").body();
    for (String key : probe.keys("*")) {
      Answer answer = request("/do?do=valid", "Cookie: JSESSIONID=" + key);
      assertThat(answer.body()).as(key).isEqualTo("false");
    }
    assertThat(request("/do?do=valid", "Cookie: JSESSIONID=" + id).body()).isEqualTo("true");
  }

  private static void assertTurnedAway(Answer answer, String body, boolean byUs) {
    assertThat(answer.head().status()).isLessThan(500);
    assertThat(answer.head().lines())
        .noneMatch(line -> line.toLowerCase(Locale.ROOT).startsWith("set-cookie"));
    if (byUs) {
      assertThat(answer.head().status()).isEqualTo(200);
    }
    if (answer.head().status() == 200) {
      assertThat(answer.body()).isEqualTo(body);
    }
    assertThat(scripts()).isEmpty();
  }

  private static Answer request(String target, String header) {
    scripts();
    try (RawHttp http = RawHttp.connect(node.port())) {
      http.send(
          ("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + header + "\r\n\r\n")
              .getBytes(StandardCharsets.UTF_8));
      RawHttp.Head head = http.readHead();
      return new Answer(head, new String(http.readBody(), StandardCharsets.UTF_8));
    }
  }

  private static List<List<String>> scripts() {
    return monitor.commandsUntilNow().stream()
        .filter(command -> command.get(0).toLowerCase(Locale.ROOT).startsWith("eval"))
        // Redisson tries out what a server can do.
        .filter(command -> command.stream().anyMatch(word -> word.startsWith("carryover:")))
        .toList();
  }

  private record Answer(RawHttp.Head head, String body) {}
}
