package dev.carryover.codec;

import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Field;
import java.util.ArrayList;
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

  /** From the object straight to the bytes. */
  abstract void write(Graph graph, Output out, Object target);

  static void write(Graph graph, Output out, List<FieldInfo> infos, @Nullable Object[] values) {
    int i = 0;
    try {
      for (; i < values.length; i++) {
        graph.writeValue(out, infos.get(i).kind, values[i]);
      }
    } catch (RuntimeException e) {
      throw CodecException.in(infos.get(i).name, e);
    }
  }

  /**
   * Access for the fields of the class. Before JDK 24 by {@code Unsafe}, which these do not warn
   * of; from then on by method handles, or, for fields of the JDK's own classes, through its own
   * serialisation door.
   */
  static FieldAccess of(Class<?> type, List<FieldInfo> infos) {
    List<FieldInfo> had = new ArrayList<>();
    for (FieldInfo info : infos) {
      if (declared(type, info) != null) {
        had.add(info);
      }
    }
    return had.size() == infos.size()
        ? ofAll(type, infos)
        : new PartialFields(type, infos, had, had.isEmpty() ? null : ofAll(type, had));
  }

  private static FieldAccess ofAll(Class<?> type, List<FieldInfo> infos) {
    if (!Platform.HAS_DEFAULT_ACCESS && UnsafeFields.canReach(type)) {
      return new UnsafeFields(type, infos);
    }
    FieldAccess handles = Platform.owns(type) ? null : HandleFields.of(type, infos);
    return handles == null ? new DefaultFields(type, infos) : handles;
  }

  /** Null if the class declares it for serialisation without having it, or of another type. */
  private static @Nullable Field declared(Class<?> type, FieldInfo info) {
    try {
      Field field = type.getDeclaredField(info.name);
      return field.getType() == info.type ? field : null;
    } catch (NoSuchFieldException e) {
      return null;
    }
  }

  static Field field(Class<?> type, FieldInfo info) {
    Field field = declared(type, info);
    if (field == null) {
      throw new CodecException(type.getName() + " lacks its field " + info.name);
    }
    return field;
  }
}
