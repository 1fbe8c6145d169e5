package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.Browser;
import dev.carryover.testing.FaultyProxy;
import dev.carryover.testing.FaultyProxy.Fault;
import dev.carryover.testing.JettyNode;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.app.OperationsServlet;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What visitors of two nodes see with {@code on-redis-failure=local}. */
class OnRedisFailureIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String NO_SESSION = "none";

  @TempDir static Path directory;

  private static RedisServer redis;
  private static FaultyProxy wayFromHere;
  private static FaultyProxy wayFromThere;
  private static JettyNode here;
  private static JettyNode there;

  private final Browser browser = Browser.browser();

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
    wayFromHere = FaultyProxy.to(redis.port());
    wayFromThere = FaultyProxy.to(redis.port());
    Path war =
        WarBuilder.war()
            .classes(OperationsServlet.class)
            .carryover()
            .build(directory.resolve("alone.war"));
    CompletableFuture<JettyNode> other =
        CompletableFuture.supplyAsync(() -> node(war, wayFromThere));
    here = node(war, wayFromHere);
    there = other.join();
  }

  private static JettyNode node(Path war, FaultyProxy way) {
    return JettyNode.node()
        .war(war)
        .contextParam("carryover.redis.url", way.url())
        .contextParam("carryover.redis.timeout", "1s")
        .contextParam("carryover.on-redis-failure", "local")
        .start();
  }

  @AfterAll
  static void stop() {
    CompletableFuture<Void> other = CompletableFuture.runAsync(there::close);
    here.close();
    other.join();
    Stream.of(wayFromHere, wayFromThere).forEach(FaultyProxy::close);
    redis.close();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("carryover-reconcile"));
  }

  @AfterEach
  void mend() {
    mend(wayFromHere, wayFromThere);
  }

  @Test
  void aSessionThatTheNodeKnowsGoesOn() {
    assertThat(run(here, "set:a:1", "list:cart:apple").status()).isEqualTo(200);
    cut(Fault.BLACK_HOLE, wayFromHere, wayFromThere);

    assertThat(run(here, "get:a", "set:a:2", "add:cart:pear").body()).isEqualTo("1\nset\nadded");
    assertThat(run(here, "set:b:3", "add:cart:plum").status()).isEqualTo(200);
    assertThat(run(here, "get:a", "get:b", "get:cart").body())
        .isEqualTo("2\n3\n[apple, pear, plum]");
    mend(wayFromHere, wayFromThere);

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(run(there, "get:a", "get:b", "get:cart").body())
                    .isEqualTo("2\n3\n[apple, pear, plum]"));
    assertThat(run(here, "get:a").body()).isEqualTo("2");
  }

  @Test
  void aSessionThatIsCreatedMeanwhileIsThereOnTheOtherNodeAfterwards() {
    cut(Fault.CUT, wayFromHere, wayFromThere);
    awaitAlone(here);
    String id = run(here, "create", "set:a:1").body().split("\n")[0];
    assertThat(run(here, "get:a", "set:a:2").body()).isEqualTo("1\nset");
    assertThat(run(there, "id").status()).isEqualTo(503);
    mend(wayFromHere, wayFromThere);

    await().atMost(PATIENCE).until(() -> id.equals(run(there, "id").body()));
    assertThat(run(there, "get:a", "set:a:3").body()).isEqualTo("2\nset");
    assertThat(run(here, "get:a").body()).isEqualTo("3");
  }

  @Test
  void aSessionThatIsInvalidatedMeanwhileStaysSo() {
    String id = run(here, "create", "set:a:1").body().split("\n")[0];
    cut(Fault.CUT, wayFromHere);

    assertThat(run(here, "invalidate").body()).isEqualTo("invalidated");
    assertThat(runAs(id, here, "id").body()).isEqualTo(NO_SESSION);
    assertThat(runAs(id, there, "id").body()).as("nobody has told it").isEqualTo(id);
    wayFromHere.mend();

    assertThat(runAs(id, here, "id").body()).isEqualTo(NO_SESSION);
    await().atMost(PATIENCE).until(() -> NO_SESSION.equals(runAs(id, there, "id").body()));
  }

  @Test
  void anIdThatIsChangedMeanwhileIsDead() {
    String id = run(here, "create", "set:a:1").body().split("\n")[0];
    cut(Fault.CUT, wayFromHere, wayFromThere);

    String newId = run(here, "rotate").body();
    assertThat(runAs(id, here, "id").body()).isEqualTo(NO_SESSION);
    assertThat(run(here, "id", "get:a").body()).isEqualTo(newId + "\n1");
    mend(wayFromHere, wayFromThere);

    await().atMost(PATIENCE).until(() -> newId.equals(run(there, "id").body()));
    assertThat(runAs(id, here, "id").body()).isEqualTo(NO_SESSION);
    assertThat(runAs(id, there, "id").body()).isEqualTo(NO_SESSION);
  }

  @Test
  void whatTheOtherNodeWritesToAnotherAttributeMeanwhileStays() {
    run(here, "set:a:1", "set:b:1");
    cut(Fault.CUT, wayFromHere);

    assertThat(run(here, "set:a:2").status()).isEqualTo(200);
    assertThat(run(there, "set:b:2", "get:a").body()).isEqualTo("set\n1");
    wayFromHere.mend();

    await().atMost(PATIENCE).until(() -> "2\n2".equals(run(there, "get:a", "get:b").body()));
    assertThat(run(here, "get:a", "get:b").body()).isEqualTo("2\n2");
  }

  @Test
  void aSessionThatEndsElsewhereMeanwhileDoesNotComeBack() {
    String id = run(here, "create", "set:a:1").body().split("\n")[0];
    cut(Fault.CUT, wayFromHere);

    assertThat(run(here, "set:a:2").status()).isEqualTo(200);
    assertThat(run(there, "invalidate").body()).isEqualTo("invalidated");
    wayFromHere.mend();

    await().atMost(PATIENCE).until(() -> NO_SESSION.equals(runAs(id, here, "id").body()));
    assertThat(runAs(id, there, "id").body()).isEqualTo(NO_SESSION);
  }

  @Test
  void aSessionThatTheNodeDoesNotKnowIsRefused() {
    run(there, "set:a:1");
    cut(Fault.CUT, wayFromHere);

    Browser.Response response = run(here, "get:a");

    assertThat(response.status()).isEqualTo(503);
    assertThat(response.header("Retry-After")).isEqualTo("2");
    assertThat(browser.get(here.uri("/do")).status()).as("needs no session").isEqualTo(200);
  }

  /** Redis answers, but refuses. */
  @Test
  void whatRedisHasNoRoomForIsWrittenLater() {
    run(here, "set:a:1");
    try (RedisProbe probe = RedisProbe.of(redis)) {
      probe.command("CONFIG", "SET", "maxmemory", "1");
      assertThat(run(here, "set:a:2", "get:a").body()).isEqualTo("set\n2");
      assertThat(run(here, "get:a").body()).isEqualTo("2");
      assertThat(Browser.browser().get(uri(here, "create")).status()).isEqualTo(503);
      probe.command("CONFIG", "SET", "maxmemory", "0");
    }

    await().atMost(PATIENCE).until(() -> "2".equals(run(there, "get:a").body()));
  }

  /** Redis has lost what it had; nobody can tell that from sessions that have ended. */
  @Test
  void ofARedisThatComesBackEmptyOnlyTheSessionsThatAreNewAreThere() {
    run(here, "set:a:1");
    redis.kill();
    assertThat(run(here, "get:a", "set:a:2").body()).isEqualTo("1\nset");
    awaitAlone(here);
    Browser another = Browser.browser();
    String created = another.get(uri(here, "create", "set:a:3")).body().split("\n")[0];
    redis.restart();

    await().atMost(PATIENCE).until(() -> created.equals(another.get(uri(there, "id")).body()));
    assertThat(another.get(uri(there, "get:a")).body()).isEqualTo("3");
    assertThat(run(here, "id").body()).isEqualTo(NO_SESSION);
    assertThat(run(there, "id").body()).isEqualTo(NO_SESSION);
  }

  // ---- parts

  private static void cut(Fault fault, FaultyProxy... ways) {
    Stream.of(ways).forEach(way -> way.fault(fault));
  }

  private static void mend(FaultyProxy... ways) {
    Stream.of(ways).forEach(FaultyProxy::mend);
    Stream.of(here, there).forEach(OnRedisFailureIT::awaitTogether);
  }

  /** Until the node knows that Redis is away; then new sessions are its own. */
  private static void awaitAlone(JettyNode node) {
    await()
        .atMost(PATIENCE)
        .until(() -> Browser.browser().get(uri(node, "create")).status() == 200);
  }

  /** Until the node can tell that there is no such session. */
  private static void awaitTogether(JettyNode node) {
    String unknown = "A".repeat(43);
    await().atMost(PATIENCE).until(() -> NO_SESSION.equals(runAs(unknown, node, "id").body()));
  }

  private Browser.Response run(JettyNode node, String... operations) {
    return browser.get(uri(node, operations));
  }

  private static Browser.Response runAs(String id, JettyNode node, String... operations) {
    Browser other = Browser.browser();
    other.setCookie("JSESSIONID", id);
    return other.get(uri(node, operations));
  }

  private static URI uri(JettyNode node, String... operations) {
    return node.uri("/do?do=" + String.join("&do=", operations));
  }
}
