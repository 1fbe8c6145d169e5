package dev.carryover.codec;

import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

  private final ClassLoader loader;
  private final ClassFilter filter;
  private final Map<Class<?>, Level> levels = new ConcurrentHashMap<>();
  private final Map<Class<?>, Shape> shapes = new ConcurrentHashMap<>();
  private final Map<Class<?>, Optional<MethodHandle>> replacements = new ConcurrentHashMap<>();
  private final Map<Class<?>, Optional<String>> problems = new ConcurrentHashMap<>();

  Shapes(ClassLoader loader, ClassFilter filter) {
    this.loader = loader;
    this.filter = filter;
  }

  ClassLoader loader() {
    return loader;
  }

  ClassFilter filter() {
    return filter;
  }

  Level level(Class<?> type) {
    Level known = levels.get(type);
    if (known == null) {
      known = new Level(type);
      levels.putIfAbsent(type, known);
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

  /** The {@code writeReplace} of the class, its own or inherited; null if it has none. */
  @Nullable MethodHandle writeReplace(Class<?> type) {
    if (!Serializable.class.isAssignableFrom(type)
        || Enum.class.isAssignableFrom(type)
        || type.isArray()
        || JdkTypes.isNative(type)
        || JdkTypes.isUnshared(type)
        || NOT_REPLACED.contains(type.getName())) {
      return null;
    }
    return replacements.computeIfAbsent(type, Shapes::findReplace).orElse(null);
  }

  private static Optional<MethodHandle> findReplace(Class<?> type) {
    return Optional.ofNullable(
        Platform.handle("writeReplaceForSerialization", type, OBJECT_TO_OBJECT));
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

  /** The class of that name, if the filter lets it pass. It is not initialised. */
  Class<?> resolve(String name) {
    filter.check(name);
    try {
      Class<?> type = Class.forName(name, false, loader);
      filter.check(type);
      return type;
    } catch (ClassNotFoundException | LinkageError notThere) {
      throw new CodecException(shown(name) + " is not found by the web application's loader");
    }
  }

  /**
   * In damaged bytes anything may stand where a class's name should: content is not to be shown.
   */
  private static String shown(String name) {
    return name.matches("\\[*\\w+([.$]\\w+)+;?") ? name : "a class of a malformed name";
  }
}
