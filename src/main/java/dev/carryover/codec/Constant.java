package dev.carryover.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stands, in the bytes, for an object that a static final field of its own class holds, such as an
 * enum's constant from before there were enums. Of a bean that is not Serializable, and has no
 * equals of its own: a copy of such a constant would no longer be equal to it.
 */
final class Constant {

  private final Class<?> type;
  private final String field;

  private Constant(Class<?> type, String field) {
    this.type = type;
    this.field = field;
  }

  /**
   * What replaces the class's constants by this, and leaves other objects alone; null for a class
   * without constants.
   */
  static @Nullable MethodHandle replacer(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    if (hasIdentity(type)) {
      for (Field field : type.getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers())
            && field.getType() == type
            && field.trySetAccessible()) {
          fields.add(field);
        }
      }
    }
    return fields.isEmpty() ? null : new Replacer(fields).handle();
  }

  private static boolean hasIdentity(Class<?> type) {
    try {
      return type.getMethod("equals", Object.class).getDeclaringClass() == Object.class;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  private static final class Replacer {

    private final List<Field> fields;

    Replacer(List<Field> fields) {
      this.fields = fields;
    }

    MethodHandle handle() {
      try {
        return MethodHandles.lookup().bind(this, "replace", Shapes.OBJECT_TO_OBJECT);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }

    @SuppressWarnings("UnusedMethod") // called through its handle
    Object replace(Object object) throws IllegalAccessException {
      for (Field field : fields) {
        if (field.get(null) == object) {
          return constant(field);
        }
      }
      return object;
    }

    /** A field that may change says nothing of what it holds on another node. */
    private static Constant constant(Field field) {
      String type = field.getType().getName();
      if (!Modifier.isFinal(field.getModifiers())) {
        throw new CodecException(
            type + " can't be carried: it is what " + field.getName() + " of its class holds");
      }
      return new Constant(field.getType(), field.getName());
    }
  }

  static final class OfConstant extends Serializer<Object> {

    @Override
    public void write(Kryo kryo, Output out, Object object) {
      Graph graph = (Graph) kryo;
      Constant constant = (Constant) object;
      graph.beans().met(constant.type);
      graph.writeClassName(out, constant.type);
      Strings.write(out, constant.field);
    }

    @Override
    public @Nullable Object read(Kryo kryo, Input in, Class<? extends Object> type) {
      Graph graph = (Graph) kryo;
      String className = Strings.read(in);
      String fieldName = Strings.read(in);
      Class<?> home = graph.findClass(className);
      if (home == null) {
        graph.missing(Shapes.notFound(className));
        return null;
      }
      Object value = graph.shapes().carriable().isBean(home) ? value(home, fieldName) : null;
      if (value == null) {
        graph.missing(home.getName() + " has not that constant here");
      }
      return value;
    }

    private static @Nullable Object value(Class<?> home, String name) {
      try {
        Field field = home.getDeclaredField(name);
        int required = Modifier.STATIC | Modifier.FINAL;
        boolean constant = (field.getModifiers() & required) == required && field.getType() == home;
        return constant && field.trySetAccessible() ? field.get(null) : null;
      } catch (NoSuchFieldException e) {
        return null;
      } catch (IllegalAccessException e) {
        throw new CodecException(home.getName() + " hides its constants", e);
      }
    }
  }
}
