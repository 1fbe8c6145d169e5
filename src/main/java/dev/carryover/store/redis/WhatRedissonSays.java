package dev.carryover.store.redis;

import java.util.regex.Pattern;

/** Messages of Redisson's exceptions, fit for logs: they quote commands, with ids and values. */
final class WhatRedissonSays {

  /** Where a message begins to quote the command. */
  private static final Pattern SENT =
      Pattern.compile("[.,;]?\\s*(channel|command|params|promise|Command):?\\s.*", Pattern.DOTALL);

  private WhatRedissonSays() {}

  /** The message up to what was sent; addresses stay. */
  static String withoutCommand(Throwable failure) {
    return SENT.matcher(String.valueOf(failure.getMessage())).replaceFirst("");
  }
}
