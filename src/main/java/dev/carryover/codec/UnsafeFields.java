package dev.carryover.codec;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fields of the JDK's classes before JDK 24, through {@code sun.misc.Unsafe}.
 *
 * <p>Unsafe believes everything it is told, so each value's type is checked before it is set.
 */
final class UnsafeFields extends FieldAccess {

  private static final Class<?> TYPE = Platform.bootClass("sun.misc.Unsafe");
  private static final Object UNSAFE = unsafe();
  private static final Map<Class<?>, Method> GETTERS = new HashMap<>();
  private static final Map<Class<?>, Method> SETTERS = new HashMap<>();

  static {
    Class<?>[] types = {
      int.class,
      long.class,
      boolean.class,
      byte.class,
      short.class,
      char.class,
      float.class,
      double.class,
      Object.class
    };
    for (Class<?> type : types) {
      String simple = type.getSimpleName();
      String name = Character.toUpperCase(simple.charAt(0)) + simple.substring(1);
      GETTERS.put(type, method("get" + name, Object.class, long.class));
      SETTERS.put(type, method("put" + name, Object.class, long.class, type));
    }
  }

  private final List<FieldInfo> infos;
  private final long[] offsets;

  UnsafeFields(Class<?> type, List<FieldInfo> infos) {
    this.infos = infos;
    this.offsets = new long[infos.size()];
    Method offset = method("objectFieldOffset", Field.class);
    for (int i = 0; i < offsets.length; i++) {
      Field field = declared(type, infos.get(i));
      if (field.getType() != infos.get(i).type) {
        throw new CodecException(type.getName() + "." + field.getName() + " has another type");
      }
      offsets[i] = (Long) call(offset, field);
    }
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

  private static Method method(String name, Class<?>... parameters) {
    try {
      return TYPE.getMethod(name, parameters);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("this JVM's Unsafe lacks " + name, e);
    }
  }

  private static Object call(Method method, @Nullable Object... arguments) {
    try {
      return method.invoke(UNSAFE, arguments);
    } catch (InvocationTargetException e) {
      throw CodecException.of(e.getCause() == null ? e : e.getCause());
    } catch (IllegalAccessException e) {
      throw new CodecException("Unsafe can't be reached", e);
    }
  }

  private static Method accessor(Map<Class<?>, Method> accessors, FieldInfo info) {
    Method method = accessors.get(info.isPrimitive() ? info.type : Object.class);
    if (method == null) {
      throw new IllegalStateException("no accessor for " + info.type);
    }
    return method;
  }

  @Override
  @Nullable Object[] get(Object target) {
    @Nullable Object[] values = new Object[offsets.length];
    for (int i = 0; i < offsets.length; i++) {
      values[i] = call(accessor(GETTERS, infos.get(i)), target, offsets[i]);
    }
    return values;
  }

  @Override
  void set(Object target, @Nullable Object[] values) {
    for (int i = 0; i < offsets.length; i++) {
      if (values[i] != ABSENT) {
        FieldInfo info = infos.get(i);
        call(accessor(SETTERS, info), target, offsets[i], info.fit(values[i]));
      }
    }
  }
}
