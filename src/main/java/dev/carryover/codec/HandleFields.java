package dev.carryover.codec;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fields of classes that let themselves be reflected upon, by method handles. */
final class HandleFields extends DirectFields {

  private final MethodHandle[] getters;

  /** None for records, which are built otherwise. */
  private final MethodHandle[] setters;

  private HandleFields(List<FieldInfo> infos, MethodHandle[] getters, MethodHandle[] setters) {
    super(infos);
    this.getters = getters;
    this.setters = setters;
  }

  /** Null if the class does not let its fields be reached. */
  static @Nullable FieldAccess of(Class<?> type, List<FieldInfo> infos) {
    boolean settable = !Platform.isRecord(type);
    MethodHandle[] getters = new MethodHandle[infos.size()];
    MethodHandle[] setters = new MethodHandle[settable ? infos.size() : 0];
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    try {
      for (int i = 0; i < getters.length; i++) {
        Field field = field(type, infos.get(i));
        if (!field.trySetAccessible()) {
          return null;
        }
        Class<?> value = infos.get(i).isPrimitive() ? field.getType() : Object.class;
        getters[i] =
            lookup.unreflectGetter(field).asType(MethodType.methodType(value, Object.class));
        if (settable) {
          setters[i] =
              lookup
                  .unreflectSetter(field)
                  .asType(MethodType.methodType(void.class, Object.class, value));
        }
      }
    } catch (IllegalAccessException e) {
      return null;
    }
    return new HandleFields(infos, getters, setters);
  }

  private static CodecException failure(Throwable e) {
    return CodecException.of(Failures.unlessFatal(e));
  }

  @Override
  int getInt(Object target, int field) {
    try {
      return (int) getters[field].invokeExact(target);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  long getLong(Object target, int field) {
    try {
      return (long) getters[field].invokeExact(target);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  boolean getBoolean(Object target, int field) {
    try {
      return (boolean) getters[field].invokeExact(target);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  byte getByte(Object target, int field) {
    try {
      return (byte) getters[field].invokeExact(target);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  short getShort(Object target, int field) {
    try {
      return (short) getters[field].invokeExact(target);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  char getChar(Object target, int field) {
    try {
      return (char) getters[field].invokeExact(target);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  float getFloat(Object target, int field) {
    try {
      return (float) getters[field].invokeExact(target);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  double getDouble(Object target, int field) {
    try {
      return (double) getters[field].invokeExact(target);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  @Nullable Object getReference(Object target, int field) {
    try {
      return (Object) getters[field].invokeExact(target);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  void setInt(Object target, int field, int value) {
    try {
      setters[field].invokeExact(target, value);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  void setLong(Object target, int field, long value) {
    try {
      setters[field].invokeExact(target, value);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  void setBoolean(Object target, int field, boolean value) {
    try {
      setters[field].invokeExact(target, value);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  void setByte(Object target, int field, byte value) {
    try {
      setters[field].invokeExact(target, value);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  void setShort(Object target, int field, short value) {
    try {
      setters[field].invokeExact(target, value);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  void setChar(Object target, int field, char value) {
    try {
      setters[field].invokeExact(target, value);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  void setFloat(Object target, int field, float value) {
    try {
      setters[field].invokeExact(target, value);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  void setDouble(Object target, int field, double value) {
    try {
      setters[field].invokeExact(target, value);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  @Override
  void setReference(Object target, int field, @Nullable Object value) {
    try {
      setters[field].invokeExact(target, value);
    } catch (Throwable e) {
      throw failure(e);
    }
  }
}
