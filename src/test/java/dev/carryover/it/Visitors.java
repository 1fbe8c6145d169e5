package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.Browser;
import dev.carryover.testing.JettyNode;
import dev.carryover.testing.app.OperationsServlet;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/**
 * Visitors of a site with several nodes, who click on and on, now here, now there. Each remembers
 * what it was told is saved, and checks every answer; an {@link OperationsServlet} serves them.
 */
final class Visitors implements AutoCloseable {

  /** Who waits for an answer does not keep the others from clicking. */
  private static final int THREADS = 24;

  private static final Duration BETWEEN_CLICKS = Duration.ofMillis(50);
  private static final int MORE = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<JettyNode> nodes;
  private final List<Visitor> all = new ArrayList<>();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(THREADS);

  Visitors(List<JettyNode> nodes) {
    this.nodes = nodes;
  }

  /** Another visitor, who has a session and does not click on yet. */
  Visitor come() {
    Visitor visitor = new Visitor();
    all.add(visitor);
    return visitor;
  }

  List<Visitor> all() {
    return List.copyOf(all);
  }

  /** All begin to click. */
  void click() {
    for (Visitor visitor : all) {
      threads.scheduleWithFixedDelay(
          visitor::click, 0, BETWEEN_CLICKS.toMillis(), TimeUnit.MILLISECONDS);
    }
    awaitServed(all);
  }

  /** Waits until each of them has been served several times more, on whichever node. */
  void awaitServed(Collection<Visitor> some) {
    Map<Visitor, Integer> before =
        some.stream().collect(Collectors.toMap(visitor -> visitor, Visitor::served));
    await()
        .atMost(PATIENCE)
        .failFast("a visitor saw something wrong", this::assertNothingWrong)
        .until(
            () ->
                some.stream().allMatch(visitor -> visitor.served() >= before.get(visitor) + MORE));
  }

  /** Waits until one of them was told to come again later. */
  void awaitRefused(Collection<Visitor> some) {
    IntSupplier refused = () -> some.stream().mapToInt(Visitor::refused).sum();
    int before = refused.getAsInt();
    await().atMost(PATIENCE).until(() -> refused.getAsInt() > before);
  }

  /** While this runs none of them has a request under way. */
  void whileTheyPause(Collection<Visitor> some, Runnable work) {
    some.forEach(visitor -> visitor.clicking.lock());
    try {
      work.run();
    } finally {
      some.forEach(visitor -> visitor.clicking.unlock());
    }
  }

  /** Nobody has seen anything but what it was told is saved, and 503 where that is not known. */
  void assertNothingWrong() {
    assertThat(wrong).isEmpty();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  /** One of them. */
  final class Visitor {

    private final Browser browser = Browser.browser();
    private final ReentrantLock clicking = new ReentrantLock();
    private final AtomicInteger served = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final String id;

    /** What may be saved: the last that is, and later ones of which nobody knows. */
    private final Set<String> possible = new HashSet<>(Set.of("0"));

    private int last;

    private Visitor() {
      Browser.Response answer = ask("set:n:0", "id");
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      id = answer.body().split("\n")[1];
    }

    /** The first character of the session's id, which stays. */
    char shard() {
      return id.charAt(0);
    }

    int served() {
      return served.get();
    }

    int refused() {
      return refused.get();
    }

    private Browser.Response ask(String... operations) {
      JettyNode node = nodes.get(ThreadLocalRandom.current().nextInt(nodes.size()));
      return browser.get(node.uri("/do?do=" + String.join("&do=", operations)));
    }

    private void click() {
      clicking.lock();
      try {
        String next = Integer.toString(++last);
        Browser.Response answer = ask("id", "get:n", "set:n:" + next);
        String[] lines = answer.body().split("\n");
        if (answer.status() == 503) {
          possible.add(next);
          refused.incrementAndGet();
        } else if (answer.status() == 200 && lines[0].equals(id) && possible.contains(lines[1])) {
          possible.clear();
          possible.add(next);
          served.incrementAndGet();
        } else {
          wrong.add(answer.status() + " " + List.of(lines) + " but not one of " + possible);
        }
      } catch (UncheckedIOException e) {
        wrong.add(e.getMessage());
      } finally {
        clicking.unlock();
      }
    }
  }
}
