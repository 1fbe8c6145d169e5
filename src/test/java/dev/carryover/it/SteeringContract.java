package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.Browser;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.app.LifecycleLog;
import dev.carryover.testing.app.OperationsServlet;
import dev.carryover.testing.app.SteeringServlet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Sessions are seen and ended from any node; each request goes to the other than the last. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SteeringContract {

  private final Browser ann = Browser.browser();
  private final Browser annsPhone = Browser.browser();
  private final Browser bob = Browser.browser();

  private Path war;
  private int requests;
  private List<WebContainer> nodes = List.of();

  abstract String url();

  abstract void flush();

  @BeforeAll
  void build(@TempDir Path directory) {
    war =
        WarBuilder.war()
            .classes(OperationsServlet.class, SteeringServlet.class, LifecycleLog.class)
            .carryover()
            .build(directory.resolve("steering.war"));
  }

  @BeforeEach
  void empty() {
    flush();
  }

  @AfterEach
  void stopNodes() {
    nodes.forEach(WebContainer::close);
  }

  private void start(Map<String, String> settings) {
    nodes = Stream.of(1, 2).map(number -> node(settings)).toList();
  }

  private WebContainer node(Map<String, String> settings) {
    WebContainer.Builder node =
        WebContainer.Kind.JETTY_EE10
            .node(war)
            .user("ann", "secret", "user")
            .user("bob", "secret", "user")
            .contextParam("carryover.redis.url", url())
            .contextParam("carryover.redis.timeout", "20s")
            .contextParam("carryover.expiry.poll-interval", "200ms");
    settings.forEach((key, value) -> node.contextParam("carryover." + key, value));
    return node.start();
  }

  private String run(Browser browser, String... operations) {
    return get(browser, "/do?do=" + String.join("&do=", operations));
  }

  private String sessions(Browser browser, String query) {
    return get(browser, "/sessions?do=" + query);
  }

  private String get(Browser browser, String path) {
    return browser.get(nodes.get(requests++ % 2).uri(path)).body();
  }

  @Test
  void aLoginIsFoundByItsUserAndLoggedOutEverywhere() {
    start(Map.of());
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

  /** Of these sessions, the ends that the listeners on the nodes have heard of. */
  private List<String> endsHeard(String... ids) {
    return nodes.stream()
        .flatMap(node -> Browser.browser().get(node.uri("/lifecycle")).body().lines())
        .filter(line -> line.contains(" destroyed"))
        .filter(line -> Stream.of(ids).anyMatch(line::startsWith))
        .toList();
  }
}
