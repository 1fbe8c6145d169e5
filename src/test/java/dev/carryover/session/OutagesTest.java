package dev.carryover.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.event.SessionEvents;
import dev.carryover.metrics.Gauge;
import dev.carryover.metrics.NodeMetrics;
import dev.carryover.store.memory.MemorySessionStore;
import dev.carryover.testing.MutableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Threads on two nodes whose stores come and go, each with an attribute of its own in one session:
 * each finds what it wrote last, and in the end all of it is there.
 */
@Timeout(120)
class OutagesTest {

  private static final int WRITERS_OF_EACH = 3;
  private static final int ROUNDS = 400;

  private final MemorySessionStore records = new MemorySessionStore(new MutableClock(), true);
  private final List<ObservedStore> stores =
      List.of(new ObservedStore(records), new ObservedStore(records));
  private final List<NodeMetrics> metrics = List.of(new NodeMetrics(), new NodeMetrics());
  private final List<LiveSessions> nodes = List.of(node(0), node(1));
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** The newest first. */
  private final Deque<String> ids = new ConcurrentLinkedDeque<>();

  private LiveSessions node(int number) {
    SessionRules rules =
        new SessionRules(
            Duration.ofMinutes(10), true, Duration.ofMinutes(1), Duration.ofSeconds(30));
    return new LiveSessions(
        stores.get(number),
        Box.CODEC,
        rules.withNearCache(100, 1 << 20).goingOnAlone(100, 1 << 20),
        SessionEvents.none(),
        metrics.get(number));
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    stores.forEach(ObservedStore::comeBack);
    nodes.forEach(LiveSessions::close);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void twoNodesLoseNothing(long seed) throws Exception {
    check(seed, 2, false);
  }

  /** Two nodes that can't speak would each give it an id. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void aNodeThatRotatesLosesNothing(long seed) throws Exception {
    check(seed, 1, true);
  }

  private void check(long seed, int writing, boolean rotating) throws Exception {
    nodes.forEach(LiveSessions::start);
    SessionAccess created = nodes.get(0).create();
    created.commit();
    created.release();
    ids.addFirst(created.id());
    AtomicBoolean over = new AtomicBoolean();
    Future<?> weather = threads.submit(() -> comeAndGo(new Random(seed), over));
    List<Future<Integer>> writers = new ArrayList<>();
    for (int i = 0; i < 2 * WRITERS_OF_EACH; i++) {
      LiveSessions node = nodes.get(i % writing);
      String name = "n" + i;
      Random random = new Random(seed + name.hashCode());
      writers.add(threads.submit(() -> write(node, name, random, rotating)));
    }

    Map<String, Integer> expected = new TreeMap<>();
    for (int i = 0; i < writers.size(); i++) {
      expected.put("n" + i, writers.get(i).get());
    }
    over.set(true);
    weather.get();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> metrics.stream().allMatch(m -> m.value(Gauge.SESSIONS_UNSAVED) == 0));

    List<String> alive = ids.stream().filter(id -> records.open(id, 0) != null).toList();
    assertThat(alive).hasSize(1);
    for (LiveSessions node : nodes) {
      assertThat(values(node, alive.get(0))).isEqualTo(expected);
    }
  }

  private void comeAndGo(Random random, AtomicBoolean over) {
    while (!over.get() && !Thread.currentThread().isInterrupted()) {
      for (ObservedStore store : stores) {
        store.comeBack();
        switch (random.nextInt(4)) {
          case 0 -> store.goAway();
          case 1 -> store.goMute();
          default -> store.calls();
        }
      }
      Thread.yield();
    }
    stores.forEach(ObservedStore::comeBack);
  }

  private int write(LiveSessions node, String name, Random random, boolean rotating) {
    int last = 0;
    for (int round = 1; round <= ROUNDS; round++) {
      SessionAccess access = openAny(node);
      Box box = (Box) access.get(name);
      assertThat(box == null ? 0 : box.value()).as("%s in round %d", name, round).isEqualTo(last);
      last = round;
      if (box == null || random.nextBoolean()) {
        access.set(name, new Box(last));
      } else {
        box.change(last);
      }
      if (rotating && random.nextInt(16) == 0) {
        rotate(access);
      }
      access.commit();
      access.release();
    }
    return last;
  }

  /** One after the other: no client is told an id that is not stored. */
  private void rotate(SessionAccess access) {
    synchronized (ids) {
      access.rotate();
      access.commit();
      ids.addFirst(access.id());
    }
  }

  /** By the newest id that works on this node; one that it does not know may be another's. */
  private SessionAccess openAny(LiveSessions node) {
    long patience = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (System.nanoTime() < patience) {
      for (String id : ids) {
        try {
          SessionAccess access = node.open(id);
          if (access != null) {
            return access;
          }
        } catch (SessionUnavailableException e) {
          // Not known here, and nobody can be asked.
        }
      }
    }
    throw new AssertionError("The session has been lost");
  }

  private static Map<String, Integer> values(LiveSessions node, String id) {
    SessionAccess access = node.open(id);
    Map<String, Integer> values = new TreeMap<>();
    access.names().forEach(name -> values.put(name, ((Box) access.get(name)).value()));
    access.release();
    return values;
  }
}
