package dev.carryover.store;

/**
 * The store could not be reached, did not answer in time, or answered with an error. Its message
 * names no session and no value.
 */
public final class SessionStoreException extends RuntimeException {

  public SessionStoreException(String message) {
    super(message);
  }
}
