package dev.carryover.session;

import dev.carryover.store.Patience;

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
}
