package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.carryover.testing.Browser;
import dev.carryover.testing.JettyNode;
import dev.carryover.testing.LoggedLines;
import dev.carryover.testing.RawHttp;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.WebXml;
import dev.carryover.testing.app.OperationsServlet;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets what from the console, without its page. */
class ConsoleIT {

  private static final String SECRET = "Passw0rd-of-the-attribute";

  @TempDir static Path directory;

  private static RedisServer redis;
  private static Path war;

  /** With a console for the machine it runs on. */
  private static JettyNode plain;

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
    war =
        WarBuilder.war()
            .classes(OperationsServlet.class)
            .webXml(WebXml.with(WebXml.BASIC_LOGIN))
            .carryover()
            .build(directory.resolve("console.war"));
    plain = node("plain").contextParam("carryover.console", "on").start();
  }

  @AfterAll
  static void stop() {
    plain.close();
    redis.close();
  }

  private static JettyNode.Builder node(String namespace) {
    return JettyNode.node()
        .war(war)
        .contextParam("carryover.redis.url", redis.url())
        .contextParam("carryover.namespace", namespace)
        .user("ann", "secret", "customer")
        .user("olga", "secret", "operator");
  }

  @Test
  void isNotThereUnlessItIsSwitchedOn() {
    try (JettyNode node = node("off").start()) {
      assertThat(Browser.browser().get(node.uri("/carryover/")).status()).isEqualTo(404);
    }
  }

  /** Both worlds, javax and jakarta. */
  @ParameterizedTest
  @EnumSource(
      value = WebContainer.Kind.class,
      names = {"TOMCAT_9", "TOMCAT_10", "UNDERTOW"})
  void findsAndEndsSessionsOnEachContainer(WebContainer.Kind kind) throws Exception {
    try (WebContainer node =
        kind.node(war)
            .contextPath("/shop")
            .contextParam("carryover.redis.url", redis.url())
            .contextParam("carryover.namespace", "on-" + kind.name().toLowerCase())
            .contextParam("carryover.console", "on")
            .contextParam("carryover.console.path", "/ops/sessions")
            .start()) {
      Browser visitor = Browser.browser();
      String id = visitor.get(node.uri("/do?do=set:a:1&do=id")).body().lines().toList().get(1);
      Operator operator = new Operator(node.uri("/ops/sessions"));
      assertThat(operator.browser.get(node.uri("/ops/sessions")).location().getPath())
          .isEqualTo("/shop/ops/sessions/");
      Browser.Response page = operator.browser.get(node.uri("/ops/sessions/"));
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.header("Content-Type")).startsWith("text/html");
      for (String file : List.of("console.js", "console.css", "uplot.js", "uplot.css")) {
        assertThat(operator.browser.get(node.uri("/ops/sessions/" + file)).status()).isEqualTo(200);
      }
      assertThat(node(operator).getLong("sessions")).isEqualTo(1);
      JsonObject session = operator.only("sessions?prefix=" + id.substring(0, 4));
      assertThat(id).startsWith(session.getString("shown"));
      assertThat(operator.order("end", Map.of("handle", session.getString("handle"))))
          .contains("\"ended\":1");
      assertThat(visitor.get(node.uri("/do?do=id")).body()).isEqualTo("none");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "a-secret-of-more-than-16-characters"})
  void showsNamesTypesAndSizesAndNoValueAndNoId(String secret) throws Exception {
    try (JettyNode node =
        node("shows" + secret.length())
            .contextParam("carryover.secret", secret)
            .contextParam("carryover.console", "on")
            .contextParam("carryover.lazy-above", "1KB")
            .start()) {
      Browser visitor = Browser.browser();
      String id = login(visitor, node);
      visitor.get(node.uri("/do?do=set:password:" + SECRET + "&do=list:cart:apple"));
      visitor.get(node.uri("/do?do=set:large:" + "x".repeat(3_000)));
      Operator operator = new Operator(node.uri("/carryover"));
      JsonObject found = operator.only("sessions?principal=ann");
      assertThat(found.getString("principal")).isEqualTo("ann");
      String answer = operator.get("session?handle=" + found.getString("handle"));
      JsonObject session = JsonParser.object().from(answer);
      List<String> attributes = new ArrayList<>();
      for (Object each : session.getArray("attributes")) {
        JsonObject attribute = (JsonObject) each;
        attributes.add(attribute.getString("name") + " " + attribute.getString("type"));
        assertThat(attribute.getInt("bytes")).isPositive();
      }
      assertThat(attributes)
          .containsExactly(
              "cart java.util.ArrayList", "large java.lang.String", "password java.lang.String");
      assertThat(session.getArray("attributes").getObject(1).getInt("bytes")).isGreaterThan(3_000);
      assertThat(answer).doesNotContain(SECRET, "apple", id);
      assertThat(operator.get("sessions") + operator.get("node")).doesNotContain(id);
    }
  }

  @Test
  void showsValuesWhereThatIsAllowed() throws Exception {
    try (JettyNode node =
        node("values")
            .contextParam("carryover.console", "on")
            .contextParam("carryover.console.values", "true")
            .start()) {
      Browser.browser().get(node.uri("/do?do=list:cart:apple"));
      Operator operator = new Operator(node.uri("/carryover"));
      String handle = operator.only("sessions").getString("handle");
      assertThat(operator.get("session?handle=" + handle)).contains("\"value\":\"[apple]\"");
    }
  }

  /** Each answer from another node than the last. */
  @Test
  void nodesKnowEachOthersHandlesAndTokens() throws Exception {
    try (JettyNode one = node("two").contextParam("carryover.console", "on").start();
        JettyNode two = node("two").contextParam("carryover.console", "on").start()) {
      Browser first = Browser.browser();
      login(first, one);
      Browser second = Browser.browser();
      login(second, two);
      Operator operator = new Operator(one.uri("/carryover"));
      JsonArray found = operator.sessions("sessions?principal=ann");
      assertThat(found).hasSize(2);
      operator.moveTo(two.uri("/carryover"));
      String handle = found.getObject(0).getString("handle");
      assertThat(operator.order("end", Map.of("handle", handle))).contains("\"ended\":1");
      assertThat(operator.order("end", Map.of("handle", handle))).contains("\"ended\":0");
      operator.moveTo(one.uri("/carryover"));
      assertThat(operator.order("end-all", Map.of("principal", "ann"))).contains("\"ended\":1");
      assertThat(first.get(two.uri("/do?do=id")).body()).isEqualTo("none");
      assertThat(second.get(one.uri("/do?do=id")).body()).isEqualTo("none");
    }
  }

  @Test
  void withoutARoleItIsForThisMachineOnly() {
    URI page = plain.uri("/carryover/");
    assertThat(status(page)).isEqualTo(200);
    for (String header :
        List.of(
            "X-Forwarded-For: 127.0.0.1",
            "Forwarded: for=127.0.0.1",
            "x-forwarded-proto: https",
            "X-Real-IP: 127.0.0.1",
            "Via: 1.1 proxy")) {
      assertThat(status(page, header)).as(header).isEqualTo(404);
    }
    try (RawHttp foreign = RawHttp.connect(plain.port())) {
      foreign.send("GET /carryover/ HTTP/1.1\r\nHost: rebound.example\r\n\r\n");
      assertThat(foreign.readHead().status()).as("a name of somebody else's").isEqualTo(404);
    }
  }

  @Test
  void withARoleItIsForThoseWhoHaveIt() {
    try (JettyNode node =
        node("role")
            .contextParam("carryover.console", "on")
            .contextParam("carryover.console.role", "operator")
            .start()) {
      Browser browser = Browser.browser();
      URI page = node.uri("/carryover/");
      Browser.Response asked = browser.get(page);
      assertThat(asked.status()).isEqualTo(401);
      assertThat(asked.header("WWW-Authenticate")).containsIgnoringCase("basic");
      assertThat(browser.get(page, "Authorization", basic("ann")).status()).isEqualTo(403);
      assertThat(
              browser
                  .get(page, "Authorization", basic("olga"), "X-Forwarded-For", "192.0.2.1")
                  .status())
          .isEqualTo(200);
    }
  }

  /** Tomcat shows it in answer to what was asked for, so that headers of ours would stay. */
  @Test
  void theLoginPageThatComesBeforeItIsTheApplicationsAlone() {
    Path form =
        WarBuilder.war()
            .file("login.html", "please log in")
            .webXml(WebXml.with(WebXml.FORM_LOGIN))
            .carryover()
            .build(directory.resolve("form.war"));
    try (WebContainer node =
        WebContainer.Kind.TOMCAT_10
            .node(form)
            .contextParam("carryover.redis.url", redis.url())
            .contextParam("carryover.console", "on")
            .contextParam("carryover.console.role", "operator")
            .user("olga", "secret", "operator")
            .start()) {
      Browser browser = Browser.browser();
      Browser.Response login = browser.get(node.uri("/carryover/"));
      assertThat(login.body()).contains("please log in");
      assertThat(login.header("Content-Security-Policy")).isNull();
      browser.post(
          node.uri("/carryover/j_security_check"),
          Map.of("j_username", "olga", "j_password", "secret"));
      assertThat(browser.get(node.uri("/carryover/")).header("Content-Security-Policy"))
          .isNotNull();
    }
  }

  /** The page asks several questions at once: no answer may put another token in its place. */
  @Test
  void theTokenComesWithThePageAndStays() throws Exception {
    Operator operator = new Operator(plain.uri("/carryover"));
    operator.browser.get(plain.uri("/carryover/"));
    String token = operator.browser.cookie("carryover-console");

    assertThat(token).isNotNull().isEqualTo(node(operator).getString("token"));
    assertThat(Browser.browser().get(plain.uri("/carryover/api/sessions")).setCookies()).isEmpty();
  }

  /** Also one that did not come to its end. */
  @Test
  void ordersAreLogged() throws Exception {
    try (RedisServer own = RedisServer.start();
        JettyNode node =
            node("logged")
                .contextParam("carryover.redis.url", own.url())
                .contextParam("carryover.console", "on")
                .start();
        LoggedLines log = LoggedLines.of("dev.carryover.admin.ConsoleServlet")) {
      login(Browser.browser(), node);
      Operator operator = new Operator(node.uri("/carryover"));
      operator.order("end-all", Map.of("principal", "ann"));
      assertThat(log.lines())
          .containsExactly(
              "Carryover[logged] all 1 sessions of a user were ended by the console, for somebody"
                  + " on this machine");
      try (RedisProbe probe = RedisProbe.of(own)) {
        probe.command("ACL", "SETUSER", "default", "-@sortedset");
      }
      String token = operator.browser.cookie("carryover-console");
      URI order = node.uri("/carryover/api/end-all");
      operator.browser.post(order, Map.of("principal", "ann"), "X-Carryover-Token", token);
      assertThat(log.lines())
          .last()
          .asString()
          .startsWith("Carryover[logged] some or none of the sessions of a user were ended by");
    }
  }

  @Test
  void ordersOfOtherPagesAreRefused() throws Exception {
    Browser visitor = Browser.browser();
    login(visitor, plain);
    Operator operator = new Operator(plain.uri("/carryover"));
    String token = node(operator).getString("token");
    assertThat(operator.browser.cookie("carryover-console")).isEqualTo(token);
    Map<String, String> form = Map.of("principal", "ann");
    URI order = plain.uri("/carryover/api/end-all");
    assertThat(operator.browser.post(order, form).status()).isEqualTo(403);
    assertThat(operator.browser.post(order, form, "X-Carryover-Token", "x".repeat(32)).status())
        .isEqualTo(403);
    assertThat(
            operator
                .browser
                .post(order, form, "X-Carryover-Token", token, "Origin", "http://evil.example")
                .status())
        .isEqualTo(403);
    assertThat(
            operator
                .browser
                .post(order, form, "X-Carryover-Token", token, "Sec-Fetch-Site", "same-site")
                .status())
        .isEqualTo(403);
    assertThat(operator.browser.get(plain.uri("/carryover/api/end-all?principal=ann")).status())
        .isEqualTo(404);
    assertThat(visitor.get(plain.uri("/do?do=id")).body()).isNotEqualTo("none");
    String[] behindProxy = {
      "X-Carryover-Token", token, "Origin", "https://shop.example", "Sec-Fetch-Site", "same-origin"
    };
    assertThat(operator.browser.post(order, form, behindProxy).body()).contains("\"ended\":1");
  }

  @Test
  void answersAreForNobodysFrameAndNobodysCache() {
    Browser.Response page = Browser.browser().get(plain.uri("/carryover/"));
    assertThat(page.header("Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.header("Cache-Control")).isEqualTo("no-store");
    assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(page.setCookies()).hasSize(1);
    assertThat(page.setCookies().get(0))
        .startsWith("carryover-console=")
        .contains("HttpOnly", "SameSite=Strict");
    for (String elsewhere :
        List.of(
            "/carryover/../WEB-INF/web.xml",
            "/carryover/ConsoleServlet.class",
            "/carryover/uplot/uPlot.iife.min.js",
            "/webjars/uplot/1.6.30/dist/uPlot.min.css",
            "/uPlot.min.css")) {
      assertThat(Browser.browser().get(plain.uri(elsewhere)).status())
          .as(elsewhere)
          .isBetween(400, 404);
    }
  }

  private static String login(Browser browser, JettyNode node) {
    browser.get(node.uri("/do?do=create"));
    return browser.get(node.uri("/do?do=login:ann:secret")).body();
  }

  private static int status(URI uri, String... headerLines) {
    try (RawHttp http = RawHttp.get(uri, headerLines)) {
      return http.readHead().status();
    }
  }

  private static String basic(String user) {
    byte[] credentials = (user + ":secret").getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(credentials);
  }

  private static JsonObject node(Operator operator) throws JsonParserException {
    return JsonParser.object().from(operator.get("node"));
  }

  /** Who speaks to the console as its page does. */
  private static final class Operator {
    private final Browser browser = Browser.browser();
    private URI console;

    Operator(URI console) {
      this.console = console;
    }

    void moveTo(URI other) {
      console = other;
    }

    String get(String question) {
      return browser.get(URI.create(console + "/api/" + question)).body();
    }

    JsonArray sessions(String question) throws JsonParserException {
      return JsonParser.object().from(get(question)).getArray("sessions");
    }

    JsonObject only(String question) throws JsonParserException {
      JsonArray found = sessions(question);
      assertThat(found).hasSize(1);
      return found.getObject(0);
    }

    String order(String what, Map<String, String> form) throws JsonParserException {
      String token = JsonParser.object().from(get("node")).getString("token");
      return browser
          .post(URI.create(console + "/api/" + what), form, "X-Carryover-Token", token)
          .body();
    }
  }
}
