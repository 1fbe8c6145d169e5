package dev.carryover.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.Browser;
import dev.carryover.testing.RawHttp;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.app.HoldServlet;
import dev.carryover.testing.app.OperationsServlet;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A client is left with no cookie for a session that is not there, also where the container can't
 * take a header back that was set: Tomcat 10.1.
 */
class CookieTakenBackIT {

  private static final String COOKIE = "JSESSIONID";

  @TempDir static Path directory;

  private static Path war;

  @BeforeAll
  static void build() {
    war =
        WarBuilder.war()
            .classes(OperationsServlet.class, HoldServlet.class)
            .carryover()
            .build(directory.resolve("cookies.war"));
  }

  @ParameterizedTest
  @MethodSource("dev.carryover.testing.WebContainer$Kind#withoutTheNewest")
  void clientKeepsTheCookieThatItHas(WebContainer.Kind kind) {
    try (RedisServer redis = RedisServer.start();
        WebContainer node =
            kind.node(war)
                .contextParam("carryover.redis.url", redis.url())
                .contextParam("carryover.redis.timeout", "500ms")
                .start()) {
      sessionEndsInTheRequestThatMadeIt(node);
      if (kind.name().startsWith("TOMCAT")) {
        othersStayAsTheContainerWritesThem(node);
      }
      Browser known = Browser.browser();
      run(known, node, 200, "do=create");
      requestThatCouldNotBeSaved(known, node, redis);
      newcomerGetsNoSession(node);
    }
  }

  /** Tomcat writes the application's cookies in UTF-8, but header fields that it is given not. */
  private static void othersStayAsTheContainerWritesThem(WebContainer node) {
    String japan = "\u65e5\u672c";
    String others = "do=cookie:a:1&do=cookie:b:" + URLEncoder.encode(japan, UTF_8);
    for (String path : List.of("/do?" + others + "&do=create", "/do?do=create&" + others)) {
      try (RawHttp client = RawHttp.get(node.uri(path))) {
        RawHttp.Head head = client.readHead();
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.headers("Set-Cookie")).hasSize(3);
        assertThat(head.cookie("a")).isEqualTo("1");
        assertThat(new String(head.cookie("b").getBytes(ISO_8859_1), UTF_8)).isEqualTo(japan);
        assertThat(head.cookie(COOKIE)).hasSize(43);
      }
    }
  }

  private static void sessionEndsInTheRequestThatMadeIt(WebContainer node) {
    Browser browser = Browser.browser();
    for (String others : List.of("", "do=cookie:other&")) {
      Browser.Response alone =
          run(browser, node, 200, others + "do=create&do=rotate&do=invalidate");
      assertThat(browser.cookie(COOKIE)).as(others).isNull();
      assertThat(ours(alone)).isLessThanOrEqualTo(1);
    }
    assertThat(browser.cookie("other")).isEqualTo("1");
    // One that the client came with is removed, and another one takes its place.
    run(browser, node, 200, "do=create");
    run(browser, node, 200, "do=invalidate");
    assertThat(browser.cookie(COOKIE)).isNull();
    run(browser, node, 200, "do=create");
    String before = browser.cookie(COOKIE);
    Browser.Response response = run(browser, node, 200, "do=invalidate&do=create");
    assertThat(browser.cookie(COOKIE)).hasSize(43).isNotEqualTo(before);
    assertThat(ours(response)).isOne();
    response = run(browser, node, 200, "do=invalidate&do=create&do=invalidate");
    assertThat(browser.cookie(COOKIE)).isNull();
    assertThat(ours(response)).isOne();
  }

  private static void newcomerGetsNoSession(WebContainer node) {
    Browser browser = Browser.browser();
    run(browser, node, 503, "do=create");
    assertThat(browser.cookie(COOKIE)).isNull();
  }

  /** The rotated id has never come to be: the client comes back with the one before. */
  private static void requestThatCouldNotBeSaved(
      Browser browser, WebContainer node, RedisServer redis) {
    String before = browser.cookie(COOKIE);
    CompletableFuture<Browser.Response> rotating =
        CompletableFuture.supplyAsync(() -> run(browser, node, 503, "do=rotate&do=hold:rotated"));
    Browser.browser().get(node.uri("/hold?await=rotated"));
    redis.stop();
    Browser.browser().get(node.uri("/hold?release=rotated"));
    assertThat(ours(rotating.join())).isLessThanOrEqualTo(1);
    assertThat(browser.cookie(COOKIE)).isEqualTo(before);
    assertThat(ours(run(browser, node, 503, "do=id"))).isZero();
  }

  private static long ours(Browser.Response response) {
    return response.setCookies().stream().filter(field -> field.startsWith(COOKIE)).count();
  }

  private static Browser.Response run(
      Browser browser, WebContainer node, int status, String query) {
    Browser.Response response = browser.get(node.uri("/do?" + query));
    assertThat(response.status()).as(query + " " + response.body()).isEqualTo(status);
    return response;
  }
}
