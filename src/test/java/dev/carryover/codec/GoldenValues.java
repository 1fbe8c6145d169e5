package dev.carryover.codec;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.*;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * The values whose bytes are kept in {@code golden}. Sessions in Redis look like them: neither a
 * value nor a class here may ever change. Add new ones.
 */
final class GoldenValues {

  private final Map<String, Object> values = new TreeMap<>();

  private GoldenValues() {}

  /** By the name of the file. */
  static Map<String, Object> all() {
    GoldenValues golden = new GoldenValues();
    golden.addStrings();
    golden.addNumbers();
    golden.addArrays();
    golden.addCollections();
    golden.addWrappers();
    golden.addTimes();
    golden.addOthers();
    golden.addBeans();
    golden.addGraphs();
    return golden.values;
  }

  private void add(String name, Object value) {
    if (values.put(name, value) != null) {
      throw new IllegalStateException("twice: " + name);
    }
  }

  private void addStrings() {
    add("string", "value");
    add("string-empty", "");
    add("string-63", "x".repeat(63));
    add("string-64", "x".repeat(64));
    add("string-latin1", "äöüß");
    add("string-utf8", "\u20ac \ud83d\ude00");
    add("string-surrogate", "a\ud83d");
    String shared = "a string long enough to be shared";
    add("string-shared", new String[] {shared, "short", shared, null, "short"});
  }

  private void addNumbers() {
    add("integer", new Integer[] {0, 1, -1, 63, 64, Integer.MAX_VALUE, Integer.MIN_VALUE});
    add("long", new Long[] {0L, -1L, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE});
    add("boxes", new Object[] {true, false, 'x', (byte) -1, (short) -2, 1.5f, -2.5d});
    add("biginteger", BigInteger.TWO.pow(100).negate());
    add(
        "bigdecimal",
        new BigDecimal[] {
          new BigDecimal("12.30"), new BigDecimal("-1E+5"), new BigDecimal("12345678901234567890.5")
        });
  }

  private void addArrays() {
    add("array-int", new int[] {1, -2, 300});
    add("array-long", new long[] {1, -2});
    add("array-byte", new byte[] {1, -2});
    add("array-short", new short[] {1, -2});
    add("array-char", new char[] {'a', '\uffff'});
    add("array-boolean", new boolean[] {true, false});
    add("array-float", new float[] {1.5f});
    add("array-double", new double[] {-2.5});
    add("array-object", new Object[] {1, "a", null, new Object[0]});
    add("array-of-beans", new Bean[] {new Bean("a"), null});
    add("array-nested", new int[][] {{1}, null, {}});
  }

  private void addCollections() {
    List<String> two = List.of("a", "b");
    add("arraylist", new ArrayList<>(two));
    add("linkedlist", new LinkedList<>(two));
    add("arraydeque", new ArrayDeque<>(two));
    add("hashset", new HashSet<>(two));
    add("linkedhashset", new LinkedHashSet<>(two));
    add("treeset", new TreeSet<>(two));
    add("hashmap", new HashMap<>(Map.of("a", 1)));
    add("hashmap-of-constants", new HashMap<>(Map.of(Size.LARGE, 1, Size.SMALL, 2)));
    add("treemap", new TreeMap<>(Map.of("a", 1, "b", 2)));
    TreeMap<String, Integer> reverse = new TreeMap<>(Collections.reverseOrder());
    reverse.putAll(Map.of("a", 1, "b", 2));
    add("treemap-reverse", reverse);
    Map<String, Integer> linked = new LinkedHashMap<>();
    linked.put("b", 1);
    linked.put("a", 2);
    add("linkedhashmap", linked);
    Map<String, Integer> accessed = new LinkedHashMap<>(16, 0.75f, true);
    accessed.putAll(linked);
    add("linkedhashmap-access-order", accessed);
    add("concurrenthashmap", new ConcurrentHashMap<>(Map.of("a", 1)));
    Properties defaults = new Properties();
    defaults.setProperty("d", "default");
    Properties properties = new Properties(defaults);
    properties.setProperty("a", "1");
    add("properties", properties);
    add("vector", new Vector<>(two));
    add("copyonwritearraylist", new CopyOnWriteArrayList<>(two));
    add("priorityqueue", new PriorityQueue<>(two));
    add("enumset", EnumSet.of(Size.SMALL));
    add("enummap", new EnumMap<>(Map.of(Size.SMALL, "s")));
    BitSet bits = new BitSet();
    bits.set(70);
    add("bitset", bits);
  }

  private void addWrappers() {
    List<String> two = new ArrayList<>(List.of("a", "b"));
    add("list-of", List.of("a", "b", "c"));
    add("map-of", Map.of("a", 1));
    add("set-of", Set.of("a"));
    add("aslist", Arrays.asList("a", null));
    add("emptylist", Collections.emptyList());
    add("emptymap", Collections.emptyMap());
    add("singletonlist", Collections.singletonList("a"));
    add("singletonmap", Collections.singletonMap("a", 1));
    add("ncopies", Collections.nCopies(3, "a"));
    add("unmodifiablelist", Collections.unmodifiableList(two));
    add("unmodifiablemap", Collections.unmodifiableMap(new HashMap<>(Map.of("a", 1))));
    add("synchronizedlist", Collections.synchronizedList(two));
    add("synchronizedmap", Collections.synchronizedMap(new HashMap<>(Map.of("a", 1))));
    add("checkedlist", Collections.checkedList(two, String.class));
    add("entry", new AbstractMap.SimpleEntry<>("a", 1));
  }

  private void addTimes() {
    add("date", new Date(1_700_000_000_000L));
    add("sql-date", new java.sql.Date(1_700_000_000_000L));
    java.sql.Timestamp timestamp = new java.sql.Timestamp(1_700_000_000_000L);
    timestamp.setNanos(5);
    add("sql-timestamp", timestamp);
    add("instant", Instant.ofEpochSecond(1_700_000_000L, 5));
    add("duration", Duration.ofMillis(-1500));
    add("localdate", LocalDate.of(2024, 2, 29));
    add("localtime", LocalTime.of(1, 2, 3, 4));
    add("localdatetime", LocalDateTime.of(2024, 2, 29, 1, 2));
    add("zoneddatetime", ZonedDateTime.of(2024, 2, 29, 1, 2, 3, 4, ZoneOffset.ofHours(2)));
    Calendar calendar = new GregorianCalendar(new SimpleTimeZone(3_600_000, "X"), Locale.ROOT);
    calendar.setTimeInMillis(1_700_000_000_000L);
    add("calendar", calendar);
  }

  private void addOthers() {
    add("uuid", new UUID(1, 2));
    add("locale", Locale.GERMANY);
    add("currency", Currency.getInstance("EUR"));
    add("uri", URI.create("http://a/b?c#d"));
    add("optional", Optional.of("a"));
    add("optionalint", OptionalInt.of(5));
    add("class", new Class<?>[] {int.class, String.class, Bean.class, Bean[].class});
    add("object", new Object[] {new Holder(new Object())});
    add("atomicinteger", new Holder(new AtomicInteger(5)));
    add("atomicreference", new Holder(new AtomicReference<>("a")));
    Exception exception = new IllegalStateException("m", new Exception("cause"));
    StackTraceElement[] trace = {new StackTraceElement("C", "m", "C.java", 5)};
    exception.setStackTrace(trace);
    exception.getCause().setStackTrace(trace);
    add("exception", exception);
  }

  private void addBeans() {
    add("constants-not-serializable", new Object[] {Colour.RED, Colour.RED, new Colour("grey")});
    add("compressed", "value ".repeat(100));
    add("bean", new Bean("a bean"));
    add("bean-derived", new Derived());
    add("bean-not-serializable", new Plain());
    add("bean-that-writes-itself", new Writer("hidden"));
    add("bean-with-fields-of-old", new Renamed());
    add("externalizable", new External("text"));
    add("enum", Size.LARGE);
    add("record", new Point(1, "label", new int[] {2}));
    add("replaced", new Replaced("r"));
    add("subclass-of-arraylist", new Named());
    add("subclass-of-linkedhashmap", new Lru());
    add(
        "proxy",
        Proxy.newProxyInstance(
            GoldenValues.class.getClassLoader(), new Class<?>[] {Supplier.class}, new Handler()));
  }

  private void addGraphs() {
    Bean one = new Bean("one");
    Bean two = new Bean("two");
    one.any = two;
    two.any = one;
    one.list.add(Collections.unmodifiableList(one.list));
    one.list.add(new Object[] {one, two, Size.LARGE, Size.LARGE, new Writer("w")});
    one.list.add(new Derived());
    add("graph", one);
    List<Object> many = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      many.add(new Bean("bean " + i));
    }
    many.addAll(new ArrayList<>(many));
    add("graph-large", many);
    External external = new External("e");
    external.other = new Object[] {external, new Point(1, "p", external)};
    add("graph-externalizable", external);
  }

  static class Bean implements Serializable {
    private static final long serialVersionUID = 5;
    boolean z = true;
    byte b = -1;
    char c = 'c';
    short s = -2;
    int i = 300;
    long j = -1L << 40;
    float f = 1.5f;
    double d = -2.5;
    String text;
    Integer boxed = 7;
    Object any;
    final List<Object> list = new ArrayList<>();
    transient String lost;

    Bean(String text) {
      this.text = text;
    }
  }

  static class Derived extends Bean {
    String text = "hides";
    Size size = Size.SMALL;

    Derived() {
      super("derived");
    }
  }

  static class Plain {
    String name = "plain";
    List<Integer> numbers = new ArrayList<>(List.of(1, 2));
  }

  static class Holder implements Serializable {
    Object held;

    Holder(Object held) {
      this.held = held;
    }
  }

  static class Writer implements Serializable {
    transient String hidden;
    int shown = 5;

    Writer(String hidden) {
      this.hidden = hidden;
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.defaultWriteObject();
      out.writeInt(hidden.length());
      out.writeObject(hidden);
      out.writeUTF("end");
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      in.readInt();
      hidden = (String) in.readObject();
      in.readUTF();
    }
  }

  static class Renamed implements Serializable {
    private static final java.io.ObjectStreamField[] serialPersistentFields = {
      new java.io.ObjectStreamField("old", String.class)
    };
    transient String now = "value";

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.putFields().put("old", now);
      out.writeFields();
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      now = (String) in.readFields().get("old", null);
    }
  }

  public static class External implements Externalizable {
    String text;
    Object other;

    public External() {}

    External(String text) {
      this.text = text;
    }

    @Override
    public void writeExternal(ObjectOutput out) throws IOException {
      out.writeUTF(text);
      out.writeObject(other);
    }

    @Override
    public void readExternal(ObjectInput in) throws IOException, ClassNotFoundException {
      text = in.readUTF();
      other = in.readObject();
    }
  }

  enum Size {
    SMALL,
    LARGE {
      @Override
      boolean isLarge() {
        return true;
      }
    };

    boolean isLarge() {
      return false;
    }
  }

  record Point(int x, String label, Object any) implements Serializable {}

  static final class Replaced implements Serializable {
    final transient String name;

    Replaced(String name) {
      this.name = name;
    }

    private Object writeReplace() {
      return new Stub(name);
    }
  }

  static final class Stub implements Serializable {
    final String name;

    Stub(String name) {
      this.name = name;
    }

    private Object readResolve() {
      return new Replaced(name);
    }
  }

  static class Named extends ArrayList<String> {
    String name = "named";

    Named() {
      add("a");
    }
  }

  static class Lru extends LinkedHashMap<String, String> {
    int bound = 3;

    Lru() {
      super(16, 0.75f, true);
      put("a", "1");
    }
  }

  static class Handler implements InvocationHandler, Serializable {
    String answer = "answer";

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) {
      return answer;
    }
  }

  /** As enums were written before there were any. */
  static final class Colour {
    static final Colour RED = new Colour("red");

    private final String name;

    Colour(String name) {
      this.name = name;
    }
  }
}
