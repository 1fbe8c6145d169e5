package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.Browser;
import dev.carryover.testing.JettyNode;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebXml;
import dev.carryover.testing.app.OperationsServlet;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code read=trusted} over two nodes: what it saves, and how soon a node hears of the other. */
class TrustedIT {

  private static final int SWITCHES = 500;

  @TempDir static Path directory;

  private static RedisServer redis;
  private static RedisProbe probe;
  private static JettyNode a;
  private static JettyNode b;

  private final Browser browser = Browser.browser();

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
    probe = RedisProbe.of(redis);
    Path war =
        WarBuilder.war()
            .classes(OperationsServlet.class)
            .webXml(WebXml.with())
            .carryover()
            .build(directory.resolve("trusted.war"));
    a = node(war);
    b = node(war);
  }

  private static JettyNode node(Path war) {
    return JettyNode.node()
        .war(war)
        .contextParam("carryover.redis.url", redis.url())
        .contextParam("carryover.read", "trusted")
        .start();
  }

  @AfterAll
  static void stop() {
    a.close();
    b.close();
    probe.close();
    redis.close();
  }

  @Test
  void readsOnOneNodeDoNotWaitForRedis() {
    run(a, "set:text:one");
    awaitTrust(a);

    int reads = 1_000;
    RedisProbe.CommandCount count = probe.counting();
    for (int i = 0; i < reads; i++) {
      assertThat(run(a, "get:text")).isEqualTo("one");
    }
    long scripts = count.stop().getOrDefault("evalsha", 0L);

    System.out.printf("read=trusted: %d scripts for %d reads, all touches%n", scripts, reads);
    assertThat(scripts).isLessThan(reads / 2);
  }

  @Test
  void aNodeSoonSeesWhatTheOtherHasWritten() {
    run(a, "set:text:none");
    awaitTrust(a);
    int stale = 0;
    long longest = 0;
    for (int i = 0; i < SWITCHES; i++) {
      String value = String.valueOf(i);
      run(i % 2 == 0 ? b : a, "set:text:" + value);
      JettyNode reader = i % 2 == 0 ? a : b;
      long written = System.nanoTime();
      while (!run(reader, "get:text").equals(value)) {
        stale++;
        longest = Math.max(longest, System.nanoTime() - written);
        assertThat(longest)
            .as("nanoseconds that a stale copy was served")
            .isLessThan(5_000_000_000L);
      }
    }
    System.out.printf(
        "read=trusted: %d of %d reads the moment another node had written were stale, for %.1f ms at"
            + " most%n",
        stale, SWITCHES, longest / 1e6);
  }

  @Test
  void aLogoutOnTheOtherNodeIsSoonSeen() {
    run(a, "set:text:one");
    awaitTrust(a);
    run(b, "invalidate");

    await().until(() -> run(a, "valid", "id").equals("false\nnone"));
  }

  @Test
  void aNodeThatMayHaveMissedAWordAsks() {
    run(a, "set:text:one");
    awaitTrust(a);
    // Everything that the node would hear on is cut; meanwhile the record changes behind its back.
    probe.command("CLIENT", "KILL", "TYPE", "pubsub");
    String record = probe.keys("*session:" + browser.cookie("JSESSIONID")).iterator().next();
    probe.delete(record);

    await().until(() -> run(a, "valid", "id").equals("false\nnone"));
  }

  @Test
  void aConnectionThatBreaksIsTrustedAgainOnceItIsBack() {
    run(a, "set:text:one");
    awaitTrust(a);
    probe.command("CLIENT", "KILL", "TYPE", "pubsub");
    awaitTrust(a);
    run(b, "set:text:two");

    await().until(() -> run(a, "get:text").equals("two"));
  }

  /** Reads until the node no longer asks: it takes a moment until it can hear. */
  private void awaitTrust(JettyNode node) {
    await()
        .until(
            () -> {
              run(node, "get:text");
              RedisProbe.CommandCount count = probe.counting();
              run(node, "get:text");
              run(node, "get:text");
              run(node, "get:text");
              Map<String, Long> commands = count.stop();
              return commands.getOrDefault("evalsha", 0L) < 3;
            });
  }

  private String run(JettyNode node, String... operations) {
    Browser.Response response = browser.get(node.uri("/do?do=" + String.join("&do=", operations)));
    assertThat(response.status()).as(response.body()).isEqualTo(200);
    return response.body();
  }
}
