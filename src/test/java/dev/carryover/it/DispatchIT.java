package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.Browser;
import dev.carryover.testing.JettyNode;
import dev.carryover.testing.LiveSessionCount;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebXml;
import dev.carryover.testing.app.AttributeWatcher;
import dev.carryover.testing.app.DispatchServlet;
import dev.carryover.testing.app.OperationsServlet;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One request, several dispatches: all see the same session, and the client gets one cookie. */
class DispatchIT {

  @TempDir static Path directory;

  private static RedisServer redis;
  private static JettyNode node;

  private final Browser browser = Browser.browser();

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
    Path war =
        WarBuilder.war()
            .classes(OperationsServlet.class, DispatchServlet.class, AttributeWatcher.class)
            .webXml(
                WebXml.with(
                    "<error-page><location>/dispatch/next</location></error-page>",
                    "<error-page><error-code>409</error-code><location>/error.jsp</location>"
                        + "</error-page>"))
            .file(
                "error.jsp",
                """
                <%@ page isErrorPage="true" %>
                <%= session.getId() %> <%= session.isNew() %> <%= session.getAttribute("steps") %>
                """)
            .file("failing.jsp", "<% response.sendError(500); %>")
            .carryover()
            .build(directory.resolve("dispatch.war"));
    node =
        JettyNode.node()
            .war(war)
            .alsoWar(war, "/other")
            .contextParam("carryover.redis.url", redis.url())
            .adjust(context -> context.setCrossContextDispatchSupported(true))
            .start();
  }

  @AfterAll
  static void stop() {
    assertThat(LiveSessionCount.of(node.context())).isZero();
    assertThat(LiveSessionCount.of(node.context("/other"))).isZero();
    node.close();
    redis.close();
  }

  @ParameterizedTest
  @CsvSource({"forward,FORWARD", "named,FORWARD", "sendError,ERROR", "throw,ERROR"})
  void lastStepSeesTheSameSession(String way, String type) {
    Browser.Response response = run(way);
    String id = browser.cookie("JSESSIONID");
    assertThat(response.body()).isEqualToNormalizingNewlines(id + " true REQUEST," + type + "\n");
    assertThat(response.setCookies()).hasSize(1);
    assertThat(steps()).isEqualTo("[REQUEST, " + type + "]");
  }

  @Test
  void includedServletSeesTheSameSession() {
    Browser.Response response = run("include");
    String id = browser.cookie("JSESSIONID");
    assertThat(response.body().lines())
        .containsExactly(id + " true REQUEST", id + " true REQUEST,INCLUDE");
    assertThat(response.setCookies()).hasSize(1);
    assertThat(steps()).isEqualTo("[REQUEST, INCLUDE]");
  }

  @Test
  void errorPageThatIsAJspSeesTheSameSession() {
    Browser.Response response = run("sendErrorToJsp");
    assertThat(response.status()).isEqualTo(409);
    assertThat(response.body().strip()).isEqualTo(browser.cookie("JSESSIONID") + " true [REQUEST]");
    assertThat(response.setCookies()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sendError", "throw", "sendErrorToJsp"})
  void errorPageOfALaterRequestSeesThatItIsNotNew(String way) {
    run("forward");
    String id = browser.cookie("JSESSIONID");
    Browser.Response response = run(way);
    assertThat(response.body().strip()).startsWith(id + " false ");
    assertThat(response.setCookies()).isEmpty();
    assertThat(browser.cookie("JSESSIONID")).isEqualTo(id);
  }

  @Test
  void errorPageMayBeTheFirstToCreateASession() {
    Browser.Response response = browser.get(node.uri("/not-there"));
    assertThat(response.status()).isEqualTo(404);
    assertThat(response.setCookies()).hasSize(1);
    assertThat(steps()).isEqualTo("[ERROR]");
  }

  @Test
  void resetOfTheResponseKeepsTheCookie() {
    Browser.Response response = run("reset");
    assertThat(response.setCookies()).hasSize(1);
    assertThat(steps()).isEqualTo("[REQUEST]");
  }

  /** Section 7.3 of the specification: a session belongs to one servlet context. */
  @Test
  void eachWebApplicationHasItsOwnSession() {
    List<String> lines = run("other").body().lines().toList();
    assertThat(lines).hasSize(3);
    String id = lines.get(0).split(" ")[0];
    assertThat(lines.get(1)).endsWith(" true INCLUDE").doesNotContain(id);
    assertThat(lines.get(2)).isEqualTo(id + " true REQUEST,REQUEST");
    assertThat(steps()).isEqualTo("[REQUEST, REQUEST]");
  }

  @Test
  void listenersSeeNoRequestAttributeOfOurs() {
    List.of("forward", "include", "sendError", "throw").forEach(this::run);
    String watched = browser.get(node.uri("/watched")).body();
    assertThat(watched).contains("seen").doesNotContain("carryover");
  }

  private Browser.Response run(String way) {
    return browser.get(node.uri("/dispatch?way=" + way));
  }

  private String steps() {
    return browser.get(node.uri("/do?do=get:steps")).body();
  }
}
