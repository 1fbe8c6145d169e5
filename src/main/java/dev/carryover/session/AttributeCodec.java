package dev.carryover.session;

import org.jspecify.annotations.Nullable;

/** Turns attribute values to bytes and back, for the rules of a session's life. Thread-safe. */
public interface AttributeCodec {

  /**
   * Encodes a value.
   *
   * @param name the attribute's, for messages
   * @param known bytes that it may have, so that no others need be made; null for none
   * @return {@code known} itself if it has these, else its bytes
   * @throws RuntimeException if the value can't be carried, or was changed by another thread
   *     meanwhile; its message says what and where, the attribute's name first, and quotes no value
   */
  byte[] encode(String name, Object value, byte @Nullable [] known);

  /**
   * Decodes what {@link #encode} made, here or on another node.
   *
   * @param name the attribute's, for messages
   * @throws RuntimeException if the bytes can't be decoded here; its message as with {@link
   *     #encode}
   */
  Object decode(String name, byte[] encoded);

  /**
   * Asked before a value is set.
   *
   * @throws IllegalArgumentException if the value can't be carried, and such values are not to be
   *     set at all
   */
  void requireSettable(String name, Object value);

  /** True if a value can't change in place, so that only setting it anew can. */
  boolean isImmutable(Object value);
}
