package dev.carryover.store;

/**
 * The store could not be reached, did not answer in time, or answered with an error. Its message
 * names no session and no value.
 */
public final class SessionStoreException extends RuntimeException {

  private final boolean doubtful;

  public SessionStoreException(String message) {
    this(message, true);
  }

  /**
   * @param doubtful false if it is certain that the store has not done what it was asked
   */
  public SessionStoreException(String message, boolean doubtful) {
    super(message);
    this.doubtful = doubtful;
  }

  /** True if the store may have done what it was asked all the same, or may still do it. */
  public boolean isDoubtful() {
    return doubtful;
  }
}
