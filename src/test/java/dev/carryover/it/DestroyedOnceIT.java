package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.Browser;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.app.LifecycleLog;
import dev.carryover.testing.app.OperationsServlet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise S3: listeners hear of a session's beginning and end once in the cluster. */
class DestroyedOnceIT {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Longer than it takes to kill a node. */
  private static final Duration LEASE = Duration.ofSeconds(4);

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
            .classes(OperationsServlet.class, LifecycleLog.class)
            .carryover()
            .build(directory.resolve("lifecycle.war"));
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

  @Test
  void whicheverNodeInvalidates() {
    try (WebContainer one = node();
        WebContainer other = node()) {
      String id = create(browser, one, 60);
      assertThat(run(other, "get:a")).isEqualTo("1");
      assertThat(run(other, "invalidate", "id")).isEqualTo("invalidated\nnone");
      assertThat(run(one, "id")).isEqualTo("none");
      awaitEverythingFinished();
      assertThat(linesOf(id, one)).containsExactly("created");
      assertThat(linesOf(id, other)).containsExactlyElementsOf(end());
    }
  }

  @Test
  void aSessionThatMovedAndWasRotatedElsewhere() {
    try (WebContainer one = node();
        WebContainer other = node()) {
      String id = create(browser, one, 60);
      String rotated = run(other, "rotate");
      assertThat(run(one, "invalidate")).isEqualTo("invalidated");
      awaitEverythingFinished();
      assertThat(linesOf(id, one, other)).containsExactly("created");
      assertThat(linesOf(rotated, other)).isEmpty();
      assertThat(linesOf(rotated, one)).containsExactlyElementsOf(end());
    }
  }

  @Test
  void fiftySessionsExpireWithBothNodesUp() {
    try (WebContainer one = node();
        WebContainer other = node()) {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        ids.add(create(Browser.browser(), i % 2 == 0 ? one : other, 2));
      }
      awaitEverythingFinished();
      for (String id : ids) {
        assertThat(linesOf(id, one, other)).containsExactlyElementsOf(begunAndEnded());
      }
    }
  }

  /** One of its threads delivers an expiry, another, of a request, an invalidation. */
  @Test
  void anotherNodeDeliversWhatADeadOneCouldNot() {
    String invalidated;
    String expired;
    try (WebContainer dying =
        builder(WebContainer.Kind.TOMCAT_10).contextParam("stall", "yes").start()) {
      invalidated = create(browser, dying, 600);
      expired = create(Browser.browser(), dying, 1);
      Thread client = new Thread(() -> swallow(() -> run(dying, "invalidate")), "client");
      client.start();
      await()
          .atMost(PATIENCE)
          .until(() -> dying.log().contains(invalidated) && dying.log().contains(expired));
      dying.kill();
    }
    assertThat(probe.keys("*session:*")).hasSize(2);
    try (WebContainer heir = node()) {
      awaitEverythingFinished();
      assertThat(linesOf(invalidated, heir)).containsExactlyElementsOf(end());
      assertThat(linesOf(expired, heir)).containsExactlyElementsOf(end());
    }
  }

  private static void swallow(Runnable request) {
    try {
      request.run();
    } catch (RuntimeException e) {
      // Its node is killed.
    }
  }

  /** Both ends leave nothing behind. */
  private static void awaitEverythingFinished() {
    await().atMost(PATIENCE).until(() -> probe.keys("*session:*").isEmpty());
  }

  private static List<String> end() {
    return List.of("destroyed a=1 b=2", "unbound a=1", "unbound b=2");
  }

  private static List<String> begunAndEnded() {
    return Stream.concat(Stream.of("created"), end().stream()).toList();
  }

  /** What the nodes have heard of a session, the beginning first. */
  private static List<String> linesOf(String id, WebContainer... nodes) {
    return Stream.of(nodes)
        .flatMap(node -> Browser.browser().get(node.uri("/lifecycle")).body().lines())
        .filter(line -> line.startsWith(id))
        .map(line -> line.substring(id.length() + 1))
        .sorted((a, b) -> Boolean.compare(b.equals("created"), a.equals("created")))
        .toList();
  }

  private static String create(Browser browser, WebContainer node, int interval) {
    return browser.get(node.uri("/lifecycle?create=" + interval)).body();
  }

  private String run(WebContainer node, String... operations) {
    return browser.get(node.uri("/do?do=" + String.join("&do=", operations))).body();
  }

  private static WebContainer node() {
    return builder(WebContainer.Kind.JETTY_EE10).start();
  }

  private static WebContainer.Builder builder(WebContainer.Kind kind) {
    return kind.node(war)
        .contextParam("carryover.redis.url", redis.url())
        .contextParam("carryover.expiry.poll-interval", "100ms")
        .contextParam("carryover.expiry.lease", LEASE.toSeconds() + "s");
  }
}
