package dev.carryover.config;

import java.util.Locale;

/**
 * What becomes of session attributes that Java serialisation can't carry: the key {@code
 * carryover.non-serializable}.
 */
public enum NonSerializable {
  /**
   * Beans of the web application that merely forgot to be Serializable are carried, if all they
   * reach is plain data too. What reaches a thread, a connection, a stream or the like stays on its
   * node.
   */
  CARRY,

  /** Only Serializable objects are carried; all others stay on their node. */
  LOCAL,

  /**
   * {@code setAttribute} throws an IllegalArgumentException for what is not Serializable, as the
   * Servlet specification (7.7.2) has it for distributable applications. Each value is encoded once
   * more for that, when it is set.
   */
  REJECT;

  /** The constant as it is written in a configuration. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
