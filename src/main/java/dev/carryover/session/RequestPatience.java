package dev.carryover.session;

import dev.carryover.store.Patience;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one request still bears: however often it asks the store, it waits no longer in all than for
 * one question. Thread-safe.
 */
public final class RequestPatience {

  /** An asynchronous request may live for hours: it asks the store again after this time. */
  private static final long RETRY_AFTER_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Patience patience = new Patience();

  /** The store has failed this request, which does not wait for it a second time. */
  private volatile @Nullable SessionUnavailableException failure;

  private volatile long failedAt;

  /**
   * Asks on behalf of this request, unless the store has just failed it.
   *
   * @throws SessionUnavailableException if the store fails it, or has
   */
  public void asking(Runnable question) {
    SessionUnavailableException earlier = failure;
    if (earlier != null && System.nanoTime() - failedAt < RETRY_AFTER_NANOS) {
      throw earlier;
    }
    try {
      patience.asking(
          () -> {
            question.run();
            return null;
          });
      failure = null;
    } catch (SessionUnavailableException e) {
      failedAt = System.nanoTime();
      failure = e;
      throw e;
    }
  }

  /** Whether the last question has failed. */
  public boolean isSpent() {
    return failure != null;
  }

  /** As {@link #asking}, for a question with an answer. */
  <T extends @Nullable Object> T answering(Supplier<T> question) {
    return patience.asking(question);
  }
}
