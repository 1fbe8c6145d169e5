package dev.carryover.it;

import static dev.carryover.testing.WebXml.sessionConfig;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.Browser;
import dev.carryover.testing.JettyNode;
import dev.carryover.testing.RawHttp;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebXml;
import dev.carryover.testing.app.CookieListener;
import dev.carryover.testing.app.OperationsServlet;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the session's id travels: the cookie with all its settings, URLs, routes. */
class CookieIT {

  private static final String UNKNOWN = "A".repeat(43);

  @TempDir Path directory;

  private final Browser browser = Browser.browser();
  private JettyNode node;

  @AfterEach
  void stop() {
    node.close();
  }

  // ---- the cookie's settings

  @Test
  void defaults() {
    start(builder());
    assertThat(run(Browser.browser(), "do=create").setCookies())
        .singleElement()
        .asString()
        .matches("JSESSIONID=[\\w-]{43}; Path=/; HttpOnly; SameSite=Lax");
  }

  @Test
  void pathIsTheContextPath() {
    start(builder().contextPath("/shop"));
    assertThat(run("do=create").setCookies()).singleElement().asString().contains("; Path=/shop;");
    assertThat(run("do=valid").body()).isEqualTo("true");
  }

  @Test
  void settingsOfWebXml() {
    start(
        builder(
            sessionConfig(
                "<cookie-config><name>SID</name><domain>example.org</domain><path>/x</path>",
                "<comment>never sent</comment><http-only>false</http-only><secure>true</secure>",
                "<max-age>3600</max-age><attribute><attribute-name>SameSite</attribute-name>",
                "<attribute-value>None</attribute-value></attribute><attribute>",
                "<attribute-name>Priority</attribute-name>",
                "<attribute-value>High</attribute-value></attribute></cookie-config>")));
    assertThat(attributes(run("do=create")))
        .containsExactlyInAnyOrder(
            "Path=/x",
            "Domain=example.org",
            "Max-Age=3600",
            "Secure",
            "SameSite=None",
            "Priority=High");
    assertThat(browser.get(node.uri("/do")).setCookies()).isEmpty();
  }

  @Test
  void settingsOfAContextListener() {
    start(
        builder(
            "<listener><listener-class>"
                + CookieListener.class.getName()
                + "</listener-class></listener>"));
    Browser.Response response = run("do=create");
    assertThat(response.setCookies()).singleElement().asString().startsWith("BYCODE=");
    assertThat(attributes(response))
        .containsExactlyInAnyOrder(
            "Path=/by/code", "Domain=example.org", "Max-Age=77", "Secure", "SameSite=Strict");
  }

  @Test
  void ourSettingsAreStronger() {
    start(
        builder(
                sessionConfig(
                    "<cookie-config><name>SID</name><domain>example.org</domain><path>/x</path>",
                    "<http-only>false</http-only><max-age>3600</max-age>",
                    sameSite("None"),
                    "</cookie-config>"))
            .contextParam("carryover.cookie.name", "OURS")
            .contextParam("carryover.cookie.domain", "carryover.dev")
            .contextParam("carryover.cookie.path", "/")
            .contextParam("carryover.cookie.http-only", "true")
            .contextParam("carryover.cookie.secure", "true")
            .contextParam("carryover.cookie.max-age", "2m")
            .contextParam("carryover.cookie.same-site", "Strict"));
    Browser.Response response = run("do=create");
    assertThat(response.setCookies()).singleElement().asString().startsWith("OURS=");
    assertThat(attributes(response))
        .containsExactlyInAnyOrder(
            "Path=/",
            "Domain=carryover.dev",
            "Max-Age=120",
            "Secure",
            "HttpOnly",
            "SameSite=Strict");
  }

  @Test
  void sameSiteCanBeLeftOutWhateverWebXmlSays() {
    start(
        builder(sessionConfig("<cookie-config>", sameSite("None"), "</cookie-config>"))
            .contextParam("carryover.cookie.same-site", "off"));
    assertThat(run("do=create").setCookies()).singleElement().asString().doesNotContain("SameSite");
  }

  private static String sameSite(String value) {
    return "<attribute><attribute-name>SameSite</attribute-name><attribute-value>"
        + value
        + "</attribute-value></attribute>";
  }

  @Test
  void secureWhenTheRequestIs() {
    start(builder());
    node.context()
        .getServer()
        .getConnectors()[0]
        .getConnectionFactory(HttpConnectionFactory.class)
        .getHttpConfiguration()
        .addCustomizer(new ForwardedRequestCustomizer());
    URI create = node.uri("/do?do=create");
    Browser.Response secure = Browser.browser().get(create, "X-Forwarded-Proto", "https");
    assertThat(attributes(secure)).contains("Secure");
    assertThat(attributes(Browser.browser().get(create))).doesNotContain("Secure");
  }

  // ---- the cookie's life

  @Test
  void setWhenTheSessionIsCreatedAndNotAgain() {
    start(builder());
    Browser.Response created = run("do=create");
    assertThat(created.setCookies()).hasSize(1);
    assertThat(browser.cookie("JSESSIONID")).isEqualTo(created.body());
    assertThat(run("do=id").setCookies()).isEmpty();
  }

  @Test
  void replacedAtRotation() {
    start(builder());
    Browser.Response twice = run("do=create", "do=rotate", "do=rotate");
    assertThat(twice.setCookies()).hasSize(1);
    assertThat(twice.body()).endsWith(browser.cookie("JSESSIONID"));
    Browser.Response again = run("do=rotate");
    assertThat(again.setCookies()).hasSize(1);
    assertThat(again.body()).isEqualTo(browser.cookie("JSESSIONID"));
    assertThat(run("do=valid").body()).isEqualTo("true");
  }

  @Test
  void expiredWhenTheSessionIsInvalidated() {
    start(builder());
    run("do=create");
    Browser.Response invalidated = run("do=valid", "do=invalidate", "do=valid");
    assertThat(invalidated.body()).isEqualTo("true\ninvalidated\nfalse");
    assertThat(invalidated.setCookies())
        .singleElement()
        .asString()
        .startsWith("JSESSIONID=;")
        .contains("; Path=/;", "; Max-Age=0;", "; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
    assertThat(browser.cookie("JSESSIONID")).isNull();
  }

  @Test
  void replacedWhenAnotherSessionFollowsTheInvalidatedOne() {
    start(builder());
    run("do=create");
    Browser.Response response = run("do=invalidate", "do=create", "do=valid");
    assertThat(response.setCookies()).hasSize(1);
    assertThat(response.body())
        .isEqualTo("invalidated\n" + browser.cookie("JSESSIONID") + "\nfalse");
    assertThat(run("do=valid").body()).isEqualTo("true");
  }

  @Test
  void noneForASessionThatEndsInItsFirstRequest() {
    start(builder());
    assertThat(run("do=create", "do=rotate", "do=invalidate").setCookies()).isEmpty();
  }

  @Test
  void otherCookiesOfTheResponseStay() {
    start(builder());
    Browser.Response response =
        run("do=cookie:one", "do=create", "do=cookie:two", "do=rotate", "do=invalidate");
    assertThat(response.setCookies()).hasSize(2);
    assertThat(response.setCookies().get(0)).startsWith("one=");
    assertThat(response.setCookies().get(1)).startsWith("two=");
  }

  // ---- what the client sends

  @Test
  void severalCookiesOfTheSameNameAreTriedInTurn() {
    start(builder());
    String id = run("do=create").body();
    String header = "JSESSIONID=junk; JSESSIONID=" + UNKNOWN + "; JSESSIONID=" + id;
    assertThat(raw("/do?do=id&do=requested&do=valid", header)).isEqualTo(id + "\n" + id + "\ntrue");
  }

  @Test
  void idBehindMuchJunkIsFound() {
    start(builder());
    String id = run("do=create").body();
    assertThat(raw("/do?do=id", "JSESSIONID=junk; ".repeat(100) + "JSESSIONID=" + id))
        .isEqualTo(id);
  }

  @Test
  void requestedSessionIdAndItsCompanions() {
    start(builder());
    String asked = "/do?do=requested&do=requestedFrom&do=valid";
    assertThat(raw(asked, "other=1")).isEqualTo("null\n\nfalse");
    assertThat(raw(asked, "JSESSIONID=junk")).isEqualTo("junk\ncookie\nfalse");
    assertThat(raw(asked, "JSESSIONID=" + UNKNOWN)).isEqualTo(UNKNOWN + "\ncookie\nfalse");
    String id = run("do=create").body();
    assertThat(raw(asked, "JSESSIONID=" + id)).isEqualTo(id + "\ncookie\ntrue");
    String inUrl = asked.replace("?", ";jsessionid=" + id + "?");
    assertThat(raw(inUrl, "other=1")).isEqualTo(id + "\nurl\ntrue");
    assertThat(raw(inUrl, "JSESSIONID=junk")).isEqualTo(id + "\nurl\ntrue");
    assertThat(raw(asked.replace("?", ";jsessionid=junk?"), "a=b")).isEqualTo("junk\nurl\nfalse");
  }

  // ---- tracking modes

  @Test
  void urlsOnly() {
    start(builder(sessionConfig("<tracking-mode>URL</tracking-mode>")));
    Browser.Response created = run("do=create", "do=encode:/do?do=valid");
    String[] lines = created.body().split("\n");
    assertThat(created.setCookies()).isEmpty();
    assertThat(lines[1]).isEqualTo("/do;jsessionid=" + lines[0] + "?do=valid");
    assertThat(raw(lines[1], "JSESSIONID=junk")).isEqualTo("true");
    assertThat(raw("/do?do=valid", "JSESSIONID=" + lines[0])).isEqualTo("false");
  }

  @Test
  void cookiesOnly() {
    start(builder(sessionConfig("<tracking-mode>COOKIE</tracking-mode>")));
    String[] lines = run("do=create", "do=encode:/do").body().split("\n");
    assertThat(lines[1]).isEqualTo("/do");
    assertThat(raw("/do;jsessionid=" + lines[0] + "?do=requested&do=valid", "a=b"))
        .isEqualTo("null\nfalse");
  }

  @Test
  void urlsAreEncodedUntilTheClientHasSentItsCookie() {
    start(builder());
    String[] lines = run("do=create", "do=encode:next", "do=encodeRedirect:/do").body().split("\n");
    assertThat(lines[1]).isEqualTo("next;jsessionid=" + lines[0]);
    assertThat(lines[2]).isEqualTo("/do;jsessionid=" + lines[0]);
    assertThat(run("do=encode:next").body()).isEqualTo("next");
    assertThat(run(Browser.browser(), "do=encode:next").body()).isEqualTo("next");
  }

  @Test
  void urlParameterHasTheNameThatTheApplicationGaveTheCookie() {
    start(builder(sessionConfig("<cookie-config><name>SID</name></cookie-config>")));
    String[] lines = run("do=create", "do=encode:next").body().split("\n");
    assertThat(lines[1]).isEqualTo("next;SID=" + lines[0]);
  }

  // ---- routes

  @Test
  void routeIsNoPartOfTheId() {
    start(builder().contextParam("carryover.cookie.route", "left"));
    assertThat(run("do=create").body()).hasSize(43);
    String sent = browser.cookie("JSESSIONID");
    assertThat(sent).hasSize(43 + ".left".length()).endsWith(".left");
    assertThat(run("do=id", "do=requested", "do=valid").body())
        .isEqualTo(sent.substring(0, 43) + "\n" + sent + "\ntrue");
    String moved = sent.replace(".left", ".right");
    assertThat(raw("/do?do=valid", "JSESSIONID=" + moved)).isEqualTo("true");
  }

  @Test
  void routeOfTheContainer() {
    start(builder().workerName("seven").contextParam("carryover.cookie.route", "auto"));
    assertThat(run("do=create", "do=encode:next").body()).endsWith(".seven");
    assertThat(browser.cookie("JSESSIONID")).endsWith(".seven");
  }

  private JettyNode.Builder builder(String... webXml) {
    Path war =
        WarBuilder.war()
            .classes(OperationsServlet.class, CookieListener.class)
            .webXml(WebXml.with(webXml))
            .carryover()
            .build(directory.resolve("cookies.war"));
    return JettyNode.node().war(war).contextParam("carryover.store", "memory");
  }

  private void start(JettyNode.Builder builder) {
    node = builder.start();
  }

  private Browser.Response run(String... operations) {
    return run(browser, operations);
  }

  private Browser.Response run(Browser browser, String... operations) {
    String query =
        Arrays.stream(operations)
            .map(operation -> operation.substring("do=".length()))
            .map(operation -> "do=" + URLEncoder.encode(operation, StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    Browser.Response response = browser.get(node.uri("/do?" + query));
    assertThat(response.status()).as(response.body()).isEqualTo(200);
    return response;
  }

  private String raw(String target, String cookies) {
    try (RawHttp http = RawHttp.get(node.uri(target), "Cookie: " + cookies)) {
      assertThat(http.readHead().status()).isEqualTo(200);
      return new String(http.readBody(), StandardCharsets.UTF_8);
    }
  }

  /** The attributes of the response's only cookie. */
  private static List<String> attributes(Browser.Response response) {
    assertThat(response.setCookies()).hasSize(1);
    List<String> parts = List.of(response.setCookies().get(0).split("; "));
    // Browsers from before Max-Age are told the same in their way.
    assertThat(parts.stream().anyMatch(part -> part.startsWith("Expires=")))
        .isEqualTo(parts.stream().anyMatch(part -> part.startsWith("Max-Age=")));
    return parts.subList(1, parts.size()).stream()
        .filter(part -> !part.startsWith("Expires="))
        .toList();
  }
}
