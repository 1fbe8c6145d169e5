package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.Browser;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.WebXml;
import dev.carryover.testing.app.LifecycleLog;
import dev.carryover.testing.app.OperationsServlet;
import dev.carryover.testing.app.SteeringServlet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Sessions are seen and ended from any node; each request goes to the other than the last. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SteeringContract {

  static final Map<String, String> MANY =
      Map.of(
          "principal-attribute", "user", "max-sessions-per-principal", "2", "bind", "user-agent");

  Browser ann;
  Browser annsPhone;
  Browser bob;

  private Path war;
  private int requests;
  private final Map<Map<String, String>, List<WebContainer>> started = new HashMap<>();
  private List<WebContainer> nodes = List.of();

  abstract String url();

  abstract void flush();

  @BeforeAll
  void build(@TempDir Path directory) {
    war =
        WarBuilder.war()
            .classes(OperationsServlet.class, SteeringServlet.class, LifecycleLog.class)
            .webXml(WebXml.with(WebXml.BASIC_LOGIN))
            .carryover()
            .build(directory.resolve("steering.war"));
  }

  @BeforeEach
  void empty() {
    flush();
    ann = Browser.browser();
    annsPhone = Browser.browser();
    bob = Browser.browser();
  }

  final void stopNodes() {
    started.values().forEach(pair -> pair.forEach(WebContainer::close));
  }

  /** The test's requests go to two nodes with these settings. */
  final void use(Map<String, String> settings) {
    nodes =
        started.computeIfAbsent(
            settings, wanted -> Stream.of(1, 2).map(number -> node(wanted)).toList());
  }

  private WebContainer node(Map<String, String> settings) {
    WebContainer.Builder node =
        WebContainer.Kind.JETTY_EE10
            .node(war)
            .user("ann", "secret", "user")
            .user("bob", "secret", "user")
            .contextParam("carryover.redis.url", url())
            // Nodes with other settings have other sessions.
            .contextParam("carryover.namespace", "steering" + started.size())
            .contextParam("carryover.redis.timeout", "20s")
            .contextParam("carryover.expiry.poll-interval", "200ms");
    settings.forEach((key, value) -> node.contextParam("carryover." + key, value));
    return node.start();
  }

  final String run(Browser browser, String... operations) {
    return get(browser, "/do?do=" + String.join("&do=", operations));
  }

  final String sessions(Browser browser, String query) {
    return get(browser, "/sessions?do=" + query);
  }

  final String get(Browser browser, String path, String... headers) {
    return response(browser, path, headers).body();
  }

  final Browser.Response response(Browser browser, String path, String... headers) {
    return browser.get(nodes.get(requests++ % 2).uri(path), headers);
  }

  @Test
  void aLoginIsFoundByItsUserAndLoggedOutEverywhere() {
    use(MANY);
    String first = run(ann, "set:cart:apples", "login:ann:secret").split("\n")[1];
    String phone = run(annsPhone, "create", "login:ann:secret").split("\n")[1];
    String bobs = run(bob, "create", "login:bob:secret").split("\n")[1];
    String nobodys = run(Browser.browser(), "create");

    assertThat(sessions(bob, "count")).isEqualTo("4");
    assertThat(sessions(bob, "all").lines()).containsExactlyInAnyOrder(first, phone, bobs, nobodys);
    for (int node = 0; node < 2; node++) {
      assertThat(sessions(bob, "user&of=ann")).isEqualTo(first + "\n" + phone);
      assertThat(sessions(bob, "user&of=bob")).isEqualTo(bobs);
    }
    assertThat(sessions(bob, "find&of=" + first)).isEqualTo("ann PT30M true");

    assertThat(sessions(annsPhone, "endOthers&of=ann")).isEqualTo("1");
    assertThat(run(ann, "id")).isEqualTo("none");
    assertThat(run(annsPhone, "id")).isEqualTo(phone);

    assertThat(sessions(bob, "endUser&of=ann")).isEqualTo("1");
    assertThat(run(annsPhone, "id")).isEqualTo("none");
    assertThat(run(bob, "id")).isEqualTo(bobs);
    assertThat(sessions(bob, "end&of=" + nobodys)).isEqualTo("true");
    assertThat(sessions(bob, "end&of=" + nobodys)).isEqualTo("false");
    assertThat(sessions(bob, "count")).isEqualTo("1");
    assertThat(endsHeard(first, phone, nobodys)).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void aUserAttributeThatAppearsIsALoginWithANewId() {
    use(MANY);
    String before = run(ann, "set:cart:apples", "id").split("\n")[1];

    String[] during = run(ann, "id", "set:user:ann", "id").split("\n");
    String after = run(ann, "id");

    assertThat(during).containsExactly(before, "set", before);
    assertThat(after).hasSameSizeAs(before).isNotEqualTo(before);
    assertThat(run(ann, "get:cart", "get:user", "id")).isEqualTo("apples\nann\n" + after);
    assertThat(sessions(bob, "find&of=" + before)).isEqualTo("none");
    assertThat(sessions(bob, "user&of=ann")).isEqualTo(after);

    String changed = run(ann, "set:user:bob", "rotate").split("\n")[1];
    assertThat(run(ann, "id")).as("rotated once").isEqualTo(changed).isNotEqualTo(after);
    assertThat(sessions(bob, "user&of=bob")).isEqualTo(changed);
    assertThat(sessions(bob, "user&of=ann")).isEmpty();

    run(ann, "remove:user");
    assertThat(sessions(bob, "user&of=bob")).isEmpty();
    assertThat(run(ann, "id")).isEqualTo(changed);
    String created = run(bob, "set:user:ann", "id").split("\n")[1];
    assertThat(run(bob, "id")).as("its id is new already").isEqualTo(created);
  }

  @Test
  void statisticsAreOfAllNodes() {
    use(MANY);
    String id = run(ann, "set:cart:" + "apples".repeat(20), "login:ann:secret").split("\n")[1];
    run(annsPhone, "set:user:ann");
    run(bob, "set:user:bob", "set:cart:pears");
    run(bob, "invalidate");
    run(bob, "set:user:bob", "set:cart:pears");

    assertThat(sessions(bob, "statistics"))
        .isEqualTo("3 sessions, 2 users, 4 created, of 3: [cart, user]");
    assertThat(sessions(bob, "attributes&of=" + id))
        .matches("\\[cart: java.lang.String, 12\\d bytes]");
  }

  @Test
  void aThirdLoginEndsTheOldestOfTwo() {
    use(MANY);
    run(ann, "set:user:ann");
    run(annsPhone, "create", "login:ann:secret");
    run(bob, "set:user:bob");
    String first = run(ann, "id");

    Browser third = Browser.browser();
    assertThat(run(third, "set:user:ann")).isEqualTo("set");

    assertThat(run(ann, "id")).isEqualTo("none");
    assertThat(run(annsPhone, "id")).isNotEqualTo("none");
    assertThat(run(third, "get:user")).isEqualTo("ann");
    assertThat(run(bob, "get:user")).isEqualTo("bob");
    assertThat(sessions(bob, "count")).isEqualTo("3");
    assertThat(endsHeard(first)).hasSize(1);
  }

  @Test
  void ofManyLoginsAtTheSameMomentTwoAreLeft() {
    use(MANY);
    List<CompletableFuture<Browser>> logins =
        IntStream.range(0, 8)
            .mapToObj(
                number ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          Browser browser = Browser.browser();
                          browser.get(nodes.get(number % 2).uri("/do?do=set:user:ann"));
                          return browser;
                        }))
            .toList();

    List<Browser> browsers = logins.stream().map(CompletableFuture::join).toList();

    assertThat(sessions(bob, "user&of=ann").lines()).hasSize(2);
    assertThat(browsers.stream().filter(browser -> !run(browser, "id").equals("none"))).hasSize(2);
  }

  @Test
  void aSessionThatIsUsedAllTheTimeEndsAtItsMaxAge() {
    use(Map.of("max-age", "5s"));
    String id = run(ann, "set:cart:apples", "id").split("\n")[1];
    long created = Long.parseLong(run(ann, "created"));

    await()
        .pollInterval(Duration.ofMillis(200))
        .atMost(Duration.ofSeconds(30))
        .until(() -> run(ann, "id").equals("none"));

    assertThat(System.currentTimeMillis() - created).isGreaterThan(4_900);
    await().atMost(Duration.ofSeconds(30)).until(() -> endsHeard(id).size() == 1);
    assertThat(run(ann, "create")).isNotEqualTo(id);
  }

  @Test
  void aSessionIsNoUseToAnotherUserAgent() {
    use(MANY);
    String id = run(ann, "set:cart:apples", "id").split("\n")[1];
    String cookie = "JSESSIONID=" + id;

    String stolen = "/do?do=id";
    for (int node = 0; node < 2; node++) {
      assertThat(get(Browser.browser(), stolen, "Cookie", cookie, "User-Agent", "another"))
          .isEqualTo("none");
      assertThat(run(ann, "get:cart", "id")).isEqualTo("apples\n" + id);
    }
  }

  /** Of these sessions, the ends that the listeners on the nodes have heard of. */
  final List<String> endsHeard(String... ids) {
    return nodes.stream()
        .flatMap(node -> Browser.browser().get(node.uri("/lifecycle")).body().lines())
        .filter(line -> line.contains(" destroyed"))
        .filter(line -> Stream.of(ids).anyMatch(line::startsWith))
        .toList();
  }
}
