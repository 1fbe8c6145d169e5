package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.carryover.testing.Browser;
import dev.carryover.testing.JettyNode;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.WebXml;
import dev.carryover.testing.app.LoginServlet;
import dev.carryover.testing.app.RegistryServlet;
import dev.carryover.testing.app.SteeringServlet;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Principal;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.security.auth.Subject;
import javax.security.auth.x500.X500Principal;
import org.eclipse.jetty.security.HashLoginService;
import org.eclipse.jetty.security.UserIdentity;
import org.eclipse.jetty.security.UserStore;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Session;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Logins that the container does: by a form, by BASIC, and by {@code request.login}. */
class FormLoginIT {

  private static final String OURS = "CARRYOVERID";
  private static final String CONTAINERS = "JSESSIONID";
  private static final String SECRET = "a secret that seals sessions";
  private static final String CREDENTIALS =
      Base64.getEncoder().encodeToString("ann:secret".getBytes(StandardCharsets.UTF_8));

  @TempDir static Path directory;

  /** Those with nothing said but the usual, for all tests. */
  private static final Map<String, WebContainer> NODES = new HashMap<>();

  private static RedisServer redis;
  private static Path form;
  private static Path basic;

  private final Browser browser = Browser.browser();

  @BeforeAll
  static void build() {
    redis = RedisServer.start();
    form = war(WebXml.FORM_LOGIN).build(directory.resolve("form.war"));
    basic = war(WebXml.BASIC_LOGIN).build(directory.resolve("basic.war"));
  }

  @AfterAll
  static void stop() {
    NODES.values().forEach(WebContainer::close);
    redis.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = WebContainer.Kind.class,
      names = {"TOMCAT_10", "JETTY_EE10"})
  void attributesStayIntactOverLoginsByAForm(WebContainer.Kind kind) {
    WebContainer node = node(kind, form);
    assertThat(get(node, "/who?set=cart")).isEqualTo("null cart");
    String anonymous = browser.cookie(OURS);
    assertThat(anonymous).hasSize(43);
    assertThat(browser.cookie(CONTAINERS)).isNull();

    logIn(node, "ann");
    String asAnn = browser.cookie(OURS);
    String containers = browser.cookie(CONTAINERS);
    assertThat(asAnn).isNotEqualTo(anonymous);
    assertThat(containers).isNotNull().isNotEqualTo(asAnn);
    assertThat(get(node, "/secured/who")).isEqualTo("ann cart");
    assertThat(browser.cookie(OURS)).isEqualTo(asAnn);
    assertThat(browser.cookie(CONTAINERS)).isEqualTo(containers);
    assertThatTheOldIdIsDead(node, anonymous);

    assertThat(get(node, "/who?logout")).isEqualTo("null cart");
    assertThat(get(node, "/secured/who")).contains("please log in");
    logIn(node, "ann");
    assertThat(browser.cookie(OURS)).isNotEqualTo(asAnn);
    assertThat(get(node, "/secured/who")).isEqualTo("ann cart");

    get(node, "/who?logout");
    get(node, "/secured/who");
    logIn(node, "bob");
    assertThat(get(node, "/secured/who")).isEqualTo("bob cart");
  }

  @ParameterizedTest
  @EnumSource(
      value = WebContainer.Kind.class,
      names = {"TOMCAT_10", "JETTY_EE10"})
  void pagesThatAreOpenToAllShowTheUserOfTheContainersLogin(WebContainer.Kind kind) {
    WebContainer node = node(kind, form);
    logIn(node, "ann");
    assertThat(get(node, "/who?set=cart")).isEqualTo("ann cart");
    assertThat(get(node, "/who?role=customer")).isEqualTo("true");
    assertThat(get(node, "/who?role=admin")).isEqualTo("false");
  }

  @ParameterizedTest
  @EnumSource(
      value = WebContainer.Kind.class,
      names = {"TOMCAT_10", "JETTY_EE10"})
  void anApplicationMayAskTheContainerForALoginByAForm(WebContainer.Kind kind) {
    WebContainer node = node(kind, form);
    assertThat(get(node, "/who?authenticate")).contains("please log in");
    Browser.Response response =
        browser.post(
            node.uri("/j_security_check"), Map.of("j_username", "ann", "j_password", "secret"));
    assertThat(browser.follow(response).body()).isEqualTo("ann null");
    assertThat(get(node, "/who?authenticate")).isEqualTo("ann null");
  }

  /** To applications that never heard of {@code logout}, this is how a login ends. */
  @ParameterizedTest
  @EnumSource(
      value = WebContainer.Kind.class,
      names = {"TOMCAT_10", "JETTY_EE10"})
  void invalidateEndsTheContainersLoginToo(WebContainer.Kind kind) {
    WebContainer node = node(kind, form);
    get(node, "/secured/who");
    logIn(node, "ann");
    get(node, "/who?set=cart");
    get(node, "/who?invalidate");
    assertThat(get(node, "/secured/who")).contains("please log in");
    assertThat(get(node, "/who")).isEqualTo("null null");
    if (kind == WebContainer.Kind.TOMCAT_10) {
      assertThat(node.log())
          .containsOnlyOnce("leaves logins to the container")
          .contains("there is no secret");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = WebContainer.Kind.class,
      names = {"TOMCAT_10", "JETTY_EE10"})
  void otherLoginsRotateTheId(WebContainer.Kind kind) {
    WebContainer node = node(kind, basic);
    get(node, "/who?set=cart");
    String anonymous = browser.cookie(CONTAINERS);
    assertThat(
            browser.get(node.uri("/secured/who"), "Authorization", "Basic " + CREDENTIALS).body())
        .isEqualTo("ann cart");
    String asAnn = browser.cookie(CONTAINERS);
    assertThat(asAnn).hasSize(43).isNotEqualTo(anonymous);
    assertThat(get(node, "/who?login=bob")).isEqualTo("bob cart");
    assertThat(browser.cookie(CONTAINERS)).hasSize(43).isNotEqualTo(asAnn);
  }

  /** A download, say, that is written down in the session once it has gone. */
  @ParameterizedTest
  @EnumSource(
      value = WebContainer.Kind.class,
      names = {"TOMCAT_10", "JETTY_EE10"})
  void aLoginThatIsSeenOnceTheHeadHasGoneCostsNobodyTheSession(WebContainer.Kind kind) {
    WebContainer node = node(kind, basic);
    String[] asAnn = {"Authorization", "Basic " + CREDENTIALS};
    get(node, "/who?set=cart");
    String anonymous = browser.cookie(CONTAINERS);
    for (int i = 0; i < 2; i++) {
      assertThat(browser.get(node.uri("/secured/who?flush"), asAnn).body()).isEqualTo("ann cart");
      assertThat(browser.cookie(CONTAINERS)).isEqualTo(anonymous);
    }
    assertThat(browser.get(node.uri("/secured/who"), asAnn).body()).isEqualTo("ann cart");
    assertThat(browser.cookie(CONTAINERS)).hasSize(43).isNotEqualTo(anonymous);
    assertThat(get(node, "/who")).isEqualTo("null cart");
    Browser thief = Browser.browser();
    thief.setCookie(CONTAINERS, anonymous);
    assertThat(thief.get(node.uri("/who")).body()).isEqualTo("null null");
  }

  /** A valve with {@code cache="false"}: each request has to bring name and password. */
  @Test
  void loginsThatTomcatIsNotToKeepAreNotCarried() {
    String valve = "<Valve className=\"org.apache.catalina.authenticator.BasicAuthenticator\"";
    String context = "<Context><Manager pathname=\"\"/>" + valve + " cache=\"false\"/></Context>";
    Path plain =
        plainWar(WebXml.BASIC_LOGIN)
            .file("META-INF/context.xml", context)
            .build(directory.resolve("uncached-plain.war"));
    Path carried =
        war(WebXml.BASIC_LOGIN)
            .file("META-INF/context.xml", context)
            .build(directory.resolve("uncached.war"));
    try (WebContainer node =
        builder(WebContainer.Kind.TOMCAT_10, carried)
            .alsoWar(plain, "/plain")
            .contextParam("carryover.secret", SECRET)
            .start()) {
      for (String application : List.of("", "/plain")) {
        Browser ann = Browser.browser();
        ann.get(node.uri(application + "/who?set=cart"));
        URI secured = node.uri(application + "/secured/who");
        assertThat(ann.get(secured, "Authorization", "Basic " + CREDENTIALS).body())
            .isEqualTo("ann cart");
        assertThat(ann.get(secured).status()).isEqualTo(401);
      }
      assertThat(node.log()).contains("Logins stay with Tomcat");
    }
  }

  /** By another's request: that of the session is over, and its objects may be another client's. */
  @ParameterizedTest
  @MethodSource("withASecret")
  void whoIsKickedOutIsOut(WebContainer.Kind kind) {
    try (WebContainer node = builder(kind, form).contextParam("carryover.secret", SECRET).start()) {
      whoIsKickedOutIsOut(node);
    }
  }

  static Stream<WebContainer.Kind> withASecret() {
    return Stream.of(
            WebContainer.Kind.TOMCAT_10,
            WebContainer.Kind.TOMCAT_9,
            WebContainer.Kind.TOMCAT_8,
            WebContainer.Kind.JETTY_EE10)
        .limit(Boolean.getBoolean("carryover-test.matrix") ? Long.MAX_VALUE : 1);
  }

  @Test
  void whoIsKickedOutIsOutWithoutASecret() {
    whoIsKickedOutIsOut(node(WebContainer.Kind.TOMCAT_10, form));
  }

  private void whoIsKickedOutIsOut(WebContainer node) {
    get(node, "/registry");
    get(node, "/who?set=cart");
    logIn(node, "ann");
    assertThat(get(node, "/secured/who")).isEqualTo("ann cart");

    Browser stranger = Browser.browser();
    assertThat(stranger.get(node.uri("/registry?end")).body()).isEqualTo("0 left to null");
    assertThat(get(node, "/who")).isEqualTo("null null");
    assertThat(get(node, "/secured/who")).contains("please log in");
  }

  @Test
  void withoutASecretLoginsAreCarriedIfOneInsists() {
    try (WebContainer node =
        builder(WebContainer.Kind.JETTY_EE10, form)
            .contextParam("carryover.container-login", "carry")
            .start()) {
      logIn(node, "ann");
      assertThat(get(node, "/secured/who")).isEqualTo("ann null");
      assertThat(browser.cookie(CONTAINERS)).as("the container's cookie").isNull();
    }
  }

  @Test
  void whoLogsInWithoutASessionIsFoundByHisName() {
    try (WebContainer node =
        builder(WebContainer.Kind.JETTY_EE10, form)
            .contextParam("carryover.container-login", "carry")
            .start()) {
      Browser.Response response =
          browser.post(
              node.uri("/j_security_check"), Map.of("j_username", "ann", "j_password", "secret"));
      assertThat(response.status()).isBetween(302, 303);
      assertThat(get(node, "/sessions?do=user&of=ann").lines()).contains(browser.cookie(OURS));
    }
  }

  /** Jetty's own realms make principals of Jetty's class; those of others go as objects. */
  @Test
  void aRealmsOwnPrincipalsAreCarriedOnJetty() {
    Path war =
        war(WebXml.FORM_LOGIN).classesOfPackage("loginflow").build(directory.resolve("own.war"));
    try (JettyNode a = withOwnRealm(war);
        JettyNode b = withOwnRealm(war)) {
      browser.get(a.uri("/secured/who"));
      browser.post(
          b.uri("/secured/j_security_check"), Map.of("j_username", "ann", "j_password", "secret"));
      String expected = "user: CN=ann CN=ann FORM\nprincipal: X500Principal of no department\n";
      assertThat(browser.get(a.uri("/secured/page")).body())
          .contains(expected, "customer: true", "admin: false");
      assertThat(browser.get(b.uri("/open")).body()).contains(expected, "customer: true");
    }
  }

  private static JettyNode withOwnRealm(Path war) {
    return nodeWithRealm(war, new OwnRealm(name -> new X500Principal("CN=" + name)))
        .contextParam("carryover.secret", SECRET)
        .start();
  }

  private static JettyNode.Builder nodeWithRealm(Path war, OwnRealm realm) {
    return JettyNode.node()
        .war(war)
        .contextParam("carryover.redis.url", redis.url())
        .adjust(context -> context.getSecurityHandler().setLoginService(realm));
  }

  @Test
  void withASecretTheyAreNotIfOneForbids() {
    try (WebContainer node =
        builder(WebContainer.Kind.JETTY_EE10, form)
            .contextParam("carryover.container-login", "off")
            .contextParam("carryover.secret", SECRET)
            .start()) {
      logIn(node, "ann");
      assertThat(get(node, "/secured/who")).isEqualTo("ann null");
      assertThat(browser.cookie(CONTAINERS)).as("the container's cookie").isNotNull();
    }
  }

  @Test
  void ourCookieMayHaveAnyOtherName() {
    try (WebContainer node =
        builder(WebContainer.Kind.JETTY_EE10, form)
            .contextParam("carryover.cookie.name", "MINE")
            .start()) {
      get(node, "/who?set=cart");
      assertThat(browser.cookie("MINE")).hasSize(43);
    }
  }

  @Test
  void ourCookieMayNotHaveTheContainersName() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                builder(WebContainer.Kind.JETTY_EE10, form)
                    .contextParam("carryover.cookie.name", CONTAINERS)
                    .start()
                    .close())
        .withStackTraceContaining("carryover.cookie.name = \"JSESSIONID\"");
  }

  private void assertThatTheOldIdIsDead(WebContainer node, String id) {
    Browser thief = Browser.browser();
    thief.setCookie(OURS, id);
    assertThat(thief.get(node.uri("/who")).body()).isEqualTo("null null");
  }

  private void logIn(WebContainer node, String user) {
    assertThat(get(node, "/secured/who")).contains("please log in");
    Browser.Response response =
        browser.post(
            node.uri("/secured/j_security_check"),
            Map.of("j_username", user, "j_password", "secret"));
    assertThat(response.status()).isBetween(302, 303);
    browser.follow(response);
  }

  private String get(WebContainer node, String path) {
    Browser.Response response = browser.get(node.uri(path));
    return (response.status() / 100 == 3 ? browser.follow(response) : response).body();
  }

  private static WarBuilder war(String login) {
    return plainWar(login).classes(SteeringServlet.class).carryover();
  }

  private static WarBuilder plainWar(String login) {
    return WarBuilder.war()
        .classes(LoginServlet.class, RegistryServlet.class)
        .file("login.html", "please log in")
        .webXml(WebXml.with(login));
  }

  private static WebContainer node(WebContainer.Kind kind, Path war) {
    return NODES.computeIfAbsent(kind + " " + war, key -> builder(kind, war).start());
  }

  private static WebContainer.Builder builder(WebContainer.Kind kind, Path war) {
    return kind.node(war)
        .contextParam("carryover.redis.url", redis.url())
        .user("ann", "secret", "customer")
        .user("bob", "secret", "customer");
  }

  /** Knows ann, by a principal that Jetty does not make. */
  private static final class OwnRealm extends HashLoginService {
    private final Function<String, Principal> principals;

    private OwnRealm(Function<String, Principal> principals) {
      this.principals = principals;
      setUserStore(new UserStore());
    }

    @Override
    public UserIdentity login(
        String name, Object password, Request request, Function<Boolean, Session> session) {
      return "ann".equals(name) && "secret".equals(password)
          ? getIdentityService()
              .newUserIdentity(new Subject(), principals.apply(name), new String[] {"customer"})
          : null;
    }
  }
}
