package dev.carryover.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.config.SessionConfig;
import dev.carryover.metrics.SessionMetrics;
import dev.carryover.store.NewSession;
import dev.carryover.store.SessionStore;
import dev.carryover.store.redis.RedisSessionStore;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What it costs Redis that nodes look for expired sessions where none expires. */
class PollingLoadIT {

  private static final int SHARDS = 64;
  private static final int SESSIONS = 1_000_000;
  private static final int NODES = 50;
  private static final int SOME_NODES = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration MEASURED = Duration.ofSeconds(60);

  /** Copies a session under as many other names, with all that belongs to it. */
  private static final String COPY =
      """
      local record, life = redis.call('DUMP', KEYS[1]), tonumber(ARGV[3])
      local shards = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
      local now = redis.call('TIME')[1] * 1000
      for i = ARGV[1], ARGV[2] do
        local shard = string.sub(shards, i % 64 + 1, i % 64 + 1)
        local name = shard .. string.format('%042d', i)
        local tag = 'carryover:{shop:' .. shard .. '}:'
        redis.call('RESTORE', tag .. 'session:' .. name, life, record)
        redis.call('ZADD', tag .. 'deadlines', now + life + i % 1000, name)
      end
      """;

  private final RedisServer redis = RedisServer.start();
  private final RedisProbe probe = RedisProbe.of(redis);
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    probe.close();
    redis.close();
  }

  /** Once a second one of them looks at each shard; each asks whether it is its turn. */
  @Test
  void redisIsLookedAtOnceASecondHoweverManyNodesThereAre() {
    createOne();
    List<ExpirySweeper> sweepers = Stream.generate(this::node).limit(SOME_NODES).toList();
    long start = seconds();
    RedisProbe.CommandCount count = probe.counting();

    sweepers.forEach(ExpirySweeper::start);
    await()
        .atMost(PATIENCE)
        .until(
            () -> seconds() >= start + 4 && count.stop().getOrDefault("set", 0L) >= 2 * SOME_NODES);

    Map<String, Long> commands = count.stop();
    long turns = seconds() - start + 2;
    assertThat(commands.get("zrangebyscore")).isBetween((long) SHARDS, SHARDS * turns);
    assertThat(commands.get("set")).isLessThanOrEqualTo(SOME_NODES * turns);
  }

  @Test
  @EnabledIfSystemProperty(named = "carryover-test.nightly", matches = "true")
  void fiftyNodesAndAMillionSessionsTakeLessThanAHundredthOfACore() throws InterruptedException {
    copyManyTimes(createOne());
    double idle = shareOfACore();
    Stream.generate(this::node).limit(NODES).forEach(ExpirySweeper::start);
    RedisProbe.CommandCount count = probe.counting();
    double polled = shareOfACore();
    System.out.printf(
        "Of a core Redis takes %.3f %% with %d sessions and no node, %.3f %% with %d; in %d s: %s%n",
        100 * idle, SESSIONS, 100 * polled, NODES, MEASURED.toSeconds(), count.stop());
    assertThat(polled - idle).isLessThan(0.01);
  }

  // ---- parts

  private ExpirySweeper node() {
    SessionStore store = connect();
    SessionRules rules =
        new SessionRules(Duration.ZERO, true, Duration.ofSeconds(10), Duration.ofSeconds(30));
    ExpirySweeper sweeper =
        new ExpirySweeper(store, rules, SessionMetrics.NONE, record -> {}, () -> {});
    open.add(0, store);
    open.add(0, sweeper);
    return sweeper;
  }

  private SessionStore connect() {
    return RedisSessionStore.connect(
        SessionConfig.builder().redisUrl(redis.url()).redisTimeout(Duration.ofSeconds(30)).build(),
        "shop");
  }

  private String createOne() {
    String id = SessionId.create();
    try (SessionStore store = connect()) {
      store.create(
          new NewSession(id, store.currentTimeMillis(), 1800, null, Map.of("a", new byte[100])));
    }
    return "carryover:{shop:" + id.charAt(0) + "}:session:" + id;
  }

  private void copyManyTimes(String record) {
    int part = 10_000;
    for (int i = 0; i < SESSIONS; i += part) {
      probe.command(
          "EVAL",
          COPY,
          "1",
          record,
          Integer.toString(i),
          Integer.toString(i + part - 1),
          "1800000");
    }
  }

  private long seconds() {
    return Long.parseLong((String) ((List<?>) probe.command("TIME")).get(0));
  }

  private double shareOfACore() throws InterruptedException {
    double before = cpuSeconds();
    long start = System.nanoTime();
    Thread.sleep(MEASURED.toMillis());
    return (cpuSeconds() - before) / ((System.nanoTime() - start) / 1e9);
  }

  private double cpuSeconds() {
    return ((String) probe.command("INFO", "cpu"))
        .lines()
        .filter(line -> line.matches("used_cpu_(sys|user):.*"))
        .mapToDouble(line -> Double.parseDouble(line.split(":")[1]))
        .sum();
  }
}
