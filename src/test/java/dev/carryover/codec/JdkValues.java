package dev.carryover.codec;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.Insets;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.geom.AffineTransform;
import java.awt.geom.Point2D;
import java.beans.PropertyChangeSupport;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.FilePermission;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.text.ChoiceFormat;
import java.text.DateFormat;
import java.text.DateFormatSymbols;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.text.SimpleDateFormat;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.Month;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.chrono.HijrahDate;
import java.time.chrono.IsoChronology;
import java.time.chrono.JapaneseDate;
import java.time.chrono.JapaneseEra;
import java.time.chrono.MinguoDate;
import java.time.chrono.ThaiBuddhistDate;
import java.time.temporal.ChronoUnit;
import java.time.temporal.ValueRange;
import java.time.temporal.WeekFields;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.crypto.spec.SecretKeySpec;
import javax.naming.CompositeName;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosPrincipal;
import javax.security.auth.x500.X500Principal;
import javax.sql.rowset.serial.SerialBlob;
import javax.swing.tree.DefaultMutableTreeNode;
import javax.xml.datatype.DatatypeFactory;
import javax.xml.namespace.QName;

/** Values of the JDK's classes. */
final class JdkValues {

  enum Many {
    A0,
    A1,
    A2,
    A3,
    A4,
    A5,
    A6,
    A7,
    A8,
    A9,
    B0,
    B1,
    B2,
    B3,
    B4,
    B5,
    B6,
    B7,
    B8,
    B9,
    C0,
    C1,
    C2,
    C3,
    C4,
    C5,
    C6,
    C7,
    C8,
    C9,
    D0,
    D1,
    D2,
    D3,
    D4,
    D5,
    D6,
    D7,
    D8,
    D9,
    E0,
    E1,
    E2,
    E3,
    E4,
    E5,
    E6,
    E7,
    E8,
    E9,
    F0,
    F1,
    F2,
    F3,
    F4,
    F5,
    F6,
    F7,
    F8,
    F9,
    G0,
    G1,
    G2,
    G3,
    G4,
    G5,
    G6,
    G7,
    G8,
    G9
  }

  private JdkValues() {}

  static void addTo(List<Case> all) {
    addArrays(all);
    addWrappers(all);
    addCollections(all);
    addViews(all);
    addComparators(all);
    addTexts(all);
    addTimes(all);
    addNumbers(all);
    addConcurrency(all);
    addThrowables(all);
    addSecurity(all);
    addDesktop(all);
    addOthers(all);
  }

  // --- what is looked at

  /** The class, and what is in it. */
  private static Object content(Object object) {
    return List.of(object.getClass(), object.toString());
  }

  /** What the action ends in, by the class of what it throws. */
  private static String outcome(Runnable action) {
    try {
      action.run();
      return "works";
    } catch (RuntimeException e) {
      return e.getClass().getSimpleName();
    }
  }

  private static <T> Function<T, Object> contentAnd(Consumer<? super T> change) {
    return object -> {
      Object before = content(object);
      String outcome = outcome(() -> change.accept(object));
      return List.of(before, outcome, object.toString());
    };
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static void addAny(Object collection, Object element) {
    if (collection instanceof Map) {
      ((Map) collection).put(element, element);
    } else {
      ((Collection) collection).add(element);
    }
  }

  private static void addContents(List<Case> all, Object... values) {
    for (Object value : values) {
      all.add(Case.of(value.getClass().getName() + " " + value, value, JdkValues::content));
    }
  }

  private static void addEquals(List<Case> all, Object... values) {
    for (Object value : values) {
      all.add(Case.of(value.getClass().getName() + " " + value, value));
    }
  }

  // --- values

  private static void addArrays(List<Case> all) {
    Function<Object, Object> deep =
        a -> a.getClass().getName() + Arrays.deepToString(new Object[] {a});
    for (Object array :
        List.of(
            new int[0],
            new int[300],
            new byte[20_000],
            new Object[0],
            new Object[200],
            new String[0],
            new long[][][] {{{1}, null}, {}},
            new Number[] {1, 2L, 3.0, BigDecimal.TEN},
            new Comparable<?>[] {"a", 1},
            new Boolean[] {true, null},
            new Character[] {'x'},
            new Class<?>[] {int.class, String.class, null},
            new Map<?, ?>[] {Map.of(1, 2)},
            new Many[] {Many.A0, Many.G9, Many.A0},
            new char[][] {{'a'}, {}},
            new Object[][] {{1, "x"}, {new int[] {1}}})) {
      all.add(Case.of("array " + array.getClass().getSimpleName(), array, deep));
    }
    Object[] self = new Object[2];
    self[1] = self;
    all.add(Case.of("array in itself", self, a -> a[1] == a && a[0] == null));
    Object covariant = new Integer[] {1};
    all.add(
        Case.of(
            "covariant array",
            covariant,
            a -> outcome(() -> ((Object[]) a)[0] = "not an Integer") + ((Object[]) a)[0]));
  }

  private static void addWrappers(List<Case> all) {
    List<Supplier<Object>> wrappers =
        List.of(
            () -> Collections.unmodifiableCollection(list()),
            () -> Collections.unmodifiableList(list()),
            () -> Collections.unmodifiableList(new LinkedList<>(list())),
            () -> Collections.unmodifiableSet(new LinkedHashSet<>(list())),
            () -> Collections.unmodifiableSortedSet(new TreeSet<>(list())),
            () -> Collections.unmodifiableNavigableSet(new TreeSet<>(list())),
            () -> Collections.unmodifiableMap(map()),
            () -> Collections.unmodifiableSortedMap(map()),
            () -> Collections.unmodifiableNavigableMap(map()),
            () -> Collections.synchronizedCollection(list()),
            () -> Collections.synchronizedList(list()),
            () -> Collections.synchronizedList(new LinkedList<>(list())),
            () -> Collections.synchronizedSet(new LinkedHashSet<>(list())),
            () -> Collections.synchronizedSortedSet(new TreeSet<>(list())),
            () -> Collections.synchronizedNavigableSet(new TreeSet<>(list())),
            () -> Collections.synchronizedMap(map()),
            () -> Collections.synchronizedSortedMap(map()),
            () -> Collections.synchronizedNavigableMap(map()),
            () -> Collections.checkedCollection(list(), String.class),
            () -> Collections.checkedList(list(), String.class),
            () -> Collections.checkedList(new LinkedList<>(list()), String.class),
            () -> Collections.checkedSet(new LinkedHashSet<>(list()), String.class),
            () -> Collections.checkedSortedSet(new TreeSet<>(list()), String.class),
            () -> Collections.checkedNavigableSet(new TreeSet<>(list()), String.class),
            () -> Collections.checkedQueue(new ArrayDeque<>(list()), String.class),
            () -> Collections.checkedMap(map(), String.class, String.class),
            () -> Collections.checkedSortedMap(map(), String.class, String.class),
            () -> Collections.checkedNavigableMap(map(), String.class, String.class),
            Collections::emptyList,
            Collections::emptySet,
            Collections::emptyMap,
            Collections::emptySortedSet,
            Collections::emptyNavigableSet,
            Collections::emptySortedMap,
            Collections::emptyNavigableMap,
            () -> Collections.singleton("a"),
            () -> Collections.singletonList("a"),
            () -> Collections.singletonMap("a", "b"),
            () -> Collections.singletonList(null),
            () -> Collections.nCopies(3, "x"),
            () -> Collections.nCopies(5, "x").subList(1, 3),
            () -> Collections.newSetFromMap(new LinkedHashMap<>()),
            () -> Collections.asLifoQueue(new ArrayDeque<>(list())),
            () -> List.of("a", "b", "c"),
            () -> List.copyOf(list()),
            () -> Set.of("a"),
            () -> Map.of("a", "b"),
            () -> Map.ofEntries(Map.entry("a", "b")),
            () -> Arrays.asList("a", null),
            () -> List.of().stream().toList(),
            () -> java.util.stream.Stream.of("a", null).toList());
    for (Supplier<Object> wrapper : wrappers) {
      String name = wrapper.get().getClass().getName() + " " + wrapper.get();
      all.add(Case.made(name + " and more", wrapper, contentAnd(c -> addAny(c, "more"))));
      all.add(
          Case.made(name + " and what does not belong", wrapper, contentAnd(c -> addAny(c, 7))));
    }
  }

  private static List<String> list() {
    return new ArrayList<>(List.of("a", "b"));
  }

  private static TreeMap<String, String> map() {
    return new TreeMap<>(Map.of("a", "1", "b", "2"));
  }

  private static void addCollections(List<Case> all) {
    for (Class<?> type :
        List.of(
            ArrayList.class,
            LinkedList.class,
            Vector.class,
            Stack.class,
            HashSet.class,
            LinkedHashSet.class,
            CopyOnWriteArrayList.class)) {
      Collection<Object> collection = make(type);
      collection.add(null);
      collection.add("a");
      all.add(Case.of("null in " + type.getSimpleName(), collection));
    }
    for (Class<?> type : List.of(HashMap.class, LinkedHashMap.class, IdentityHashMap.class)) {
      Map<Object, Object> map = make(type);
      map.put(null, "a");
      map.put("a", null);
      Case nulls =
          Case.of("nulls in " + type.getSimpleName(), map, m -> m.get(null) + "" + m.size());
      // The order of an IdentityHashMap is by chance.
      all.add(type == IdentityHashMap.class ? nulls.changedByReading() : nulls);
    }
    for (int size : new int[] {1, 2, 3, 10, 17, 100}) {
      List<Integer> numbers = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        numbers.add(i * 7919);
      }
      addContents(
          all,
          new PriorityQueue<>(numbers),
          new ArrayDeque<>(numbers),
          new TreeSet<>(numbers),
          new ConcurrentSkipListSet<>(numbers),
          new LinkedBlockingDeque<>(numbers),
          new LinkedTransferQueue<>(numbers),
          new LinkedBlockingQueue<>(numbers),
          new PriorityBlockingQueue<>(numbers),
          new ConcurrentLinkedDeque<>(numbers),
          new CopyOnWriteArraySet<>(numbers));
      addEquals(all, numbers, new HashSet<>(numbers), new LinkedHashSet<>(numbers));
    }
    addEquals(
        all,
        EnumSet.allOf(Many.class),
        EnumSet.of(Many.A0, Many.G9),
        EnumSet.noneOf(Many.class),
        new EnumMap<>(Map.of(Many.G9, "x")),
        new EnumMap<Many, String>(Many.class),
        new HashMap<>(Map.of(Many.A5, Many.A6)));
    EnumMap<Many, String> withNull = new EnumMap<>(Many.class);
    withNull.put(Many.A1, null);
    all.add(Case.of("EnumMap with null", withNull));
    Case byLength =
        Case.made(
            "PriorityQueue with comparator",
            () -> {
              Queue<String> queue = new PriorityQueue<>(Collections.reverseOrder());
              queue.addAll(List.of("a", "c", "b"));
              return queue;
            },
            queue -> queue.poll() + queue.poll() + queue.poll());
    all.add(byLength);
    all.add(
        Case.made(
            "ArrayBlockingQueue, full",
            () -> new ArrayBlockingQueue<>(2, true, List.of("a", "b")),
            queue -> queue.offer("c") + queue.toString()));
    all.add(
        Case.made(
            "LinkedBlockingQueue, bounded",
            () -> {
              BlockingQueue<String> queue = new LinkedBlockingQueue<>(1);
              queue.add("a");
              return queue;
            },
            queue -> queue.offer("b") + queue.toString()));
    all.add(Case.of("SynchronousQueue", new SynchronousQueue<>(true), JdkValues::content));
    String key = new String("key");
    IdentityHashMap<Object, Object> identity = new IdentityHashMap<>();
    identity.put(key, key);
    all.add(
        Case.of(
            "IdentityHashMap",
            identity,
            m -> m.keySet().iterator().next().equals(m.values().iterator().next())));
    Object shared = new ArrayList<>();
    IdentityHashMap<Object, Object> identities = new IdentityHashMap<>();
    identities.put(shared, shared);
    all.add(
        Case.of(
            "IdentityHashMap that knows its key",
            identities,
            m -> m.containsKey(m.values().iterator().next())));
    all.add(
        Case.made(
            "LinkedHashMap in access order, used",
            () -> {
              Map<String, String> map = new LinkedHashMap<>(16, 0.75f, true);
              map.put("a", "1");
              map.put("b", "2");
              map.put("c", "3");
              map.get("a");
              return map;
            },
            map -> map + map.get("b") + map));
    Properties deeper = new Properties();
    deeper.setProperty("x", "deep");
    Properties middle = new Properties(deeper);
    middle.setProperty("y", "middle");
    Properties top = new Properties(middle);
    top.setProperty("z", "top");
    top.put("object", 5);
    all.add(
        Case.of(
            "Properties with defaults of defaults",
            top,
            p -> p.getProperty("x") + p.getProperty("y") + p.get("object") + p.get("x")));
    BitSet bits = new BitSet(1000);
    bits.set(999);
    bits.clear(999);
    addEquals(all, bits, new BitSet(), BitSet.valueOf(new long[] {-1, 5}));
    ConcurrentHashMap<String, Object> concurrent = new ConcurrentHashMap<>();
    concurrent.put("self", concurrent);
    all.add(Case.of("ConcurrentHashMap in itself", concurrent, m -> m.get("self") == m));
    all.add(
        Case.of(
            "keys of a ConcurrentHashMap",
            new ConcurrentHashMap<>(Map.of("a", 1)).keySet(1),
            s -> s.add("b") + s.toString() + s.getMappedValue()));
    all.add(
        Case.of(
            "values of a ConcurrentHashMap",
            new ConcurrentHashMap<>(Map.of("a", 1)).values(),
            JdkValues::content));
    all.add(
        Case.of(
            "entries of a ConcurrentHashMap",
            new ConcurrentHashMap<>(Map.of("a", 1)).entrySet(),
            JdkValues::content));
  }

  @SuppressWarnings("unchecked")
  private static <T> T make(Class<?> type) {
    try {
      return (T) type.getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void addViews(List<Case> all) {
    TreeMap<String, String> map = map();
    TreeSet<String> set = new TreeSet<>(list());
    ConcurrentSkipListMap<String, String> skip = new ConcurrentSkipListMap<>(map);
    addContents(
        all,
        map.subMap("a", "b"),
        map.tailMap("b"),
        map.headMap("b", true),
        map.descendingMap(),
        map.descendingMap().headMap("a"),
        map.firstEntry(),
        set.subSet("a", "b"),
        set.descendingSet(),
        skip.subMap("a", "b"),
        skip.descendingMap(),
        skip.firstEntry(),
        new AbstractMap.SimpleImmutableEntry<>("a", List.of(1)));
    all.add(
        Case.made(
            "a map and its view",
            () -> {
              TreeMap<String, String> whole = map();
              return new Object[] {whole, whole.headMap("b")};
            },
            both -> {
              JdkValues.<Map<String, String>>cast(both[0]).put("aa", "new");
              return Arrays.toString(both);
            }));
    all.add(
        Case.made(
            "a view's bounds",
            () -> map().headMap("b"),
            view -> outcome(() -> view.put("z", "")) + view));
  }

  @SuppressWarnings("unchecked")
  private static <T> T cast(Object object) {
    return (T) object;
  }

  private static void addComparators(List<Case> all) {
    List<Comparator<String>> comparators =
        List.of(
            Comparator.naturalOrder(),
            Comparator.reverseOrder(),
            Collections.reverseOrder(String.CASE_INSENSITIVE_ORDER),
            String.CASE_INSENSITIVE_ORDER,
            Comparator.nullsFirst(Comparator.naturalOrder()),
            Comparator.nullsLast(null),
            Comparator.comparing((Function<String, Integer> & java.io.Serializable) String::length),
            Comparator.comparing((Function<String, Integer> & java.io.Serializable) String::length)
                .reversed()
                .thenComparing(Comparator.naturalOrder()));
    int number = 0;
    for (Comparator<String> comparator : comparators) {
      all.add(
          Case.of(
              "comparator " + number++,
              comparator,
              c -> List.of(c.compare("a", "b"), c.compare("B", "a"), c.compare("aa", "b"))));
    }
    TreeMap<String, Object> nested = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    nested.put("Key", nested.comparator());
    all.add(
        Case.of(
            "TreeMap that ignores case",
            nested,
            m ->
                (m.get("kEY") == m.comparator())
                    + ""
                    + (m.comparator() == String.CASE_INSENSITIVE_ORDER)));
  }

  private static void addTexts(List<Case> all) {
    addEquals(
        all,
        new SimpleDateFormat("yyyy-MM-dd", Locale.GERMANY),
        DateFormat.getDateInstance(DateFormat.LONG, Locale.FRANCE),
        new DecimalFormat("#,##0.00"),
        NumberFormat.getCurrencyInstance(Locale.US),
        NumberFormat.getPercentInstance(Locale.GERMANY),
        NumberFormat.getCompactNumberInstance(Locale.US, NumberFormat.Style.SHORT),
        new DecimalFormatSymbols(Locale.FRANCE),
        new DateFormatSymbols(Locale.FRANCE),
        new ChoiceFormat("0#none|1#one"),
        DateFormat.Field.YEAR,
        NumberFormat.Field.INTEGER);
    addContents(all, new StringBuilder("äö\u20ac"), new StringBuffer("a".repeat(300)));
    all.add(
        Case.of(
            "a field of a format, by identity",
            DateFormat.Field.YEAR,
            field -> field == DateFormat.Field.YEAR));
    all.add(
        Case.of(
            "strings of all lengths", lengths(), strings -> Arrays.toString((Object[]) strings)));
  }

  private static Object lengths() {
    List<String> strings = new ArrayList<>();
    for (String piece : List.of("a", "ä", "\u20ac", "\ud83d\ude00", "\ud83d")) {
      for (int length : new int[] {1, 22, 23, 24, 25, 62, 63, 64, 65, 200}) {
        strings.add(piece.repeat(length));
        strings.add("a" + piece.repeat(length));
      }
    }
    return strings.toArray();
  }

  private static void addTimes(List<Case> all) {
    addEquals(
        all,
        JapaneseDate.of(2020, 1, 2),
        JapaneseEra.HEISEI,
        ThaiBuddhistDate.of(2563, 1, 2),
        MinguoDate.of(109, 1, 2),
        HijrahDate.of(1441, 1, 2),
        IsoChronology.INSTANCE,
        WeekFields.of(DayOfWeek.SUNDAY, 1),
        ValueRange.of(1, 5),
        ChronoUnit.DAYS,
        Month.MAY,
        Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
        Clock.offset(Clock.systemUTC(), Duration.ofDays(1)),
        Clock.tickSeconds(ZoneId.of("UTC")),
        ZoneId.of("Europe/Paris").getRules(),
        ZoneId.of("UTC+2"),
        Instant.MAX,
        Instant.MIN,
        Duration.ofSeconds(Long.MIN_VALUE),
        java.time.LocalDate.MIN,
        java.time.LocalDateTime.MAX,
        TimeZone.getTimeZone("GMT+3"),
        new SimpleTimeZone(3_600_000, "X", 2, -1, 1, 7_200_000, 9, -1, 1, 7_200_000));
    Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone("Asia/Tokyo"), Locale.JAPAN);
    calendar.setTimeInMillis(1_000_000_000_000L);
    calendar.setLenient(false);
    calendar.setFirstDayOfWeek(Calendar.WEDNESDAY);
    all.add(
        Case.of(
            "Calendar",
            calendar,
            c ->
                List.of(
                    c,
                    c.isLenient(),
                    c.getFirstDayOfWeek(),
                    c.getTimeZone(),
                    c.get(Calendar.HOUR))));
    GregorianCalendar julian = new GregorianCalendar(1500, Calendar.JANUARY, 1);
    julian.setGregorianChange(new Date(Long.MAX_VALUE));
    addEquals(all, julian);
    java.sql.Timestamp timestamp = new java.sql.Timestamp(-1);
    timestamp.setNanos(123_456_789);
    addEquals(all, timestamp, new Date(Long.MIN_VALUE));
  }

  private static void addNumbers(List<Case> all) {
    addEquals(
        all,
        new BigDecimal("0E+10"),
        new BigDecimal("-1E-2147483647"),
        new BigDecimal("1E+2147483647"),
        new BigDecimal("123456789012345678"),
        new BigDecimal("-1234567890123456789"),
        new BigDecimal("9223372036854775807.00"),
        new BigDecimal("12345678901234567890.123"),
        BigDecimal.ZERO,
        java.math.BigInteger.ZERO,
        java.math.BigInteger.valueOf(Long.MIN_VALUE),
        new MathContext(5, RoundingMode.DOWN),
        RoundingMode.HALF_EVEN,
        Float.NaN,
        Float.MIN_VALUE,
        -0.0f,
        Double.MIN_VALUE,
        Double.POSITIVE_INFINITY,
        Integer.MIN_VALUE,
        Integer.MAX_VALUE,
        Short.MIN_VALUE,
        Byte.MIN_VALUE,
        Character.MAX_VALUE,
        Long.MAX_VALUE);
    for (int i = 0; i < 64; i += 3) {
      addEquals(all, 1L << i, -1L << i, BigDecimal.valueOf(1L << i, i));
    }
    all.add(Case.made("Random", () -> new Random(5), r -> r.nextInt() + "," + r.nextGaussian()));
    all.add(
        Case.made(
            "Random with half of a pair",
            () -> {
              Random random = new Random(5);
              random.nextGaussian();
              return random;
            },
            r -> r.nextGaussian() + "," + r.nextInt()));
    all.add(
        Case.made(
            "ThreadLocalRandom",
            ThreadLocalRandom::current,
            r -> r == ThreadLocalRandom.current()));
  }

  private static void addConcurrency(List<Case> all) {
    AtomicReference<Object> self = new AtomicReference<>();
    self.set(self);
    all.add(Case.of("AtomicReference to itself", self, r -> r.get() == r));
    addContents(
        all,
        new AtomicLongArray(new long[] {1, 2}),
        new AtomicReferenceArray<>(new Object[] {"a", null}),
        new DoubleAdder(),
        new LongAdder());
    all.add(
        Case.made(
            "Semaphore",
            () -> new Semaphore(3, true),
            s -> s.availablePermits() + "" + s.isFair() + s.tryAcquire(4)));
    all.add(
        Case.made(
            "LongAccumulator",
            () -> {
              LongAccumulator sum =
                  new LongAccumulator(
                      (java.util.function.LongBinaryOperator & java.io.Serializable) Long::sum, 1);
              sum.accumulate(5);
              return sum;
            },
            sum -> {
              sum.accumulate(1);
              return sum.get();
            }));
    all.add(
        Case.made(
            "LongAdder",
            () -> {
              LongAdder adder = new LongAdder();
              adder.add(41);
              return adder;
            },
            adder -> {
              adder.increment();
              return adder.sum();
            }));
    all.add(
        Case.made(
            "ReentrantReadWriteLock",
            ReentrantReadWriteLock::new,
            lock -> lock.writeLock().tryLock() + "" + lock.isWriteLockedByCurrentThread()));
    all.add(Case.made("StampedLock", StampedLock::new, lock -> lock.tryWriteLock() != 0));
  }

  private static Object throwable(Throwable t) {
    List<Object> seen = new ArrayList<>();
    for (Throwable each = t; each != null && seen.size() < 10; each = each.getCause()) {
      seen.add(each.getClass());
      seen.add(String.valueOf(each.getMessage()));
      seen.add(List.of(each.getStackTrace()));
      seen.add(each.getSuppressed().length);
    }
    return seen;
  }

  private static void addThrowables(List<Case> all) {
    Throwable suppressing = new IllegalStateException("outer", new IOException("inner"));
    suppressing.addSuppressed(new Error("s1"));
    suppressing.addSuppressed(new Exception("s2", suppressing));
    SQLException first = new SQLException("one", "state", 5);
    first.setNextException(new SQLException("two"));
    for (Throwable each :
        List.of(
            suppressing,
            first,
            new Exception(),
            new FileNotFoundException("f"),
            new UncheckedIOException(new IOException("x")),
            new InvocationTargetException(new Error("target"), "m"),
            new UndeclaredThrowableException(new Exception("undeclared"), "m"),
            new ExceptionInInitializerError(new Error("init")),
            new ClassNotFoundException("c", new Error("x")),
            new MissingResourceException("m", "C", "k"),
            new BatchUpdateException("b", new int[] {1, 2}),
            new StackOverflowError(),
            new ExecutionException(new TimeoutException("t")),
            new ArrayIndexOutOfBoundsException(5))) {
      all.add(Case.of("throwable " + each.getClass().getSimpleName(), each, JdkValues::throwable));
    }
    all.add(
        Case.of(
            "next of an SQLException",
            first,
            e -> e.getNextException().getMessage() + e.getSQLState() + e.getErrorCode()));
    Throwable circular = new Exception("a");
    circular.initCause(new Exception("b", circular));
    all.add(Case.of("a cause of its own", circular, e -> e.getCause().getCause() == e));
    all.add(
        Case.of(
            "suppressed that leads back",
            suppressing,
            e -> e.getSuppressed()[1].getCause() == e && e.getSuppressed().length == 2));
    addEquals(all, new Exception().getStackTrace()[0]);
  }

  private static void addSecurity(List<Case> all) {
    String pem =
        "-----BEGIN CERTIFICATE-----\n"
            + "MIIBNjCB3aADAgECAggMyIoon/lL3TAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDEwR0\n"
            + "ZXN0MCAXDTI2MTEyNTIwNTAxMloYDzIxMjYxMTAxMjA1MDEyWjAPMQ0wCwYDVQQD\n"
            + "EwR0ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEe7M3e/uSi17ybPtp+w5K\n"
            + "507aG2/pZz1N6GjwAZHja66gSELEKIe3d++334Z05MXHOXEgWRmXaaPMlc6y9PyH\n"
            + "cqMhMB8wHQYDVR0OBBYEFNdvYdYn0kwbbC5hsz482oqPgLd4MAoGCCqGSM49BAMC\n"
            + "A0gAMEUCIDNM+PHIxgyWt5Jjb87Ul5FBipTv6k2GHVIq2IiXLY/gAiEAp1V2jFPv\n"
            + "vmhx2h+4Ujx8NCUUgsSk2DvEHoISaLXb7EM=\n"
            + "-----END CERTIFICATE-----\n";
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      var certificate =
          factory.generateCertificate(
              new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
      addEquals(
          all,
          certificate,
          factory.generateCertPath(List.of(certificate)),
          certificate.getPublicKey());
      all.add(
          Case.of(
              "certificates",
              new java.security.cert.Certificate[] {certificate, certificate},
              c -> c[0] == c[1] && c[0].equals(certificate)));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    addEquals(
        all,
        new X500Principal("CN=ann, O=example"),
        new KerberosPrincipal("ann@EXAMPLE.ORG"),
        new SecretKeySpec(new byte[16], "AES"),
        new FilePermission("/tmp/x", "read"),
        new java.util.PropertyPermission("user.home", "read"),
        new java.security.Timestamp(new Date(5), emptyPath()));
    Subject subject =
        new Subject(
            true,
            new LinkedHashSet<>(List.of(new X500Principal("CN=ann"))),
            Set.of("public"),
            Set.of());
    all.add(
        Case.of(
            "Subject with a principal", subject, s -> List.of(s.getPrincipals(), s.isReadOnly())));
    var permissions = new java.security.Permissions();
    permissions.add(new java.util.PropertyPermission("a", "read"));
    all.add(
        Case.of(
            "Permissions",
            permissions,
            p -> p.implies(new java.util.PropertyPermission("a", "read"))));
  }

  private static java.security.cert.CertPath emptyPath() {
    try {
      return CertificateFactory.getInstance("X.509").generateCertPath(List.of());
    } catch (java.security.cert.CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void addDesktop(List<Case> all) {
    addEquals(
        all,
        Color.RED,
        new Color(1, 2, 3, 4),
        new Point(1, 2),
        new Dimension(3, 4),
        new Rectangle(1, 2, 3, 4),
        new Insets(1, 2, 3, 4),
        new Point2D.Double(1.5, 2.5),
        new AffineTransform(1, 2, 3, 4, 5, 6));
    all.add(
        Case.made(
            "DefaultMutableTreeNode",
            () -> {
              DefaultMutableTreeNode root = new DefaultMutableTreeNode("root");
              root.add(new DefaultMutableTreeNode("child"));
              return root;
            },
            node ->
                List.of(
                    node.getUserObject(),
                    node.getChildAt(0).toString(),
                    node.getChildAt(0).getParent() == node)));
    all.add(
        Case.made(
            "PropertyChangeSupport",
            () -> {
              PropertyChangeSupport support = new PropertyChangeSupport("source");
              support.addPropertyChangeListener("p", new LegacyValues.Listener());
              return support;
            },
            support -> support.getPropertyChangeListeners("p").length));
  }

  private static void addOthers(List<Case> all) {
    try {
      addEquals(
          all,
          InetAddress.getByAddress("host", new byte[] {1, 2, 3, 4}),
          InetAddress.getByAddress(new byte[16]),
          new InetSocketAddress(InetAddress.getByAddress(new byte[] {1, 2, 3, 4}), 80),
          InetSocketAddress.createUnresolved("example.org", 443),
          new CompositeName("a/b"),
          new SerialBlob(new byte[] {1, 2}),
          new javax.management.ObjectName("a:type=b"));
      all.add(Case.of("URL", new URL("http://user@127.0.0.1:80/a?b#c"), URL::toExternalForm));
      addEquals(
          all,
          DatatypeFactory.newInstance().newXMLGregorianCalendar("2020-01-02T03:04:05.678+02:00"),
          DatatypeFactory.newInstance().newDuration("P1DT2H"));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    addEquals(
        all,
        new QName("uri", "local", "prefix"),
        java.util.logging.Level.FINE,
        new Locale.Builder().setLanguageTag("sr-Latn-RS-x-lvariant-a").build(),
        Locale.ROOT,
        Currency.getInstance("JPY"),
        java.io.File.separator,
        new java.io.File("/a/b"),
        UUID.nameUUIDFromBytes(new byte[] {1}),
        List.class,
        Map.Entry.class,
        void.class,
        int[][].class,
        Many.class);
    all.add(
        Case.of(
            "a level of logging, by identity",
            java.util.logging.Level.FINE,
            level -> level == java.util.logging.Level.FINE));
    all.add(Case.of("EventObject", new EventObject("source"), event -> event.getClass()));
  }
}
