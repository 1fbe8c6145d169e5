package dev.carryover.store.redis;

import dev.carryover.metrics.Gauge;
import dev.carryover.metrics.SessionMetrics;
import dev.carryover.metrics.Timer;
import dev.failsafe.CircuitBreaker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.client.RedisException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Redis can be asked: circuit breakers, one for each part of it that may be away while the
 * others are there. Once a part has not answered in time, nobody waits for it any more: who asks is
 * told at once, until a thread of this class's own has had an answer from there. That thread makes
 * the first connection too, since Redisson connects on the thread that asks first, for as long as
 * all its attempts take; that must not be a request's. Thread-safe.
 */
final class Reachability implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Reachability.class);

  /** Between two questions whether Redis is back. */
  private static final Duration PAUSE = Duration.ofMillis(250);

  private final Duration timeout;
  private final IntFunction<CompletionStage<?>> question;
  private final List<CircuitBreaker<Object>> breakers = new ArrayList<>();
  private final CompletableFuture<Void> made = new CompletableFuture<>();
  private final CountDownLatch attempted = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Parts that may be away, or not: they are asked, and others go on meanwhile. */
  private final Set<Integer> suspects = ConcurrentHashMap.newKeySet();

  // Guarded by this.
  private @Nullable Thread thread;

  /**
   * Tries to connect at once.
   *
   * @param parts how many parts there are, counted from 0 on
   * @param timeout how long an answer to a question is waited for
   * @param question asks a part anything; at first it may take its time to connect
   * @param metrics told of outages
   */
  Reachability(
      int parts,
      Duration timeout,
      IntFunction<CompletionStage<?>> question,
      SessionMetrics metrics) {
    this.timeout = timeout;
    this.question = question;
    for (int i = 0; i < parts; i++) {
      breakers.add(breaker(metrics));
    }
    metrics.watch(Gauge.REDIS_AWAY, () -> breakers.stream().filter(b -> !b.isClosed()).count());
    askInBackground();
  }

  /**
   * Asks a part of Redis; at first once there is a connection. Fails at once while the part is
   * away.
   */
  <T> CompletableFuture<T> then(int part, Supplier<CompletableFuture<T>> next) {
    // Before there was a connection only the first part is asked.
    if (!breaker(made.isDone() ? part : 0).isClosed()) {
      return CompletableFuture.failedFuture(new Away());
    }
    return made.isDone() ? NettyTraces.without(next) : made.thenCompose(done -> next.get());
  }

  /** As {@link #then(int, Supplier)}, for what concerns all parts. */
  <T> CompletableFuture<T> then(Supplier<CompletableFuture<T>> next) {
    return then(0, next);
  }

  /** A part has not answered in time, or the way to it is broken. */
  void failed(int part) {
    if (noteAway(breaker(part))) {
      askInBackground();
    }
  }

  /** Notes that a part is away; tells whether that is news. */
  private boolean noteAway(CircuitBreaker<Object> breaker) {
    boolean isNew = closed.getCount() > 0 && breaker.isClosed();
    if (isNew) {
      breaker.open();
      log.warn("Redis does not answer; who needs a session is told at once until it does");
    }
    return isNew;
  }

  /** A part has been late with what may take long: only if it does not answer at all is it away. */
  void suspected(int part) {
    if (breaker(part).isClosed()) {
      suspects.add(part % breakers.size());
      askInBackground();
    }
  }

  /** Gives the first attempt a moment, so that the first request need not wait for it. */
  void awaitFirstAttempt(Duration most) {
    try {
      var unused = attempted.await(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    // Who still waits for the first connection waits no more.
    made.completeExceptionally(new RedisException("Redis was never reached"));
    Thread asking = thread();
    if (asking != null) {
      asking.interrupt();
    }
  }

  /** Waits for the end of its thread, once it is closed. */
  void awaitEnd(Duration most) {
    Thread asking = thread();
    try {
      if (asking != null) {
        asking.join(most.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One that tells how long it was open. */
  private static CircuitBreaker<Object> breaker(SessionMetrics metrics) {
    AtomicLong openedAt = new AtomicLong();
    return CircuitBreaker.builder()
        .onOpen(event -> openedAt.set(System.nanoTime()))
        .onClose(event -> metrics.time(Timer.REDIS_OUTAGES, System.nanoTime() - openedAt.get()))
        .build();
  }

  private CircuitBreaker<Object> breaker(int part) {
    return breakers.get(part % breakers.size());
  }

  private synchronized @Nullable Thread thread() {
    return thread;
  }

  private synchronized void askInBackground() {
    if ((thread == null || !thread.isAlive()) && closed.getCount() > 0) {
      Thread asking = new Thread(this::run, "carryover-redis-connect");
      asking.setDaemon(true);
      asking.start();
      thread = asking;
    }
  }

  private void run() {
    try {
      while (!isOver()) {
        askAll();
        if (closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      log.debug("Nobody needs an answer any more");
    }
  }

  /** True if all is well, and then the thread ends; who finds a part away later starts another. */
  private synchronized boolean isOver() {
    boolean over =
        made.isDone() && suspects.isEmpty() && breakers.stream().allMatch(CircuitBreaker::isClosed);
    thread = over ? null : thread;
    return over;
  }

  /**
   * Asks all parts at the same time that are away: one that stays away does not keep the others.
   */
  private void askAll() throws InterruptedException {
    Map<Integer, Future<?>> answers = new LinkedHashMap<>();
    for (int part = 0; part < breakers.size(); part++) {
      if (suspects.remove(part) || !made.isDone() || !breaker(part).isClosed()) {
        answers.put(part, ask(part));
      }
      if (!made.isDone()) {
        break;
      }
    }
    long end = System.nanoTime() + timeout.toNanos();
    for (Map.Entry<Integer, Future<?>> answer : answers.entrySet()) {
      heard(breaker(answer.getKey()), answer.getValue(), end - System.nanoTime());
    }
    attempted.countDown();
  }

  private Future<?> ask(int part) {
    try {
      return question.apply(part).toCompletableFuture();
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void heard(CircuitBreaker<Object> breaker, Future<?> answer, long nanosLeft)
      throws InterruptedException {
    try {
      answer.get(Math.max(0, nanosLeft), TimeUnit.NANOSECONDS);
      if (!breaker.isClosed()) {
        breaker.close();
        log.info("Redis answers again");
      }
      made.complete(null);
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      answer.cancel(false);
      if (made.isDone()) {
        noteAway(breaker);
      } else if (breaker.isClosed() && closed.getCount() > 0) {
        breaker.open();
        log.warn("Redis can't be reached yet; requests without a session are served meanwhile");
      }
    }
  }

  /** What nobody was asked. */
  static final class Away extends RedisException {
    private Away() {
      super("Redis is away");
    }
  }
}
