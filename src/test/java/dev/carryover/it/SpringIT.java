package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.BothWars;
import dev.carryover.testing.Browser;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.WebXml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Spring MVC and Spring Security over two nodes, each request to the other than the last: visitors
 * see what one node without Carryover shows them.
 */
class SpringIT {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*? value=\"([^\"]+)\"");

  /** A visit: one browser, a request for each. */
  private static final List<List<String>> VISITS =
      List.of(
          List.of("/shop/add?item=a", "/shop/add?item=b", "/shop/show", "/plain/add", "/shop/show"),
          List.of("/plain/add", "/plain/add", "/shop/show", "/shop/add?item=c", "/plain/add"),
          List.of(
              "/shop/write?title=news",
              "/shop/write?body=text",
              "/shop/publish",
              "/shop/published",
              "/shop/published"),
          List.of("/shop/add?item=a", "/shop/add?item=b", "/shop/invalidate", "/shop/show"),
          List.of("/shop/add?item=a", "/shop/show", "/shop/invalidate"),
          List.of(
              "/shop/add?item=a",
              "/secure/account",
              "/login",
              "POST /login username=ann password=wrong",
              "/login?error",
              "POST /login username=ann password=secret",
              "/secure/account?continue",
              "/secure/account",
              "/shop/add?item=b",
              "/secure/account",
              "/logout",
              "POST /logout",
              "/secure/account",
              "/shop/show"));

  /** Of all visits' sessions, with a cart. */
  private static final int ENDED = 3;

  private static final Map<WebContainer.Kind, List<String>> PLAIN = new HashMap<>();

  @RegisterExtension static final BothWars wars = BothWars.of(SpringIT::war);

  private static WarBuilder war() {
    WarBuilder war =
        WarBuilder.war()
            .classesOfPackage("springapp")
            .webXml(
                WebXml.with(
                    param(
                        "contextClass",
                        "org.springframework.web.context.support.AnnotationConfigWebApplicationContext"),
                    param("contextConfigLocation", "springapp.WebConfig"),
                    listener("org.springframework.web.context.ContextLoaderListener"),
                    listener("org.springframework.web.context.request.RequestContextListener"),
                    listener("org.springframework.web.util.HttpSessionMutexListener"),
                    listener("org.springframework.security.web.session.HttpSessionEventPublisher"),
                    // Its initializer runs before ours, and puts Spring Security's filter first.
                    "<absolute-ordering><name>spring_web</name><others/></absolute-ordering>",
                    """
                    <servlet>
                      <servlet-name>spring</servlet-name>
                      <servlet-class>org.springframework.web.servlet.DispatcherServlet</servlet-class>
                      <init-param>
                        <param-name>contextConfigLocation</param-name>
                        <param-value></param-value>
                      </init-param>
                      <load-on-startup>1</load-on-startup>
                    </servlet>
                    <servlet-mapping>
                      <servlet-name>spring</servlet-name>
                      <url-pattern>/</url-pattern>
                    </servlet-mapping>
                    """));
    Path libraries = Path.of(System.getProperty("carryover-test.directory"), "libraries", "spring");
    try (Stream<Path> jars = Files.list(libraries)) {
      jars.forEach(war::lib);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return war;
  }

  private static String param(String name, String value) {
    return "<context-param><param-name>%s</param-name><param-value>%s</param-value></context-param>"
        .formatted(name, value);
  }

  private static String listener(String type) {
    return "<listener><listener-class>" + type + "</listener-class></listener>";
  }

  @ParameterizedTest
  @EnumSource(names = {"TOMCAT_10", "JETTY_EE10"})
  void visitorsSeeWhatOneNodeWouldShow(WebContainer.Kind kind) {
    List<String> expected = plainTable(kind);
    assertThat(expected)
        .contains("/shop/published 200 published news, next ")
        .contains("/secure/account 200 ann true [a, b]")
        .contains("cart destroyed with [a, b]");
    try (WebContainer one = start(kind, "attribute");
        WebContainer other = start(kind, "attribute")) {
      assertThat(table(one, other).stream().map(SpringIT::withoutLastItems))
          .isEqualTo(expected.stream().map(SpringIT::withoutLastItems).toList());
      loginGivesTheSessionAnotherId(one, other);
      beansEndOnceWithTheTime(one, other);
    }
  }

  /** Spring keeps the bean twice: as an attribute, and in another one that ends it. */
  @Test
  void inOneGraphABeanEndsWithAllThatItHad() {
    WebContainer.Kind kind = WebContainer.Kind.JETTY_EE10;
    try (WebContainer one = start(kind, "session");
        WebContainer other = start(kind, "session")) {
      assertThat(table(one, other)).isEqualTo(plainTable(kind));
    }
  }

  /**
   * As separate attributes the two copies of a bean differ; that it ends, and how often, counts.
   */
  private static String withoutLastItems(String line) {
    return line.startsWith("cart destroyed") ? "cart destroyed" : line;
  }

  private static void loginGivesTheSessionAnotherId(WebContainer one, WebContainer other) {
    Browser browser = Browser.browser();
    String csrf = csrf(browser.get(one.uri("/login")));
    String before = id(browser);
    browser.post(other.uri("/login"), form("POST /login username=ann password=secret", csrf));
    assertThat(id(browser)).isNotEqualTo(before).hasSameSizeAs(before);
    assertThat(wars.probe().keys("*session:" + id(browser)))
        .allSatisfy(
            key -> assertThat(wars.probe().hget(key, "~principal")).asString().isEqualTo("ann"))
        .hasSize(1);
    assertThat(browser.get(one.uri("/secure/account")).body()).startsWith("ann true");
    Browser thief = Browser.browser();
    thief.setCookie("JSESSIONID", before);
    assertThat(thief.get(one.uri("/secure/account")).status()).isEqualTo(302);
    assertThat(thief.get(other.uri("/secure/account")).status()).isEqualTo(302);
  }

  private static void beansEndOnceWithTheTime(WebContainer one, WebContainer other) {
    List<String> before = journal(one, other);
    Browser browser = Browser.browser();
    browser.get(one.uri("/shop/add?item=a"));
    browser.get(other.uri("/plain/add"));
    browser.get(one.uri("/shop/interval?seconds=1"));
    await().atMost(PATIENCE).until(() -> wars.probe().keys("*session:" + id(browser)).isEmpty());
    List<String> after = new ArrayList<>(journal(one, other));
    before.forEach(after::remove);
    assertThat(after.stream().map(SpringIT::withoutLastItems)).containsExactly("cart destroyed");
  }

  private static String id(Browser browser) {
    return browser.cookie("JSESSIONID");
  }

  private static WebContainer start(WebContainer.Kind kind, String granularity) {
    return kind.node(wars.with())
        .contextParam("carryover.redis.url", wars.redis().url())
        .contextParam("carryover.granularity", granularity)
        .contextParam("carryover.expiry.poll-interval", "100ms")
        .start();
  }

  private static List<String> plainTable(WebContainer.Kind kind) {
    return PLAIN.computeIfAbsent(
        kind,
        unknown -> {
          try (WebContainer plain = kind.start(wars.without(), Map.of())) {
            return table(plain);
          }
        });
  }

  /** What the visits' requests are answered, and then, sorted, what the nodes' beans have heard. */
  private static List<String> table(WebContainer... nodes) {
    List<String> table = new ArrayList<>();
    for (List<String> visit : VISITS) {
      Browser browser = Browser.browser();
      String csrf = "";
      for (String request : visit) {
        WebContainer node = nodes[table.size() % nodes.length];
        Browser.Response response =
            request.startsWith("POST")
                ? browser.post(node.uri(request.split(" ")[1]), form(request, csrf))
                : browser.get(node.uri(request));
        table.add(request + " " + response.status() + " " + shown(response));
        csrf = isForm(response) ? csrf(response) : csrf;
      }
    }
    await().atMost(PATIENCE).until(() -> journal(nodes).size() >= ENDED);
    table.addAll(journal(nodes));
    return table;
  }

  private static String shown(Browser.Response response) {
    String location = response.header("Location");
    return location != null
        ? location.replaceFirst("http://[^/]*", "")
        : isForm(response) ? "a form" : response.body();
  }

  private static boolean isForm(Browser.Response response) {
    return CSRF.matcher(response.body()).find();
  }

  private static String csrf(Browser.Response response) {
    Matcher token = CSRF.matcher(response.body());
    assertThat(token.find()).as(response.body()).isTrue();
    return token.group(1);
  }

  /** The fields of {@code POST /path field=value field=value}, and the token. */
  private static Map<String, String> form(String request, String csrf) {
    Map<String, String> form = new HashMap<>(Map.of("_csrf", csrf));
    Stream.of(request.split(" "))
        .skip(2)
        .map(field -> field.split("="))
        .forEach(field -> form.put(field[0], field[1]));
    return form;
  }

  private static List<String> journal(WebContainer... nodes) {
    return Stream.of(nodes)
        .flatMap(node -> Browser.browser().get(node.uri("/plain/journal")).body().lines())
        .sorted()
        .toList();
  }
}
