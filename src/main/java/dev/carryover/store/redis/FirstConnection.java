package dev.carryover.store.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to a Redis that need not be there yet: tries until it answers for the first time, on a
 * thread of its own. Redisson connects on the thread that asks first, for as long as all its
 * attempts take; that must not be a request's. Later breaks are Redisson's to mend.
 */
final class FirstConnection implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(FirstConnection.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Runnable question;
  private final Thread thread = new Thread(this::run, "carryover-redis-connect");
  private final CompletableFuture<Void> made = new CompletableFuture<>();
  private final CountDownLatch attempted = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable RuntimeException failure;

  /**
   * @param question asks Redis anything and waits for the answer
   */
  FirstConnection(Runnable question) {
    this.question = question;
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Asks once there is a connection; fails at once if the last attempt to make the first one has
   * failed.
   */
  <T> CompletableFuture<T> then(Supplier<CompletableFuture<T>> next) {
    RuntimeException refused = failure;
    if (made.isDone()) {
      return NettyTraces.without(next);
    }
    return refused == null
        ? made.thenCompose(done -> next.get())
        : CompletableFuture.failedFuture(refused);
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
    thread.interrupt();
  }

  /** Waits for the end of its thread, once it is closed. */
  void awaitEnd(Duration most) {
    try {
      thread.join(most.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!connect()) {
        if (closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      log.debug("Nobody needs a connection any more");
    }
  }

  private boolean connect() {
    try {
      question.run();
      made.complete(null);
      return true;
    } catch (RuntimeException e) {
      if (failure == null && closed.getCount() > 0) {
        log.warn("Redis can't be reached yet; requests without a session are served meanwhile");
      }
      failure = e;
      return false;
    } finally {
      attempted.countDown();
    }
  }
}
