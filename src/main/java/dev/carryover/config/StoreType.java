package dev.carryover.config;

import java.util.Locale;

/** Where sessions are kept: the key {@code carryover.store}. */
public enum StoreType {
  /** In Redis: sessions survive restarts and are shared by all nodes. */
  REDIS,

  /** In this JVM: nothing survives it and nothing is shared. For tests, and to try us out. */
  MEMORY;

  /** The constant as it is written in a configuration. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
