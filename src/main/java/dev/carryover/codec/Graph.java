package dev.carryover.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.Util;
import java.io.IOException;
import java.io.ObjectInputValidation;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Kryo that keeps Java's serialisation contract. Writes or reads one value at a time; not
 * thread-safe, pooled by {@link KryoCodec}.
 */
/*
 * Why there is no second stream for what "needs Java serialisation".
 *
 * The obvious ways to honour writeObject, readResolve and the rest are to hand such objects to an
 * ObjectOutputStream inside the Kryo stream, or to write the whole value by Java serialisation as soon
 * as one of them turns up. The first breaks the graph: an object that Kryo is in the midst of writing
 * and that is referred to from inside the Java part has no place in the Java part's own table of
 * handles, and an object of the Java part that is not complete yet cannot be handed out, so shared
 * objects are doubled and cycles lost. The second cannot carry a bean that forgot to be Serializable, and
 * makes the bytes of a value depend on its remotest corner.
 *
 * So there is one stream and one table of references, and it is the contract that was moved: the
 * classes' own methods are called with a GraphOutput and a GraphInput, which are an ObjectOutputStream
 * and an ObjectInputStream only by type. Every object they write or read comes back here. What makes
 * that possible without --add-opens is the JDK's ReflectionFactory (see Platform).
 *
 * The rules that follow from Java serialisation, and are kept:
 *
 *  - An object gets its number before its content is written, and is registered under that number
 *    before its content is read: cycles through fields, writeObject and Externalizable close.
 *  - An object that writeReplace replaces has no number of its own; its substitute has. Whoever meets
 *    the original again refers to the substitute.
 *  - readResolve's answer takes over the number, for all later references.
 *  - An object that comes into being only after all it refers to (a record, the answer of a readResolve
 *    that stands for a replaced object, an Optional) can't be part of a cycle. Java serialisation leaves
 *    null there, or a stranger, without a word; here it is refused when written.
 */
final class Graph extends Kryo {

  static {
    keepKryoOffUnsafe();
  }

  private final Shapes shapes;
  private final Limits limits;
  private final References references;

  private final GraphOutput output;
  private final GraphInput input;

  private final IdentityHashMap<Object, Object> substitutes = new IdentityHashMap<>();
  private final IdentityHashMap<String, Integer> writtenStrings = new IdentityHashMap<>();
  private final List<String> readStrings = new ArrayList<>();
  private final Map<String, Integer> writtenNames = new HashMap<>();
  private final List<String> readNames = new ArrayList<>();
  private final IdentityHashMap<Class<?>, Shape> writtenShapes = new IdentityHashMap<>();
  private final IdentityHashMap<Class<?>, Level> writtenLevels = new IdentityHashMap<>();
  private final IdentityHashMap<Class<?>, StreamLevel> readLevels = new IdentityHashMap<>();
  private final IdentityHashMap<Class<?>, StreamShape> readShapes = new IdentityHashMap<>();
  private final List<Validation> validations = new ArrayList<>();

  /**
   * Kryo looks at Unsafe when it is loaded, which JDKs from 24 on announce on the console; nothing
   * here uses what it finds. A system property is the only way to tell it, set for just that
   * moment.
   */
  private static void keepKryoOffUnsafe() {
    String property = "kryo.unsafe";
    if (System.getProperty(property) == null) {
      System.setProperty(property, "false");
      try {
        boolean unused = Util.unsafe;
      } finally {
        System.clearProperty(property);
      }
    }
  }

  static Graph create(Shapes shapes, Limits limits) {
    Graph graph =
        new Graph(shapes, limits, new ClassTable(shapes), new References(limits.maxReferences()));
    JdkTypes.registerAll(graph);
    return graph;
  }

  private Graph(Shapes shapes, Limits limits, ClassTable classes, References references) {
    super(classes, references);
    this.shapes = shapes;
    this.limits = limits;
    this.references = references;
    this.output = GraphOutput.create(this);
    this.input = GraphInput.create(this);
    setClassLoader(shapes.loader());
    setRegistrationRequired(false);
    setMaxDepth(limits.maxDepth());
  }

  Shapes shapes() {
    return shapes;
  }

  Limits limits() {
    return limits;
  }

  References references() {
    return references;
  }

  GraphOutput output() {
    return output;
  }

  GraphInput input() {
    return input;
  }

  // --- Kryo's questions

  @Override
  @SuppressWarnings("rawtypes")
  public Registration getRegistration(Class type) {
    return super.getRegistration(Proxy.isProxyClass(type) ? Proxy.class : type);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Serializer getDefaultSerializer(Class type) {
    return shapes == null ? super.getDefaultSerializer(type) : Serializers.forClass(type, shapes);
  }

  @Override
  public void writeClassAndObject(Output out, @Nullable Object object) {
    MethodHandle replace = object == null ? null : shapes.writeReplace(object.getClass());
    if (object == null || replace == null) {
      super.writeClassAndObject(out, object);
    } else {
      writeReplaced(out, object, replace);
    }
  }

  private void writeReplaced(Output out, Object original, MethodHandle replace) {
    Object known = substitutes.get(original);
    if (known != null) {
      references.refuseUnfinished(original);
      super.writeClassAndObject(out, known);
      return;
    }
    Object substitute = substitute(original, replace);
    if (substitute == null || substitute == original) {
      super.writeClassAndObject(out, substitute);
      return;
    }
    substitutes.put(original, substitute);
    if (resolves(substitute)) {
      references.begin(original);
      super.writeClassAndObject(out, substitute);
      references.end();
    } else {
      super.writeClassAndObject(out, substitute);
    }
  }

  private boolean resolves(Object substitute) {
    return getRegistration(substitute.getClass()).getSerializer() instanceof ResolvingSerializer
        && shapes.shape(substitute.getClass()).resolves();
  }

  /** As in ObjectOutputStream: asks again as long as the answer is of another class. */
  private @Nullable Object substitute(Object original, MethodHandle first) {
    Object current = original;
    MethodHandle replace = first;
    while (replace != null) {
      Object answer = call(replace, current);
      if (answer == null || answer.getClass() == current.getClass()) {
        return answer;
      }
      current = answer;
      replace = shapes.writeReplace(answer.getClass());
    }
    return current;
  }

  private static @Nullable Object call(MethodHandle replace, Object object) {
    try {
      return (Object) replace.invokeExact(object);
    } catch (Throwable e) {
      throw CodecException.of(Failures.unlessFatal(e));
    }
  }

  // --- the parts of a value that several serialisers share

  /** The count read, if the bytes left could hold that many of anything. */
  int count(Input in, int count) {
    if (count < 0 || count > in.limit() - in.position()) {
      throw new CodecException("a length that the bytes don't hold");
    }
    return count;
  }

  /** An array's length, if the bytes left could hold that many elements of so many bytes each. */
  int arrayLength(Input in, int width) {
    int length = in.readVarInt(true);
    if (length < 0 || (long) length * width > in.limit() - in.position()) {
      throw new CodecException("a length that the bytes don't hold");
    }
    if (length > limits.maxArray()) {
      throw new CodecException("an array longer than " + limits.maxArray());
    }
    return length;
  }

  /** A class as a value. Unlike those that lead objects, each stands for itself alone. */
  void writeClassName(Output out, Class<?> type) {
    shapes.checkNameable(type);
    writeName(out, type.getName());
  }

  Class<?> readClassName(Input in) {
    String name = readName(in);
    for (Class<?> primitive : Serializers.PRIMITIVES) {
      if (primitive.getName().equals(name)) {
        return primitive;
      }
    }
    return shapes.resolve(name);
  }

  void writeValue(Output out, char kind, @Nullable Object value) {
    if (kind == FieldInfo.STRING) {
      Strings.write(this, out, (String) value);
    } else if (kind == FieldInfo.REFERENCE || value == null) {
      writeClassAndObject(out, value);
    } else {
      Primitives.write(out, kind, value);
    }
  }

  @Nullable Object readValue(Input in, char kind) {
    if (kind == FieldInfo.STRING) {
      return Strings.read(this, in);
    }
    return kind == FieldInfo.REFERENCE ? readClassAndObject(in) : Primitives.read(in, kind);
  }

  /** A name out of few: a field's, an enum constant's. Spelt out once per value. */
  void writeName(Output out, String name) {
    Integer number = writtenNames.putIfAbsent(name, writtenNames.size() + 1);
    out.writeVarInt(number == null ? 0 : number, true);
    if (number == null) {
      Strings.write(this, out, name);
    }
  }

  String readName(Input in) {
    int number = in.readVarInt(true);
    if (number == 0) {
      String name = Strings.read(this, in);
      if (name == null) {
        throw new CodecException("a name that is none");
      }
      readNames.add(name);
      return name;
    }
    if (number < 0 || number > readNames.size()) {
      throw new CodecException("a reference to a name that isn't there");
    }
    return readNames.get(number - 1);
  }

  /** The number under which the string was written before; 0 if it is new, and numbered now. */
  int numberOf(String string) {
    Integer number = writtenStrings.putIfAbsent(string, writtenStrings.size() + 1);
    return number == null ? 0 : number;
  }

  void remember(String string) {
    readStrings.add(string);
  }

  String stringAt(int number) {
    if (number > readStrings.size()) {
      throw new CodecException("a reference to a string that isn't there");
    }
    return readStrings.get(number - 1);
  }

  void describe(Output out, Shape shape) {
    if (writtenShapes.putIfAbsent(shape.type, shape) == null) {
      out.writeVarInt(shape.levels.size(), true);
      for (Level level : shape.levels) {
        writeLevel(out, level, shape.type);
      }
    }
  }

  private void writeLevel(Output out, Level level, Class<?> described) {
    boolean own = level.type == described;
    out.writeBoolean(own);
    if (!own) {
      writeClass(out, level.type);
    }
    boolean first = writtenLevels.putIfAbsent(level.type, level) == null;
    out.writeBoolean(first);
    if (first) {
      level.writeDescription(this, out);
    }
  }

  StreamShape described(Input in, Shape shape) {
    StreamShape known = readShapes.get(shape.type);
    if (known == null) {
      StreamLevel[] levels = new StreamLevel[count(in, in.readVarInt(true))];
      for (int i = 0; i < levels.length; i++) {
        levels[i] = readLevel(in, shape.type);
      }
      known = new StreamShape(shape, levels);
      readShapes.put(shape.type, known);
    }
    return known;
  }

  private StreamLevel readLevel(Input in, Class<?> described) {
    Class<?> type = described;
    if (!in.readBoolean()) {
      Registration registration = readClass(in);
      if (registration == null) {
        throw new CodecException("a class that is none");
      }
      type = registration.getType();
    }
    if (in.readBoolean()) {
      readLevels.put(type, StreamLevel.read(this, in, shapes.level(type)));
    }
    StreamLevel level = readLevels.get(type);
    if (level == null) {
      throw new CodecException("a class that is not described");
    }
    return level;
  }

  void validateAtEnd(ObjectInputValidation validation, int priority) {
    validations.add(new Validation(validation, priority));
  }

  /** Runs what the objects read have asked for, highest priority first. */
  void validate() {
    validations.sort(Comparator.comparingInt((Validation v) -> v.priority).reversed());
    try {
      for (Validation each : validations) {
        each.validation.validateObject();
      }
    } catch (IOException e) {
      throw CodecException.of(e);
    } finally {
      validations.clear();
    }
  }

  @Override
  public void reset() {
    super.reset();
    if (substitutes == null) {
      return;
    }
    substitutes.clear();
    writtenStrings.clear();
    readStrings.clear();
    writtenNames.clear();
    readNames.clear();
    writtenShapes.clear();
    writtenLevels.clear();
    readLevels.clear();
    readShapes.clear();
    output.reset();
    input.forget();
  }

  private static final class Validation {
    final ObjectInputValidation validation;
    final int priority;

    Validation(ObjectInputValidation validation, int priority) {
      this.validation = validation;
      this.priority = priority;
    }
  }
}
