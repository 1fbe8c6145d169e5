package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.Browser;
import dev.carryover.testing.JettyNode;
import dev.carryover.testing.LiveSessionCount;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.app.HoldServlet;
import dev.carryover.testing.app.OperationsServlet;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that someone deletes in Redis, or parts of them: data is missing, requests go on. */
class DamageIT {

  @TempDir static Path directory;

  private static RedisServer redis;
  private static RedisProbe probe;
  private static JettyNode a;
  private static JettyNode b;

  private final Browser browser = Browser.browser();
  private String record;

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
    probe = RedisProbe.of(redis);
    Path war =
        WarBuilder.war()
            .classes(OperationsServlet.class, HoldServlet.class)
            .carryover()
            .build(directory.resolve("damage.war"));
    a = JettyNode.node().war(war).contextParam("carryover.redis.url", redis.url()).start();
    b = JettyNode.node().war(war).contextParam("carryover.redis.url", redis.url()).start();
  }

  @AfterAll
  static void stop() {
    assertThat(LiveSessionCount.of(a.context())).isZero();
    assertThat(LiveSessionCount.of(b.context())).isZero();
    a.close();
    b.close();
    probe.close();
    redis.close();
  }

  @BeforeEach
  void createSession() {
    probe.flushAll();
    assertThat(run(a, "set:text:one", "list:list:one", "set:other:one")).hasLineCount(3);
    record = probe.keys("*session:*").iterator().next();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "set:text:two",
        "add:list:two",
        "rotate",
        "interval:77",
        "remove:text",
        "get:text"
      })
  void recordDeletedDuringARequest(String operation) {
    String answer = during(operation, key -> assertThat(probe.delete(key)).isTrue());
    assertThat(answer).startsWith("one\n[one]\nheld\n").endsWith("\none");
    assertGone();
  }

  @Test
  void everythingFlushedDuringARequest() {
    during("set:text:two", key -> probe.flushAll());
    assertGone();
  }

  @Test
  void recordDeletedBeforeTheSessionIsInvalidated() {
    assertThat(during("invalidate", key -> probe.delete(key), "id")).endsWith("invalidated\nnone");
    assertGone();
  }

  @Test
  void recordDeletedAndTheScriptsForgotten() {
    during(
        "set:text:two",
        key -> {
          probe.delete(key);
          probe.command("SCRIPT", "FLUSH");
        });
    assertGone();
  }

  @Test
  void everythingFlushedBetweenTwoRequests() {
    probe.flushAll();
    assertGone();
  }

  @Test
  void recordDeletedAndMadeAnewInTheSameRequest() {
    String answer = during("invalidate", key -> probe.delete(key), "set:text:three", "get:text");
    assertThat(answer).endsWith("invalidated\nset\nthree");
    assertThat(run(b, "get:text", "names")).isEqualTo("three\n[text]");
  }

  @Test
  void someAttributesDeletedDuringARequest() {
    String answer =
        during(
            "set:other:two",
            key -> {
              assertThat(probe.deleteField(key, "text")).isTrue();
              assertThat(probe.deleteField(key, "list")).isTrue();
            });
    assertThat(answer).endsWith("\nset\ntwo");
    for (JettyNode node : List.of(b, a)) {
      assertThat(run(node, "get:text", "get:list", "get:other", "names"))
          .isEqualTo("null\nnull\ntwo\n[other]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"~created", "~accessed", "~state"})
  void metadataDeletedDuringARequest(String field) {
    during("set:text:two", key -> assertThat(probe.deleteField(key, field)).isTrue());
    assertGone();
  }

  @ParameterizedTest
  @ValueSource(strings = {"~changes", "~principal"})
  void metadataThatNoSessionNeeds(String field) {
    run(a, "set:text:one");
    during("set:text:two", key -> probe.deleteField(key, field));
    assertThat(run(b, "get:text", "get:other")).isEqualTo("two\none");
  }

  @Test
  void onlyAttributesAreLeft() {
    during(
        "set:text:two",
        key ->
            probe.hgetall(key).keySet().stream()
                .filter(field -> field.startsWith("~"))
                .forEach(field -> probe.deleteField(key, field)));
    assertGone();
  }

  @Test
  void bytesOfAnAttributeDestroyed() {
    during("set:other:two", key -> probe.hset(key, "text", new byte[] {42, 42, 42}));
    assertThat(run(b, "get:text", "get:other", "names")).isEqualTo("null\ntwo\n[other, list]");
    assertThat(run(b, "set:text:three", "get:text")).isEqualTo("set\nthree");
    assertThat(run(a, "get:text")).isEqualTo("three");
  }

  /** Runs the operation on A after the damage was done, with the session open since before. */
  private String during(String operation, Consumer<String> damage, String... more) {
    String key = UUID.randomUUID().toString();
    String[] last = more.length == 0 ? new String[] {"get:other"} : more;
    String[] all = new String[4 + last.length];
    System.arraycopy(new String[] {"get:text", "get:list", "hold:" + key, operation}, 0, all, 0, 4);
    System.arraycopy(last, 0, all, 4, last.length);
    CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> run(a, all));
    Browser.browser().get(a.uri("/hold?await=" + key));
    damage.accept(record);
    Browser.browser().get(a.uri("/hold?release=" + key));
    return answer.join();
  }

  /** Neither node has the session, and the client gets a new one. */
  private void assertGone() {
    assertThat(run(b, "valid", "id")).isEqualTo("false\nnone");
    assertThat(run(a, "valid", "id")).isEqualTo("false\nnone");
    assertThat(probe.keys("*session:*")).isEmpty();
    assertThat(run(a, "create", "names")).endsWith("\n[]");
    assertThat(run(b, "valid")).isEqualTo("true");
  }

  private String run(JettyNode node, String... operations) {
    Browser.Response response = browser.get(node.uri("/do?do=" + String.join("&do=", operations)));
    assertThat(response.status()).as(response.body()).isEqualTo(200);
    return response.body();
  }
}
