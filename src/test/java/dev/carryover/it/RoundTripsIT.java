package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.Browser;
import dev.carryover.testing.JettyNode;
import dev.carryover.testing.Monitor;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebXml;
import dev.carryover.testing.app.OperationsServlet;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Promise C1: how many commands a request sends to Redis, as Redis itself sees them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoundTripsIT {

  @TempDir static Path directory;

  private RedisServer redis;
  private RedisProbe probe;
  private JettyNode node;
  private Monitor monitor;

  private Browser browser;

  @BeforeAll
  void start() {
    redis = RedisServer.start();
    probe = RedisProbe.of(redis);
    Path war =
        WarBuilder.war()
            .classes(OperationsServlet.class)
            .webXml(WebXml.with(WebXml.BASIC_LOGIN))
            .carryover()
            .build(directory.resolve("operations.war"));
    node =
        JettyNode.node()
            .war(war)
            .contextParam("carryover.redis.url", redis.url())
            .contextParam("carryover.secret", secrets())
            .contextParam("carryover.principal-attribute", "account.name")
            .contextParam("carryover.bind", "user-agent,ip")
            .contextParam("carryover.max-age", "1d")
            .user("joe", "secret", "customer")
            .start();
    monitor = probe.monitor();
    warmUp();
  }

  /** How the sessions are kept. */
  String secrets() {
    return "none";
  }

  /** Redis is sent the source of each script once, when it does not know it yet. */
  private void warmUp() {
    Browser first = Browser.browser();
    run(first, "do=set:a:1");
    run(first, "do=get:a", "do=set:a:2", "do=rotate");
    run(first, "");
    await().until(() -> !scripts().isEmpty());
    run(first, "do=invalidate");
  }

  @AfterAll
  void stop() {
    monitor.close();
    node.close();
    probe.close();
    redis.close();
  }

  @BeforeEach
  void forgetWhatWas() {
    browser = Browser.browser();
    scripts();
  }

  @Test
  void sessionNotUsedWithoutCookieCostsNothing() {
    run("");
    assertThat(scripts()).isEmpty();
  }

  @Test
  void sessionNotUsedWithCookieIsTouchedInTheBackground() {
    run("do=set:a:1");
    scripts();
    run("");
    awaitScripts(1);
  }

  @Test
  void readingCostsOne() {
    run("do=set:a:1");
    scripts();
    assertThat(run("do=get:a", "do=names", "do=id", "do=valid")).startsWith("1\n[a]\n");
    assertThat(scripts()).hasSize(1);
  }

  @Test
  void readingAMutableAttributeCostsOne() {
    run("do=list:a:1");
    scripts();
    assertThat(run("do=get:a")).isEqualTo("[1]");
    assertThat(scripts()).hasSize(1);
  }

  @Test
  void writingCostsTwo() {
    run("do=set:a:1");
    scripts();
    run("do=set:a:2", "do=set:b:3", "do=remove:a");
    assertThat(scripts()).hasSize(2);
  }

  @Test
  void readingAndWritingCostsTwo() {
    run("do=list:a:1");
    scripts();
    run("do=get:a", "do=add:a:2", "do=set:b:1");
    assertThat(scripts()).hasSize(2);
    assertThat(run("do=get:a")).isEqualTo("[1, 2]");
  }

  @Test
  void longPageCostsNoMoreThanAShortOne() {
    run("do=list:a:1");
    scripts();
    assertThat(run("do=add:a:2", "do=page:100000")).hasSizeGreaterThan(99_999);
    assertThat(scripts()).hasSize(2);
    assertThat(run("do=get:a")).isEqualTo("[1, 2]");
  }

  @Test
  void creatingCostsOne() {
    run("do=create", "do=set:a:1", "do=set:b:1");
    assertThat(scripts()).hasSize(1);
  }

  @Test
  void loginWithRotationCostsTwo() {
    String before = run("do=create");
    scripts();
    String after = run("do=get:user", "do=set:user:joe", "do=rotate");
    assertThat(after).doesNotContain(before);
    assertThat(scripts()).hasSize(2);
  }

  @Test
  void containerLoginRotatesAndCostsTwo() {
    String before = run("do=create");
    scripts();
    String after = run("do=login:joe:secret");
    assertThat(after).isNotEqualTo(before).hasSize(43);
    assertThat(scripts()).hasSize(2);
  }

  @Test
  void aUserAttributeThatAppearsRotatesAndCostsTwo() {
    String before = run("do=create");
    scripts();
    run("do=set:account.name:joe");
    assertThat(scripts()).hasSize(2);
    assertThat(run("do=id")).isNotEqualTo(before).hasSize(43);
    assertThat(scripts()).hasSize(1);
    run("do=get:account.name");
    assertThat(scripts()).hasSize(1);
  }

  @Test
  void invalidatingCostsTwo() {
    run("do=set:a:1");
    scripts();
    run("do=get:a", "do=invalidate");
    assertThat(scripts()).hasSize(2);
  }

  private String run(String... operations) {
    return run(browser, operations);
  }

  private String run(Browser browser, String... operations) {
    URI uri = node.uri("/do?" + String.join("&", operations));
    Browser.Response response = browser.get(uri);
    assertThat(response.status()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  private void awaitScripts(int number) {
    List<List<String>> seen = new ArrayList<>();
    await().until(() -> seen.addAll(scripts()) && seen.size() >= number);
    assertThat(seen).hasSize(number);
  }

  /** The scripts called since the last time; polls of the expiry thread are no scripts. */
  private List<List<String>> scripts() {
    return monitor.commandsUntilNow().stream()
        .filter(command -> command.get(0).toLowerCase(Locale.ROOT).startsWith("eval"))
        .toList();
  }
}
