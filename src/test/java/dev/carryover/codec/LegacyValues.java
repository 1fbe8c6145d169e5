package dev.carryover.codec;

import java.beans.PropertyChangeEvent;
import java.beans.PropertyChangeListener;
import java.io.Externalizable;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectInputValidation;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.AbstractList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Date;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** Values of classes as applications write them, with every freedom serialisation leaves them. */
final class LegacyValues {

  private LegacyValues() {}

  static void addTo(List<Case> all) {
    addCollections(all);
    addOwnMethods(all);
    addExternalizables(all);
    addReplacements(all);
    addHierarchies(all);
    addFunctions(all);
    addCycles(all);
  }

  // --- subclasses of the JDK's collections, with state and behaviour of their own

  static class NamedList<T> extends ArrayList<T> {
    String name = "unnamed";
  }

  static class NamedVector<T> extends Vector<T> {
    String name = "unnamed";
  }

  static class NamedSet<T> extends HashSet<T> {
    String name = "unnamed";
  }

  static class NamedLinkedSet<T> extends LinkedHashSet<T> {
    String name = "unnamed";
  }

  static class NamedTreeSet<T> extends TreeSet<T> {
    String name = "unnamed";
  }

  static class NamedMap<K, V> extends HashMap<K, V> {
    String name = "unnamed";
  }

  static class NamedTable<K, V> extends Hashtable<K, V> {
    String name = "unnamed";
  }

  static class NamedTreeMap<K, V> extends TreeMap<K, V> {
    String name = "unnamed";

    NamedTreeMap() {
      super((Comparator<? super K>) Collections.reverseOrder());
    }
  }

  static class NamedConcurrentMap<K, V> extends ConcurrentHashMap<K, V> {
    String name = "unnamed";
  }

  static class NamedIdentityMap<K, V> extends IdentityHashMap<K, V> {
    String name = "unnamed";
  }

  static class NamedEnumMap<V> extends EnumMap<Corpus.Plain, V> {
    String name = "unnamed";

    NamedEnumMap() {
      super(Corpus.Plain.class);
    }
  }

  static class NamedProperties extends Properties {
    String name = "unnamed";
  }

  static class NamedDeque<T> extends ArrayDeque<T> {
    String name = "unnamed";
  }

  static class NamedQueue<T> extends PriorityQueue<T> {
    String name = "unnamed";
  }

  static class NamedCopies<T> extends CopyOnWriteArrayList<T> {
    String name = "unnamed";
  }

  static class NamedDate extends Date {
    String name = "unnamed";

    NamedDate(long time) {
      super(time);
    }
  }

  static class Amount extends BigDecimal {
    String currency = "EUR";

    Amount(String value) {
      super(value);
    }
  }

  static class Failure extends Exception {
    final List<String> details = new ArrayList<>(List.of("d"));

    Failure(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** A list of its own making. */
  static class Range extends AbstractList<Integer> implements Serializable {
    final int from;
    final int to;

    Range(int from, int to) {
      this.from = from;
      this.to = to;
    }

    @Override
    public Integer get(int index) {
      return from + index;
    }

    @Override
    public int size() {
      return to - from;
    }
  }

  /** A map that fills itself by what is put into it while it is being read. */
  static class CountingMap<K, V> extends HashMap<K, V> {
    int puts;

    @Override
    public V put(K key, V value) {
      puts++;
      return super.put(key, value);
    }
  }

  /** Writes its size and elements itself, on top of what its superclass writes. */
  static class WritingList extends ArrayList<Object> {
    transient String own = "own";

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.writeUTF(own);
      out.defaultWriteObject();
      out.writeObject(this);
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      own = in.readUTF();
      in.defaultReadObject();
      if (in.readObject() != this) {
        throw new InvalidObjectException("not myself");
      }
    }
  }

  private static void addCollections(List<Case> all) {
    named(all, new NamedList<>(), c -> c.name += "!", c -> c.add("a"), c -> c.name);
    named(all, new NamedVector<>(), c -> c.name += "!", c -> c.add("a"), c -> c.name);
    named(all, new NamedSet<>(), c -> c.name += "!", c -> c.add("a"), c -> c.name);
    named(all, new NamedLinkedSet<>(), c -> c.name += "!", c -> c.add("a"), c -> c.name);
    named(all, new NamedTreeSet<>(), c -> c.name += "!", c -> c.add("a"), c -> c.name);
    named(all, new NamedMap<>(), c -> c.name += "!", c -> c.put("a", 1), c -> c.name);
    named(all, new NamedTable<>(), c -> c.name += "!", c -> c.put("a", 1), c -> c.name);
    named(all, new NamedTreeMap<>(), c -> c.name += "!", c -> c.put("a", 1), c -> c.name);
    named(all, new NamedConcurrentMap<>(), c -> c.name += "!", c -> c.put("a", 1), c -> c.name);
    named(all, new NamedIdentityMap<>(), c -> c.name += "!", c -> c.put("a", 1), c -> c.name);
    named(
        all,
        new NamedEnumMap<>(),
        c -> c.name += "!",
        c -> c.put(Corpus.Plain.ONE, 1),
        c -> c.name);
    named(all, new NamedProperties(), c -> c.name += "!", c -> c.put("a", 1), c -> c.name);
    named(all, new NamedDeque<>(), c -> c.name += "!", c -> c.add("a"), c -> c.name);
    named(all, new NamedQueue<>(), c -> c.name += "!", c -> c.add("a"), c -> c.name);
    named(all, new NamedCopies<>(), c -> c.name += "!", c -> c.add("a"), c -> c.name);
    named(all, new NamedDate(5), c -> c.name += "!", c -> c.setTime(7), c -> c.name + c.getTime());
    named(all, new Amount("1.50"), c -> c.currency = "USD", c -> {}, c -> c.currency);
    all.add(
        Case.of(
            "an exception with fields",
            new Failure("m", new Error("e")),
            f -> Arrays.asList(f.details, f.getMessage(), f.getCause().getMessage())));
    all.add(Case.of("a list of its own", new Range(3, 6), r -> r.from + r.toString()));
    CountingMap<String, String> counting = new CountingMap<>();
    counting.put("a", "b");
    all.add(Case.of("a map that counts puts", counting, m -> m.puts + m.toString()));
    all.add(
        Case.made(
            "a list that writes itself",
            () -> {
              WritingList list = new WritingList();
              list.own = "mine";
              list.add(list);
              list.add("x");
              return list;
            },
            l -> List.of(l.own, l.get(0) == l, l.get(1), l.size())));
    all.add(
        Case.of(
            "an anonymous list with an initialiser",
            new ArrayList<String>() {
              {
                add("a");
              }
            },
            Object::toString));
  }

  private static <T> void named(
      List<Case> all,
      T collection,
      java.util.function.Consumer<T> name,
      java.util.function.Consumer<T> fill,
      Function<T, Object> view) {
    name.accept(collection);
    fill.accept(collection);
    all.add(
        Case.of(
            collection.getClass().getSimpleName(),
            collection,
            c -> List.of(view.apply(c), c.toString())));
  }

  // --- classes that write and read themselves

  /** Writes raw data of all kinds, and reads it back in other portions. */
  static class AllKinds implements Serializable {
    transient List<Object> values = new ArrayList<>();

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.writeBoolean(true);
      out.writeByte(-1);
      out.writeChar('x');
      out.writeShort(-2);
      out.writeInt(-3);
      out.writeLong(-4);
      out.writeFloat(1.5f);
      out.writeDouble(2.5);
      out.writeBytes("ab");
      out.writeChars("cd");
      out.writeUTF("\u0000ä\u20ac\ud83d");
      out.write(200);
      out.write(new byte[] {1, 2, 3, 4, 5});
      out.write(new byte[] {1, 2, 3, 4, 5}, 1, 3);
      out.flush();
      out.write(new byte[3000]);
    }

    private void readObject(ObjectInputStream in) throws IOException {
      values = new ArrayList<>();
      values.add(in.readBoolean());
      values.add(in.readByte());
      values.add(in.readChar());
      values.add(in.readShort());
      values.add(in.readInt());
      values.add(in.readLong());
      values.add(in.readFloat());
      values.add(in.readDouble());
      byte[] two = new byte[2];
      in.readFully(two);
      values.add(Arrays.toString(two));
      values.add("" + in.readChar() + in.readChar());
      values.add(in.readUTF());
      values.add(in.readUnsignedByte());
      values.add(in.skipBytes(2));
      values.add(in.read());
      values.add(in.readUnsignedShort());
      byte[] three = new byte[3];
      in.readFully(three, 0, 3);
      values.add(Arrays.toString(three));
      int rest = 0;
      for (int read = in.read(new byte[100]); read > 0; read = in.read(new byte[100])) {
        rest += read;
      }
      values.add(rest);
      values.add(in.read());
    }
  }

  /** Its readObject leaves what the class wrote where it is, and its next field is to be right. */
  static class Careless implements Serializable {
    String first = "first";
    transient Object skipped = new ArrayList<>(List.of("shared"));

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.defaultWriteObject();
      out.writeObject(skipped);
      out.writeInt(7);
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
    }
  }

  static class Unshared implements Serializable {
    transient Object[] parts = {"a", 1};

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.writeUnshared(parts);
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      parts = (Object[]) in.readUnshared();
    }
  }

  /** Fields that are not what the class has, under names of old. */
  static class Renamed implements Serializable {
    private static final java.io.ObjectStreamField[] serialPersistentFields = {
      new java.io.ObjectStreamField("oldName", String.class),
      new java.io.ObjectStreamField("flags", int.class),
      new java.io.ObjectStreamField("more", Object[].class)
    };
    transient String newName = "n";
    transient boolean on = true;

    private void writeObject(ObjectOutputStream out) throws IOException {
      ObjectOutputStream.PutField fields = out.putFields();
      fields.put("oldName", newName);
      fields.put("flags", on ? 1 : 0);
      fields.put("more", new Object[] {this});
      out.writeFields();
      out.writeUTF("tail");
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      ObjectInputStream.GetField fields = in.readFields();
      newName = (String) fields.get("oldName", null);
      on = fields.get("flags", 0) == 1;
      if (((Object[]) fields.get("more", null))[0] != this || !in.readUTF().equals("tail")) {
        throw new InvalidObjectException("out of step");
      }
    }
  }

  /** Asks to be called when the whole graph is there. */
  static class Validated implements Serializable, ObjectInputValidation {
    List<Object> parts = new ArrayList<>();
    transient List<Object> seen = new ArrayList<>(List.of("parts of 2"));

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.registerValidation(this, 5);
      in.defaultReadObject();
      seen = new ArrayList<>();
    }

    @Override
    public void validateObject() {
      seen.add("parts of " + parts.size());
    }
  }

  /** Reads before it has fields of its own, as classes do that forgot defaultReadObject. */
  static class NoDefaults implements Serializable {
    String kept = "by hand";
    int number = 5;

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.writeInt(number);
      out.writeUTF(kept);
    }

    private void readObject(ObjectInputStream in) throws IOException {
      number = in.readInt();
      kept = in.readUTF();
    }
  }

  private static void addOwnMethods(List<Case> all) {
    all.add(
        Case.of(
            "raw data of all kinds",
            new Object[] {new AllKinds(), "after"},
            a ->
                ((AllKinds) a[0]).values.isEmpty()
                    ? List.of(
                        List.of(
                            true,
                            (byte) -1,
                            'x',
                            (short) -2,
                            -3,
                            -4L,
                            1.5f,
                            2.5,
                            "[97, 98]",
                            "cd",
                            "\u0000ä\u20ac\ud83d",
                            200,
                            2,
                            3,
                            0x0405,
                            "[2, 3, 4]",
                            3000,
                            -1),
                        "after")
                    : List.of(((AllKinds) a[0]).values, a[1])));
    all.add(
        Case.made(
                "what a class left unread is shared",
                () -> {
                  Careless careless = new Careless();
                  return new Object[] {careless, careless.skipped, "after"};
                },
                a -> Arrays.asList(((Careless) a[0]).first, a[1], a[2]))
            .changedByReading());
    all.add(Case.of("unshared", new Unshared(), u -> Arrays.toString(u.parts)));
    all.add(Case.of("fields under other names", new Renamed(), r -> r.newName + r.on));
    all.add(
        Case.made(
            "validation at the end",
            () -> {
              Validated validated = new Validated();
              validated.parts.add(validated);
              validated.parts.add(1);
              return validated;
            },
            v -> v.seen));
    all.add(Case.of("no default fields", new NoDefaults(), n -> n.kept + n.number));
  }

  // --- Externalizable

  public static class Point3 implements Externalizable {
    int x;
    transient String label;
    Object link;

    public Point3() {
      label = "by constructor";
    }

    @Override
    public void writeExternal(ObjectOutput out) throws IOException {
      out.writeInt(x);
      out.writeObject(label);
      out.writeObject(link);
      out.write(new byte[] {9, 8, 7});
    }

    @Override
    public void readExternal(ObjectInput in) throws IOException, ClassNotFoundException {
      x = in.readInt();
      label = (String) in.readObject();
      link = in.readObject();
      in.skip(1);
      x += in.read();
      x -= 8;
      in.readByte();
    }
  }

  public static class Point4 extends Point3 {
    long w;

    @Override
    public void writeExternal(ObjectOutput out) throws IOException {
      super.writeExternal(out);
      out.writeLong(w);
    }

    @Override
    public void readExternal(ObjectInput in) throws IOException, ClassNotFoundException {
      super.readExternal(in);
      w = in.readLong();
    }
  }

  /** Reads nothing of what it wrote. */
  public static class Forgetful implements Externalizable {
    @Override
    public void writeExternal(ObjectOutput out) throws IOException {
      out.writeUTF("never read");
      out.writeObject(new ArrayList<>(List.of(this)));
    }

    @Override
    public void readExternal(ObjectInput in) {}
  }

  public static class ExternalSingle implements Externalizable {
    static final ExternalSingle INSTANCE = new ExternalSingle();

    @Override
    public void writeExternal(ObjectOutput out) {}

    @Override
    public void readExternal(ObjectInput in) {}

    private Object readResolve() {
      return INSTANCE;
    }
  }

  private static void addExternalizables(List<Case> all) {
    Point4 ring = new Point4();
    ring.x = 5;
    ring.w = 6;
    ring.label = "l";
    Point3 middle = new Point3();
    middle.link = new Object[] {ring, List.of("x")};
    ring.link = middle;
    all.add(
        Case.of(
            "Externalizable ring over arrays",
            ring,
            p ->
                Arrays.asList(
                    p.x,
                    p.w,
                    p.label,
                    ((Point3) p.link).label,
                    ((Object[]) ((Point3) p.link).link)[0] == p,
                    ((Object[]) ((Point3) p.link).link)[1])));
    all.add(
        Case.of(
            "Externalizable that reads nothing",
            new Object[] {new Forgetful(), "after"},
            a -> a[0].getClass() + "" + a[1]));
    all.add(
        Case.of(
            "Externalizable singleton",
            new Object[] {ExternalSingle.INSTANCE, ExternalSingle.INSTANCE},
            a -> a[0] == ExternalSingle.INSTANCE && a[1] == a[0]));
    Point3 deep = new Point3();
    Point3 last = deep;
    for (int i = 0; i < 100; i++) {
      Point3 next = new Point3();
      last.link = next;
      last = next;
    }
    last.link = deep;
    all.add(
        Case.of(
            "a long ring of Externalizables",
            deep,
            p -> {
              int count = 1;
              for (Point3 each = (Point3) p.link; each != p; each = (Point3) each.link) {
                count++;
              }
              return count;
            }));
  }

  // --- writeReplace and readResolve

  /** A typesafe enum from before there were enums. */
  static class Colour implements Serializable {
    static final Colour RED = new Colour("red");
    static final Colour BLUE = new Colour("blue");
    private final String name;

    private Colour(String name) {
      this.name = name;
    }

    private Object readResolve() throws ObjectStreamException {
      return name.equals("red") ? RED : BLUE;
    }
  }

  /** Inherits its replacement. */
  abstract static class Replaced implements Serializable {
    protected Object writeReplace() {
      return new Stub(getClass().getSimpleName());
    }
  }

  static class ReplacedLeaf extends Replaced {
    final transient Thread unserializable = Thread.currentThread();

    @Override
    public boolean equals(Object other) {
      return other instanceof ReplacedLeaf;
    }

    @Override
    public int hashCode() {
      return 5;
    }
  }

  static class Stub implements Serializable {
    final String of;

    Stub(String of) {
      this.of = of;
    }

    private Object readResolve() {
      return of.equals("ReplacedLeaf") ? new ReplacedLeaf() : this;
    }
  }

  /** Becomes another, which becomes a third. */
  static class Caterpillar implements Serializable {
    private Object writeReplace() {
      return new Pupa();
    }
  }

  static class Pupa implements Serializable {
    private Object writeReplace() {
      return new Butterfly("Ann");
    }
  }

  record Butterfly(String name) implements Serializable {}

  /** Replaces itself by another of its class. */
  static class Copied implements Serializable {
    int copies;

    private Object writeReplace() {
      Copied copy = new Copied();
      copy.copies = copies + 1;
      return copy;
    }
  }

  /** Resolves to an object that was read with it. */
  static class Envelope implements Serializable {
    final Object letter;

    Envelope(Object letter) {
      this.letter = letter;
    }

    private Object readResolve() {
      return letter;
    }
  }

  /** Wants to be null once it is read. */
  static class Vanishing implements Serializable {
    private Object readResolve() {
      return null;
    }
  }

  /** Private in the superclass, so it is none of the subclass's. */
  static class PrivateReplace implements Serializable {
    String name = "super";

    private Object writeReplace() {
      return "replaced";
    }
  }

  static class OfPrivateReplace extends PrivateReplace {
    String own = "sub";
  }

  private static void addReplacements(List<Case> all) {
    all.add(
        Case.of(
            "typesafe enum",
            new Object[] {Colour.RED, Colour.BLUE, Colour.RED},
            a -> a[0] == Colour.RED && a[1] == Colour.BLUE && a[2] == Colour.RED));
    all.add(
        Case.of(
            "replaced by inheritance",
            new ArrayList<>(List.of(new ReplacedLeaf(), new ReplacedLeaf())),
            l -> l.size() + "" + l.get(0).getClass() + l.get(1).getClass()));
    all.add(
        Case.of(
            "replaced again and again",
            new Object[] {new Caterpillar()},
            a -> a[0] instanceof Caterpillar ? new Butterfly("Ann") : a[0]));
    all.add(
        Case.of("replaced by its like", new Object[] {new Copied()}, a -> a[0] instanceof Copied)
            .changedByReading());
    List<Object> letter = new ArrayList<>(List.of("x"));
    all.add(
        Case.of(
                "resolved to what is inside",
                new Object[] {new Envelope(letter), letter},
                a -> a[0] instanceof Envelope ? "[x]true" : a[0] + "" + (a[0] == a[1]))
            .changedByReading());
    all.add(
        Case.of(
                "resolved to nothing",
                new Object[] {new Vanishing(), "after"},
                a -> a[0] instanceof Vanishing ? "nullafter" : "" + a[0] + a[1])
            .changedByReading());
    all.add(
        Case.of(
            "a superclass's private writeReplace", new OfPrivateReplace(), o -> o.name + o.own));
  }

  // --- hierarchies

  static class NotSerializable {
    protected String state = "lost";

    protected NotSerializable() {
      state = "by constructor";
    }
  }

  static class Middle extends NotSerializable implements Serializable {
    String middle = "m";
  }

  static class Bottom extends Middle {
    String middle = "hides";
    private transient int cached = 7;

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      cached = middle.length();
    }
  }

  static class SavesSuper extends NotSerializable implements Serializable {
    private void writeObject(ObjectOutputStream out) throws IOException {
      out.writeObject(state);
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      state = (String) in.readObject();
    }
  }

  static class Generic<T extends Serializable> implements Serializable {
    T value;
    T[] values;
    Map<String, List<T>> nested = new HashMap<>();
  }

  record Pair<A, B>(A first, B second) implements Serializable {}

  record Arrayed(int[] numbers, String[] names, Object any) implements Serializable {}

  record Empty() implements Serializable {}

  record Everything(boolean z, byte b, char c, short s, int i, long j, float f, double d, Object l)
      implements Serializable {}

  record Resolved(String name) implements Serializable {
    private Object readResolve() {
      return new Resolved(name + "!");
    }
  }

  static class Everything2 implements Serializable {
    boolean z = true;
    byte b = -1;
    char c = '\uffff';
    short s = -2;
    int i = Integer.MIN_VALUE;
    long j = Long.MAX_VALUE;
    float f = Float.NaN;
    double d = -0.0;
    final String constant = "constant";
    final int[] array = {1};
    volatile Object any = 'x';
    static Object shared = new Object();

    List<Object> all() {
      return List.of(z, b, c, s, i, j, f, d, constant, array[0], any);
    }
  }

  /** More fields than most. */
  static class Wide implements Serializable {
    int a1 = 1, a2, a3, a4, a5, a6, a7, a8, a9, b1, b2, b3, b4, b5, b6, b7, b8, b9;
    String c1 = "c1", c2, c3, c4, c5, c6, c7, c8, c9, d1, d2, d3, d4, d5, d6, d7, d8, d9 = "d9";
    long ärger = 5;
  }

  class Inner implements Serializable {
    String own = "inner";
  }

  private static void addHierarchies(List<Case> all) {
    Middle middle = new Middle();
    middle.state = "set";
    all.add(
        Case.of(
            "state above Serializable is by its constructor",
            middle,
            m -> m.middle + (m == middle ? "by constructor" : m.state)));
    Bottom bottom = new Bottom();
    all.add(
        Case.of(
            "three levels",
            bottom,
            b -> List.of(b.middle, ((Middle) b).middle, b == bottom ? 5 : b.cached)));
    SavesSuper saves = new SavesSuper();
    saves.state = "saved";
    all.add(Case.of("state above Serializable, saved by hand", saves, s -> s.state));
    Generic<String> generic = new Generic<>();
    generic.value = "v";
    generic.values = new String[] {"a"};
    generic.nested.put("k", List.of("x"));
    all.add(Case.of("generics", generic, g -> g.value + Arrays.toString(g.values) + g.nested));
    all.add(Case.of("records in records", new Pair<>(new Pair<>(1, null), List.of(new Empty()))));
    all.add(
        Case.of(
            "a record of arrays",
            new Arrayed(new int[] {1}, new String[] {"a", null}, new Object[] {1}),
            r ->
                Arrays.toString(r.numbers)
                    + Arrays.toString(r.names)
                    + Arrays.toString((Object[]) r.any)));
    all.add(Case.of("an empty record", new Empty()));
    all.add(
        Case.of(
            "a record of everything",
            new Everything(true, (byte) 1, 'c', (short) 2, 3, 4, 5f, 6d, "seven")));
    all.add(
        Case.of(
                "a record that resolves",
                new Object[] {new Resolved("r")},
                a -> ((Resolved) a[0]).name.startsWith("r"))
            .changedByReading());
    all.add(Case.of("fields of all kinds", new Everything2(), Everything2::all));
    all.add(Case.of("many fields", new Wide(), w -> w.a1 + w.c1 + w.d9 + w.c2 + w.ärger));
    Pair<Object, Object> sharing = new Pair<>(new ArrayList<>(List.of("s")), null);
    Pair<Object, Object> shared = new Pair<>(sharing.first(), sharing);
    all.add(
        Case.of(
            "records that share",
            new Object[] {shared, sharing},
            a ->
                ((Pair<?, ?>) a[0]).first() == ((Pair<?, ?>) a[1]).first()
                    && ((Pair<?, ?>) a[0]).second() == a[1]));
  }

  // --- functions

  interface SerializableFunction<A, B> extends Function<A, B>, Serializable {}

  static class Greeter implements Serializable {
    String greeting = "hello ";

    SerializableFunction<String, String> greets() {
      return name -> greeting + name;
    }

    String greet(String name) {
      return greeting + name;
    }
  }

  private static void addFunctions(List<Case> all) {
    Greeter greeter = new Greeter();
    int captured = 5;
    long wide = 6;
    List<SerializableFunction<String, Object>> functions = new ArrayList<>();
    functions.add(s -> s + captured + wide);
    functions.add(String::length);
    functions.add(greeter::greet);
    functions.add(StringBuilder::new);
    functions.add(Integer::valueOf);
    functions.add(s -> s);
    int number = 0;
    for (SerializableFunction<String, Object> function : functions) {
      all.add(Case.of("function " + number++, function, f -> f.apply("12").toString()));
    }
    all.add(Case.of("a function with its object", greeter.greets(), f -> f.apply("Ann")));
    BiFunction<Integer, Integer, Integer> sum =
        (BiFunction<Integer, Integer, Integer> & Serializable) Integer::sum;
    all.add(Case.of("an intersection of types", sum, f -> f.apply(1, 2)));
    all.add(
        Case.of(
            "functions in a map",
            new HashMap<>(Map.of("f", functions.get(0))),
            m -> m.get("f").apply("x").toString()));
    Supplier<String> again = (Supplier<String> & Serializable) () -> "x";
    all.add(Case.of("one function twice", new Object[] {again, again}, a -> a[0] == a[1]));
  }

  public static class Listener implements PropertyChangeListener, Serializable {
    @Override
    public void propertyChange(PropertyChangeEvent event) {}
  }

  // --- cycles across kinds

  private static void addCycles(List<Case> all) {
    Map<Object, Object> map = new LinkedHashMap<>();
    List<Object> list = new ArrayList<>();
    Object[] array = {map, list};
    map.put("list", list);
    list.add(Collections.unmodifiableMap(map));
    list.add(array);
    all.add(
        Case.of(
            "a cycle over map, view, list and array",
            array,
            a -> {
              Map<?, ?> m = (Map<?, ?>) a[0];
              List<?> l = (List<?>) a[1];
              return m.get("list") == l && l.get(1) == a && ((Map<?, ?>) l.get(0)).get("list") == l;
            }));
    Corpus.Outer outer = new Corpus.Outer();
    Corpus.Outer.Inner first = outer.new Inner();
    Corpus.Outer.Inner second = outer.new Inner();
    all.add(
        Case.of(
            "two inner objects of one outer",
            new Object[] {first, second},
            a -> {
              String before = ((Corpus.Outer.Inner) a[0]).both();
              return before + ((Corpus.Outer.Inner) a[1]).both();
            }));
  }
}
