package dev.carryover.cli;

/** Something that whoever typed the command can mend; the message says what and how. */
final class UserError extends RuntimeException {

  UserError(String message) {
    super(message);
  }

  UserError(String message, Throwable cause) {
    super(message, cause);
  }
}
