package dev.carryover.codec;

import com.esotericsoftware.kryo.Serializer;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What one web application's codec has learnt of classes. Thread-safe; ends with the application.
 */
final class Shapes {

  static final MethodType OBJECT_TO_OBJECT = MethodType.methodType(Object.class, Object.class);

  /**
   * Replaced for the sake of a Java before 1.4 only. As they are they can be part of a cycle, which
   * Weld's beans of the session need.
   */
  private static final Set<String> NOT_REPLACED =
      Set.of(
          "java.util.Collections$SynchronizedRandomAccessList",
          "java.util.Collections$UnmodifiableRandomAccessList");

  private static final int LONGEST_SHOWN = 250;
  private static final int MOST_INTRODUCED = 5_000;
  private static final int MOST_BYTES_INTRODUCED = 4 * 1024 * 1024;

  private final ClassLoader loader;
  private final ClassFilter filter;
  private final Aliases aliases;
  private final Carriable carriable;
  private final Map<Class<?>, Level> levels = new ConcurrentHashMap<>();
  private final Map<Class<?>, Level> plainLevels = new ConcurrentHashMap<>();
  private final Map<Class<?>, Shape> shapes = new ConcurrentHashMap<>();
  private final AtomicInteger indexes = new AtomicInteger();
  private final Map<Class<?>, Carried> carried = new ConcurrentHashMap<>();
  private final Map<Introduction, StreamClass> introduced = new ConcurrentHashMap<>();
  private final AtomicLong bytesIntroduced = new AtomicLong();
  private final Map<Integer, Class<?>> numbered = new ConcurrentHashMap<>();
  private final Map<Class<?>, Serializer<?>> natives;
  private final Map<Class<?>, Optional<String>> problems = new ConcurrentHashMap<>();
  private final Map<Class<?>, Boolean> hashing = new ConcurrentHashMap<>();

  Shapes(ClassLoader loader, ClassFilter filter, Aliases aliases, Carriable carriable) {
    this.loader = loader;
    this.filter = filter;
    this.aliases = aliases;
    this.carriable = carriable;
    this.natives = NumberedTypes.natives(this);
  }

  ClassLoader loader() {
    return loader;
  }

  ClassFilter filter() {
    return filter;
  }

  Carriable carriable() {
    return carriable;
  }

  Carried carried(Class<?> type) {
    Carried known = carried.get(type);
    if (known == null) {
      Carried added = new Carried(type, indexes.getAndIncrement(), this);
      known = carried.putIfAbsent(type, added);
      known = known == null ? added : known;
    }
    return known;
  }

  /** The class's own fields, above them those of its Serializable superclasses. */
  Level level(Class<?> type) {
    Level known = levels.get(type);
    if (known == null) {
      Class<?> superclass = type.getSuperclass();
      boolean more = superclass != null && Serializable.class.isAssignableFrom(superclass);
      Level added = new Level(type, more ? level(superclass) : null);
      known = levels.putIfAbsent(type, added);
      known = known == null ? added : known;
    }
    return known;
  }

  /** The class's own fields, above them those of all its superclasses but the JDK's. */
  Level plainLevel(Class<?> type) {
    Level known = plainLevels.get(type);
    if (known == null) {
      Class<?> superclass = type.getSuperclass();
      boolean more =
          superclass != null
              && (Serializable.class.isAssignableFrom(superclass) || !Platform.owns(superclass));
      Level added = new Level(type, more ? plainLevel(superclass) : null);
      known = plainLevels.putIfAbsent(type, added);
      known = known == null ? added : known;
    }
    return known;
  }

  Shape shape(Class<?> type) {
    Shape known = shapes.get(type);
    if (known == null) {
      known = new Shape(type, this);
      shapes.putIfAbsent(type, known);
    }
    return known;
  }

  boolean isNative(Class<?> type) {
    return natives.containsKey(type);
  }

  Serializer<?> serializer(Class<?> type) {
    Serializer<?> known = natives.get(type);
    return known == null ? Serializers.forClass(type, this) : known;
  }

  /**
   * The {@code writeReplace} of the class, its own or inherited, or what replaces the constants of
   * a bean; null if it has neither.
   */
  @Nullable MethodHandle writeReplace(Class<?> type) {
    if (Enum.class.isAssignableFrom(type)
        || type.isArray()
        || isNative(type)
        || NOT_REPLACED.contains(type.getName())) {
      return null;
    }
    if (Serializable.class.isAssignableFrom(type)) {
      return Platform.handle("writeReplaceForSerialization", type, OBJECT_TO_OBJECT);
    }
    return carriable.isBean(type) ? Constant.replacer(type) : null;
  }

  /** Whether objects of a collection's class are hashed by what they hold, in the JDK's own way. */
  boolean hashesContents(Class<?> type) {
    return hashing.computeIfAbsent(type, Shapes::inheritsHash);
  }

  private static boolean inheritsHash(Class<?> type) {
    try {
      Class<?> home = type.getMethod("hashCode").getDeclaringClass();
      return home != Object.class && Platform.owns(home);
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  // --- classes by number

  /** What objects of the class start with, if it has a number; otherwise {@link Tokens#NEW}. */
  int token(Class<?> type) {
    Integer number = NumberedTypes.number(type.getName());
    return number != null && numbered(number) == type ? Tokens.numbered(number) : Tokens.NEW;
  }

  /** The class that has the number; null if it is not found here. */
  @Nullable Class<?> numbered(int number) {
    Class<?> known = numbered.get(number);
    if (known == null) {
      known = findNumbered(number);
      if (known != null) {
        numbered.put(number, known);
      }
    }
    return known;
  }

  private @Nullable Class<?> findNumbered(int number) {
    String name = NumberedTypes.name(number);
    if (name == null) {
      throw new CodecException("a class of a number that is not known here");
    }
    if (name.equals(Constant.class.getName())) {
      return Constant.class;
    }
    Class<?> type = Platform.classOrNull(name);
    if (type == null) {
      return find(name);
    }
    if (type != String.class && Primitives.unboxed(type) == null) {
      filter.check(name);
      filter.check(type);
    }
    return type;
  }

  // --- classes by name

  /** What such an introduction led to before; null if it was not seen yet. */
  @Nullable StreamClass known(Introduction introduction) {
    return introduced.get(introduction);
  }

  /** Remembers what an introduction led to. There is an end to what bytes can make us remember. */
  void remember(Introduction introduction, StreamClass type) {
    if (introduced.size() < MOST_INTRODUCED
        && bytesIntroduced.addAndGet(introduction.length()) <= MOST_BYTES_INTRODUCED) {
      introduced.put(introduction.copy(), type);
    }
  }

  /** Whether a node that reads the class's name will come to the same class; throws if not. */
  void checkNameable(Class<?> type) {
    Optional<String> problem = problems.computeIfAbsent(type, this::nameProblem);
    if (problem.isPresent()) {
      throw new CodecException(problem.get());
    }
  }

  private Optional<String> nameProblem(Class<?> type) {
    if (type.isPrimitive()) {
      return Optional.empty();
    }
    int slash = type.getName().indexOf('/');
    if (slash >= 0) {
      return Optional.of(type.getName().substring(0, slash) + " can't be carried");
    }
    try {
      if (resolve(type.getName()) != type) {
        return Optional.of(type.getName() + " is another class to the web application");
      }
      return Optional.empty();
    } catch (CodecException e) {
      return Optional.of(e.reason());
    }
  }

  private Class<?> resolve(String name) {
    Class<?> type = find(name);
    if (type == null) {
      throw new CodecException(notFound(name));
    }
    return type;
  }

  /**
   * The class of that name, which is not initialised; null if there is none. Throws if the filter
   * refuses it.
   */
  @Nullable Class<?> find(String written) {
    String name = aliases.current(written);
    filter.check(name);
    try {
      Class<?> type = Class.forName(name, false, loader);
      filter.check(type);
      return type;
    } catch (ClassNotFoundException | LinkageError notThere) {
      return null;
    }
  }

  static String notFound(String name) {
    return shown(name) + " is not found by the web application's loader";
  }

  /**
   * In damaged bytes anything may stand where a class's name should: content is not to be shown.
   */
  private static String shown(String name) {
    return name.length() <= LONGEST_SHOWN && name.matches("\\[*\\w+([.$]\\w+)+;?")
        ? name
        : "a class of a malformed name";
  }
}
