package dev.carryover.it;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.Browser;
import dev.carryover.testing.FaultyProxy;
import dev.carryover.testing.FaultyProxy.Fault;
import dev.carryover.testing.JettyNode;
import dev.carryover.testing.LoggedLines;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.app.OperationsServlet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import loadapp.VisitServlet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Promises F1 and F3: what visitors see while Redis, or the way to it, has a fault; and after. */
class FaultsIT {

  /** Long, so that who does not wait for it can be told from who does. */
  private static final Duration TIMEOUT = Duration.ofMillis(1500);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir static Path directory;

  private static RedisServer redis;
  private static FaultyProxy proxy;
  private static Path war;
  private static JettyNode node;

  private final Browser browser = Browser.browser();
  private RedisProbe probe;

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
    proxy = FaultyProxy.to(redis.port());
    war =
        WarBuilder.war()
            .classes(OperationsServlet.class)
            .classesOfPackage(VisitServlet.class.getPackageName())
            .carryover()
            .build(directory.resolve("faults.war"));
    node = start(TIMEOUT.toMillis() + "ms");
  }

  private static JettyNode start(String timeout) {
    return JettyNode.node()
        .war(war)
        .contextParam("carryover.redis.url", proxy.url())
        .contextParam("carryover.redis.timeout", timeout)
        .start();
  }

  @AfterAll
  static void stop() {
    node.close();
    proxy.close();
    redis.close();
  }

  @BeforeEach
  void begin() {
    probe = RedisProbe.of(redis);
    assertThat(run("set:a:1", "get:a").body()).isEqualTo("set\n1");
  }

  /** Nothing of a test that failed in the middle is the next one's trouble. */
  @AfterEach
  void mend() throws Exception {
    probe.close();
    proxy.mend();
    if (!redis.isRunning()) {
      redis.restart();
    }
    redis.signal("-CONT");
    try (RedisProbe reset = RedisProbe.of(redis)) {
      reset.command("CONFIG", "SET", "maxmemory", "0");
      reset.command("REPLICAOF", "NO", "ONE");
      reset.flushAll();
    }
    assertServedAgain();
  }

  // ---- Redis can't be reached, or does not answer

  @Test
  void killed() {
    redis.kill();
    assertRefusedAtOnce();
    redis.restart();
    assertServedAgain();
    assertThat(run("valid").body()).as("a Redis that keeps nothing").isEqualTo("false");
  }

  @Test
  void hanging() throws Exception {
    redis.signal("-STOP");
    assertRefusedAtOnce();
    redis.signal("-CONT");
    assertKept();
  }

  @ParameterizedTest
  @EnumSource(names = {"CUT", "BLACK_HOLE", "HALF_OPEN"})
  void noWay(Fault fault) {
    proxy.fault(fault);
    assertRefusedAtOnce();
    proxy.mend();
    assertKept();
  }

  /** What is wrong stands there once, not as often as there are visitors. */
  @Test
  void anOutageIsNotLoggedWithEachRequest() {
    proxy.fault(Fault.BLACK_HOLE);
    try (LoggedLines away = LoggedLines.of("dev.carryover.store.redis.Reachability");
        LoggedLines refusals = LoggedLines.of("dev.carryover.servlet.Refusal")) {
      assertRefused();
      await().atMost(PATIENCE).until(() -> !away.lines().isEmpty());
      int before = refusals.lines().size();
      assertThat(before).isPositive();
      for (int i = 0; i < 20; i++) {
        assertRefused();
      }
      assertThat(refusals.lines()).hasSize(before);
      assertThat(away.lines()).hasSize(1);
    }
    proxy.mend();
    assertKept();
  }

  @Test
  void loading() {
    proxy.answer("LOADING Redis is loading the dataset in memory");
    assertRefused();
    proxy.mend();
    assertKept();
  }

  @Test
  void passwordChanged() {
    probe.command("CONFIG", "SET", "requirepass", "another");
    probe.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    assertRefused();
    probe.command("CONFIG", "SET", "requirepass", "");
    assertKept();
  }

  @Test
  void replicaThatCannotBeWritten() {
    try (RedisServer master = RedisServer.start()) {
      probe.command("CONFIG", "SET", "replica-serve-stale-data", "yes");
      probe.command("REPLICAOF", "127.0.0.1", Integer.toString(master.port()));
      assertThat(run("set:a:2").status()).isEqualTo(503);
      assertThat(browser.get(node.uri("/do")).status()).isEqualTo(200);
    }
    probe.command("REPLICAOF", "NO", "ONE");
    assertServedAgain();
  }

  // ---- Redis answers, but not as it did

  @ParameterizedTest
  @EnumSource(names = {"LATENCY", "SLOW_DRIP"})
  void slowWay(Fault fault) {
    proxy.fault(fault);
    assertThat(run("get:a", "set:b:2").body()).isEqualTo("1\nset");
    assertThat(run("get:b").body()).isEqualTo("2");
  }

  @Test
  void sleeping() {
    CompletableFuture<Object> asleep =
        CompletableFuture.supplyAsync(
            () -> {
              try (RedisProbe other = RedisProbe.of(redis)) {
                return other.command("DEBUG", "SLEEP", "0.5");
              }
            });
    for (int i = 0; i < 10; i++) {
      assertThat(run("set:a:" + i, "get:a").body()).isEqualTo("set\n" + i);
    }
    asleep.join();
  }

  @Test
  void scriptsFlushed() {
    for (int i = 0; i < 5; i++) {
      probe.command("SCRIPT", "FLUSH");
      assertThat(run("set:a:" + i, "get:a").body()).isEqualTo("set\n" + i);
    }
  }

  @Test
  void connectionsKilled() {
    for (int i = 0; i < 5; i++) {
      probe.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      assertThat(run("set:a:" + i, "get:a").body()).isEqualTo("set\n" + i);
    }
  }

  /** Who waits for an answer when the connection breaks is not kept waiting until the time-out. */
  @Test
  void connectionsBreakWhileAnswersAreAwaited() {
    try (JettyNode patient = start("60s")) {
      assertThat(run(patient, "get:a").body()).isEqualTo("1");
      long before = scripts();
      proxy.fault(Fault.HALF_OPEN);
      List<CompletableFuture<String>> asked = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String set = "set:b" + i + ":2";
        asked.add(CompletableFuture.supplyAsync(() -> run(patient, set, "get:a").body()));
      }
      await().atMost(PATIENCE).until(() -> scripts() > before);
      proxy.mend();
      assertThat(asked)
          .allSatisfy(answer -> assertThat(answer.get(30, SECONDS)).isEqualTo("set\n1"));
      assertThat(run(patient, "get:b0", "get:b1", "get:b2", "get:b3").body())
          .isEqualTo("2\n2\n2\n2");
    }
  }

  @Test
  void everythingDeleted() {
    probe.flushAll();
    assertThat(run("valid").body()).isEqualTo("false");
    assertThat(run("create", "set:a:2").status()).isEqualTo(200);
    assertThat(run("get:a").body()).isEqualTo("2");
  }

  /** Sessions can still be read and ended, so that there is room again. */
  @Test
  void memoryFull() {
    probe.command("CONFIG", "SET", "maxmemory", "1");
    assertThat(run("get:a").body()).isEqualTo("1");
    assertThat(run("set:b:2").status()).isEqualTo(503);
    assertThat(Browser.browser().get(node.uri("/do?do=create")).status()).isEqualTo(503);
    assertThat(browser.get(node.uri("/do")).status()).isEqualTo(200);
    assertThat(run("get:a", "get:b").body()).isEqualTo("1\nnull");
    assertThat(run("invalidate").body()).isEqualTo("invalidated");
    probe.command("CONFIG", "SET", "maxmemory", "0");
    assertServedAgain();
  }

  /** Before the servlet is left, or in a task of its own. */
  @ParameterizedTest
  @ValueSource(strings = {"/later", "/async"})
  void memoryFullWhenAnAsynchronousRequestWrites(String path) {
    assertThat(browser.get(node.uri("/begin?owner=1&to=1")).body()).isEqualTo("1 1 1 1 1");
    probe.command("CONFIG", "SET", "maxmemory", "1");
    for (int i = 0; i < 5; i++) {
      Browser.Response refused = browser.get(node.uri(path + "?to=2"));
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("Retry-After")).isEqualTo("2");
    }
    probe.command("CONFIG", "SET", "maxmemory", "0");
    assertThat(browser.get(node.uri("/read")).body()).isEqualTo("1 1 1 1 1");
    assertThat(browser.get(node.uri(path + "?to=3")).body()).isEqualTo("1 3 1 1 1");
  }

  // ---- how it goes on

  /** One waits, or a few who ask at the same time; all others are told at once. */
  private void assertRefusedAtOnce() {
    assertRefused();
    long start = System.nanoTime();
    int others = 8;
    for (int i = 0; i < others; i++) {
      assertRefused();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isLessThan(TIMEOUT.multipliedBy(others / 2));
  }

  private void assertRefused() {
    Browser.Response response = run("get:a");
    assertThat(response.status()).as(response.body()).isEqualTo(503);
    assertThat(response.header("Retry-After")).isEqualTo("2");
    assertThat(browser.get(node.uri("/do")).status()).as("needs no session").isEqualTo(200);
  }

  private void assertKept() {
    assertServedAgain();
    assertThat(run("get:a").body()).isEqualTo("1");
    assertThat(run("set:a:2", "get:a").body()).isEqualTo("set\n2");
  }

  private void assertServedAgain() {
    await().atMost(PATIENCE).until(() -> run("id").status() == 200);
    List<CompletableFuture<Integer>> many = new ArrayList<>();
    Stream.generate(() -> CompletableFuture.supplyAsync(() -> run("id").status()))
        .limit(20)
        .forEach(many::add);
    assertThat(many).allSatisfy(status -> assertThat(status.join()).isEqualTo(200));
  }

  /** How many scripts Redis has run. */
  private long scripts() {
    Map<String, Long> calls = probe.commandStats();
    return calls.getOrDefault("evalsha", 0L) + calls.getOrDefault("eval", 0L);
  }

  private Browser.Response run(String... operations) {
    return run(node, operations);
  }

  private Browser.Response run(JettyNode node, String... operations) {
    return browser.get(node.uri("/do?do=" + String.join("&do=", operations)));
  }
}
