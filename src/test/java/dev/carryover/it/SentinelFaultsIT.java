package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.Browser;
import dev.carryover.testing.JettyNode;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisSentinels;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.app.OperationsServlet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promise F3 with three sentinels over a master and its replica: what visitors of two nodes see
 * while they click on and on, and nobody lifts a finger.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SentinelFaultsIT {

  private static final int VISITORS = 8;

  private final List<JettyNode> nodes = new ArrayList<>();
  private RedisSentinels redis;
  private Visitors visitors;

  @BeforeAll
  void start(@TempDir Path directory) {
    redis = RedisSentinels.start();
    Path war =
        WarBuilder.war()
            .classes(OperationsServlet.class)
            .carryover()
            .build(directory.resolve("sentinel.war"));
    for (int i = 0; i < 2; i++) {
      nodes.add(
          JettyNode.node()
              .war(war)
              .contextParam("carryover.redis.url", redis.url())
              .contextParam("carryover.redis.timeout", "3s")
              .start());
    }
  }

  @AfterAll
  void stop() {
    nodes.forEach(JettyNode::close);
    redis.close();
  }

  @BeforeEach
  void come() {
    visitors = new Visitors(nodes);
    for (int i = 0; i < VISITORS; i++) {
      visitors.come();
    }
    visitors.click();
  }

  @AfterEach
  void leave() {
    visitors.close();
  }

  /** Visitors are told to come again until the replica is the master. */
  @Test
  void masterKilled() {
    RedisServer old = redis.master();
    RedisServer next = redis.replica();
    visitors.whileTheyPause(
        visitors.all(),
        () -> {
          awaitReplicated(old);
          old.kill();
        });
    visitors.awaitRefused(visitors.all());
    redis.awaitMaster(next);
    visitors.awaitServed(visitors.all());

    // It does not know yet that it is none any more, and has nothing.
    old.restart();
    redis.awaitReplica(old);
    visitors.awaitServed(visitors.all());
    visitors.assertNothingWrong();
  }

  /**
   * It believes itself the master, with what was saved before and with what it had not read yet.
   */
  @Test
  void masterThatHangsComesBackAsReplica() throws Exception {
    RedisServer old = redis.master();
    RedisServer next = redis.replica();
    visitors.whileTheyPause(
        visitors.all(),
        () -> {
          awaitReplicated(old);
          signal("-STOP", old);
        });
    visitors.awaitRefused(visitors.all());
    redis.awaitMaster(next);
    visitors.awaitServed(visitors.all());

    signal("-CONT", old);
    redis.awaitReplica(old);
    visitors.awaitServed(visitors.all());
    visitors.assertNothingWrong();
  }

  /**
   * What the replica had not heard of is lost, with {@code min-replica-acks=0}; but it is for all
   * nodes alike, also for the one that wrote it, although another's change took its place.
   */
  @Test
  void whatAFailoverLosesIsLostForAll() {
    visitors.whileTheyPause(visitors.all(), this::loseAChange);
  }

  private void loseAChange() {
    RedisServer old = redis.master();
    RedisServer next = redis.replica();
    Browser browser = Browser.browser();
    assertThat(run(browser, 0, "set:a:saved", "set:b:old")).isEqualTo("set\nset");
    assertThat(run(browser, 1, "get:a")).isEqualTo("saved");
    awaitReplicated(old);
    signal("-STOP", next);
    try (RedisProbe probe = RedisProbe.of(old)) {
      probe.command("CLIENT", "KILL", "TYPE", "replica");
    }
    assertThat(run(browser, 0, "set:a:lost")).isEqualTo("set");
    old.kill();
    signal("-CONT", next);
    redis.awaitMaster(next);

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(run(browser, 1, "set:b:new")).isEqualTo("set"));
    assertThat(run(browser, 0, "get:a", "get:b")).isEqualTo("saved\nnew");
    assertThat(run(browser, 1, "get:a", "get:b")).isEqualTo("saved\nnew");
    old.restart();
    redis.awaitReplica(old);
  }

  private String run(Browser browser, int node, String... operations) {
    Browser.Response response =
        browser.get(nodes.get(node).uri("/do?do=" + String.join("&do=", operations)));
    assertThat(response.status()).isEqualTo(200);
    return response.body();
  }

  /** Waits until the replica has all that was written to the master. */
  private static void awaitReplicated(RedisServer master) {
    try (RedisProbe probe = RedisProbe.of(master)) {
      probe.command("SET", "last", "last");
      assertThat(probe.command("WAIT", "1", "20000")).isEqualTo(1L);
    }
  }

  private static void signal(String name, RedisServer server) {
    try {
      assertThat(new ProcessBuilder("kill", name, Long.toString(server.pid())).start().waitFor())
          .isZero();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
