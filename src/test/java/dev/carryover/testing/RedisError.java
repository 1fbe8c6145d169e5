package dev.carryover.testing;

/** An error that Redis answered. */
public final class RedisError extends RuntimeException {

  RedisError(String message) {
    super(message);
  }
}
