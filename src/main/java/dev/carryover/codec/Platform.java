package dev.carryover.codec;

import java.io.Externalizable;
import java.io.OptionalDataException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's door for serialisation libraries: {@code sun.reflect.ReflectionFactory} of the module
 * {@code jdk.unsupported}, which every JDK opens to everyone.
 *
 * <p>It hands out the private {@code writeObject}, {@code readObject}, {@code writeReplace} and
 * {@code readResolve} of any Serializable class, the JDK's own included, without {@code
 * --add-opens}. It is reached by reflection because javac warns of it and cannot be told not to.
 */
final class Platform {

  private static final Class<?> FACTORY_TYPE = bootClass("sun.reflect.ReflectionFactory");
  private static final Object FACTORY = factory();

  /** From JDK 24 on; before, {@link UnsafeFields} does what it does without a warning. */
  static final boolean HAS_DEFAULT_ACCESS = has("defaultReadObjectForSerialization");

  /** Null before JDK 16. */
  static final @Nullable Class<?> RECORD = recordType();

  private Platform() {}

  static Class<?> bootClass(String name) {
    try {
      return Class.forName(name, true, null);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("this JVM lacks " + name + " (module jdk.unsupported)", e);
    }
  }

  /** The JDK's class of that name; null if this one has none. */
  static @Nullable Class<?> classOrNull(String name) {
    try {
      return Class.forName(name, false, ClassLoader.getPlatformClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      return null;
    }
  }

  private static Object factory() {
    try {
      return FACTORY_TYPE.getMethod("getReflectionFactory").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JVM does not hand out its ReflectionFactory", e);
    }
  }

  private static boolean has(String method) {
    try {
      FACTORY_TYPE.getMethod(method, Class.class);
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  private static @Nullable Class<?> recordType() {
    try {
      return Class.forName("java.lang.Record", false, null);
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  static boolean isRecord(Class<?> type) {
    return RECORD != null && type.getSuperclass() == RECORD;
  }

  /** Whether the class is the JDK's own. */
  static boolean owns(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader == null || loader == ClassLoader.getPlatformClassLoader();
  }

  /**
   * Named method of the factory for the class, its result and parameters widened to Object and
   * stream.
   */
  static @Nullable MethodHandle handle(String method, Class<?> type, MethodType widened) {
    MethodHandle handle = (MethodHandle) ask(method, type);
    return handle == null ? null : handle.asType(widened);
  }

  /** The constructor serialisation uses: runs the first non-Serializable superclass's own. */
  static @Nullable Constructor<?> serializationConstructor(Class<?> type) {
    String method =
        Externalizable.class.isAssignableFrom(type)
            ? "newConstructorForExternalization"
            : "newConstructorForSerialization";
    return (Constructor<?>) ask(method, type);
  }

  /** A constructor that runs none but Object's. */
  static Constructor<?> bareConstructor(Class<?> type) {
    try {
      Method maker =
          FACTORY_TYPE.getMethod("newConstructorForSerialization", Class.class, Constructor.class);
      return (Constructor<?>) maker.invoke(FACTORY, type, Object.class.getDeclaredConstructor());
    } catch (ReflectiveOperationException e) {
      throw new CodecException(type.getName() + " can't be instantiated", e);
    }
  }

  static OptionalDataException optionalData(boolean end) {
    try {
      Method maker =
          FACTORY_TYPE.getMethod("newOptionalDataExceptionForSerialization", boolean.class);
      return (OptionalDataException) maker.invoke(FACTORY, end);
    } catch (ReflectiveOperationException e) {
      throw new CodecException("no more data", e);
    }
  }

  private static @Nullable Object ask(String method, Class<?> type) {
    try {
      return FACTORY_TYPE.getMethod(method, Class.class).invoke(FACTORY, type);
    } catch (InvocationTargetException e) {
      throw new CodecException(type.getName() + " can't be examined", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new CodecException(type.getName() + " can't be examined", e);
    }
  }

  /**
   * The canonical constructor and the accessors of a record, without needing records to compile.
   */
  static MethodHandle recordConstructor(Class<?> type, Class<?>[] components) {
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(components);
      constructor.setAccessible(true);
      return MethodHandles.lookup()
          .unreflectConstructor(constructor)
          .asType(MethodType.methodType(Object.class, components))
          .asSpreader(Object[].class, components.length)
          .asType(MethodType.methodType(Object.class, Object[].class));
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new CodecException(type.getName() + " has no reachable canonical constructor", e);
    }
  }

  static Object[] recordComponents(Class<?> type) {
    try {
      return (Object[]) Class.class.getMethod("getRecordComponents").invoke(type);
    } catch (ReflectiveOperationException e) {
      throw new CodecException(type.getName() + " can't be examined", e);
    }
  }

  static Object componentProperty(Object component, String method) {
    try {
      return Class.forName("java.lang.reflect.RecordComponent").getMethod(method).invoke(component);
    } catch (ReflectiveOperationException e) {
      throw new CodecException("a record's component can't be examined", e);
    }
  }
}
