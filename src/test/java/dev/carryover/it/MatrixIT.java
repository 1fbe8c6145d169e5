package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.Browser;
import dev.carryover.testing.JavaxWar;
import dev.carryover.testing.ListenerTableWar;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.SampleWar;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.app.FirstFilter;
import dev.carryover.testing.app.OperationsServlet;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a user sees who has the jar installed in a WAR and runs it on two nodes, on each container
 * that there is. Prints the README's table.
 */
class MatrixIT {

  private static final Pattern ADAPTER =
      Pattern.compile("Carryover\\[[^]]*] (\\w+): session listeners");
  private static final Pattern RUNS_ON =
      Pattern.compile("Carryover\\[[^]]*] runs on (.+), Servlet (\\d\\.\\d)");

  /** Some containers initialize filters with the first request. */
  private static final List<List<String>> FIRST_VISIT = List.of(List.of("none"));

  @TempDir static Path directory;

  private static final Map<WebContainer.Kind, Row> ROWS = new EnumMap<>(WebContainer.Kind.class);

  private static RedisServer redis;
  private static final Map<Path, Path> INSTALLED = new HashMap<>();

  private static Path shop;
  private static Path table;

  @BeforeAll
  static void build() {
    redis = RedisServer.start();
    shop =
        SampleWar.builder()
            .initializer(FirstFilter.class, FirstFilter.Initializer.class)
            .build(directory.resolve("shop.war"));
    table = ListenerTableWar.builder().build(directory.resolve("table.war"));
  }

  @AfterAll
  static void print() {
    redis.close();
    System.out.println("\n" + Row.HEAD);
    ROWS.values().forEach(System.out::println);
  }

  @ParameterizedTest
  @MethodSource("dev.carryover.testing.WebContainer$Kind#ofTheMatrix")
  void aVisitGoesOnWhenANodeIsKilled(WebContainer.Kind kind) {
    Row row = row(kind);
    Path installed = installed(kind, shop);
    CompletableFuture<WebContainer> starting =
        CompletableFuture.supplyAsync(() -> start(kind, installed, "a"));
    try (WebContainer b = start(kind, installed, "b");
        WebContainer a = starting.join()) {
      Visit visit = new Visit(Browser.browser(), kind.isWithoutJsp());
      visit.logsIn(a, b);
      visit.isKnownToAFilterThatCodePutsFirst(b);
      row.readLog(b.log());
      row.login = "yes";
      for (int items = 1; items <= 4; items++) {
        visit.addsTo(items % 2 == 0 ? a : b, items % 2 == 0 ? b : a, items);
      }
      row.cart = "yes";
      a.kill();
      visit.isKnownTo(b, 4);
      visit.addsTo(b, b, 5);
      row.kill = "yes";
      visit.logsOut(b);
      row.logout = "yes";
    }
  }

  /** {@code ListenerTableIT} does it for the containers of each build. */
  @ParameterizedTest
  @MethodSource("dev.carryover.testing.WebContainer$Kind#ofTheMatrix")
  @EnabledIfSystemProperty(named = "carryover-test.matrix", matches = "true")
  void listenersAreToldTheSame(WebContainer.Kind kind) {
    Row row = row(kind);
    Path installed = installed(kind, table);
    List<String> expected;
    long begin = System.nanoTime();
    try (WebContainer alone = start(kind, table, "alone")) {
      expected = ListenerTable.of(List.of(alone), FIRST_VISIT);
      row.startWithout = System.nanoTime() - begin;
      expected.addAll(ListenerTable.of(List.of(alone), ListenerTable.VISITS));
    }
    begin = System.nanoTime();
    try (WebContainer a = start(kind, installed, "a")) {
      List<String> actual = ListenerTable.of(List.of(a), FIRST_VISIT);
      row.startWith = System.nanoTime() - begin;
      try (WebContainer b = start(kind, installed, "b")) {
        actual.addAll(ListenerTable.of(List.of(a, b), ListenerTable.VISITS));
        ListenerTable.allowTheListenersRequest(expected, actual);
        String same = "same";
        if (kind == WebContainer.Kind.OPEN_LIBERTY) {
          ListenerTable.allowAnyOrderOfTheEnd(expected, actual);
          same = "same but for an order";
        }
        ListenerTable.print(kind + ", as it is and on two nodes with Carryover", expected, actual);
        row.listeners = "not the same";
        assertThat(actual).isEqualTo(expected);
        row.listeners = same;
      }
    }
  }

  /** Its own cookies are sent to all of the host where nobody has said another path. */
  @Test
  @EnabledIfSystemProperty(named = "carryover-test.matrix", matches = "true")
  void webApplicationsLeaveEachOtherTheirSessionsOnOpenLiberty() {
    Path war =
        WarBuilder.war()
            .classes(OperationsServlet.class)
            .carryover()
            .build(directory.resolve("operations.war"));
    try (WebContainer node =
        WebContainer.Kind.OPEN_LIBERTY
            .node(war)
            .contextPath("/shop")
            .alsoWar(war, "/desk")
            .contextParam("carryover.redis.url", redis.url())
            .start()) {
      Browser browser = Browser.browser();
      List<String> applications = List.of("/shop", "/desk");
      for (String application : applications) {
        browser.get(node.uri("").resolve(application + "/do?do=set:a:" + application));
      }
      for (String application : applications) {
        assertThat(browser.get(node.uri("").resolve(application + "/do?do=get:a")).body())
            .isEqualTo(application);
      }
      assertThat(node.log()).contains("Path=/shop;", "Path=/desk;");
    }
  }

  private static Row row(WebContainer.Kind kind) {
    return ROWS.computeIfAbsent(kind, unknown -> new Row());
  }

  private static WebContainer start(WebContainer.Kind kind, Path war, String node) {
    return kind.start(war, Map.of("carryover.redis.url", redis.url(), "shop.node", node));
  }

  /** The WAR as it is built for the container's API, with Carryover put in by the installer. */
  private static Path installed(WebContainer.Kind kind, Path war) {
    Path built = kind.isJavax() ? JavaxWar.of(war) : war;
    return INSTALLED.computeIfAbsent(
        built,
        unknown -> {
          Path target = built.resolveSibling("installed-" + built.getFileName());
          Path allJar = Path.of(System.getProperty("carryover-test.all-jar"));
          String report = Installer.run(allJar, 0, "install", built, "-o", target).out();
          assertThat(report.contains("-javax-all.jar")).as(report).isEqualTo(kind.isJavax());
          return target;
        });
  }

  /** One visitor of the shop. */
  private record Visit(Browser browser, boolean isWithoutPages) {

    void isKnownToAFilterThatCodePutsFirst(WebContainer at) {
      assertThat(browser.get(at.uri("/first?key=user")).body()).startsWith("legacyshop.User");
    }

    void logsIn(WebContainer at, WebContainer other) {
      browser.get(at.uri("/whoami?create=true"));
      String before = sessionId();
      Browser.Response login =
          browser.post(at.uri("/login"), Map.of("user", "duke", "password", "java"));
      assertThat(login.status()).isEqualTo(302);
      assertThat(sessionId()).isNotEqualTo(before);
      isKnownTo(other, 0);
    }

    /** Where Carryover's cookie has a name of its own, the container sets none. */
    private String sessionId() {
      String id = browser.cookie("CARRYOVERID");
      return id != null ? id : browser.cookie("JSESSIONID");
    }

    void addsTo(WebContainer node, WebContainer other, int items) {
      Browser.Response cart = browser.post(node.uri("/cart"), Map.of("add", "mug"));
      if (!isWithoutPages) {
        assertThat(cart.status()).isEqualTo(200);
        assertThat(cart.body()).contains("Cart (" + items + ")");
      }
      isKnownTo(other, items);
    }

    void isKnownTo(WebContainer node, int items) {
      assertThat(browser.get(node.uri("/whoami")).body())
          .contains("\"user\":\"duke\"", "\"items\":" + items + ",");
    }

    void logsOut(WebContainer node) {
      assertThat(browser.post(node.uri("/logout"), Map.of()).status()).isEqualTo(302);
      assertThat(browser.get(node.uri("/whoami")).body())
          .contains("\"user\":null", "\"sessionId\":null");
    }
  }

  /** What was seen of one container. */
  private static final class Row {
    static final String HEAD =
        """
        | container | Servlet | adapter | login | cart on both | one killed | logout | listeners | \
        start with and without |
        |---|---|---|---|---|---|---|---|---|""";

    private String container = "";
    private String servlet = "";
    private String adapter = "";
    private String login = "no";
    private String cart = "no";
    private String kill = "no";
    private String logout = "no";
    private String listeners = "not compared";
    private long startWith;
    private long startWithout;

    void readLog(String log) {
      adapter = find(ADAPTER, log).group(1);
      Matcher runsOn = find(RUNS_ON, log);
      container = runsOn.group(1);
      servlet = runsOn.group(2);
    }

    private static Matcher find(Pattern pattern, String log) {
      Matcher found = pattern.matcher(log);
      assertThat(found.find()).as("%s in %s", pattern, log).isTrue();
      return found;
    }

    @Override
    public String toString() {
      return "| %s | %s | %s | %s | %s | %s | %s | %s | %s |"
          .formatted(
              container,
              servlet,
              adapter,
              login,
              cart,
              kill,
              logout,
              listeners,
              startWith == 0
                  ? "not measured"
                  : "%.1f s, %.1f s".formatted(startWith / 1e9, startWithout / 1e9));
    }
  }
}
