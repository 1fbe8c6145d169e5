package dev.carryover.codec;

import com.esotericsoftware.kryo.Serializer;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The table of classes that the bytes name by a number. It is part of format version 1 and
 * append-only: a line, once released, keeps its place, even where a JDK has no such class any more.
 *
 * <p>Below {@link #FIRST} stand Kryo's own numbers: 0 int, 1 String, 2 float, 3 boolean, 4 byte, 5
 * char, 6 short, 7 long, 8 double.
 */
final class JdkTypes {

  static final int FIRST = 16;

  /**
   * Classes with a serialiser of their own, see {@link #natives}; exact classes, never subclasses.
   */
  private static final List<Class<?>> NATIVE =
      List.of(
          Object.class,
          Class.class,
          Proxy.class,
          Object[].class,
          String[].class,
          byte[].class,
          int[].class,
          long[].class,
          char[].class,
          short[].class,
          double[].class,
          float[].class,
          boolean[].class,
          BigInteger.class,
          BigDecimal.class,
          UUID.class,
          Date.class,
          Instant.class,
          Duration.class,
          LocalDate.class,
          LocalTime.class,
          LocalDateTime.class,
          Optional.class,
          OptionalInt.class,
          OptionalLong.class,
          OptionalDouble.class,
          ArrayList.class,
          LinkedList.class,
          ArrayDeque.class,
          HashSet.class,
          LinkedHashSet.class,
          HashMap.class,
          LinkedHashMap.class,
          ConcurrentHashMap.class,
          Properties.class);

  private static final Set<Class<?>> NATIVES = Set.copyOf(NATIVE);

  /**
   * Classes that write themselves; here for the brevity of a number. From {@link #FIRST} + 64 on.
   */
  private static final String[] NAMED = {
    "java.util.CollSer",
    "java.time.Ser",
    "java.util.Arrays$ArrayList",
    "java.util.EnumMap",
    "java.util.EnumSet$SerializationProxy",
    "java.util.TreeMap",
    "java.util.TreeSet",
    "java.util.Collections$EmptyList",
    "java.util.Collections$EmptySet",
    "java.util.Collections$EmptyMap",
    "java.util.Collections$SingletonList",
    "java.util.Collections$SingletonSet",
    "java.util.Collections$SingletonMap",
    "java.util.Collections$UnmodifiableCollection",
    "java.util.Collections$UnmodifiableList",
    "java.util.Collections$UnmodifiableRandomAccessList",
    "java.util.Collections$UnmodifiableSet",
    "java.util.Collections$UnmodifiableMap",
    "java.util.Collections$SynchronizedCollection",
    "java.util.Collections$SynchronizedList",
    "java.util.Collections$SynchronizedRandomAccessList",
    "java.util.Collections$SynchronizedSet",
    "java.util.Collections$SynchronizedMap",
    "java.util.AbstractMap$SimpleEntry",
    "java.util.AbstractMap$SimpleImmutableEntry",
    "java.util.Vector",
    "java.util.Stack",
    "java.util.Hashtable",
    "java.util.IdentityHashMap",
    "java.util.PriorityQueue",
    "java.util.BitSet",
    "java.util.Locale",
    "java.util.Currency",
    "java.util.Calendar",
    "java.util.GregorianCalendar",
    "java.util.TimeZone",
    "sun.util.calendar.ZoneInfo",
    "java.util.regex.Pattern",
    "java.net.URI",
    "java.net.URL",
    "java.io.File",
    "java.sql.Date",
    "java.sql.Time",
    "java.sql.Timestamp",
    "java.lang.Number",
    "java.lang.Throwable",
    "java.lang.Exception",
    "java.lang.RuntimeException",
    "java.lang.StackTraceElement",
    "java.lang.StringBuilder",
    "java.lang.StringBuffer",
    "java.lang.invoke.SerializedLambda",
    "java.util.concurrent.CopyOnWriteArrayList",
    "java.util.concurrent.CopyOnWriteArraySet",
    "java.util.concurrent.ConcurrentSkipListMap",
    "java.util.concurrent.ConcurrentLinkedQueue",
    "java.util.concurrent.ConcurrentHashMap$KeySetView",
    "java.util.concurrent.ConcurrentHashMap$CollectionView",
    "java.util.concurrent.atomic.AtomicInteger",
    "java.util.concurrent.atomic.AtomicLong",
    "java.util.concurrent.atomic.AtomicBoolean",
    "java.util.concurrent.atomic.AtomicReference",
    "java.util.concurrent.locks.ReentrantLock",
  };

  private static final int FIRST_NAMED = FIRST + 64;

  /** Values whose identity nobody asks for: they are written again rather than referred to. */
  private static final Set<Class<?>> UNSHARED =
      Set.of(
          String.class,
          Integer.class,
          Long.class,
          Boolean.class,
          Byte.class,
          Short.class,
          Character.class,
          Float.class,
          Double.class,
          Class.class,
          BigInteger.class,
          BigDecimal.class,
          UUID.class,
          Instant.class,
          Duration.class,
          LocalDate.class,
          LocalTime.class,
          LocalDateTime.class,
          OptionalInt.class,
          OptionalLong.class,
          OptionalDouble.class);

  private static final @Nullable Class<?>[] NAMED_CLASSES = load();

  private JdkTypes() {}

  private static @Nullable Class<?>[] load() {
    @Nullable Class<?>[] classes = new Class<?>[NAMED.length];
    for (int i = 0; i < NAMED.length; i++) {
      try {
        classes[i] = Class.forName(NAMED[i], false, ClassLoader.getPlatformClassLoader());
      } catch (ClassNotFoundException | LinkageError e) {
        // Another JDK, or a run-time image without that module: the number stays unused.
        classes[i] = null;
      }
    }
    return classes;
  }

  static boolean isUnshared(Class<?> type) {
    return UNSHARED.contains(type);
  }

  /** Whether the codec has a serialiser of its own for exactly this class. */
  static boolean isNative(Class<?> type) {
    return NATIVES.contains(type);
  }

  static void registerAll(Graph graph) {
    graph.register(String.class, new Strings());
    Map<Class<?>, Serializer<?>> natives = natives(graph);
    for (int i = 0; i < NATIVE.size(); i++) {
      graph.register(NATIVE.get(i), natives.get(NATIVE.get(i)), FIRST + i);
    }
    for (int i = 0; i < NAMED_CLASSES.length; i++) {
      Class<?> type = NAMED_CLASSES[i];
      if (type != null) {
        graph.register(type, Serializers.forClass(type, graph.shapes()), FIRST_NAMED + i);
      }
    }
  }

  private static Map<Class<?>, Serializer<?>> natives(Graph graph) {
    Map<Class<?>, Serializer<?>> map = new HashMap<>();
    map.put(Object.class, new ValueSerializers.OfObject());
    map.put(Class.class, new Serializers.OfClass());
    map.put(Proxy.class, new Serializers.OfProxy(graph.shapes()));
    map.put(Object[].class, new Serializers.OfArray(Object.class));
    map.put(String[].class, new Serializers.OfArray(String.class));
    for (Class<?> primitive : Serializers.PRIMITIVES) {
      if (primitive != void.class) {
        map.put(
            java.lang.reflect.Array.newInstance(primitive, 0).getClass(),
            new Serializers.OfPrimitives(primitive));
      }
    }
    ValueSerializers.addTo(map);
    CollectionSerializers.addTo(map, graph.shapes());
    return map;
  }
}
