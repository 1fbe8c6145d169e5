package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carryover.testing.Browser;
import dev.carryover.testing.Chromium;
import dev.carryover.testing.JettyNode;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebXml;
import dev.carryover.testing.app.OperationsServlet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The console as an operator sees it, in a real browser. Pictures are in target/screenshots. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsolePageIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir static Path directory;

  private RedisServer redis;
  private JettyNode node;
  private Chromium chromium;
  private final List<Browser> visitors = new ArrayList<>();
  private final List<String> ids = new ArrayList<>();

  @BeforeAll
  void start() {
    assumeTrue(Chromium.isInstalled(), "there is no chromium with its chromedriver here");
    redis = RedisServer.start();
    Path war =
        WarBuilder.war()
            .classes(OperationsServlet.class)
            .webXml(WebXml.with(WebXml.BASIC_LOGIN))
            .carryover()
            .build(directory.resolve("console.war"));
    node =
        JettyNode.node()
            .war(war)
            .contextPath("/shop")
            .contextParam("carryover.redis.url", redis.url())
            .contextParam("carryover.console", "on")
            .user("ann", "secret", "customer")
            .user("bob", "secret", "customer")
            .start();
    chromium = Chromium.start();
  }

  @AfterAll
  void stop() {
    if (chromium != null) {
      chromium.close();
      node.close();
      redis.close();
    }
  }

  @AfterEach
  void endAllSessions() {
    visitors.forEach(visitor -> visitor.get(node.uri("/do?do=invalidate")));
    visitors.clear();
    ids.clear();
  }

  private Browser visitor(String user) {
    Browser visitor = Browser.browser();
    visitors.add(visitor);
    visitor.get(node.uri("/do?do=create"));
    ids.add(visitor.get(node.uri("/do?do=login:" + user + ":secret")).body());
    visitor.get(node.uri("/do?do=set:password:not-to-be-seen&do=list:cart:apple"));
    return visitor;
  }

  @Test
  void showsLiveFiguresAndPlots() {
    visitor("bob");
    open(1280, false);
    waitFor(() -> chromium.all("#plots canvas").size() == 4);
    waitFor(() -> chromium.text("#health").equals("Redis answers"));
    assertThat(chromium.text("#application")).isEqualTo("shop");
    assertThat(Integer.parseInt(chromium.text("#figures div:first-child dd"))).isPositive();
    String before = chromium.one("#plots .plot div").getDomAttribute("aria-label");
    assertThat(before).contains("unchanged");
    waitFor(
        () -> {
          Browser.browser().get(node.uri("/do?do=set:a:1"));
          visitor("bob");
          String now = chromium.one("#plots .plot div").getDomAttribute("aria-label");
          return now.matches(".*fetched [0-9.]*[1-9].*|.*unchanged [0-9.]*[1-9].*");
        });
    chromium.one("#pause").click();
    assertThat(chromium.text("#pause")).isEqualTo("Go on");
  }

  @Test
  void showsStatisticsOfAllNodes() {
    visitor("ann");
    open(1280, false);
    waitFor(() -> chromium.all("#minutes canvas").size() == 1);
    assertThat(chromium.text("#sampled")).containsPattern("those of [1-9]\\d* sessions? taken");
    assertThat(chromium.one("#minutes").getDomAttribute("aria-label"))
        .containsPattern("created [1-9]\\d*, expired 0, invalidated \\d+");
    assertThat(chromium.text("#overall")).contains("users logged in", "bytes a session");
    assertThat(chromium.all("#largest tr").stream().map(WebElement::getText))
        .anyMatch(row -> row.matches("password \\d+"));
  }

  @Test
  void findsTheSessionsOfAUserAndEndsOneAndThenAll() {
    Browser phone = visitor("ann");
    Browser laptop = visitor("ann");
    Browser bob = visitor("bob");
    open(1280, false);
    find("ann");
    assertThat(chromium.text("#found")).isEqualTo("2 sessions of ann");
    assertThat(chromium.all("#rows tr")).hasSize(2);

    String shown = chromium.text("#rows tr:first-child code");
    chromium.one("#rows tr:first-child .danger").click();
    assertThat(chromium.text("#confirm-title")).contains(shown);
    chromium.one("#confirm-no").click();
    waitFor(() -> chromium.all("#confirm").isEmpty());
    assertThat(chromium.all("#rows tr")).hasSize(2);

    chromium.one("#rows tr:first-child .danger").click();
    chromium.one("#confirm-yes").click();
    waitFor(() -> chromium.all("#rows tr").size() == 1);
    waitFor(() -> chromium.text("#toast").equals("1 session has ended"));
    Browser ended = ids.get(0).startsWith(shown.substring(0, 8)) ? phone : laptop;
    Browser living = ended == phone ? laptop : phone;
    assertThat(ended.get(node.uri("/do?do=id")).body()).isEqualTo("none");
    assertThat(living.get(node.uri("/do?do=get:password")).body()).isEqualTo("not-to-be-seen");

    chromium.one("#end-all").click();
    assertThat(chromium.text("#confirm-text")).contains("All sessions of ann");
    chromium.one("#confirm-yes").click();
    waitFor(() -> chromium.text("#found").equals("There is no such session of ann."));
    assertThat(living.get(node.uri("/do?do=id")).body()).isEqualTo("none");
    assertThat(bob.get(node.uri("/do?do=id")).body()).isNotEqualTo("none");
  }

  @Test
  void showsAttributesByNameTypeAndSizeAndNeverTheirValuesNorAnId() {
    visitor("ann");
    open(1280, false);
    find("ann");
    chromium.one("#rows tr:first-child button").click();
    waitFor(() -> !chromium.all("#details[open]").isEmpty());
    assertThat(chromium.all("#attributes tr").stream().map(WebElement::getText))
        .hasSize(2)
        .anyMatch(row -> row.matches("cart java\\.util\\.ArrayList \\d+"))
        .anyMatch(row -> row.matches("password java\\.lang\\.String \\d+"));
    assertThat(chromium.all("th.value")).isEmpty();
    assertThat(chromium.source())
        .contains("java.util.ArrayList")
        .doesNotContain("not-to-be-seen")
        .doesNotContain(ids);
  }

  @Test
  void findsASessionByTheBeginningOfItsId() {
    visitor("ann");
    open(1280, false);
    chromium.run(
        "document.getElementById('kind').value = 'prefix';"
            + "document.getElementById('kind').dispatchEvent(new Event('change'))");
    find(ids.get(0));
    assertThat(chromium.text("#rows tr:first-child code"))
        .isEqualTo(ids.get(0).substring(0, 8) + "…");
    assertThat(chromium.loaded()).noneMatch(address -> address.contains(ids.get(0)));
    find("ab");
    assertThat(chromium.text("#found")).contains("4 to 16 characters");
  }

  /** Its buttons would be for another user than its table. */
  @Test
  void anAnswerThatIsLateDoesNotTakeThePlaceOfALaterOne() {
    visitor("ann");
    visitor("bob");
    open(1280, false);
    chromium.run(
        """
        const real = ask;
        let answer;
        window.ask = (what, question) => question?.principal === "ann"
          ? new Promise((done) => { answer = () => done(real(what, question)); })
          : real(what, question);
        const late = find({ principal: "ann" });
        return find({ principal: "bob" }).then(() => { answer(); return late; });
        """);
    assertThat(chromium.text("#found")).isEqualTo("1 session of bob");
    assertThat(chromium.text("#end-all")).isEqualTo("Log out bob everywhere");
  }

  @Test
  void nothingIsAskedAfterAPauseThoughAnAnswerWasOnItsWay() {
    visitor("ann"); // who is in the statistics that other tests get too, for seconds
    open(1280, false);
    Object timers =
        chromium.run(
            """
            const real = ask;
            const later = setTimeout;
            let answer;
            let timers = 0;
            window.ask = (what, question) => what === "statistics"
              ? new Promise((done) => { answer = () => done(real(what, question)); })
              : real(what, question);
            const under = statistics();
            document.getElementById("pause").click();
            window.setTimeout = (call, millis) => {
              timers += millis === STATISTICS_MILLIS;
              return later(call, millis);
            };
            answer();
            return under.then(() => timers);
            """);
    assertThat(timers).isEqualTo(0L);
  }

  /** From the top of the page to the end of a session, with no mouse. */
  @Test
  void canBeUsedByKeyboardAlone() {
    Browser bob = visitor("bob");
    open(1280, false);
    find("bob");
    chromium.one("#term").sendKeys(Keys.TAB);
    assertThat(chromium.focused().getText()).isEqualTo("Find");
    tabTo("Log out bob everywhere");
    tabTo("Look");
    press(Keys.ENTER);
    waitFor(() -> !chromium.all("#details[open]").isEmpty());
    assertThat(
            chromium.run(
                "return document.getElementById('details').contains(document.activeElement)"))
        .isEqualTo(true);
    press(Keys.ESCAPE);
    waitFor(() -> chromium.all("#details[open]").isEmpty());
    assertThat(chromium.focused().getText()).isEqualTo("Look");
    tabTo("End");
    press(Keys.ENTER);
    waitFor(() -> !chromium.all("#confirm[open]").isEmpty());
    assertThat(chromium.focused().getText()).as("the harmless answer first").isEqualTo("Cancel");
    tabTo("End session");
    press(Keys.ENTER);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(chromium.text("#found")).isEqualTo("There is no such session of bob."));
    assertThat(bob.get(node.uri("/do?do=id")).body()).isEqualTo("none");
  }

  /** Nothing inline, nothing from elsewhere, and nothing that the policy had to refuse. */
  @Test
  void staysWithinItsPolicyAndItsServer() {
    visitor("ann");
    open(1280, false);
    waitFor(() -> chromium.all("#plots canvas").size() == 4);
    find("ann");
    assertThat(chromium.complaints()).isEmpty();
    String home = node.uri("/carryover/").toString();
    assertThat(chromium.loaded()).isNotEmpty().allMatch(address -> address.startsWith(home));
    chromium.run(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'document.title = 1'}))");
    waitFor(() -> chromium.complaints().stream().anyMatch(line -> line.contains("inline script")));
  }

  /** For people to look at. What can be measured is: nothing is wider than the page. */
  @ParameterizedTest
  @CsvSource({"light,1280", "dark,1280", "light,390", "dark,390"})
  void looksWellInLightAndDarkAndOnSmallScreens(String scheme, int width) {
    visitor("ann");
    visitor("bob");
    open(width, scheme.equals("dark"));
    waitFor(() -> chromium.all("#plots canvas, #minutes canvas").size() == 5);
    for (int i = 0; i < 8; i++) {
      visitor("bob").get(node.uri("/do?do=set:a:" + i));
      chromium.run("return poll()");
    }
    find("ann");
    assertThat(chromium.run("return document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);
    chromium.screenshot("console-" + scheme + '-' + width);
    chromium.one("#rows tr:first-child button").click();
    waitFor(() -> !chromium.all("#details[open]").isEmpty());
    chromium.screenshot("console-" + scheme + '-' + width + "-session");
    assertContrast();
  }

  /** Of texts against what is behind them: 4.5 to 1, as WCAG AA has it. */
  private void assertContrast() {
    Object faint =
        chromium.run(
            """
            const light = (color) => {
              const parts = color.match(/[\\d.]+/g).map(Number).slice(0, 3).map((part) => {
                const value = part / 255;
                return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
              });
              return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
            };
            const behind = (element) => {
              const color = getComputedStyle(element).backgroundColor;
              return /, 0\\)$/.test(color) && element.parentElement ? behind(element.parentElement) : color;
            };
            const faint = [];
            for (const each of document.querySelectorAll('h1, h2, dt, dd, th, td, p, button, label, small')) {
              if (each.textContent.trim() === '' || each.offsetParent === null) {
                continue;
              }
              const one = light(getComputedStyle(each).color);
              const other = light(behind(each));
              const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
              if (contrast < 4.5) {
                faint.push(each.textContent.trim() + ': ' + contrast);
              }
            }
            return faint;
            """);
    assertThat((List<?>) faint).isEmpty();
  }

  private void open(int width, boolean dark) {
    chromium.looksLike(width, 1000, dark);
    chromium.complaints();
    chromium.open(node.uri("/carryover/"));
    waitFor(() -> chromium.text("#health").equals("Redis answers"));
  }

  private void find(String term) {
    WebElement field = chromium.one("#term");
    field.clear();
    field.sendKeys(term, Keys.ENTER);
    waitFor(() -> !List.of("", "Looking…").contains(chromium.text("#found")));
  }

  private void press(Keys key) {
    chromium.focused().sendKeys(key);
  }

  private void tabTo(String text) {
    for (int i = 0; i < 20 && !chromium.focused().getText().equals(text); i++) {
      press(Keys.TAB);
    }
    assertThat(chromium.focused().getText()).isEqualTo(text);
  }

  private static void waitFor(Callable<Boolean> condition) {
    await().atMost(PATIENCE).ignoreExceptions().until(condition);
  }
}
