package dev.carryover.codec;

import com.esotericsoftware.kryo.io.Output;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamField;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One class of an object's hierarchy: its own fields, and what it does itself to write and read
 * them.
 */
final class Level {

  private static final MethodType WRITER =
      MethodType.methodType(void.class, Object.class, ObjectOutputStream.class);
  private static final MethodType READER =
      MethodType.methodType(void.class, Object.class, ObjectInputStream.class);
  private static final MethodType STARTER = MethodType.methodType(void.class, Object.class);

  final Class<?> type;
  final List<FieldInfo> fields;
  final @Nullable MethodHandle writeObject;
  final @Nullable MethodHandle readObject;
  final @Nullable MethodHandle readObjectNoData;

  /** The serialVersionUID that the application wrote down; null where it left that to the JVM. */
  final @Nullable Long uid;

  /** The superclass, where it is carried too: always in a bean that is not Serializable. */
  final @Nullable Level parent;

  /** Which of the objects that it writes by itself are keys of a hash table. */
  final KeyGuard.Contents contents;

  private volatile @Nullable FieldAccess access;
  private volatile @Nullable Description description;

  Level(Class<?> type, @Nullable Level parent) {
    boolean serializable = Serializable.class.isAssignableFrom(type);
    this.type = type;
    this.parent = parent;
    this.fields = serializable ? serialFields(type) : plainFields(type);
    this.writeObject = Platform.handle("writeObjectForSerialization", type, WRITER);
    this.readObject = Platform.handle("readObjectForSerialization", type, READER);
    this.readObjectNoData = serializable ? noDataReader(type) : null;
    this.contents = KeyGuard.Contents.of(type);
    this.uid = serializable && !Platform.owns(type) ? declaredUid(type) : null;
  }

  private static List<FieldInfo> serialFields(Class<?> type) {
    List<FieldInfo> fields = new ArrayList<>();
    for (ObjectStreamField field : ObjectStreamClass.lookup(type).getFields()) {
      if (!isCapacity(type, field.getName())) {
        fields.add(new FieldInfo(field.getName(), field.getType()));
      }
    }
    return fields;
  }

  private static List<FieldInfo> plainFields(Class<?> type) {
    List<FieldInfo> fields = new ArrayList<>();
    for (Field field : type.getDeclaredFields()) {
      if ((field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) == 0) {
        fields.add(new FieldInfo(field.getName(), field.getType()));
      }
    }
    fields.sort(Comparator.comparing((FieldInfo f) -> f.name));
    return fields;
  }

  /**
   * How many slots a hash table has is no part of its value: it would make equal maps differ in
   * bytes.
   */
  private static boolean isCapacity(Class<?> type, String field) {
    return (type == HashMap.class || type == Hashtable.class) && field.equals("threshold");
  }

  /**
   * What to put in place of the first int that this class writes by itself, because it is a number
   * of slots: HashMap and HashSet ignore it when read, Hashtable takes it for an upper bound. Null
   * for all other classes.
   */
  @Nullable Integer capacity() {
    if (type == HashMap.class || type == HashSet.class) {
      return 0;
    }
    return type == Hashtable.class ? Integer.MAX_VALUE : null;
  }

  /** By reflection: the JDK's door looks for it with a parameter that it does not have. */
  private static @Nullable MethodHandle noDataReader(Class<?> type) {
    try {
      Method method = type.getDeclaredMethod("readObjectNoData");
      boolean usable =
          method.getReturnType() == void.class
              && Modifier.isPrivate(method.getModifiers())
              && !Modifier.isStatic(method.getModifiers())
              && method.trySetAccessible();
      return usable ? MethodHandles.lookup().unreflect(method).asType(STARTER) : null;
    } catch (NoSuchMethodException e) {
      return null;
    } catch (IllegalAccessException e) {
      throw new CodecException(type.getName() + " hides its readObjectNoData", e);
    }
  }

  private static @Nullable Long declaredUid(Class<?> type) {
    try {
      Field field = type.getDeclaredField("serialVersionUID");
      if (!Modifier.isStatic(field.getModifiers())
          || field.getType() != long.class
          || !field.trySetAccessible()) {
        return null;
      }
      return field.getLong(null);
    } catch (NoSuchFieldException e) {
      return null;
    } catch (IllegalAccessException e) {
      throw new CodecException(type.getName() + " hides its serialVersionUID", e);
    }
  }

  /**
   * Made when first needed: classes that only use putFields and readFields may lack the real
   * fields.
   */
  FieldAccess access() {
    FieldAccess known = access;
    if (known == null) {
      known = FieldAccess.of(type, fields);
      access = known;
    }
    return known;
  }

  /** The place of the field of that name; -1 if there is none. */
  int indexOf(String name) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name.equals(name)) {
        return i;
      }
    }
    return -1;
  }

  @Nullable Object[] get(Object target) {
    return fields.isEmpty() ? new Object[0] : access().get(target);
  }

  void set(Object target, @Nullable Object[] values) {
    if (!fields.isEmpty()) {
      access().set(target, values);
    }
  }

  Description description(Shapes shapes) {
    Description known = description;
    return known == null ? describe(shapes) : known;
  }

  /** Once: tables of what was written go by its identity. */
  private synchronized Description describe(Shapes shapes) {
    Description known = description;
    if (known == null) {
      int token = shapes.token(type);
      if (token == Tokens.NEW) {
        shapes.checkNameable(type);
      }
      Description above = parent == null ? null : parent.description(shapes);
      known = Description.ofFields(token, this, above);
      description = known;
    }
    return known;
  }

  /** Writes the fields as they are in the object. */
  void write(Graph graph, Output out, Object object) {
    if (!fields.isEmpty()) {
      access().write(graph, out, object);
    }
  }

  void writeValues(Graph graph, Output out, @Nullable Object[] values) {
    FieldAccess.write(graph, out, fields, values);
  }
}
