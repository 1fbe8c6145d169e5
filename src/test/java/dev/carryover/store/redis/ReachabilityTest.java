package dev.carryover.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.metrics.Gauge;
import dev.carryover.metrics.NodeMetrics;
import dev.carryover.metrics.Timer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReachabilityTest {

  private static final int PARTS = 3;

  private final Set<Integer> away = ConcurrentHashMap.newKeySet();
  private final NodeMetrics metrics = new NodeMetrics();
  private Reachability reachability;

  @AfterEach
  void stop() {
    reachability.close();
    reachability.awaitEnd(Duration.ofSeconds(10));
    assertThat(isAsking()).isFalse();
  }

  /** In a Cluster the first connection is that to all servers. */
  @Test
  void whileThereWasNoConnectionYetNoPartIsWaitedFor() {
    away.add(0);
    start();
    for (int part = 0; part < PARTS; part++) {
      int asked = part;
      await().until(() -> ask(asked).isCompletedExceptionally());
    }

    away.clear();
    for (int part = 0; part < PARTS; part++) {
      int asked = part;
      await().until(() -> isAnswered(asked));
    }
  }

  @Test
  void aPartThatIsAwayKeepsNoOther() {
    start();
    await().until(() -> isAnswered(1));
    away.add(1);
    reachability.failed(1);

    assertThat(metrics.value(Gauge.REDIS_AWAY)).isEqualTo(1);
    assertThat(ask(1)).isCompletedExceptionally();
    assertThat(isAnswered(0)).isTrue();
    assertThat(isAnswered(2)).isTrue();

    away.clear();
    await().until(() -> isAnswered(1));
    assertThat(metrics.value(Gauge.REDIS_AWAY)).isZero();
    await().until(() -> metrics.times(Timer.REDIS_OUTAGES) == 1);
    assertThat(metrics.nanos(Timer.REDIS_OUTAGES)).isPositive();
  }

  @Test
  void aPartThatIsSuspectedIsAwayOnlyIfItDoesNotAnswer() {
    start();
    await().until(() -> isAnswered(1));
    reachability.suspected(1);
    assertThat(isAnswered(1)).isTrue();
    await().until(() -> !isAsking());
    assertThat(metrics.value(Gauge.REDIS_AWAY)).isZero();

    away.add(1);
    reachability.suspected(1);
    await().until(() -> ask(1).isCompletedExceptionally());
    assertThat(isAnswered(0)).isTrue();

    away.clear();
    await().until(() -> isAnswered(1));
  }

  private static boolean isAsking() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("carryover-redis-connect"));
  }

  @Test
  void whoWaitsForTheFirstConnectionWaitsNoLongerThanItsOwnersLife() {
    reachability =
        new Reachability(1, Duration.ofMinutes(1), part -> new CompletableFuture<>(), metrics);
    CompletableFuture<String> waiting = ask(0);
    assertThat(waiting).isNotDone();

    reachability.close();
    assertThat(waiting).isCompletedExceptionally();
  }

  private void start() {
    reachability =
        new Reachability(
            PARTS,
            Duration.ofSeconds(10),
            part ->
                away.contains(part)
                    ? CompletableFuture.failedFuture(new IllegalStateException("away"))
                    : CompletableFuture.completedFuture(1L),
            metrics);
  }

  private CompletableFuture<String> ask(int part) {
    return reachability.then(part, () -> CompletableFuture.completedFuture("answer"));
  }

  private boolean isAnswered(int part) {
    CompletableFuture<String> answer = ask(part);
    return answer.isDone() && !answer.isCompletedExceptionally();
  }
}
