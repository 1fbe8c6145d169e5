package dev.carryover.session;

import dev.carryover.store.Patience;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one request still bears: however often it asks the store, it waits no longer in all than for
 * one question. Thread-safe.
 */
public final class RequestPatience {

  private final Patience patience = new Patience();

  /** Asks on behalf of this request. */
  public void asking(Runnable question) {
    patience.asking(
        () -> {
          question.run();
          return null;
        });
  }

  /** As {@link #asking}, for a question with an answer. */
  <T extends @Nullable Object> T answering(Supplier<T> question) {
    return patience.asking(question);
  }
}
