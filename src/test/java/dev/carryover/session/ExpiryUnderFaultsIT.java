package dev.carryover.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.store.NewSession;
import dev.carryover.store.SessionStore;
import dev.carryover.store.redis.RedisSessionStore;
import dev.carryover.testing.JavaProcess;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisSentinels;
import dev.carryover.testing.RedisServer;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Promise S3: the end of each session is told, by three nodes that are processes of their own. */
class ExpiryUnderFaultsIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int FEW = 4_000;
  private static final int MANY = 20_000;

  /** Longer than Redis may be away, so that nobody tells again what another has told. */
  private static final int LONG_LEASE = 15;

  private static final int SHORT_LEASE = 5;

  /** The first sessions expire after so many seconds, the last so much later. */
  private static final int FIRST = 3;

  private static final int SPREAD = 10;

  /** What a process has written is kept if it is killed. */
  private static final String[] KEPT = {"appendonly yes", "appendfsync no"};

  @TempDir Path directory;

  private final List<JavaProcess> nodes = new ArrayList<>();
  private int lease;
  private String url;

  @AfterEach
  void stop() {
    nodes.forEach(JavaProcess::close);
  }

  @Test
  void endsAreToldOnceWhereNobodyDiesButRedis() {
    try (RedisServer redis = RedisServer.start(KEPT)) {
      List<String> ids = start(redis.url(), LONG_LEASE, FEW);

      awaitTold(FEW / 4);
      redis.kill();
      redis.restart();
      awaitTold(FEW);

      awaitNothingLeft(redis);
      assertThat(told()).containsOnlyKeys(ids).allSatisfy((id, times) -> assertThat(times).isOne());
    }
  }

  @Test
  void endsAreToldAlthoughNodesAndRedisAreKilled() {
    try (RedisServer redis = RedisServer.start(KEPT)) {
      List<String> ids = start(redis.url(), SHORT_LEASE, MANY);

      awaitTold(MANY / 10);
      killAndReplace(0);
      awaitTold(MANY / 3);
      redis.kill();
      nodes.get(1).kill();
      redis.restart();
      awaitTold(MANY / 2);
      nodes.get(2).kill();
      awaitTold(MANY);

      awaitNothingLeft(redis);
      assertAllTold(ids);
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "carryover-test.nightly", matches = "true")
  void endsAreToldAlthoughNodesDieAndTheMasterFailsOver() {
    try (RedisSentinels redis = RedisSentinels.start()) {
      RedisServer old = redis.master();
      RedisServer next = redis.replica();
      List<String> ids = start(redis.url(), SHORT_LEASE, MANY);
      awaitReplicated(old);

      awaitTold(MANY / 10);
      killAndReplace(0);
      awaitTold(MANY / 3);
      old.kill();
      redis.awaitMaster(next);
      awaitTold(MANY / 2);
      killAndReplace(1);
      awaitTold(MANY);

      awaitNothingLeft(next);
      assertAllTold(ids);
    }
  }

  // ---- parts

  /** At least once each; again only what a node had just told when it, or Redis, died. */
  private void assertAllTold(List<String> ids) {
    Map<String, Integer> told = told();
    long again = told.values().stream().filter(times -> times > 1).count();
    System.out.println("Of " + ids.size() + " ends " + again + " were told more than once");
    assertThat(told).containsOnlyKeys(ids);
    assertThat(again).isLessThan(ids.size() / 100);
  }

  /** Starts three nodes, and creates sessions that are about to expire. */
  private List<String> start(String redis, int leaseSeconds, int sessions) {
    url = redis;
    lease = leaseSeconds;
    List<String> ids = Stream.generate(SessionId::create).limit(sessions).toList();
    nodes.addAll(IntStream.range(0, 3).parallel().mapToObj(this::node).toList());
    try (SessionStore store =
        RedisSessionStore.connect(ExpiringNode.config(url), ExpiringNode.NAMESPACE)) {
      IntStream.range(0, sessions)
          .parallel()
          .forEach(
              i ->
                  store.create(
                      new NewSession(
                          ids.get(i),
                          store.currentTimeMillis(),
                          FIRST + i * SPREAD / sessions,
                          null,
                          Map.of("a", new byte[] {1}))));
    }
    return ids;
  }

  private JavaProcess node(int number) {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return JavaProcess.start(
        directory.resolve("node-" + number),
        List.of(),
        Stream.of(classPath.split(File.pathSeparator)).map(Path::of).toList(),
        Pattern.compile(ExpiringNode.READY),
        ExpiringNode.class.getName(),
        url,
        Integer.toString(lease));
  }

  private void killAndReplace(int number) {
    nodes.get(number).kill();
    nodes.add(node(nodes.size()));
  }

  private void awaitTold(int sessions) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> told().size() >= sessions);
  }

  /** How often the end of each session was told. */
  private Map<String, Integer> told() {
    Map<String, Integer> times = new HashMap<>();
    for (JavaProcess node : nodes) {
      node.log()
          .lines()
          .filter(line -> line.startsWith(ExpiringNode.ENDED))
          .forEach(
              line -> times.merge(line.substring(ExpiringNode.ENDED.length()), 1, Integer::sum));
    }
    return times;
  }

  private static void awaitNothingLeft(RedisServer redis) {
    try (RedisProbe probe = RedisProbe.of(redis)) {
      await()
          .atMost(PATIENCE)
          .until(() -> probe.keys("*:session:*").isEmpty() && probe.keys("*:deadlines").isEmpty());
    }
  }

  private static void awaitReplicated(RedisServer master) {
    try (RedisProbe probe = RedisProbe.of(master)) {
      probe.command("SET", "last", "last");
      assertThat(probe.command("WAIT", "1", "30000")).isEqualTo(1L);
    }
  }
}
