package dev.carryover.codec;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** Primitive field values: their letters, bytes, boxes and lossless conversions. */
final class Primitives {

  private Primitives() {}

  static char letter(Class<?> primitive) {
    return MethodType.methodType(primitive).toMethodDescriptorString().charAt(2);
  }

  static @Nullable Class<?> unboxed(Class<?> type) {
    Class<?> primitive = MethodType.methodType(type).unwrap().returnType();
    return primitive.isPrimitive() ? primitive : null;
  }

  static void write(Output out, char kind, Object value) {
    switch (kind) {
      case 'I':
        out.writeVarInt((Integer) value, false);
        break;
      case 'J':
        out.writeVarLong((Long) value, false);
        break;
      case 'Z':
        out.writeBoolean((Boolean) value);
        break;
      case 'B':
        out.writeByte((Byte) value);
        break;
      case 'S':
        out.writeShort((Short) value);
        break;
      case 'C':
        out.writeVarInt((Character) value, true);
        break;
      case 'F':
        out.writeFloat((Float) value);
        break;
      case 'D':
        out.writeDouble((Double) value);
        break;
      default:
        throw new IllegalArgumentException("kind " + kind);
    }
  }

  static Object read(Input in, char kind) {
    switch (kind) {
      case 'I':
        return in.readVarInt(false);
      case 'J':
        return in.readVarLong(false);
      case 'Z':
        return in.readBoolean();
      case 'B':
        return in.readByte();
      case 'S':
        return in.readShort();
      case 'C':
        return (char) in.readVarInt(true);
      case 'F':
        return in.readFloat();
      case 'D':
        return in.readDouble();
      default:
        throw new CodecException("a field of unknown kind");
    }
  }

  /** The box for the primitive type that holds the same value; null where there is none. */
  static @Nullable Object convert(Object value, @Nullable Class<?> to) {
    if (to == null) {
      return null;
    }
    if (unboxed(value.getClass()) == to) {
      return value;
    }
    return value instanceof Number ? number((Number) value, to) : null;
  }

  private static @Nullable Object number(Number value, Class<?> to) {
    Number converted = null;
    if (to == long.class) {
      converted = value.longValue();
    } else if (to == int.class) {
      converted = value.intValue();
    } else if (to == short.class) {
      converted = value.shortValue();
    } else if (to == byte.class) {
      converted = value.byteValue();
    } else if (to == double.class) {
      converted = value.doubleValue();
    } else if (to == float.class) {
      converted = value.floatValue();
    }
    return converted != null && same(value, converted) ? converted : null;
  }

  private static boolean same(Number a, Number b) {
    return a.longValue() == b.longValue() && Double.compare(a.doubleValue(), b.doubleValue()) == 0;
  }
}
