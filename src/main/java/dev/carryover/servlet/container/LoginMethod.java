package dev.carryover.servlet.container;

import java.io.IOException;

/** A way to log in that a module of ours speaks where the container's own can't be carried. */
interface LoginMethod {

  /** As {@code getAuthType} says it. */
  String name();

  /** Whether users are sent elsewhere to log in, so that something is to be kept meanwhile. */
  boolean hasDetour();

  /** Finds out who the user of a request is, or how he is to be asked. */
  void find(LoginExchange exchange) throws IOException;
}
