package dev.carryover.config;

import java.util.Locale;

/**
 * Whether logins that the container does are carried: the key {@code carryover.container-login}.
 */
public enum ContainerLogin {
  /**
   * They are if all sessions are sealed: who can write to a Redis that holds plain sessions could
   * make himself any user.
   */
  AUTO,

  /** They are, sealed or not. */
  CARRY,

  /** They stay with the container, on their node. */
  OFF;

  /** The constant as it is written in a configuration. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
