package dev.carryover.codec;

import com.esotericsoftware.kryo.Serializer;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** How a codec carries the objects of one class. Thread-safe. */
final class Carried {

  final Class<?> actual;

  /** As the bytes name it: of proxies and of constants with bodies another than the object's. */
  final Class<?> type;

  /** Of all classes that the codec has met. */
  final int index;

  final Form form;
  final Serializer<Object> serializer;

  /** Whether an object that comes again is referred to. */
  final boolean shared;

  /** Whether the bytes describe the class's fields where they first name it. */
  final boolean described;

  final @Nullable MethodHandle writeReplace;

  /** Not Serializable, and carried all the same. */
  final boolean bean;

  /** Whether its objects are, or may be, no data although they are Serializable. */
  final boolean suspect;

  /** Whether its objects have a class for themselves, as an EnumMap has. Only the JDK's may. */
  final boolean ownsAClass;

  /** Whether any of these is so. */
  final boolean watched;

  private final Shapes shapes;
  private volatile @Nullable Description description;

  /** What introduces an object, where that is a number and nothing more; 0 until that is known. */
  private int bareToken;

  @SuppressWarnings("unchecked")
  Carried(Class<?> actual, int index, Shapes shapes) {
    this.actual = actual;
    this.index = index;
    this.shapes = shapes;
    this.type = named(actual);
    this.form = Form.of(type);
    this.serializer = (Serializer<Object>) shapes.serializer(type);
    this.shared = !NumberedTypes.isUnshared(type);
    this.described = form == Form.FIELDS && !shapes.isNative(type);
    this.writeReplace = shapes.writeReplace(actual);
    this.bean = form == Form.FIELDS && !Serializable.class.isAssignableFrom(type) && described;
    this.suspect =
        type == Class.class || Handles.isLock(type) || Handles.isSerializableHandle(type);
    this.ownsAClass =
        described
            && Platform.owns(type)
            && Serializable.class.isAssignableFrom(type)
            && shapes.shape(type).has(Class.class);
    this.watched = bean || suspect || ownsAClass;
  }

  /** Of a class that is not found here. */
  private Carried(String reason, Form form, Shapes shapes) {
    this.actual = Missing.class;
    this.index = -1;
    this.shapes = shapes;
    this.type = Missing.class;
    this.form = form;
    this.serializer = new Missing.Reader(reason, form);
    this.shared = true;
    this.described = form == Form.FIELDS;
    this.writeReplace = null;
    this.bean = false;
    this.suspect = false;
    this.ownsAClass = false;
    this.watched = false;
  }

  static Carried missing(String name, Form form, Shapes shapes) {
    return new Carried(Shapes.notFound(name), form, shapes);
  }

  private static Class<?> named(Class<?> actual) {
    if (Proxy.isProxyClass(actual)) {
      return Proxy.class;
    }
    Class<?> superclass = actual.getSuperclass();
    return superclass != null && superclass.isEnum() ? superclass : actual;
  }

  /** Throws if the class can't be named so that other nodes find it. */
  Description description() {
    Description known = description;
    return known == null ? describeOnce() : known;
  }

  /** Tables of what was written go by its identity. */
  private synchronized Description describeOnce() {
    Description known = description;
    if (known == null) {
      known = describe();
      description = known;
      bareToken = known.isEmpty() ? known.token : 0;
    }
    return known;
  }

  int bareToken() {
    return bareToken;
  }

  private Description describe() {
    int token = shapes.token(type);
    if (token == Tokens.NEW) {
      shapes.checkNameable(type);
    }
    if (serializer instanceof Refusing) {
      throw ((Refusing) serializer).refusal();
    }
    if (described) {
      return shapes.shape(type).own().description(shapes);
    }
    return token == Tokens.NEW
        ? Description.ofForm(type.getName(), form)
        : Description.ofNumber(token);
  }

  boolean isMissing() {
    return type == Missing.class;
  }

  /** Whether the object read is replaced at the end, by the class's {@code readResolve}. */
  boolean resolves() {
    return serializer instanceof ResolvingSerializer && shapes.shape(type).resolves();
  }
}
