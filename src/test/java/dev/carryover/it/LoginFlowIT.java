package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.Browser;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.WebXml;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Logins that the container does, on two nodes that take turns with each request: users see what
 * they would see on one node without Carryover, page for page.
 */
class LoginFlowIT {

  private static final String SECRET = "a secret that seals sessions";
  private static final String ROOT = "";
  private static final String INSIDE = "/inside";
  private static final String BASIC = "/basic";

  private static final String ASKED = "the application asks for a login";

  private static final String DIGEST = "/digest";

  /** Certificates come in headers, as from a proxy that ends TLS: in Tomcat's words. */
  private static final String CERTIFICATE = "/certificate";

  private static final String CERTIFICATES_IN_HEADERS =
      """
      <Context>
        <Manager pathname=""/>
        <Valve className="org.apache.catalina.valves.SSLValve"/>
      </Context>
      """;

  /** Users and roles are of the application's classes: in Tomcat's words. */
  private static final String JAAS = "/jaas";

  private static final String JAAS_REALM =
      """
      <Context>
        <Manager pathname=""/>
        <Realm className="org.apache.catalina.realm.JAASRealm" appName="app" configFile="jaas.config"
            userClassNames="loginflow.jaas.OwnUser,loginflow.jaas.FilteredUser"
            roleClassNames="loginflow.jaas.OwnRole"/>
      </Context>
      """;

  /** With Carryover, but no secret, where the other web applications are without. */
  private static final String UNSEALED = "/unsealed";

  @TempDir static Path directory;

  private RedisServer redis;

  @BeforeAll
  static void build() {
    for (boolean carried : List.of(true, false)) {
      build(form(), "form", carried);
      build(inside(), "inside", carried);
      build(war(method("BASIC")), "basic", carried);
      build(war(method("DIGEST")), "digest", carried);
      build(
          war(method("CLIENT-CERT")).file("META-INF/context.xml", CERTIFICATES_IN_HEADERS),
          "certificate",
          carried);
      WarBuilder jaas =
          form()
              .file("META-INF/context.xml", JAAS_REALM)
              .file("WEB-INF/classes/jaas.config", "app { loginflow.jaas.Module required; };");
      build(jaas, "jaas", carried);
    }
  }

  /** One for each container: what another has left there may end here. */
  @BeforeEach
  void start() {
    redis = RedisServer.start();
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  @ParameterizedTest
  @MethodSource("dev.carryover.testing.WebContainer$Kind#thatCarryLogins")
  void usersSeeWhatTheyWouldSeeOnOneNode(WebContainer.Kind kind) {
    seeTheSame(kind);
  }

  /** The same with a module of ours in place of the container's own authenticators. */
  @ParameterizedTest
  @MethodSource("dev.carryover.testing.WebContainer$Kind#withModulesForLogins")
  @EnabledIfSystemProperty(named = "carryover-test.matrix", matches = "true")
  void usersSeeTheSameWhereAModuleOfOursLogsThemIn(WebContainer.Kind kind) {
    seeTheSame(kind);
  }

  /** Undertow by itself looks at the method of the request that comes after the login. */
  @ParameterizedTest
  @MethodSource("dev.carryover.testing.WebContainer$Kind#withModulesForLogins")
  @EnabledIfSystemProperty(named = "carryover-test.matrix", matches = "true")
  void whatWasPostedBeforeALoginIsForThoseAloneWhoMayPostIt(WebContainer.Kind kind) {
    try (WebContainer node = node(kind, true, true).start()) {
      Browser ann = Browser.browser();
      ann.post(node.uri(INSIDE + "/ordered"), Map.of("item", "pears"));
      Browser.Response refused = logIn(ann, node, INSIDE + "/secured", "ann");
      assertThat(refused.status()).as(refused.body()).isEqualTo(403);
      assertThat(ann.get(node.uri(INSIDE + "/ordered")).body()).startsWith("GET").contains("ann");

      Browser root = Browser.browser();
      root.post(node.uri(INSIDE + "/ordered"), Map.of("item", "pears"));
      Browser.Response seen = logIn(root, node, INSIDE + "/secured", "root");
      assertThat(seen.status()).as(seen.body()).isEqualTo(200);
      assertThat(seen.body()).startsWith("POST").contains("item=[pears]", "user: root");
    }
  }

  private void seeTheSame(WebContainer.Kind kind) {
    CompletableFuture<WebContainer> first = startLater(kind, true, true);
    CompletableFuture<WebContainer> second = startLater(kind, true, false);
    CompletableFuture<WebContainer> alone = startLater(kind, false, true);
    try (WebContainer a = first.join();
        WebContainer b = second.join();
        WebContainer plain = alone.join()) {
      SoftAssertions softly = new SoftAssertions();
      for (int firstNode : List.of(0, 1)) {
        Comparison comparison = new Comparison(softly, plain, List.of(a, b), firstNode);
        comparison.compare(ROOT, form(kind, "/j_security_check"));
        comparison.compare(ROOT, Map.of("an action below", below()));
        comparison.compare(INSIDE, form(kind, "/secured/j_security_check"));
        comparison.compare(INSIDE, Map.of("the login page itself", loginPageItself()));
        if (kind != WebContainer.Kind.GLASSFISH) {
          // By itself it takes what was posted before the login for what is posted later.
          comparison.compare(INSIDE, Map.of("a page that is open but to POST", postedOnly()));
        }
        comparison.compare(BASIC, LoginFlows.programmatic());
        if (kind != WebContainer.Kind.JETTY_EE8) {
          // It answers 500 by itself.
          comparison.compare(ROOT, LoginFlows.inOneRequest());
          comparison.compare(BASIC, LoginFlows.inOneRequest());
        }
        comparison.compare(BASIC, Map.of("BASIC", basic()));
        comparison.compare(ROOT, Map.of("two web applications", twoApplications()));
      }
      if (hasAllMethods(kind)) {
        Comparison comparison = new Comparison(softly, plain, List.of(a, b), 0);
        comparison.compare(
            JAAS, Map.of("own classes", ownClasses()), "OwnUser of department of ann");
        comparison.compare(
            CERTIFICATE,
            Map.of("CLIENT-CERT", certificate()),
            "user: CN=ann CN=ann CLIENT_CERT",
            "cart: apples");
        softly.assertThat(digest(a, b)).as("DIGEST").isEqualTo(digest(plain, plain));
      }
      softly.assertThat(created(a, b)).as("sessions begun").isEqualTo(created(plain));
      new Comparison(softly, plain, List.of(a, b), 0)
          .compare(ROOT, errors(kind, "/j_security_check"));
      if (asksInLoginPage(kind, "/secured/j_security_check")) {
        Consumer<LoginFlows> asked = LoginFlows.form("/secured/j_security_check").get(ASKED);
        new Comparison(softly, plain, List.of(a, b), 0).compare(INSIDE, Map.of(ASKED, asked));
      }
      softly.assertAll();

      cachesAreToldTheSame(plain, a);
      loginsAreOfOneSession(a, b);
      loginsAreOfOneApplication(a, b);
      if (hasAllMethods(kind)) {
        usersOfClassesThatAreNotCarriedAreKnownByName(a, b);
      }
      if (kind.name().startsWith("JETTY")) {
        clientsWithoutCookiesLogIn(a, b);
      }
      rolesAreAskedAnew(a, b);
      withoutASecretLoginsStay(plain);
      aKilledNodeTakesNoLoginAlong(a, b, forgetsPosts(kind));
      if (kind != WebContainer.Kind.TOMCAT_9) {
        withoutRedisOnlyWhatIsOpenIsAnswered(b, kind != WebContainer.Kind.JETTY_EE8);
      }
    }
  }

  private static Map<String, Consumer<LoginFlows>> form(WebContainer.Kind kind, String action) {
    Map<String, Consumer<LoginFlows>> flows = LoginFlows.form(action);
    if (kind == WebContainer.Kind.WILDFLY || asksInLoginPage(kind, action)) {
      // WildFly answers 500 by itself.
      flows.remove(ASKED);
    }
    return flows;
  }

  /** GlassFish's login page within the protected area asks for a login too: sessions differ. */
  private static boolean asksInLoginPage(WebContainer.Kind kind, String action) {
    return kind == WebContainer.Kind.GLASSFISH && action.startsWith("/secured");
  }

  private static Map<String, Consumer<LoginFlows>> errors(WebContainer.Kind kind, String action) {
    Map<String, Consumer<LoginFlows>> flows = LoginFlows.errors(action);
    if (kind == WebContainer.Kind.GLASSFISH) {
      // It sends an empty page by itself.
      flows.remove("a form that is too long to be kept");
    }
    return flows;
  }

  /**
   * What GlassFish shows by itself as it shows it with Carryover: it has another class of users,
   * loses what was posted, and takes an address for Latin-1 once somebody has logged in.
   */
  private static List<String> asGlassFishShould(List<String> pages) {
    String posted = "POST .*\nquery: null\nparameters: ";
    return pages.stream()
        .map(page -> page.replace(" WebPrincipal of", " UserNameAndPassword of"))
        .map(page -> page.replace("y=[\uFFFD]", "y=[\u00E4]"))
        .map(page -> page.replaceFirst("(" + posted + ")\\{}", "$1{count=[3], item=[pears]}"))
        .toList();
  }

  private static boolean isTomcat(WebContainer.Kind kind) {
    return kind.name().startsWith("TOMCAT");
  }

  /** One of the Tomcats is enough for what all do alike. */
  private static boolean hasAllMethods(WebContainer.Kind kind) {
    return isTomcat(kind) && kind != WebContainer.Kind.TOMCAT_9;
  }

  /** Jetty restores neither method nor form from ee10 on, also without us. */
  private static boolean forgetsPosts(WebContainer.Kind kind) {
    return kind == WebContainer.Kind.JETTY_EE10_HOME || kind == WebContainer.Kind.JETTY_EE11;
  }

  private static Consumer<LoginFlows> below() {
    return flow -> {
      flow.get("/secured/page?x=1");
      flow.logIn("/secured/j_security_check", "ann");
      flow.get("/secured/page");
    };
  }

  private static Consumer<LoginFlows> loginPageItself() {
    return flow -> {
      flow.get("/secured/login.html");
      flow.logIn("/secured/j_security_check", "ann");
      flow.get("/secured/login.html");
      flow.get("/open?do=logout");
      flow.get("/secured/login.html");
    };
  }

  private static Consumer<LoginFlows> postedOnly() {
    return flow -> {
      flow.get("/posted");
      flow.post("/posted", Map.of("item", "pears"), "X-Test", "kept");
      flow.logIn("/secured/j_security_check", "ann");
      flow.get("/posted");
      flow.post("/posted", Map.of("item", "plums"));
      flow.get("/open?do=logout");
      flow.get("/posted");
    };
  }

  /**
   * Each has logins of its own. Neither lies within the other, where Jetty by itself forgets the
   * login of the outer one: the id of both changes, and the cookie of one.
   */
  private static Consumer<LoginFlows> twoApplications() {
    String[] asRoot = {"Authorization", "Basic " + base64("root:secret")};
    return flow -> {
      flow.get(INSIDE + "/secured/page");
      flow.get(BASIC + "/secured/page");
      flow.logIn(INSIDE + "/secured/j_security_check", "ann");
      flow.get(BASIC + "/open?do=cart:apples");
      flow.get(BASIC + "/secured/page", asRoot);
      flow.get(INSIDE + "/secured/page");
      flow.get(BASIC + "/secured/admin/page", asRoot);
      flow.get(BASIC + "/open?do=logout");
      flow.get(INSIDE + "/secured/page");
      flow.get(BASIC + "/secured/page");
    };
  }

  private static Consumer<LoginFlows> ownClasses() {
    return flow -> {
      flow.get("/secured/page?x=1");
      flow.logIn("/j_security_check", "ann");
      flow.get("/secured/page");
      flow.get("/open");
      flow.get("/secured/admin/page");
      flow.get("/open?do=logout");
      flow.get("/secured/page");
      flow.logIn("/j_security_check", "root");
      flow.get("/secured/admin/page");
    };
  }

  private static Consumer<LoginFlows> certificate() {
    String[] asAnn = {"ssl_client_cert", certificateOfAnn()};
    return flow -> {
      flow.get("/secured/page");
      flow.get("/secured/page?do=cart:apples", asAnn);
      flow.get("/secured/page", asAnn);
      flow.get("/open");
      flow.get("/secured/page");
      flow.get("/secured/admin/page");
      flow.get("/open?do=logout");
      flow.get("/secured/page");
    };
  }

  /** In one line, as proxies send it. */
  private static String certificateOfAnn() {
    Path store = directory.resolve("ann.p12");
    String words =
        "-genkeypair -alias ann -keyalg RSA -storepass secret -validity 3650 -dname CN=ann";
    List<String> command = new ArrayList<>(List.of(words.split(" ")));
    command.add(0, Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-keystore", store.toString()));
    try {
      if (Files.notExists(store)) {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
      }
      KeyStore keys = KeyStore.getInstance(store.toFile(), "secret".toCharArray());
      String encoded = Base64.getEncoder().encodeToString(keys.getCertificate("ann").getEncoded());
      return "-----BEGIN CERTIFICATE----- " + encoded + " -----END CERTIFICATE-----";
    } catch (IOException | GeneralSecurityException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whoever gives a challenge has to get the answer; all else another node does each time. */
  private static List<String> digest(WebContainer a, WebContainer b) {
    Browser browser = Browser.browser();
    String path = DIGEST + "/secured/page?do=cart:apples";
    String answer = answerTo(browser.get(a.uri(path)).header("WWW-Authenticate"), path);
    List<String> pages = new ArrayList<>();
    pages.add(browser.get(a.uri(path), "Authorization", answer).body());
    for (String next : List.of("/secured/page", "/open", "/open?do=logout", "/open")) {
      pages.add(browser.get((pages.size() % 2 == 0 ? a : b).uri(DIGEST + next)).body());
    }
    pages.add("" + browser.get(b.uri(DIGEST + "/secured/page")).status());
    assertThat(pages.get(0)).contains("user: ann ann DIGEST");
    return pages;
  }

  /** As ann's browser answers, see RFC 2617, section 3.2.2. */
  private static String answerTo(String challenge, String uri) {
    String nonce = challenge.replaceFirst(".*nonce=\"([^\"]*)\".*", "$1");
    String opaque = challenge.replaceFirst(".*opaque=\"([^\"]*)\".*", "$1");
    String user = md5("ann:test:secret");
    String response =
        md5(String.join(":", user, nonce, "00000001", "client", "auth", md5("GET:" + uri)));
    return "Digest username=\"ann\", realm=\"test\", qop=auth, nc=00000001, cnonce=\"client\","
        + " nonce=\"%s\", uri=\"%s\", response=\"%s\", opaque=\"%s\""
            .formatted(nonce, uri, response, opaque);
  }

  private static String md5(String text) {
    try {
      byte[] hash = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Consumer<LoginFlows> basic() {
    String[] asAnn = {"Authorization", "Basic " + base64("ann:secret")};
    String[] wrong = {"Authorization", "Basic " + base64("ann:wrong")};
    return flow -> {
      flow.get("/secured/page");
      flow.get("/secured/page", wrong);
      flow.get("/secured/page?do=cart:apples", asAnn);
      flow.get("/secured/page", asAnn);
      flow.get("/open");
      flow.get("/secured/page");
      flow.get("/open?do=logout");
      flow.get("/open");
      flow.get("/secured/page");
      flow.get("/secured/page", asAnn);
      flow.get("/open?do=invalidate");
      flow.get("/secured/page");
    };
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** What is a user's is nobody else's, also where a cache is on the way. */
  private static void cachesAreToldTheSame(WebContainer plain, WebContainer carried) {
    List<List<String>> told = new ArrayList<>();
    for (WebContainer node : List.of(plain, carried)) {
      List<String> headers = new ArrayList<>();
      Browser browser = Browser.browser();
      browser.get(node.uri("/secured/page"));
      logIn(browser, node, "ann");
      for (String path : List.of("/secured/page", "/open")) {
        Browser.Response page = browser.get(node.uri(path));
        headers.add(page.header("Cache-Control") + ' ' + page.header("Pragma"));
      }
      told.add(headers);
    }
    assertThat(told.get(1)).as("Cache-Control").isEqualTo(told.get(0));
  }

  /** Logins rotate ids, end with the session, and can't be made up. */
  private static void loginsAreOfOneSession(WebContainer a, WebContainer b) {
    Browser browser = Browser.browser();
    browser.get(a.uri("/open?do=cart:apples"));
    String anonymous = browser.cookie("CARRYOVERID");
    browser.get(b.uri("/secured/page"));
    logIn(browser, a, "ann");
    String asAnn = browser.cookie("CARRYOVERID");
    assertThat(asAnn).hasSize(43).isNotEqualTo(anonymous);
    assertThat(browser.cookie("JSESSIONID")).as("the container's cookie").isNull();
    assertThat(browser.get(b.uri("/secured/page")).body()).contains("user: ann ann FORM");
    assertThat(browser.cookie("CARRYOVERID")).isEqualTo(asAnn);

    Browser thief = Browser.browser();
    thief.setCookie("CARRYOVERID", anonymous);
    assertThat(thief.get(b.uri("/open")).body()).contains("user: null", "no session");

    Browser forger = Browser.browser();
    forger.get(a.uri("/open?do=attribute:~carryover.login:root"));
    assertThat(page(forger, b, "/open")).contains("user: null");
    assertThat(page(forger, b, "/secured/page")).contains("please log in");
  }

  /** Jetty redirects to its login page, and to the page that was asked for, with the id. */
  private static void clientsWithoutCookiesLogIn(WebContainer a, WebContainer b) {
    Browser browser = Browser.browser();
    String loginPage = browser.get(a.uri("/secured/page")).location().getRawPath();
    assertThat(loginPage).startsWith("/login.html;");
    String id = loginPage.substring(loginPage.indexOf(';'));
    browser.clearCookies();
    Browser.Response login =
        browser.post(
            b.uri("/j_security_check" + id), Map.of("j_username", "ann", "j_password", "secret"));
    browser.clearCookies();
    String page = login.location().getRawPath();
    assertThat(page).startsWith("/secured/page;").doesNotEndWith(id);
    assertThat(browser.get(a.uri(page)).body()).contains("user: ann ann FORM");
  }

  /** Also where one application's paths, and with them its cookies, lie within another's. */
  private static void loginsAreOfOneApplication(WebContainer a, WebContainer b) {
    Browser browser = Browser.browser();
    browser.get(a.uri("/secured/page"));
    logIn(browser, b, "ann");
    assertThat(page(browser, a, INSIDE + "/secured/page")).contains("please log in");
    logIn(browser, b, INSIDE + "/secured", "root");
    assertThat(browser.get(a.uri("/secured/page")).body()).contains("user: ann ann FORM");
    assertThat(browser.get(b.uri(INSIDE + "/secured/page")).body()).contains("user: root root");
    browser.get(a.uri(INSIDE + "/open?do=logout"));
    assertThat(browser.get(b.uri("/secured/page")).body()).contains("user: ann ann FORM");
    assertThat(page(browser, b, INSIDE + "/secured/page")).contains("please log in");
  }

  private static void usersOfClassesThatAreNotCarriedAreKnownByName(
      WebContainer a, WebContainer b) {
    Browser bob = Browser.browser();
    bob.get(a.uri(JAAS + "/secured/page"));
    assertThat(logIn(bob, a, JAAS, "bob").body()).contains("user: bob bob FORM", "customer: true");
    assertThat(bob.get(b.uri(JAAS + "/secured/page")).body())
        .contains("user: bob bob FORM", "customer: true", "no department");
  }

  /** Node B knows that carl is no longer an admin, and dora not at all. */
  private static void rolesAreAskedAnew(WebContainer a, WebContainer b) {
    Browser carl = Browser.browser();
    carl.get(a.uri("/secured/admin/page"));
    logIn(carl, a, "carl");
    assertThat(carl.get(a.uri("/secured/admin/page")).status()).isEqualTo(200);
    awaitStatus(403, carl, b, "/secured/admin/page");
    assertThat(carl.get(b.uri("/secured/page")).body()).contains("user: carl", "admin: false");
    assertThat(carl.get(a.uri("/secured/page")).body()).contains("user: carl");

    Browser dora = Browser.browser();
    dora.get(a.uri("/secured/page"));
    logIn(dora, a, "dora");
    assertThat(dora.get(a.uri("/secured/page")).body()).contains("user: dora");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              assertThat(page(dora, b, "/secured/page")).contains("please log in");
              assertThat(dora.get(a.uri("/open")).body()).contains("user: null");
            });
  }

  private static void awaitStatus(int status, Browser browser, WebContainer node, String path) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> browser.get(node.uri(path)).status() == status);
  }

  /** One is killed between the login page and the login, or once somebody is logged in. */
  private static void aKilledNodeTakesNoLoginAlong(
      WebContainer a, WebContainer b, boolean forgetsPosts) {
    Browser ann = Browser.browser();
    ann.get(b.uri("/secured/page"));
    logIn(ann, a, "ann");
    Browser bob = Browser.browser();
    bob.post(a.uri("/secured/page"), Map.of("item", "pears"));
    a.kill();
    assertThat(ann.get(b.uri("/secured/page")).body()).contains("user: ann ann FORM");
    assertThat(logIn(bob, b, "bob").body())
        .contains(forgetsPosts ? "GET /secured/page" : "POST /secured/page")
        .contains(forgetsPosts ? "{}" : "{item=[pears]}")
        .contains("user: bob bob FORM");
  }

  /** Whoever writes to that Redis could be anybody. */
  private static void withoutASecretLoginsStay(WebContainer plain) {
    Browser ann = Browser.browser();
    ann.get(plain.uri(UNSEALED + "/secured/page"));
    logIn(ann, plain, UNSEALED, "ann");
    assertThat(ann.get(plain.uri(UNSEALED + "/open?do=cart:apples")).body())
        .contains("user: ann ann FORM");
    assertThat(ann.cookie("JSESSIONID")).as("the container's cookie").isNotNull();
    Browser withoutLogin = Browser.browser();
    withoutLogin.setCookie("CARRYOVERID", ann.cookie("CARRYOVERID"));
    assertThat(withoutLogin.get(plain.uri(UNSEALED + "/open")).body())
        .contains("user: null", "cart: apples");
    assertThat(plain.log()).contains("leaves logins to the container", "there is no secret");
  }

  /** Nobody is logged out by it, and nobody is let in. */
  private void withoutRedisOnlyWhatIsOpenIsAnswered(WebContainer node, boolean toAllUsers) {
    Browser ann = Browser.browser();
    ann.get(node.uri("/secured/page"));
    logIn(ann, node, "ann");
    redis.close();
    Browser.Response refused = ann.get(node.uri("/secured/page"));
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("Retry-After")).isNotNull();
    assertThat(Browser.browser().get(node.uri("/index.html")).status()).isEqualTo(200);
    if (toAllUsers) {
      assertThat(ann.get(node.uri("/index.html")).status()).isEqualTo(200);
    }
  }

  /** What a browser shows in the end, where the container redirects it to a login page. */
  private static String page(Browser browser, WebContainer node, String path) {
    Browser.Response response = browser.get(node.uri(path));
    return (response.status() / 100 == 3 ? browser.follow(response) : response).body();
  }

  private static Browser.Response logIn(Browser browser, WebContainer node, String user) {
    return logIn(browser, node, ROOT, user);
  }

  private static Browser.Response logIn(
      Browser browser, WebContainer node, String path, String user) {
    Browser.Response response =
        browser.post(
            node.uri(path + "/j_security_check"),
            Map.of("j_username", user, "j_password", "secret"));
    assertThat(response.status()).as(response.body()).isBetween(302, 303);
    // Some send to the address that was asked for first, which is another node's here.
    URI page = response.location();
    String query = page.getRawQuery() == null ? "" : "?" + page.getRawQuery();
    return browser.get(node.uri(page.getRawPath() + query));
  }

  /** How many sessions listeners have heard of in each web application, on all nodes together. */
  private static List<Integer> created(WebContainer... nodes) {
    List<Integer> created = new ArrayList<>();
    for (String context : List.of(ROOT, INSIDE, BASIC)) {
      int sum = 0;
      for (WebContainer node : nodes) {
        sum += Integer.parseInt(Browser.browser().get(node.uri(context + "/counted")).body());
      }
      created.add(sum);
    }
    return created;
  }

  private CompletableFuture<WebContainer> startLater(
      WebContainer.Kind kind, boolean carried, boolean knowsAll) {
    return CompletableFuture.supplyAsync(() -> node(kind, carried, knowsAll).start());
  }

  private WebContainer.Builder node(WebContainer.Kind kind, boolean carried, boolean knowsAll) {
    WebContainer.Builder node =
        kind.node(war("form", carried))
            .alsoWar(war("inside", carried), INSIDE)
            .alsoWar(war("basic", carried), BASIC)
            .user("ann", "secret", "customer")
            .user("bob", "secret", "customer")
            .user("root", "secret", "customer", "admin");
    if (hasAllMethods(kind)) {
      node.alsoWar(war("jaas", carried), JAAS)
          .alsoWar(war("digest", carried), DIGEST)
          .alsoWar(war("certificate", carried), CERTIFICATE)
          .user("CN=ann", "none", "customer");
    }
    if (knowsAll) {
      node.user("carl", "secret", "customer", "admin").user("dora", "secret", "customer");
    } else {
      node.user("carl", "secret", "customer");
    }
    return carried
        ? node.jvmOption("-Dcarryover.redis.url=" + redis.url())
            .jvmOption("-Dcarryover.redis.timeout=20s")
            .jvmOption("-Dcarryover.secret=" + SECRET)
            .jvmOption("-Dcarryover.container-login.revalidate=1s")
            .jvmOption("-Dcarryover.codec.filter=!loginflow.jaas.FilteredUser")
        : node.alsoWar(war("form", true), UNSEALED)
            .contextParam("carryover.redis.url", redis.url());
  }

  private static Path war(String name, boolean carried) {
    return directory.resolve(name + (carried ? "-carried.war" : ".war"));
  }

  private static void build(WarBuilder war, String name, boolean carried) {
    if (carried) {
      war.carryover();
    }
    war.build(war(name, carried));
  }

  private static WarBuilder form() {
    return war(form("/login.html", "/failed.html"))
        .file("login.html", "please log in")
        .file("failed.html", "failed");
  }

  /** The login page needs a login, and a page does that is open to who only looks. */
  private static WarBuilder inside() {
    String posted = "<url-pattern>/posted</url-pattern><http-method>POST</http-method>";
    String ordered = "<url-pattern>/ordered</url-pattern><http-method>POST</http-method>";
    return war(
            form("/secured/login.html", "/secured/failed.html"),
            constraint(posted, "customer"),
            constraint(ordered, "admin"))
        .file("secured/failed.html", "failed");
  }

  private static String form(String loginPage, String errorPage) {
    return "<auth-method>FORM</auth-method><form-login-config><form-login-page>"
        + loginPage
        + "</form-login-page><form-error-page>"
        + errorPage
        + "</form-error-page></form-login-config>";
  }

  private static String method(String name) {
    return "<auth-method>" + name + "</auth-method><realm-name>test</realm-name>";
  }

  private static WarBuilder war(String loginConfig, String... constraints) {
    return WarBuilder.war()
        .classesOfPackage("loginflow")
        .file("index.html", "welcome")
        .webXml(
            WebXml.with(
                constraint("<url-pattern>/secured/*</url-pattern>", "customer"),
                constraint("<url-pattern>/secured/admin/*</url-pattern>", "admin"),
                String.join("\n", constraints),
                "<login-config>" + loginConfig + "</login-config>",
                "<security-role><role-name>customer</role-name></security-role>",
                "<security-role><role-name>admin</role-name></security-role>"));
  }

  private static String constraint(String requests, String role) {
    return "<security-constraint><web-resource-collection><web-resource-name>"
        + role
        + "</web-resource-name>"
        + requests
        + "</web-resource-collection><auth-constraint><role-name>"
        + role
        + "</role-name></auth-constraint></security-constraint>";
  }

  /** The same flow on one node without Carryover and on two with it. */
  private record Comparison(
      SoftAssertions softly, WebContainer plain, List<WebContainer> nodes, int first) {

    private List<String> alone(String contextPath, Consumer<LoginFlows> flow) {
      List<String> pages = LoginFlows.pages(List.of(plain), 0, contextPath, flow);
      return plain.name().startsWith("GlassFish") ? asGlassFishShould(pages) : pages;
    }

    /**
     * Compares them.
     *
     * @param shown what pages have to show at all
     */
    void compare(String contextPath, Map<String, Consumer<LoginFlows>> flows, String... shown) {
      flows.forEach(
          (name, flow) -> {
            List<String> pages = LoginFlows.pages(nodes, first, contextPath, flow);
            softly
                .assertThat(pages)
                .as("%s, %s, first node %d", name, contextPath, first)
                .isEqualTo(alone(contextPath, flow));
            for (String each : shown) {
              softly.assertThat(String.join("\n", pages)).as(name).contains(each);
            }
          });
    }
  }
}
