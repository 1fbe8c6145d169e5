package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.it.Visitors.Visitor;
import dev.carryover.testing.JettyNode;
import dev.carryover.testing.RedisCluster;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.app.OperationsServlet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promise F3 in a Redis Cluster of three masters, with a replica each: what visitors of two nodes
 * see while they click on and on, and nobody lifts a finger.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterFaultsIT {

  private static final int MOST_VISITORS = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int VISITORS_OF_EACH_MASTER = 3;

  private final List<JettyNode> nodes = new ArrayList<>();
  private RedisCluster cluster;
  private Visitors visitors;

  @BeforeAll
  void start(@TempDir Path directory) {
    cluster = RedisCluster.startReplicated();
    Path war =
        WarBuilder.war()
            .classes(OperationsServlet.class)
            .carryover()
            .build(directory.resolve("cluster.war"));
    for (int i = 0; i < 2; i++) {
      nodes.add(
          JettyNode.node()
              .war(war)
              .contextParam("carryover.namespace", "shop")
              .contextParam("carryover.redis.url", cluster.url())
              .contextParam("carryover.redis.timeout", "3s")
              .start());
    }
  }

  @AfterAll
  void stop() {
    nodes.forEach(JettyNode::close);
    cluster.close();
  }

  @BeforeEach
  void come() {
    visitors = new Visitors(nodes);
    while (!isEnough()) {
      visitors.come();
      assertThat(visitors.all()).hasSizeLessThan(MOST_VISITORS);
    }
    visitors.click();
  }

  /** Counted anew each time: a master may have become another meanwhile. */
  private boolean isEnough() {
    Map<RedisServer, Integer> counts = new HashMap<>();
    visitors.all().forEach(visitor -> counts.merge(masterOf(visitor), 1, Integer::sum));
    return counts.size() == 3
        && counts.values().stream().allMatch(count -> count >= VISITORS_OF_EACH_MASTER);
  }

  @AfterEach
  void leave() {
    visitors.close();
  }

  /** Its sessions are served again once its replica is the master; all others all the time. */
  @Test
  void masterKilled() {
    Visitor one = visitors.all().get(0);
    RedisServer victim = masterOf(one);
    List<Visitor> hurt = those(visitor -> masterOf(visitor).equals(victim));
    List<Visitor> unhurt = those(visitor -> !hurt.contains(visitor));

    visitors.whileTheyPause(
        hurt,
        () -> {
          awaitReplicated(victim, one);
          victim.kill();
        });

    visitors.awaitRefused(hurt);
    visitors.awaitServed(unhurt);
    await().atMost(PATIENCE).until(() -> !masterOf(one).equals(victim));
    visitors.awaitServed(hurt);
    visitors.assertNothingWrong();
    assertThat(unhurt).allMatch(visitor -> visitor.refused() == 0);

    victim.restart();
    await().atMost(PATIENCE).until(() -> cluster.serversOf(key(one.shard())).size() == 2);
    visitors.awaitServed(visitors.all());
    visitors.assertNothingWrong();
  }

  /** Visitors whose sessions are on their way see nothing of it. */
  @Test
  void slotWithLiveSessionsMoved() {
    Visitor one = visitors.all().get(0);
    RedisServer from = masterOf(one);
    RedisServer to = masterOf(those(visitor -> !masterOf(visitor).equals(from)).get(0));

    RedisCluster.SlotMove move = cluster.move(key(one.shard()), from, to);
    while (move.step(1)) {
      visitors.awaitServed(those(visitor -> visitor.shard() != one.shard()));
    }
    move.finish();

    visitors.awaitServed(visitors.all());
    assertThat(masterOf(one)).isEqualTo(to);
    visitors.assertNothingWrong();
  }

  /** Visitors of other shards see nothing of it, those of moved ones that they may have to wait. */
  @Test
  void masterAddedAndSlotsMovedToIt() {
    RedisServer before = masterOf(visitors.all().get(0));
    RedisServer added = cluster.join();
    try {
      List<Character> moved =
          visitors.all().stream().map(Visitor::shard).distinct().limit(6).toList();
      moved.forEach(shard -> move(shard, added));
      visitors.awaitServed(visitors.all());
      assertThat(those(visitor -> masterOf(visitor).equals(added))).isNotEmpty();
      visitors.assertNothingWrong();
      assertThat(those(visitor -> !moved.contains(visitor.shard())))
          .isNotEmpty()
          .allMatch(visitor -> visitor.refused() == 0);
    } finally {
      those(visitor -> masterOf(visitor).equals(added)).stream()
          .map(Visitor::shard)
          .distinct()
          .forEach(c -> move(c, before));
    }
  }

  private void move(char shard, RedisServer to) {
    cluster.move(key(shard), cluster.serversOf(key(shard)).get(0), to).finish();
  }

  private RedisServer masterOf(Visitor visitor) {
    return cluster.serversOf(key(visitor.shard())).get(0);
  }

  private List<Visitor> those(Predicate<Visitor> chosen) {
    return visitors.all().stream().filter(chosen).toList();
  }

  /** Waits until a replica has all that was written to the master. */
  private static void awaitReplicated(RedisServer master, Visitor visitor) {
    try (RedisProbe probe = RedisProbe.of(master)) {
      probe.command("SET", key(visitor.shard()), "last");
      assertThat(probe.command("WAIT", "1", "20000")).isEqualTo(1L);
    }
  }

  /** Some key that is where the shard's sessions are. */
  private static String key(char shard) {
    return "{shop:" + shard + "}";
  }
}
