package dev.carryover.bench.web;

/** An answer that is not what the session's client had to get. */
final class LostSession extends RuntimeException {

  private static final long serialVersionUID = 1L;

  LostSession(String message) {
    super(message);
  }

  LostSession(String message, Throwable cause) {
    super(message, cause);
  }
}
