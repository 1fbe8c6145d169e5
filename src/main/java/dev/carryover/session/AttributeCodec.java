package dev.carryover.session;

import org.jspecify.annotations.Nullable;

/** Turns attribute values to bytes and back, for the rules of a session's life. Thread-safe. */
public interface AttributeCodec {

  /**
   * Encodes a value.
   *
   * @param known bytes that it may have, so that no others need be made; null for none
   * @return {@code known} itself if it has these, else its bytes
   * @throws RuntimeException if the value can't be carried, or was changed by another thread
   *     meanwhile
   */
  byte[] encode(Object value, byte @Nullable [] known);

  /**
   * Decodes what {@link #encode} made, here or on another node.
   *
   * @throws RuntimeException if the bytes can't be decoded here
   */
  Object decode(byte[] encoded);

  /** True if a value can't change in place, so that only setting it anew can. */
  boolean isImmutable(Object value);
}
