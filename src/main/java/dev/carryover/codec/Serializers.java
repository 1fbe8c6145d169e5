package dev.carryover.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.Externalizable;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which serialiser a class gets that has none by table, and those for kinds of classes. */
final class Serializers {

  private Serializers() {}

  static Serializer<?> forClass(Class<?> type, Shapes shapes) {
    if (type.isArray()) {
      Class<?> component = type.getComponentType();
      return component.isPrimitive() ? new OfPrimitives(component) : new OfArray(component);
    }
    Carriable carriable = shapes.carriable();
    if (!carriable.isReadable(type)) {
      return new Refusing(type.getName() + " can't be carried");
    }
    if (type.isInterface()) {
      return new Refusing(type.getName() + " has no objects of its own");
    }
    Serializer<?> serializer = type.isEnum() ? new OfEnum() : forObjects(type, shapes);
    CodecException refusal = carriable.refusal(type);
    return refusal == null ? serializer : new ReadOnly(serializer, carriable);
  }

  private static Serializer<?> forObjects(Class<?> type, Shapes shapes) {
    Shape shape = shapes.shape(type);
    if (Platform.isRecord(type)) {
      return new OfRecord(shape);
    }
    return Externalizable.class.isAssignableFrom(type)
        ? new ResolvingSerializer.OfExternalizable(shape)
        : new ResolvingSerializer.OfFields(shape);
  }

  /** Reads what may have been written elsewhere, and writes nothing. */
  static final class ReadOnly extends Serializer<Object> {

    private final Serializer<?> reader;
    private final Carriable carriable;

    ReadOnly(Serializer<?> reader, Carriable carriable) {
      this.reader = reader;
      this.carriable = carriable;
    }

    @Override
    public void write(Kryo kryo, Output out, Object object) {
      CodecException refusal = carriable.refusal(object.getClass());
      throw refusal == null ? new CodecException("can't be carried") : refusal;
    }

    @Override
    @SuppressWarnings({"rawtypes", "unchecked"})
    public @Nullable Object read(Kryo kryo, Input in, Class<? extends Object> type) {
      return ((Serializer) reader).read(kryo, in, type);
    }
  }

  /** Constants by name; their order may change. */
  @SuppressWarnings({"rawtypes", "unchecked"})
  private static final class OfEnum extends Serializer<Enum> {

    @Override
    public void write(Kryo kryo, Output out, Enum constant) {
      Strings.write(out, constant.name());
    }

    @Override
    public @Nullable Enum read(Kryo kryo, Input in, Class<? extends Enum> type) {
      String name = Strings.read(in);
      try {
        return Enum.valueOf(type, name);
      } catch (IllegalArgumentException e) {
        ((Graph) kryo).missing(type.getName() + " has not that constant here");
        return null;
      }
    }
  }

  /** Arrays of references. Each element takes a byte at least, which bounds the length. */
  static final class OfArray extends Serializer<Object[]> {

    private final Class<?> component;

    OfArray(Class<?> component) {
      this.component = component;
    }

    @Override
    public void write(Kryo kryo, Output out, Object[] array) {
      ((Graph) kryo).writeLength(out, array.length);
      int i = 0;
      try {
        for (; i < array.length; i++) {
          kryo.writeClassAndObject(out, array[i]);
        }
      } catch (RuntimeException e) {
        throw CodecException.in(i, e);
      }
    }

    @Override
    public Object[] read(Kryo kryo, Input in, Class<? extends Object[]> type) {
      int length = ((Graph) kryo).arrayLength(in, 1);
      Object[] array = (Object[]) Array.newInstance(component, length);
      kryo.reference(array);
      int i = 0;
      try {
        for (; i < length; i++) {
          array[i] = kryo.readClassAndObject(in);
        }
      } catch (RuntimeException e) {
        throw CodecException.in(i, e);
      }
      return array;
    }
  }

  /** Arrays of primitives, each element in its own size. */
  static final class OfPrimitives extends Serializer<Object> {

    private final Class<?> component;

    OfPrimitives(Class<?> component) {
      this.component = component;
    }

    @Override
    public void write(Kryo kryo, Output out, Object array) {
      int length = Array.getLength(array);
      ((Graph) kryo).writeLength(out, length);
      if (array instanceof byte[]) {
        out.writeBytes((byte[]) array);
      } else if (array instanceof int[]) {
        out.writeInts((int[]) array, 0, length);
      } else if (array instanceof long[]) {
        out.writeLongs((long[]) array, 0, length);
      } else if (array instanceof char[]) {
        out.writeChars((char[]) array, 0, length);
      } else if (array instanceof short[]) {
        out.writeShorts((short[]) array, 0, length);
      } else if (array instanceof double[]) {
        out.writeDoubles((double[]) array, 0, length);
      } else if (array instanceof float[]) {
        out.writeFloats((float[]) array, 0, length);
      } else {
        out.writeBooleans((boolean[]) array, 0, length);
      }
    }

    @Override
    public Object read(Kryo kryo, Input in, Class<? extends Object> type) {
      int length = ((Graph) kryo).arrayLength(in, width());
      switch (Primitives.letter(component)) {
        case 'B':
          return in.readBytes(length);
        case 'I':
          return in.readInts(length);
        case 'J':
          return in.readLongs(length);
        case 'C':
          return in.readChars(length);
        case 'S':
          return in.readShorts(length);
        case 'D':
          return in.readDoubles(length);
        case 'F':
          return in.readFloats(length);
        default:
          return in.readBooleans(length);
      }
    }

    private int width() {
      switch (Primitives.letter(component)) {
        case 'J':
        case 'D':
          return Long.BYTES;
        case 'I':
        case 'F':
          return Integer.BYTES;
        case 'C':
        case 'S':
          return Short.BYTES;
        default:
          return 1;
      }
    }
  }

  /**
   * Records through their canonical constructor, which sees every component that the bytes have.
   */
  private static final class OfRecord extends Serializer<Object> {

    private final Shape shape;
    private final Level level;
    private final MethodHandle constructor;
    private final int[] positions;

    OfRecord(Shape shape) {
      this.shape = shape;
      this.level = shape.levels.get(shape.levels.size() - 1);
      Object[] components = Platform.recordComponents(shape.type);
      Class<?>[] types = new Class<?>[components.length];
      this.positions = new int[components.length];
      for (int i = 0; i < components.length; i++) {
        types[i] = (Class<?>) Platform.componentProperty(components[i], "getType");
        positions[i] = level.indexOf((String) Platform.componentProperty(components[i], "getName"));
      }
      this.constructor = Platform.recordConstructor(shape.type, types);
    }

    @Override
    public void write(Kryo kryo, Output out, Object object) {
      Graph graph = (Graph) kryo;
      graph.references().begin(object);
      level.write(graph, out, object);
      graph.references().end();
    }

    @Override
    public @Nullable Object read(Kryo kryo, Input in, Class<? extends Object> type) {
      Graph graph = (Graph) kryo;
      int number = graph.number();
      @Nullable Object[] values = graph.from().shape(shape).readRecord(graph, in, level);
      if (graph.unwanted().isBroken()) {
        graph.references().set(number, new Missing());
        return null;
      }
      @Nullable Object[] arguments = new Object[positions.length];
      for (int i = 0; i < arguments.length; i++) {
        Object value = values[positions[i]];
        arguments[i] =
            value == FieldAccess.ABSENT ? level.fields.get(positions[i]).initial() : value;
      }
      return shape.resolve(create(arguments));
    }

    private Object create(@Nullable Object[] arguments) {
      try {
        return (Object) constructor.invokeExact(arguments);
      } catch (Throwable e) {
        throw CodecException.of(Failures.unlessFatal(e));
      }
    }
  }

  /** JDK proxies: their interfaces and their handler, which may refer back to the proxy. */
  static final class OfProxy extends Serializer<Object> {

    private static final InvocationHandler NOT_YET =
        (proxy, method, arguments) -> {
          throw new IllegalStateException("this proxy is still being read");
        };

    private final Level level;

    OfProxy(Shapes shapes) {
      this.level = shapes.level(Proxy.class);
    }

    @Override
    public void write(Kryo kryo, Output out, Object proxy) {
      Graph graph = (Graph) kryo;
      Class<?>[] interfaces = proxy.getClass().getInterfaces();
      out.writeVarInt(interfaces.length, true);
      for (Class<?> each : interfaces) {
        graph.writeClassName(out, each);
      }
      try {
        graph.writeClassAndObject(out, Proxy.getInvocationHandler(proxy));
      } catch (RuntimeException e) {
        throw CodecException.in("handler", e);
      }
    }

    @Override
    public @Nullable Object read(Kryo kryo, Input in, Class<? extends Object> type) {
      Graph graph = (Graph) kryo;
      Object proxy = withoutHandler(graph, in);
      Object handler = graph.readClassAndObject(in);
      if (graph.unwanted().isBroken()) {
        return proxy;
      }
      if (!(handler instanceof InvocationHandler)) {
        throw new CodecException("a proxy without a handler");
      }
      level.set(Objects.requireNonNull(proxy), new Object[] {level.fields.get(0).fit(handler)});
      return proxy;
    }

    private static @Nullable Object withoutHandler(Graph graph, Input in) {
      Class<?>[] interfaces = new Class<?>[graph.arrayLength(in, 1)];
      ClassLoader loader = graph.shapes().loader();
      String missing = null;
      for (int i = 0; i < interfaces.length; i++) {
        String name = Strings.read(in);
        Class<?> found = missing == null ? graph.findClass(name) : null;
        if (found == null) {
          missing = missing == null ? name : missing;
        } else {
          interfaces[i] = found;
          loader = Modifier.isPublic(found.getModifiers()) ? loader : found.getClassLoader();
        }
      }
      if (missing != null) {
        graph.missing(Shapes.notFound(missing));
        return null;
      }
      Object proxy = Proxy.newProxyInstance(loader, interfaces, NOT_YET);
      graph.reference(proxy);
      return proxy;
    }
  }

  /** Classes as values. */
  @SuppressWarnings("rawtypes")
  static final class OfClass extends Serializer<Class> {

    @Override
    public void write(Kryo kryo, Output out, Class type) {
      ((Graph) kryo).writeClassName(out, type);
    }

    @Override
    public @Nullable Class read(Kryo kryo, Input in, Class<? extends Class> type) {
      Graph graph = (Graph) kryo;
      String name = Strings.read(in);
      Class<?> found = graph.findClass(name);
      if (found == null) {
        graph.missing(Shapes.notFound(name));
      }
      return found;
    }
  }

  static final List<Class<?>> PRIMITIVES =
      List.of(
          int.class,
          long.class,
          boolean.class,
          byte.class,
          short.class,
          char.class,
          float.class,
          double.class,
          void.class);
}
