package dev.carryover.codec;

import dev.carryover.codec.Corpus.*;
import java.io.File;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Values of every kind, each with what is to be looked at in it. */
final class FidelityCorpus {

  private FidelityCorpus() {}

  private static Case of(String name, Object value) {
    return Case.of(name, value);
  }

  private static <T> Case of(String name, T value, Function<? super T, ?> view) {
    return Case.of(name, value, view);
  }

  static Stream<Case> all() {
    List<Case> all = new ArrayList<>();
    all.add(of("string", "äöü \ud83d\ude00 \ud800 x"));
    all.add(of("empty string", ""));
    all.add(of("long string", "abc".repeat(30_000)));
    for (Object boxed :
        List.of(1, -1L, true, 'c', (byte) 1, (short) 2, 1.5f, -0.0d, Double.NaN, Long.MIN_VALUE)) {
      all.add(of("boxed " + boxed.getClass().getSimpleName(), boxed));
    }
    addArrays(all);
    addCollections(all);
    addValues(all);
    addBeans(all);
    addSpecial(all);
    JdkValues.addTo(all);
    LegacyValues.addTo(all);
    return all.stream();
  }

  private static void addArrays(List<Case> all) {
    Function<Object, Object> deep = a -> Arrays.deepToString(new Object[] {a});
    all.add(of("int[]", new int[] {1, 2, -3}, deep));
    all.add(of("long[]", new long[] {1, Long.MAX_VALUE}, deep));
    all.add(of("byte[]", new byte[] {1, 2, -3}, deep));
    all.add(of("char[]", new char[] {'a', '\uffff'}, deep));
    all.add(of("short[]", new short[] {1, -2}, deep));
    all.add(of("float[]", new float[] {1, -2.5f}, deep));
    all.add(of("double[]", new double[] {1, Double.NaN}, deep));
    all.add(of("boolean[]", new boolean[] {true, false}, deep));
    all.add(of("String[]", new String[] {"a", null, "b"}, deep));
    all.add(of("Object[]", new Object[] {1, "a", null, new int[] {5}}, deep));
    all.add(of("int[][]", new int[][] {{1}, {}, null}, deep));
    all.add(of("Integer[]", new Integer[] {1, null}, a -> a.getClass() + Arrays.toString(a)));
    all.add(
        of(
            "List[][]",
            new List<?>[][] {{List.of(1)}},
            a -> a.getClass().getName() + deep.apply(a)));
    all.add(of("enum[]", Plain.values(), a -> a.getClass().getName() + deep.apply(a)));
    all.add(of("Point[]", new Point[] {new Point(1, 2, "a")}, deep));
  }

  private static void addCollections(List<Case> all) {
    Function<Object, Object> typed = c -> c.getClass().getName() + c;
    List<String> three = List.of("a", "b", "c");
    for (Object collection :
        List.of(
            new ArrayList<>(three),
            new LinkedList<>(three),
            new HashSet<>(three),
            new LinkedHashSet<>(three),
            new TreeSet<>(three),
            new Vector<>(three),
            new Arguments1Stack().make(),
            List.of(),
            List.of(1),
            List.of(1, 2),
            List.of(1, 2, 3, 4),
            Set.of(),
            Set.of(1),
            Map.of(),
            Map.of(1, "a"),
            Map.of("x", new ArrayList<>(three)),
            Arrays.asList("a", null, "b"),
            Collections.emptyList(),
            Collections.emptySet(),
            Collections.emptyMap(),
            Collections.emptySortedMap(),
            Collections.singleton("a"),
            Collections.singletonList("a"),
            Collections.singletonMap("a", 1),
            Collections.nCopies(5, "a"),
            Collections.unmodifiableList(new ArrayList<>(three)),
            Collections.unmodifiableList(new LinkedList<>(three)),
            Collections.unmodifiableSet(new HashSet<>(three)),
            Collections.unmodifiableSortedSet(new TreeSet<>(three)),
            Collections.unmodifiableMap(new HashMap<>(Map.of(1, 2))),
            Collections.unmodifiableSortedMap(new TreeMap<>(Map.of(1, 2))),
            Collections.synchronizedList(new ArrayList<>(three)),
            Collections.synchronizedMap(new HashMap<>(Map.of(1, 2))),
            Collections.checkedList(new ArrayList<>(three), String.class),
            Collections.checkedMap(new HashMap<>(Map.of(1, 2)), Integer.class, Integer.class),
            new ArrayList<>(
                List.of(
                    ConcurrentHashMap.newKeySet(),
                    Collections.newSetFromMap(new IdentityHashMap<>()))),
            Collections.asLifoQueue(new ArrayDeque<>(three)),
            EnumSet.of(Plain.TWO),
            EnumSet.noneOf(Plain.class),
            new EnumMap<>(Map.of(Plain.ONE, "x")),
            new HashMap<>(Map.of(WithBody.PLUS, 1)),
            new TreeMap<>(Map.of("b", 1, "a", 2)),
            new ConcurrentHashMap<>(Map.of("b", 1, "a", 2)),
            new ConcurrentSkipListMap<>(Map.of("b", 1, "a", 2)),
            new ConcurrentSkipListSet<>(three),
            new CopyOnWriteArrayList<>(three),
            new CopyOnWriteArraySet<>(three),
            new Hashtable<>(Map.of("b", 1, "a", 2)),
            new AbstractMap.SimpleEntry<>("a", 1))) {
      all.add(
          Case.of(
              collection.getClass().getSimpleName() + collection,
              collection,
              typedView(collection)));
    }
    for (Collection<String> queue :
        List.of(
            new ArrayDeque<>(three),
            new PriorityQueue<>(three),
            new ConcurrentLinkedQueue<>(three),
            new ConcurrentLinkedDeque<>(three),
            new LinkedBlockingQueue<>(three),
            new ArrayBlockingQueue<>(5, true, three),
            new PriorityBlockingQueue<>(three))) {
      all.add(of(queue.getClass().getSimpleName(), queue, typed));
    }
    all.add(of("IdentityHashMap", new IdentityHashMap<>(Map.of(1, "a")), Object::toString));
    TreeMap<String, Integer> descending = new TreeMap<>(Comparator.reverseOrder());
    descending.putAll(Map.of("a", 1, "b", 2));
    all.add(of("TreeMap with comparator", descending, Object::toString));
    all.add(of("descendingMap", descending.descendingMap(), Object::toString));
    all.add(of("subMap", descending.headMap("a", true), Object::toString));
    TreeSet<String> byLambda =
        new TreeSet<>((SerializableComparator<String>) (a, b) -> b.compareTo(a));
    byLambda.addAll(three);
    all.add(of("TreeSet with lambda", byLambda, Object::toString));
    Properties defaults = new Properties();
    defaults.setProperty("d", "default");
    Properties properties = new Properties(defaults);
    properties.setProperty("a", "1");
    all.add(of("Properties", properties, p -> p + p.getProperty("d")));
    BitSet bits = new BitSet();
    bits.set(3);
    bits.set(300);
    all.add(of("BitSet", bits));
    Function<Map<String, String>, Object> touched =
        m -> {
          m.get("a");
          return m.toString();
        };
    LinkedHashMap<String, String> accessed = new LinkedHashMap<>(16, 0.75f, true);
    accessed.put("a", "1");
    accessed.put("b", "2");
    all.add(of("LinkedHashMap in access order", accessed, touched));
    List<Object> self = new ArrayList<>();
    self.add(self);
    all.add(of("list in itself", self, l -> l.get(0) == l));
    Map<String, Object> selfMap = new HashMap<>();
    selfMap.put("me", selfMap);
    all.add(of("map in itself", selfMap, m -> m.get("me") == m));
  }

  private static final class Arguments1Stack {
    Stack<String> make() {
      Stack<String> stack = new Stack<>();
      stack.push("x");
      return stack;
    }
  }

  private static Function<Object, Object> typedView(Object sample) {
    return c -> List.of(c.getClass(), c instanceof Map.Entry ? c.toString() : viewOf(c));
  }

  private static Object viewOf(Object c) {
    boolean ownEquals = c instanceof List || c instanceof Set || c instanceof Map;
    return ownEquals ? c : c.toString();
  }

  private static void addValues(List<Case> all) {
    for (Object value :
        List.of(
            new BigDecimal("12.3400"),
            BigInteger.TWO.pow(200).negate(),
            UUID.fromString("00000000-0000-0001-0000-000000000002"),
            new Date(5),
            new java.sql.Date(5),
            new java.sql.Time(5),
            java.sql.Timestamp.valueOf("2020-01-02 03:04:05.678901"),
            Locale.GERMANY,
            new Locale("ja", "JP", "JP"),
            Locale.forLanguageTag("zh-Hant-TW"),
            Currency.getInstance("EUR"),
            URI.create("http://a/b?c#d"),
            new File("a/b"),
            Instant.ofEpochSecond(5, 6),
            Duration.ofMillis(-5),
            Period.of(1, 2, 3),
            LocalDate.of(2020, 2, 29),
            LocalTime.of(1, 2, 3, 4),
            LocalDateTime.of(2020, 2, 29, 1, 2),
            OffsetDateTime.of(2020, 2, 29, 1, 2, 3, 4, ZoneOffset.ofHours(2)),
            OffsetTime.of(1, 2, 3, 4, ZoneOffset.UTC),
            ZonedDateTime.of(2020, 2, 29, 1, 2, 3, 4, ZoneId.of("Europe/Berlin")),
            ZoneId.of("Europe/Berlin"),
            ZoneOffset.ofHours(2),
            Year.of(2020),
            YearMonth.of(2020, 1),
            MonthDay.of(1, 2),
            DayOfWeek.MONDAY,
            Clock.systemUTC(),
            Optional.of("x"),
            Optional.empty(),
            OptionalInt.of(3),
            OptionalLong.empty(),
            OptionalDouble.of(3),
            Optional.of(new ArrayList<>(List.of(1))),
            TimeZone.getTimeZone("Europe/Berlin"),
            new SimpleTimeZone(5, "x"),
            new GregorianCalendar(2020, 1, 2),
            Calendar.getInstance(Locale.GERMANY),
            String.class,
            int.class,
            int[].class,
            Point[].class,
            Integer.class,
            WithBody.PLUS.getClass(),
            WithBody.class,
            Plain.ONE,
            WithBody.PLUS,
            new Point(1, 2, null),
            new PlainRecord(new ArrayList<>(List.of("a")), new Point(3, 4, "b")),
            new Checked(5),
            new Money(12345))) {
      all.add(of(value.getClass().getSimpleName() + " " + value, value));
    }
    all.add(of("Pattern", Pattern.compile("a+", 2), p -> p.pattern() + p.flags()));
    all.add(of("StringBuilder", new StringBuilder("abc"), StringBuilder::toString));
    all.add(of("StringBuffer", new StringBuffer("abc"), StringBuffer::toString));
    all.add(of("AtomicInteger", new AtomicInteger(5), AtomicInteger::get));
    all.add(of("AtomicLong", new AtomicLong(5), AtomicLong::get));
    all.add(of("AtomicBoolean", new AtomicBoolean(true), AtomicBoolean::get));
    all.add(of("AtomicReference", new AtomicReference<>("a"), AtomicReference::get));
    all.add(of("AtomicIntegerArray", new AtomicIntegerArray(new int[] {1}), Object::toString));
    all.add(of("LongAdder", new LongAdder(), LongAdder::sum));
    all.add(of("ReentrantLock", new ReentrantLock(true), ReentrantLock::isFair));
    IllegalStateException failure = new IllegalStateException("m", new RuntimeException("c"));
    failure.addSuppressed(new Error("s"));
    all.add(
        of(
            "Throwable",
            failure,
            t ->
                List.of(
                    t.getMessage(),
                    t.getCause().getMessage(),
                    t.getSuppressed()[0].getMessage(),
                    Arrays.asList(t.getStackTrace()))));
    all.add(of("DecimalFormat", new java.text.DecimalFormat("0.00")));
    all.add(of("SimpleDateFormat", new java.text.SimpleDateFormat("yyyy", Locale.US)));
    all.add(of("MessageFormat", new java.text.MessageFormat("a {0}", Locale.US)));
    all.add(of("Subject", new javax.security.auth.Subject()).changedByReading());
    all.add(of("InetAddress", java.net.InetAddress.getLoopbackAddress()));
  }

  private static void addBeans(List<Case> all) {
    Person ann = new Person("Ann", 30);
    Person bob = new Person("Bob", 31);
    ann.friend = bob;
    bob.friend = ann;
    ann.boxed = 1000;
    ann.friends.add(ann);
    ann.friends.add(bob);
    all.add(
        of(
            "bean in a cycle",
            ann,
            p ->
                Arrays.asList(
                    p.name,
                    p.age,
                    p.id,
                    p.active,
                    p.score,
                    p.weight,
                    p.initial,
                    p.small,
                    p.shorter,
                    p.boxed,
                    p.constant,
                    p.friend.friend == p,
                    p.friends.get(0) == p,
                    p.friends.get(1) == p.friend,
                    p.friend.boxed)));
    Employee employee = new Employee("Eve");
    employee.boss = employee;
    all.add(
        of("hidden field", employee, e -> List.of(e.name, ((Person) e).name, e.boss == e, e.age)));
    Descendant descendant = new Descendant();
    descendant.kept = "k";
    all.add(
        of("superclass not Serializable", descendant, d -> List.of(d.kept, d.constructed, d.lost)));
    all.add(of("superclass without constructor", new Orphan("x"), o -> o.kept + o.own));
    PlainBean root = new PlainBean("root");
    PlainBean part = new PlainBean("part");
    root.parts.add(part);
    part.parent = root;
    all.add(
        of(
            "not Serializable",
            root,
            b ->
                List.of(
                    b.title,
                    b.parts.get(0).title,
                    b.parts.get(0).parent == b,
                    b.lock != null,
                    b.note)));
    Outer.Inner inner = new Outer().new Inner();
    all.add(of("inner class", inner, Outer.Inner::both));
    Object local =
        new Serializable() {
          final String captured = inner.own;

          @Override
          public String toString() {
            return captured;
          }
        };
    all.add(of("anonymous class", local, Object::toString));
    Node shared = new Node();
    Node node = new Node();
    node.left = shared;
    node.right = Collections.unmodifiableList(new ArrayList<>(List.of(shared)));
    all.add(of("shared inside a JDK wrapper", node, n -> ((List<?>) n.right).get(0) == n.left));
    List<Node> backing = new ArrayList<>();
    Node view = new Node();
    view.left = backing;
    view.right = Collections.unmodifiableList(backing);
    backing.add(view);
    all.add(
        of(
            "a list and its view, in a cycle",
            view,
            n -> {
              boolean cycle = ((List<?>) n.right).get(0) == n;
              List<Node> behind = cast(n.left);
              behind.add(null);
              boolean same = ((List<?>) n.right).size() == behind.size();
              behind.remove(behind.size() - 1);
              return List.of(cycle, same);
            }));
    for (boolean locked : List.of(true, false)) {
      List<Node> behind = new ArrayList<>();
      List<Node> wrapper =
          locked ? Collections.synchronizedList(behind) : Collections.unmodifiableList(behind);
      Node inside = new Node();
      inside.left = wrapper;
      behind.add(inside);
      all.add(
          of(
              wrapper.getClass().getSimpleName() + " in a cycle with what it holds",
              wrapper,
              l -> ((List<?>) l.get(0).left).get(0) == l.get(0)));
    }
    Node lists = new Node();
    lists.left = List.of(lists.toString().isEmpty() ? lists : shared, shared);
    lists.right = lists.left;
    all.add(of("List.of twice", lists, n -> n.left == n.right));
    Node money = new Node();
    money.left = new Money(5);
    money.right = money.left;
    all.add(of("replaced twice", money, n -> n.left == n.right && n.left.equals(new Money(5))));
    Node single = new Node();
    single.left = Single.INSTANCE;
    single.right = Single.INSTANCE;
    all.add(of("singleton", single, n -> n.left == Single.INSTANCE && n.right == n.left));
  }

  @SuppressWarnings("unchecked")
  private static <T> T cast(Object object) {
    return (T) object;
  }

  private static void addSpecial(List<Case> all) {
    BoundedList<String> bounded = new BoundedList<>(2);
    bounded.addAll(List.of("a", "b"));
    all.add(
        of(
            "bounded LinkedList",
            bounded,
            l -> {
              BoundedList<String> copy = cast(l.clone());
              copy.add("c");
              return copy.toString() + l;
            }));
    CountingList<String> counting = new CountingList<>();
    counting.add("a");
    all.add(of("ArrayList with a counter", counting, l -> l.additions + l.toString()));
    Cache<String, String> cache = new Cache<>(2);
    cache.put("a", "1");
    cache.put("b", "2");
    all.add(
        of(
            "LRU cache",
            cache,
            c -> {
              Cache<String, String> copy = cast(c.clone());
              copy.get("a");
              copy.put("c", "3");
              return copy.toString() + c;
            }));
    Map<String, String> anonymous = Corpus.anonymousCache();
    List.of("a", "b", "c", "d").forEach(k -> anonymous.put(k, k));
    all.add(of("anonymous removeEldestEntry", anonymous, Object::toString));
    SelfWriter writer = new SelfWriter();
    writer.hidden = "h";
    writer.plain = "p";
    writer.next = writer;
    writer.more.add(writer);
    writer.more.add(new PlainSerializableHolder(writer));
    all.add(
        of(
            "writeObject in a cycle",
            writer,
            w ->
                List.of(
                    w.hidden,
                    w.plain,
                    w.next == w,
                    w.more.get(0) == w,
                    ((PlainSerializableHolder) w.more.get(1)).held == w)));
    Talker talker = new Talker();
    talker.heard.add("x");
    Node talk = new Node();
    talk.left = talker;
    talk.right = "after";
    all.add(
        of(
                "reads less than it wrote",
                talk,
                n ->
                    n.left == talker
                        ? "[one, [x], eof false]after"
                        : ((Talker) n.left).heard + "after")
            .changedByReading());
    PutFields put = new PutFields();
    put.a = 5;
    put.b = 6;
    all.add(of("putFields", put, p -> p.a + "," + p.b));
    External one = new External();
    External two = new External();
    one.text = "1";
    two.text = "2";
    one.other = two;
    two.other = one;
    all.add(
        of(
            "Externalizable in a cycle",
            one,
            e -> List.of(e.text, ((External) e.other).text, ((External) e.other).other == e)));
    String captured = "cap";
    SerializableSupplier<String> lambda = () -> captured + "tured";
    all.add(of("lambda", lambda, SerializableSupplier::get));
    SerializableSupplier<String> reference = captured::trim;
    all.add(of("method reference", reference, SerializableSupplier::get));
    Handler handler = new Handler();
    Object proxy =
        Proxy.newProxyInstance(
            FidelityCorpus.class.getClassLoader(),
            new Class<?>[] {Supplier.class, SerializableSupplier.class},
            handler);
    handler.self = proxy;
    all.add(
        of(
            "proxy in a cycle",
            proxy,
            p ->
                List.of(
                    ((Supplier<?>) p).get(),
                    ((Handler) Proxy.getInvocationHandler(p)).self == p,
                    p instanceof SerializableSupplier)));
  }

  static final class PlainSerializableHolder implements Serializable {
    final Object held;

    PlainSerializableHolder(Object held) {
      this.held = held;
    }
  }
}
