package dev.carryover.codec;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads and sets the carried fields of one class, all at once, in the order of its {@link Level}.
 */
abstract class FieldAccess {

  /** Stands for a field that the bytes do not have: it keeps what it has. */
  static final Object ABSENT = new Object();

  abstract @Nullable Object[] get(Object target);

  abstract void set(Object target, @Nullable Object[] values);

  /**
   * Access for the fields of the class. Fields of applications are reached by reflection; those of
   * the JDK through its own serialisation door, which JDKs before 24 lack: there {@code Unsafe},
   * which these do not warn of.
   */
  static FieldAccess of(Class<?> type, List<FieldInfo> infos) {
    if (!Platform.owns(type)) {
      FieldAccess reflected = ReflectedFields.of(type, infos);
      if (reflected != null) {
        return reflected;
      }
    }
    return Platform.HAS_DEFAULT_ACCESS
        ? new DefaultFields(type, infos)
        : new UnsafeFields(type, infos);
  }

  static Field declared(Class<?> type, FieldInfo info) {
    try {
      return type.getDeclaredField(info.name);
    } catch (NoSuchFieldException e) {
      throw new CodecException(type.getName() + " lacks its field " + info.name, e);
    }
  }

  /** Fields of classes that let themselves be reflected upon. */
  private static final class ReflectedFields extends FieldAccess {

    private final Field[] fields;

    private ReflectedFields(Field[] fields) {
      this.fields = fields;
    }

    static @Nullable FieldAccess of(Class<?> type, List<FieldInfo> infos) {
      Field[] fields = new Field[infos.size()];
      for (int i = 0; i < fields.length; i++) {
        fields[i] = declared(type, infos.get(i));
        if (!fields[i].trySetAccessible()) {
          return null;
        }
      }
      return new ReflectedFields(fields);
    }

    @Override
    @Nullable Object[] get(Object target) {
      @Nullable Object[] values = new Object[fields.length];
      try {
        for (int i = 0; i < fields.length; i++) {
          values[i] = fields[i].get(target);
        }
      } catch (IllegalAccessException e) {
        throw new CodecException("fields can't be read", e);
      }
      return values;
    }

    @Override
    void set(Object target, @Nullable Object[] values) {
      try {
        for (int i = 0; i < fields.length; i++) {
          if (values[i] != ABSENT) {
            fields[i].set(target, values[i]);
          }
        }
      } catch (IllegalAccessException e) {
        throw new CodecException("fields can't be set", e);
      }
    }
  }

  /** Fields of the JDK's classes, from JDK 24 on. */
  private static final class DefaultFields extends FieldAccess {

    private final List<FieldInfo> infos;
    private final ObjectStreamClass streamClass;
    private final MethodHandle reader;
    private final MethodHandle writer;

    DefaultFields(Class<?> type, List<FieldInfo> infos) {
      this.infos = infos;
      this.streamClass = ObjectStreamClass.lookupAny(type);
      this.reader = required(type, "defaultReadObjectForSerialization", ObjectInputStream.class);
      this.writer = required(type, "defaultWriteObjectForSerialization", ObjectOutputStream.class);
    }

    private static MethodHandle required(Class<?> type, String method, Class<?> stream) {
      MethodHandle handle =
          Platform.handle(method, type, MethodType.methodType(void.class, Object.class, stream));
      if (handle == null) {
        throw new CodecException(type.getName() + " keeps its fields to itself");
      }
      return handle;
    }

    @Override
    @Nullable Object[] get(Object target) {
      FieldValues values = new FieldValues(infos);
      try {
        writer.invokeExact(target, (ObjectOutputStream) new Taker(values));
      } catch (Throwable e) {
        throw CodecException.of(Failures.unlessFatal(e));
      }
      return values.all();
    }

    @Override
    void set(Object target, @Nullable Object[] all) {
      FieldValues values = new FieldValues(infos, all, streamClass);
      try {
        reader.invokeExact(target, (ObjectInputStream) new Giver(values));
      } catch (Throwable e) {
        throw CodecException.of(Failures.unlessFatal(e));
      }
    }

    private static final class Taker extends ObjectOutputStream {

      private final FieldValues values;

      Taker(FieldValues values) throws IOException {
        this.values = values;
      }

      @Override
      public PutField putFields() {
        return values.putter();
      }

      @Override
      public void writeFields() {}
    }

    private static final class Giver extends ObjectInputStream {

      private final FieldValues values;

      Giver(FieldValues values) throws IOException {
        this.values = values;
      }

      @Override
      public GetField readFields() {
        return values.getter();
      }
    }
  }
}
