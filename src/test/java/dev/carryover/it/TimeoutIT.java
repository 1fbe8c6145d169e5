package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.Browser;
import dev.carryover.testing.JettyNode;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebXml;
import dev.carryover.testing.app.OperationsServlet;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long sessions live, by Redis's clock, and what they say of their own times. */
class TimeoutIT {

  /** What tells how many sessions began and ended in the last minutes is no session's. */
  private static final Predicate<String> COUNTED = key -> key.endsWith("}:events");

  /** A deadline that the test can wait for, yet not reach while it does something else. */
  private static final Duration SHORT = Duration.ofSeconds(2);

  @TempDir static Path directory;

  private static RedisServer redis;
  private static RedisProbe probe;
  private static Path war;
  private static JettyNode usual;

  private final Browser browser = Browser.browser();
  private JettyNode node;

  @BeforeAll
  static void startRedis() {
    redis = RedisServer.start();
    probe = RedisProbe.of(redis);
    war = war(5);
    usual = builder().start();
  }

  @AfterAll
  static void stopRedis() {
    usual.close();
    probe.close();
    redis.close();
  }

  @BeforeEach
  void flush() {
    probe.flushAll();
    node = usual;
  }

  @AfterEach
  void stop() {
    if (node != usual) {
      node.close();
    }
  }

  @Test
  void timeoutOfWebXml() {
    assertThat(run("create", "getInterval")).endsWith("\n300");
    assertThat(probe.hget(record(), "~state"))
        .asString(StandardCharsets.US_ASCII)
        .startsWith("300 ");
    assertThat(run("getInterval")).isEqualTo("300");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void webXmlMaySayThatSessionsNeverExpire(int minutes) {
    node =
        JettyNode.node().war(war(minutes)).contextParam("carryover.redis.url", redis.url()).start();
    run("create");
    assertThat(probe.pttl(record())).isEqualTo(-1);
  }

  @Test
  void ourTimeoutIsStronger() {
    start(builder().contextParam("carryover.timeout", "90s"));
    assertThat(run("create", "getInterval")).endsWith("\n90");
    assertThat(probe.pttl(record())).isBetween(3_600_000L, 3_690_000L);
  }

  @Test
  void neverAsConfigured() {
    start(builder().contextParam("carryover.timeout", "never"));
    run("create");
    assertThat(probe.pttl(record())).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, -77})
  void applicationMayMakeASessionThatNeverExpires(int interval) {
    assertThat(run("create", "interval:" + interval, "getInterval")).endsWith("\n" + interval);
    assertThat(probe.pttl(record())).isEqualTo(-1);
    assertThat(run("getInterval")).isEqualTo(String.valueOf(interval));
    run("interval:60");
    assertThat(probe.pttl(record())).isPositive();
    run("interval:" + interval);
    assertThat(probe.pttl(record())).isEqualTo(-1);
  }

  @Test
  void expiredSessionIsRemoved() {
    start(builder().contextParam("carryover.timeout", "1s"));
    run("create");
    await().untilAsserted(() -> assertThat(probe.keys("carryover:*")).allMatch(COUNTED));
    assertThat(run("valid", "id")).isEqualTo("false\nnone");
  }

  @Test
  void shorterIntervalOfTheApplicationCounts() {
    run("create", "interval:1");
    await().untilAsserted(() -> assertThat(probe.keys("carryover:*")).allMatch(COUNTED));
    assertThat(run("id")).isEqualTo("none");
  }

  @Test
  void requestThatNeverUsesItsSessionKeepsItAlive() {
    start(builder().contextParam("carryover.timeout", SHORT.toSeconds() + "s"));
    long created = Long.parseLong(run("create", "created").split("\n")[1]);
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              run("");
              assertThat(probe.keys("*session:*")).hasSize(1);
              return stored("~accessed") > created + SHORT.multipliedBy(2).toMillis();
            });
    assertThat(run("valid")).isEqualTo("true");
  }

  @Test
  void withoutSlidingItEndsWhateverIsDone() {
    start(
        builder()
            .contextParam("carryover.timeout", SHORT.toSeconds() + "s")
            .contextParam("carryover.sliding", "false"));
    long created = Long.parseLong(run("create", "created").split("\n")[1]);
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> run("id").equals("none"));
    assertThat(System.currentTimeMillis())
        .isBetween(created + SHORT.toMillis() - 500, created + SHORT.toMillis() + 5_000);
  }

  @Test
  void creationTimeIsTheSameInAllRequests() {
    // A node knows nothing of Redis's clock before its first answer.
    Browser.browser().get(node.uri("/do?do=create"));
    probe.flushAll();
    String created = run("create", "created").split("\n")[1];
    assertThat(run("created")).isEqualTo(created);
    assertThat(run("set:a:1", "created")).endsWith(created);
    assertThat(stored("~created")).isEqualTo(Long.parseLong(created));
  }

  @Test
  void lastAccessedTimeIsThatOfTheRequestBefore() {
    String[] first = run("create", "created", "accessed").split("\n");
    assertThat(first[2]).isEqualTo(first[1]);
    for (int i = 0; i < 5; i++) {
      long before = stored("~accessed");
      assertThat(run("accessed", "set:a:" + i, "accessed")).isEqualTo(before + "\nset\n" + before);
      assertThat(stored("~accessed")).isGreaterThanOrEqualTo(before);
    }
  }

  @Test
  void requestThatDoesNotUseTheSessionCountsAsAccess() {
    run("create");
    long before = stored("~accessed");
    await().until(() -> run("").isEmpty() && stored("~accessed") > before);
  }

  private long stored(String field) {
    byte[] value = probe.hget(record(), field);
    return Long.parseLong(new String(value, StandardCharsets.US_ASCII));
  }

  private static String record() {
    return probe.keys("*session:*").iterator().next();
  }

  private static JettyNode.Builder builder() {
    return JettyNode.node().war(war).contextParam("carryover.redis.url", redis.url());
  }

  private static Path war(int minutes) {
    return WarBuilder.war()
        .classes(OperationsServlet.class)
        .webXml(
            WebXml.with(WebXml.sessionConfig("<session-timeout>" + minutes + "</session-timeout>")))
        .carryover()
        .build(directory.resolve("timeout" + minutes + ".war"));
  }

  private void start(JettyNode.Builder builder) {
    node = builder.start();
  }

  private String run(String... operations) {
    String query = String.join("&do=", operations);
    Browser.Response response =
        browser.get(node.uri("/do" + (query.isEmpty() ? "" : "?do=" + query)));
    assertThat(response.status()).as(response.body()).isEqualTo(200);
    return response.body();
  }
}
