package dev.carryover.codec;

import java.io.Externalizable;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the codec knows of a class whose objects it carries field by field or by their own methods.
 */
final class Shape {

  final Class<?> type;

  /** Superclasses first, as in Java serialisation. */
  final List<Level> levels;

  private final @Nullable Constructor<?> constructor;
  private final @Nullable MethodHandle readResolve;

  Shape(Class<?> type, Shapes shapes) {
    this.type = type;
    Constructor<?> serial = serialConstructor(type);
    boolean plain = serial == null && !Externalizable.class.isAssignableFrom(type);
    this.constructor = plain ? bare(type) : serial;
    this.levels = levels(plain ? shapes.plainLevel(type) : shapes.level(type));
    this.readResolve =
        Platform.handle("readResolveForSerialization", type, Shapes.OBJECT_TO_OBJECT);
  }

  /**
   * Null for a bean that is not Serializable, and for one whose superclass leaves Java
   * serialisation without a constructor: such are carried with all fields of all their classes.
   */
  private static @Nullable Constructor<?> serialConstructor(Class<?> type) {
    return Serializable.class.isAssignableFrom(type)
        ? Platform.serializationConstructor(type)
        : null;
  }

  private static @Nullable Constructor<?> bare(Class<?> type) {
    boolean instantiable =
        !type.isInterface() && !java.lang.reflect.Modifier.isAbstract(type.getModifiers());
    return instantiable ? Platform.bareConstructor(type) : null;
  }

  private static List<Level> levels(Level own) {
    List<Level> levels = new ArrayList<>();
    for (Level level = own; level != null; level = level.parent) {
      levels.add(level);
    }
    Collections.reverse(levels);
    return levels;
  }

  /** The class's own. */
  Level own() {
    return levels.get(levels.size() - 1);
  }

  /** The class's place in the hierarchy; -1 if it has none. */
  int indexOf(Class<?> level) {
    for (int i = 0; i < levels.size(); i++) {
      if (levels.get(i).type == level) {
        return i;
      }
    }
    return -1;
  }

  /** Whether one of its fields is of this very type. */
  boolean has(Class<?> fieldType) {
    for (Level level : levels) {
      for (FieldInfo field : level.fields) {
        if (field.type == fieldType) {
          return true;
        }
      }
    }
    return false;
  }

  Object newInstance() {
    if (constructor == null) {
      throw new CodecException(type.getName() + " can't be instantiated");
    }
    try {
      return constructor.newInstance();
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw CodecException.of(Failures.unlessFatal(cause));
    } catch (ReflectiveOperationException e) {
      throw new CodecException(type.getName() + " can't be instantiated", e);
    }
  }

  boolean resolves() {
    return readResolve != null;
  }

  @Nullable Object resolve(Object read) {
    if (readResolve == null) {
      return read;
    }
    try {
      return (Object) readResolve.invokeExact(read);
    } catch (Throwable e) {
      throw CodecException.of(Failures.unlessFatal(e));
    }
  }
}
