package dev.carryover.session;

/** Turns attribute values to bytes and back, for the rules of a session's life. Thread-safe. */
public interface AttributeCodec {

  /**
   * Encodes a value.
   *
   * @throws RuntimeException if the value can't be carried, or was changed by another thread
   *     meanwhile
   */
  byte[] encode(Object value);

  /**
   * Decodes what {@link #encode} made, here or on another node.
   *
   * @throws RuntimeException if the bytes can't be decoded here
   */
  Object decode(byte[] encoded);

  /** True if a value can't change in place, so that only setting it anew can. */
  boolean isImmutable(Object value);
}
