package dev.carryover.codec;

import java.lang.reflect.Array;
import org.jspecify.annotations.Nullable;

/** A field as the format knows it: its name and the letter of its kind; here also with its type. */
final class FieldInfo {

  /** Any reference; the other kinds are the JVM's letters for primitives. */
  static final char REFERENCE = 'L';

  /** The bytes have a kind's place in this instead of its letter. */
  private static final String KINDS = "LIJZBSCFD";

  static final int KIND_BITS = 4;

  final String name;
  final char kind;
  final Class<?> type;

  FieldInfo(String name, Class<?> type) {
    this.name = name;
    this.type = type;
    this.kind = type.isPrimitive() ? Primitives.letter(type) : REFERENCE;
  }

  static int kindNumber(char kind) {
    return KINDS.indexOf(kind);
  }

  static char kind(int number) {
    if (number >= KINDS.length()) {
      throw new CodecException("a field of unknown kind");
    }
    return KINDS.charAt(number);
  }

  /** What a field holds that nobody has set. */
  @Nullable Object initial() {
    return isPrimitive() ? Array.get(Array.newInstance(type, 1), 0) : null;
  }

  boolean isPrimitive() {
    return kind != REFERENCE;
  }

  /**
   * The value as this field can hold it. A field that changed its type since takes what fits
   * without loss: a wider reference, a number in range, a box for a primitive.
   */
  @Nullable Object fit(@Nullable Object value) {
    if (!isPrimitive()) {
      if (value == null || type.isInstance(value)) {
        return value;
      }
      Object number = Primitives.convert(value, Primitives.unboxed(type));
      if (number != null) {
        return number;
      }
    } else if (value != null) {
      Object number = Primitives.convert(value, type);
      if (number != null) {
        return number;
      }
    }
    String held = value == null ? "null" : value.getClass().getName();
    throw CodecException.in(name, new CodecException(held + " doesn't fit into " + type.getName()));
  }
}
