package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.Browser;
import dev.carryover.testing.JettyNode;
import dev.carryover.testing.LiveSessionCount;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebXml;
import dev.carryover.testing.app.OperationsServlet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promises F1 and F2: Redis away, at start and later. */
class WithoutRedisIT {

  private static final Duration TIMEOUT = Duration.ofMillis(800);

  /** Of a request that waited for Redis once; waiting twice would take longer. */
  private static final Duration ONCE = TIMEOUT.multipliedBy(2).minusMillis(100);

  @TempDir Path directory;

  private final Browser browser = Browser.browser();
  private RedisServer redis;
  private JettyNode node;

  @BeforeEach
  void start() {
    redis = RedisServer.start();
  }

  @AfterEach
  void stop() {
    if (node != null) {
      node.close();
    }
    redis.close();
  }

  @Test
  void startsWithoutRedisAndJoinsIt() {
    redis.stop();
    startNode("");
    assertThat(run("").status()).isEqualTo(200);
    // The first connection attempts may take the connect time-out besides.
    assertUnavailable(run("do=create"));
    assertUnavailable(once(() -> run("do=create")));
    redis.restart();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(run("do=set:a:1").status()).isEqualTo(200));
    assertThat(run("do=get:a").body()).isEqualTo("1");
  }

  @Test
  void readersWaitOnceWhenRedisGoes() {
    startNode("");
    run("do=set:a:1");
    redis.stop();
    assertUnavailable(once(() -> run("do=get:a")));
    assertUnavailable(once(() -> run("do=get:a", "do=set:b:1")));
    assertThat(run("").status()).as("needs no session").isEqualTo(200);
    redis.restart();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(run("do=id").status()).isEqualTo(200));
    assertNothingHeld();
  }

  @Test
  void redirectThatCannotBeSavedIsNotSent() {
    startNode("");
    run("do=create");
    redis.stop();
    assertUnavailable(once(() -> run("do=create", "do=redirect:/elsewhere")));
    Browser.Response created =
        once(() -> Browser.browser().get(node.uri("/do?do=create&do=redirect:/elsewhere")));
    assertUnavailable(created);
    assertNothingHeld();
  }

  /** Such a page asks for a session as every JSP does; it waits for Redis no second time. */
  @Test
  void errorPageThatWantsASession() {
    startNode(
        "<error-page><location>/error.jsp</location></error-page>",
        "<%@ page isErrorPage=\"true\" %>sorry");
    run("do=create");
    // Compiles the page, which takes time of its own.
    assertThat(browser.get(node.uri("/not-there")).body()).isEqualTo("sorry");
    redis.stop();
    String id = browser.cookie("JSESSIONID");
    for (String operation : new String[] {"do=get:a", "do=create", "do=rotate"}) {
      Browser.Response response = once(() -> run(operation, "do=set:a:1"));
      assertUnavailable(response);
      assertThat(response.body()).isEqualTo("sorry");
    }
    assertThat(browser.cookie("JSESSIONID")).isEqualTo(id);
    Browser.Response created = once(() -> Browser.browser().get(node.uri("/do?do=create")));
    assertUnavailable(created);
    assertThat(created.body()).isEqualTo("sorry");
    assertThat(created.setCookies()).isEmpty();
    // Here it is the page that is first to ask.
    Browser.Response lost = once(() -> browser.get(node.uri("/not-there")));
    assertThat(lost.status()).isIn(404, 503);
    Browser.Response newcomer = once(() -> Browser.browser().get(node.uri("/not-there")));
    assertThat(newcomer.status()).isIn(404, 503);
    assertThat(newcomer.setCookies()).isEmpty();
    assertNothingHeld();
  }

  private void assertUnavailable(Browser.Response response) {
    assertThat(response.status()).as(response.body()).isEqualTo(503);
    assertThat(response.header("Retry-After")).isEqualTo("2");
  }

  private void assertNothingHeld() {
    await().untilAsserted(() -> assertThat(LiveSessionCount.of(node.context())).isZero());
  }

  private static Browser.Response once(Supplier<Browser.Response> request) {
    long start = System.nanoTime();
    Browser.Response response = request.get();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(ONCE);
    return response;
  }

  private void startNode(String webXml, String... errorPage) {
    WarBuilder war =
        WarBuilder.war().classes(OperationsServlet.class).webXml(WebXml.with(webXml)).carryover();
    if (errorPage.length > 0) {
      war.file("error.jsp", errorPage[0]);
    }
    node =
        JettyNode.node()
            .war(war.build(directory.resolve("without.war")))
            .contextParam("carryover.redis.url", redis.url())
            .contextParam("carryover.redis.timeout", TIMEOUT.toMillis() + "ms")
            .start();
  }

  private Browser.Response run(String... operations) {
    return browser.get(node.uri("/do?" + String.join("&", operations)));
  }
}
