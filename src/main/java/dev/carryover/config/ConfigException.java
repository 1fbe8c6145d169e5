package dev.carryover.config;

/**
 * A configuration that we refuse to start with. The message names the key, its value without
 * passwords, where it was read and what was expected.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConfigException(String message) {
    super(message);
  }
}
