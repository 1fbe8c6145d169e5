package dev.carryover.servlet;

/** A user has logged in more often than one may, and this session had to end. Names nobody. */
final class TooManySessionsException extends RuntimeException {

  TooManySessionsException() {
    super("The user is logged in as often as max-sessions-per-principal allows");
  }
}
