package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.BothWars;
import dev.carryover.testing.Browser;
import dev.carryover.testing.LoggedLines;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.WebXml;
import dev.carryover.testing.app.FirstFilter;
import dev.carryover.testing.app.HoldServlet;
import dev.carryover.testing.app.TogetherServlet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Promise S5: requests that have a session at the same time see it as the container has it. */
class TogetherIT {

  private static final String COOKIE = "JSESSIONID";

  @RegisterExtension static final BothWars wars = BothWars.of(TogetherIT::war);

  private static WarBuilder war() {
    return WarBuilder.war()
        .classes(TogetherServlet.class, HoldServlet.class)
        .initializer(FirstFilter.class, FirstFilter.Initializer.class);
  }

  @ParameterizedTest
  @MethodSource("dev.carryover.testing.WebContainer$Kind#ofEachMaker")
  void requestsOfOneSession(WebContainer.Kind kind) {
    List<List<String>> expected;
    try (WebContainer plain = kind.start(wars.without(), Map.of())) {
      expected = List.of(meanwhile(plain, "rotate"), meanwhile(plain, "invalidate"));
    }
    try (WebContainer node = start(kind);
        WebContainer other = start(kind)) {
      assertThat(List.of(meanwhile(node, "rotate"), meanwhile(node, "invalidate")))
          .isEqualTo(expected);
      anAttributeIsALock(node);
      whatARotatedSessionGotLateIsSaved(node, other);
      aFilterThatCodePutsFirstSeesTheSession(node, other);
      anObjectThatNeverStandsStillHurtsNobody(node, other);
    }
  }

  /** Who does so sees the container's session, which stays empty. */
  @Test
  void aFilterThatWebXmlPutsBeforeOursStaysThere() {
    String filter =
        "<filter><filter-name>declared</filter-name><filter-class>%s</filter-class></filter>"
            .formatted(FirstFilter.class.getName());
    String mapping =
        "<filter-mapping><filter-name>declared</filter-name>"
            + "<url-pattern>/declared</url-pattern></filter-mapping>";
    Path war =
        war()
            .webXml(WebXml.with(filter, mapping, WebXml.filter()))
            .carryover()
            .build(wars.directory().resolve("declared.war"));
    try (LoggedLines log = LoggedLines.of("dev.carryover.FilterPlace");
        WebContainer node =
            WebContainer.Kind.JETTY_EE10.start(war, Map.of("carryover.store", "memory"))) {
      Browser browser = created(node);
      assertThat(get(browser, node, "get", "a")).isEqualTo("1");
      assertThat(browser.get(node.uri("/declared?key=a")).body()).isEqualTo("no session");
      assertThat(log.lines())
          .singleElement(STRING)
          .contains("comes after the filters [put first by code, declared]");
    }
  }

  /** What a request sees of its session once another one has done something to that. */
  private static List<String> meanwhile(WebContainer node, String what) {
    Browser browser = created(node);
    CompletableFuture<String> held = held(browser, node, "hold", what);
    String done = get(copyOf(browser), node, what, "");
    release(node, what);
    return (done + "\n" + held.join()).lines().toList();
  }

  /** Without the lock the second would go in, and never be blocked. */
  private static void anAttributeIsALock(WebContainer node) {
    Browser browser = created(node);
    CompletableFuture<String> first = held(browser, node, "lock", "first");
    CompletableFuture<String> second =
        CompletableFuture.supplyAsync(() -> get(copyOf(browser), node, "lock", "second"));
    await().until(() -> get(Browser.browser(), node, "state", "second").equals("BLOCKED"));
    release(node, "first");
    release(node, "second");
    assertThat(first.join()).isEqualTo("at most 1");
    assertThat(second.join()).isEqualTo("at most 1");
  }

  private static void whatARotatedSessionGotLateIsSaved(WebContainer node, WebContainer other) {
    Browser browser = created(node);
    CompletableFuture<String> held = held(copyOf(browser), node, "hold", "late");
    get(browser, node, "rotate", "");
    release(node, "late");
    held.join();
    assertThat(get(browser, other, "get", "b")).isEqualTo("late");
  }

  private static void aFilterThatCodePutsFirstSeesTheSession(
      WebContainer node, WebContainer other) {
    Browser browser = created(node);
    assertThat(browser.get(other.uri("/first?key=a")).body()).isEqualTo("1");
  }

  private static void anObjectThatNeverStandsStillHurtsNobody(
      WebContainer node, WebContainer other) {
    Browser browser = created(node);
    CompletableFuture<String> changing = held(copyOf(browser), node, "change", "changing");
    for (int i = 0; i < 30; i++) {
      assertThat(get(browser, node, "read", "")).isEqualTo("true");
    }
    String settled = get(browser, node, "settle", "");
    assertThat(settled).contains("settled=yes");
    release(node, "changing");
    changing.join();
    assertThat(get(browser, other, "get", "changing")).isEqualTo(settled);
  }

  private static Browser created(WebContainer node) {
    Browser browser = Browser.browser();
    get(browser, node, "create", "");
    return browser;
  }

  private static Browser copyOf(Browser browser) {
    Browser copy = Browser.browser();
    copy.setCookie(COOKIE, browser.cookie(COOKIE));
    return copy;
  }

  /** A request that is there, and goes on once it is released. */
  private static CompletableFuture<String> held(
      Browser browser, WebContainer node, String operation, String key) {
    CompletableFuture<String> held =
        CompletableFuture.supplyAsync(() -> get(browser, node, operation, key));
    assertThat(Browser.browser().get(node.uri("/hold?await=" + key)).body()).isEqualTo("done");
    return held;
  }

  private static void release(WebContainer node, String key) {
    Browser.browser().get(node.uri("/hold?release=" + key));
  }

  private static String get(Browser browser, WebContainer node, String operation, String key) {
    Browser.Response response = browser.get(node.uri("/together?do=" + operation + "&key=" + key));
    assertThat(response.status()).as(operation + " " + response.body()).isEqualTo(200);
    return response.body();
  }

  private static WebContainer start(WebContainer.Kind kind) {
    return kind.start(wars.with(), Map.of("carryover.redis.url", wars.redis().url()));
  }
}
