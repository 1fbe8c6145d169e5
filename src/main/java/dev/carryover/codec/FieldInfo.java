package dev.carryover.codec;

import java.lang.reflect.Array;
import org.jspecify.annotations.Nullable;

/** A field as the format knows it: its name and the letter of its kind; here also with its type. */
final class FieldInfo {

  /**
   * A String. The other kinds are the letters of the JVM: I J Z B S C F D, and L for any reference.
   */
  static final char STRING = 'T';

  static final char REFERENCE = 'L';

  final String name;
  final char kind;
  final Class<?> type;

  FieldInfo(String name, Class<?> type) {
    this.name = name;
    this.type = type;
    this.kind = kindOf(type);
  }

  private static char kindOf(Class<?> type) {
    if (type == String.class) {
      return STRING;
    }
    return type.isPrimitive() ? Primitives.letter(type) : REFERENCE;
  }

  /** What a field holds that nobody has set. */
  @Nullable Object initial() {
    return isPrimitive() ? Array.get(Array.newInstance(type, 1), 0) : null;
  }

  boolean isPrimitive() {
    return type.isPrimitive();
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
