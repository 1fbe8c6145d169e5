package dev.carryover.codec;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fields before JDK 24, through {@code sun.misc.Unsafe}. It is called by constant method handles,
 * since javac warns of it and cannot be told not to; compiled, they cost nothing.
 *
 * <p>Unsafe believes everything it is told: the objects given are of the class, and values were
 * made to {@link FieldInfo#fit}.
 */
final class UnsafeFields extends DirectFields {

  private static final Class<?> TYPE = Platform.bootClass("sun.misc.Unsafe");
  private static final Object UNSAFE = unsafe();

  private static final MethodHandle GET_INT = getter("getInt", int.class);
  private static final MethodHandle GET_LONG = getter("getLong", long.class);
  private static final MethodHandle GET_BOOLEAN = getter("getBoolean", boolean.class);
  private static final MethodHandle GET_BYTE = getter("getByte", byte.class);
  private static final MethodHandle GET_SHORT = getter("getShort", short.class);
  private static final MethodHandle GET_CHAR = getter("getChar", char.class);
  private static final MethodHandle GET_FLOAT = getter("getFloat", float.class);
  private static final MethodHandle GET_DOUBLE = getter("getDouble", double.class);
  private static final MethodHandle GET_OBJECT = getter("getObject", Object.class);
  private static final MethodHandle PUT_INT = setter("putInt", int.class);
  private static final MethodHandle PUT_LONG = setter("putLong", long.class);
  private static final MethodHandle PUT_BOOLEAN = setter("putBoolean", boolean.class);
  private static final MethodHandle PUT_BYTE = setter("putByte", byte.class);
  private static final MethodHandle PUT_SHORT = setter("putShort", short.class);
  private static final MethodHandle PUT_CHAR = setter("putChar", char.class);
  private static final MethodHandle PUT_FLOAT = setter("putFloat", float.class);
  private static final MethodHandle PUT_DOUBLE = setter("putDouble", double.class);
  private static final MethodHandle PUT_OBJECT = setter("putObject", Object.class);
  private static final MethodHandle OFFSET =
      method("objectFieldOffset", MethodType.methodType(long.class, Field.class));

  private final long[] offsets;

  UnsafeFields(Class<?> type, List<FieldInfo> infos) {
    super(infos);
    this.offsets = new long[infos.size()];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = offset(field(type, infos.get(i)));
    }
  }

  /** Not those of records and of classes that have no name to be found by. */
  static boolean canReach(Class<?> type) {
    return !Platform.isRecord(type) && type.getName().indexOf('/') < 0;
  }

  private static Object unsafe() {
    try {
      Field field = TYPE.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return field.get(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JVM does not hand out sun.misc.Unsafe", e);
    }
  }

  private static MethodHandle method(String name, MethodType type) {
    try {
      return MethodHandles.publicLookup().findVirtual(TYPE, name, type).bindTo(UNSAFE);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JVM's Unsafe lacks " + name, e);
    }
  }

  private static MethodHandle getter(String name, Class<?> value) {
    return method(name, MethodType.methodType(value, Object.class, long.class));
  }

  private static MethodHandle setter(String name, Class<?> value) {
    return method(name, MethodType.methodType(void.class, Object.class, long.class, value));
  }

  private static long offset(Field field) {
    try {
      return (long) OFFSET.invokeExact(field);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  private static CodecException failure(Throwable e) {
    return CodecException.of(Failures.unlessFatal(e));
  }

  @Override
  int getInt(Object target, int field) {
    try {
      return (int) GET_INT.invokeExact(target, offsets[field]);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  long getLong(Object target, int field) {
    try {
      return (long) GET_LONG.invokeExact(target, offsets[field]);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  boolean getBoolean(Object target, int field) {
    try {
      return (boolean) GET_BOOLEAN.invokeExact(target, offsets[field]);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  byte getByte(Object target, int field) {
    try {
      return (byte) GET_BYTE.invokeExact(target, offsets[field]);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  short getShort(Object target, int field) {
    try {
      return (short) GET_SHORT.invokeExact(target, offsets[field]);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  char getChar(Object target, int field) {
    try {
      return (char) GET_CHAR.invokeExact(target, offsets[field]);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  float getFloat(Object target, int field) {
    try {
      return (float) GET_FLOAT.invokeExact(target, offsets[field]);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  double getDouble(Object target, int field) {
    try {
      return (double) GET_DOUBLE.invokeExact(target, offsets[field]);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  @Nullable Object getReference(Object target, int field) {
    try {
      return (Object) GET_OBJECT.invokeExact(target, offsets[field]);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  void setInt(Object target, int field, int value) {
    try {
      PUT_INT.invokeExact(target, offsets[field], value);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  void setLong(Object target, int field, long value) {
    try {
      PUT_LONG.invokeExact(target, offsets[field], value);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  void setBoolean(Object target, int field, boolean value) {
    try {
      PUT_BOOLEAN.invokeExact(target, offsets[field], value);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  void setByte(Object target, int field, byte value) {
    try {
      PUT_BYTE.invokeExact(target, offsets[field], value);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  void setShort(Object target, int field, short value) {
    try {
      PUT_SHORT.invokeExact(target, offsets[field], value);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  void setChar(Object target, int field, char value) {
    try {
      PUT_CHAR.invokeExact(target, offsets[field], value);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  void setFloat(Object target, int field, float value) {
    try {
      PUT_FLOAT.invokeExact(target, offsets[field], value);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  void setDouble(Object target, int field, double value) {
    try {
      PUT_DOUBLE.invokeExact(target, offsets[field], value);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  void setReference(Object target, int field, @Nullable Object value) {
    try {
      PUT_OBJECT.invokeExact(target, offsets[field], value);
    } catch (Throwable e) {
      throw failure(e);
    }
  }
}
