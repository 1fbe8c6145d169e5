package dev.carryover.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.DefaultClassResolver;
import com.esotericsoftware.kryo.util.Util;
import java.io.IOException;
import java.io.ObjectInputValidation;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
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

  private static final int NO_NUMBER = -1;
  private static final int NONE = -1;
  private static final int SMALL_ARRAY = 64;
  private static final int SLOTS_PER_BYTE = 4;

  private final Shapes shapes;
  private final Limits limits;
  private final References references;
  private final ClassTable classes;

  private final GraphOutput output;
  private final GraphInput input;

  private final Beans beans = new Beans();
  private final Unwanted unwanted = new Unwanted();

  private final IdentityHashMap<Object, Object> substitutes = new IdentityHashMap<>();
  private final List<Validation> validations = new ArrayList<>();

  private int depth;

  /** Of what the innermost object refers to that has a class for itself, as an EnumMap has. */
  private int ownerDepth = NONE;

  /** Of the object whose reading has just begun: its number, and its class in the bytes. */
  private int number = NO_NUMBER;

  private @Nullable StreamClass from;

  /** Elements announced by all that was read so far. */
  private long announced;

  /** Slots of the tables that classes have made for what they read. */
  private long allocated;

  /** Objects that hashing keys has visited, or will. */
  private long hashed;

  private @Nullable CodecException failure;

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

  Graph(Shapes shapes, Limits limits) {
    super(new DefaultClassResolver(), null);
    this.shapes = shapes;
    this.limits = limits;
    this.references = new References(limits.maxReferences());
    this.classes = new ClassTable(shapes);
    this.output = GraphOutput.create(this);
    this.input = GraphInput.create(this);
    setClassLoader(shapes.loader());
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

  /** What has been met in the value that is being written. */
  Beans beans() {
    return beans;
  }

  Unwanted unwanted() {
    return unwanted;
  }

  // --- objects

  @Override
  public void writeClassAndObject(Output out, @Nullable Object object) {
    if (object == null) {
      out.writeByte(Tokens.NULL);
    } else if (object instanceof String) {
      Strings.writeObject(this, out, (String) object);
    } else {
      write(out, carried(object), object);
    }
  }

  Carried carried(Object object) {
    return classes.carried(object.getClass());
  }

  void write(Output out, Carried carried, Object object) {
    if (carried.writeReplace == null) {
      writeItself(out, carried, object);
    } else {
      writeReplaced(out, object, carried.writeReplace);
    }
  }

  private void writeItself(Output out, @Nullable Object object) {
    if (object == null || object instanceof String) {
      writeClassAndObject(out, object);
    } else {
      writeItself(out, carried(object), object);
    }
  }

  private void writeItself(Output out, Carried carried, Object object) {
    if (carried.shared) {
      int known = references.number(object);
      if (known != References.NEW) {
        out.writeVarInt(Tokens.REFERENCE, true);
        out.writeVarInt(known, true);
        return;
      }
    }
    boolean watched = carried.watched;
    int outer = watched ? watch(carried, object) : NONE;
    enter();
    classes.write(out, carried);
    carried.serializer.write(this, out, object);
    depth--;
    if (watched) {
      ownerDepth = outer;
    }
  }

  /** Returns what is to be restored once the object has been written. */
  private int watch(Carried carried, Object object) {
    int outer = ownerDepth;
    if (carried.bean) {
      beans.met(carried.type);
    } else if (carried.suspect) {
      beans.suspect(object, depth == ownerDepth);
    }
    if (carried.ownsAClass) {
      ownerDepth = depth + 1;
    }
    return outer;
  }

  private void enter() {
    if (depth == limits.maxDepth()) {
      throw new CodecException("Max depth exceeded: " + depth);
    }
    depth++;
  }

  @Override
  public @Nullable Object readClassAndObject(Input in) {
    int token = in.readVarInt(true);
    if (token >= Tokens.STRINGS && token < Tokens.STRINGS_END) {
      return Strings.readShort(this, in, token - Tokens.STRINGS);
    }
    if (token == Tokens.NULL) {
      return null;
    }
    if (token == Tokens.REFERENCE) {
      return unwanted.referredTo(references.get(in.readVarInt(true)));
    }
    StreamClass type = classes.read(in, token);
    return unwanted.isReading() ? readUnwanted(in, type) : read(in, type);
  }

  private @Nullable Object readUnwanted(Input in, StreamClass type) {
    Object object = null;
    unwanted.begin();
    try {
      object = read(in, type);
      return object;
    } finally {
      unwanted.end(object);
    }
  }

  private @Nullable Object read(Input in, StreamClass type) {
    Carried carried = type.carried;
    int own = carried.shared ? references.begin() : NO_NUMBER;
    number = own;
    from = type;
    enter();
    Object object = carried.serializer.read(this, in, carried.type);
    depth--;
    if (own != NO_NUMBER && !references.isSet(own)) {
      references.set(own, object);
    }
    return object;
  }

  /** From now on, references can lead to the object that is being read. */
  @Override
  public void reference(@Nullable Object object) {
    if (number != NO_NUMBER) {
      references.set(number, object);
      number = NO_NUMBER;
    }
    if (object != null && unwanted.isReading()) {
      unwanted.made(object);
    }
  }

  /**
   * The object whose reading has just begun can't be had; it is registered as missing, if it is not
   * wanted.
   *
   * @throws CodecException if it is
   */
  void missing(String why) {
    if (!unwanted.isReading()) {
      throw new CodecException(why);
    }
    unwanted.missing(why);
    reference(new Missing());
  }

  /** Whether what is being read holds something missing, and can be read over. */
  boolean canReadOver() {
    return failure == null && unwanted.isBroken();
  }

  /** Of the object whose reading has just begun. */
  int number() {
    return number;
  }

  /** The class of the object whose reading has just begun, as the bytes have it. */
  StreamClass from() {
    if (from == null) {
      throw new IllegalStateException("nothing is being read");
    }
    return from;
  }

  private void writeReplaced(Output out, Object original, MethodHandle replace) {
    Object known = substitutes.get(original);
    if (known != null) {
      references.refuseUnfinished(original);
      writeItself(out, known);
      return;
    }
    Object substitute = substitute(original, replace);
    if (substitute == null || substitute == original) {
      writeItself(out, substitute);
      return;
    }
    substitutes.put(original, substitute);
    if (carried(substitute).resolves()) {
      references.begin(original);
      writeItself(out, substitute);
      references.end();
    } else {
      writeItself(out, substitute);
    }
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
      replace = carried(answer).writeReplace;
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

  /** The count read, if the bytes left could hold that many bytes. */
  int count(Input in, int count) {
    if (count < 0 || count > in.limit() - in.position()) {
      throw new CodecException("a length that the bytes don't hold");
    }
    return count;
  }

  /**
   * A count of elements, of so many bytes at least. All counts of a value together can't be more
   * than its bytes hold, or else nested ones could make us allocate many times as much.
   */
  int arrayLength(Input in, int width) {
    int length = in.readVarInt(true);
    if (length < 0 || (long) length * width > in.limit() - in.position()) {
      throw new CodecException("a length that the bytes don't hold");
    }
    announced += (long) length * width;
    if (announced > in.limit()) {
      throw new CodecException("lengths that the bytes don't hold");
    }
    requireAllowed(length);
    return length;
  }

  void writeLength(Output out, int length) {
    requireAllowed(length);
    out.writeVarInt(length, true);
  }

  private void requireAllowed(int length) {
    if (length > limits.maxArray()) {
      throw new CodecException("longer than " + limits.maxArray());
    }
  }

  /** Counts one object that hashing a key visits. */
  void spendHashing() {
    if (++hashed > limits.maxHashed()) {
      throw new CodecException("keys that take too long to hash");
    }
  }

  /**
   * Whether a class may allocate an array whose length it has read. A small one always, for the
   * larger the bytes of the value are a measure: tables have a few slots for each element.
   */
  boolean allocates(Input in, long length) {
    if (length > SMALL_ARRAY) {
      allocated += length;
    }
    return length <= limits.maxArray() && allocated <= (long) in.limit() * SLOTS_PER_BYTE;
  }

  /** A class as a value. Unlike those that lead objects, each is spelt out. */
  void writeClassName(Output out, Class<?> type) {
    shapes.checkNameable(type);
    Strings.write(out, type.getName());
  }

  /** Null if there is no such class here. */
  @Nullable Class<?> findClass(String name) {
    for (Class<?> primitive : Serializers.PRIMITIVES) {
      if (primitive.getName().equals(name)) {
        return primitive;
      }
    }
    return classes.find(name);
  }

  void writeValue(Output out, char kind, @Nullable Object value) {
    if (kind == FieldInfo.REFERENCE || value == null) {
      writeClassAndObject(out, value);
    } else {
      Primitives.write(out, kind, value);
    }
  }

  @Nullable Object readValue(Input in, char kind) {
    return kind == FieldInfo.REFERENCE ? readClassAndObject(in) : Primitives.read(in, kind);
  }

  /** Reads a value that nobody here wants. */
  void readOver(Input in, char kind) {
    unwanted.enter();
    try {
      var unused = readValue(in, kind);
    } finally {
      unwanted.leave();
    }
  }

  /**
   * Notes that a part of the value failed while a class's own method wrote or read it. That method
   * may catch the exception; the value is lost all the same, since nobody knows how far it came.
   */
  CodecException failed(CodecException reason) {
    if (failure == null) {
      failure = reason;
    }
    return reason;
  }

  void requireWhole() {
    if (failure != null) {
      throw failure;
    }
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

  /** Forgets the value, for the next one. */
  @Override
  public void reset() {
    references.reset();
    classes.reset();
    if (!substitutes.isEmpty()) {
      substitutes.clear();
    }
    unwanted.reset();
    ownerDepth = NONE;
    hashed = 0;
    from = null;
    number = NO_NUMBER;
    depth = 0;
    announced = 0;
    allocated = 0;
    failure = null;
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
