package dev.carryover.codec;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Two graphs of objects that look the same from every side: the same classes, the same values, and
 * objects shared where the other shares them.
 */
final class Isomorphism {

  private final IdentityHashMap<Object, Object> pairs = new IdentityHashMap<>();
  private final IdentityHashMap<Object, Object> back = new IdentityHashMap<>();

  private Isomorphism() {}

  /** Where the graphs differ first; null if they don't. */
  static String difference(Object a, Object b) {
    return new Isomorphism().differ("", a, b);
  }

  private String differ(String path, Object a, Object b) {
    if (a == null || b == null) {
      return a == b ? null : path + ": " + name(a) + " and " + name(b);
    }
    if (a.getClass() != b.getClass()) {
      return path + ": " + name(a) + " and " + name(b);
    }
    if (isValue(a)) {
      return a.equals(b) ? null : path + ": " + a + " and " + b;
    }
    Object known = pairs.put(a, b);
    if (known != null || back.containsKey(b)) {
      return known == b && back.get(b) == a ? null : path + ": shared otherwise";
    }
    back.put(b, a);
    return differInside(path, a, b);
  }

  private static String name(Object object) {
    return object == null ? "null" : object.getClass().getName();
  }

  private static boolean isValue(Object object) {
    return object instanceof String
        || object instanceof Number && object instanceof Comparable
        || object instanceof Boolean
        || object instanceof Character
        || object instanceof Enum
        || object instanceof Class
        || object.getClass().getName().startsWith("java.time.")
        || object instanceof java.util.UUID
        || object instanceof java.util.Locale
        || object instanceof java.net.URI;
  }

  private String differInside(String path, Object a, Object b) {
    if (a.getClass() == Object.class) {
      return null;
    }
    if (a instanceof Number) {
      return a.toString().equals(b.toString()) ? null : path + ": " + a + " and " + b;
    }
    if (a.getClass().isArray()) {
      return differArrays(path, a, b);
    }
    if (a instanceof Map) {
      String found = differMaps(path, (Map<?, ?>) a, (Map<?, ?>) b);
      return found == null ? differFields(path, a, b) : found;
    }
    if (a instanceof Collection) {
      String found = differCollections(path, (Collection<?>) a, (Collection<?>) b);
      return found == null ? differFields(path, a, b) : found;
    }
    if (a instanceof Map.Entry) {
      Map.Entry<?, ?> one = (Map.Entry<?, ?>) a;
      Map.Entry<?, ?> other = (Map.Entry<?, ?>) b;
      String found = differ(path + ".key", one.getKey(), other.getKey());
      return found == null ? differ(path + ".value", one.getValue(), other.getValue()) : found;
    }
    if (a instanceof AtomicReference) {
      return differ(
          path + ".get()", ((AtomicReference<?>) a).get(), ((AtomicReference<?>) b).get());
    }
    if (a instanceof Throwable) {
      return differThrowables(path, (Throwable) a, (Throwable) b);
    }
    if (Proxy.isProxyClass(a.getClass())) {
      return differ(
          path + ".handler", Proxy.getInvocationHandler(a), Proxy.getInvocationHandler(b));
    }
    return a.getClass().getName().startsWith("java.")
        ? Objects.equals(a, b) ? null : path + ": " + a + " and " + b
        : differFields(path, a, b);
  }

  private String differArrays(String path, Object a, Object b) {
    if (Array.getLength(a) != Array.getLength(b)) {
      return path + ": lengths " + Array.getLength(a) + " and " + Array.getLength(b);
    }
    for (int i = 0; i < Array.getLength(a); i++) {
      String found = differ(path + "[" + i + "]", Array.get(a, i), Array.get(b, i));
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private String differMaps(String path, Map<?, ?> a, Map<?, ?> b) {
    if (a.size() != b.size()) {
      return path + ": sizes " + a.size() + " and " + b.size();
    }
    boolean ordered = a instanceof SortedMap || a instanceof java.util.LinkedHashMap;
    Iterator<?> others = List.copyOf(b.entrySet()).iterator();
    for (Map.Entry<?, ?> entry : List.copyOf(a.entrySet())) {
      Map.Entry<?, ?> other =
          ordered ? (Map.Entry<?, ?>) others.next() : entryOf(b, entry.getKey());
      String at = path + "{" + entry.getKey() + "}";
      if (other == null) {
        return at + ": missing";
      }
      String found = differ(at + ".key", entry.getKey(), other.getKey());
      found = found == null ? differ(at, entry.getValue(), other.getValue()) : found;
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** Keys are values here, or nothing could be found again. */
  private static Map.Entry<?, ?> entryOf(Map<?, ?> map, Object key) {
    for (Map.Entry<?, ?> each : map.entrySet()) {
      if (Objects.equals(each.getKey(), key)) {
        return each;
      }
    }
    return null;
  }

  private String differCollections(String path, Collection<?> a, Collection<?> b) {
    if (a.size() != b.size()) {
      return path + ": sizes " + a.size() + " and " + b.size();
    }
    boolean unordered = a instanceof Set && !(a instanceof SortedSet);
    if (unordered && a.getClass().getName().matches("java.util.(HashSet|Immutable.*)")) {
      return a.equals(b) ? null : path + ": " + a + " and " + b;
    }
    Iterator<?> others = new ArrayList<>(b).iterator();
    int i = 0;
    for (Object element : new ArrayList<>(a)) {
      String found = differ(path + "[" + i++ + "]", element, others.next());
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private String differThrowables(String path, Throwable a, Throwable b) {
    String found = differ(path + ".message", a.getMessage(), b.getMessage());
    found = found == null ? differ(path + ".cause", a.getCause(), b.getCause()) : found;
    for (int i = 0; found == null && i < a.getSuppressed().length; i++) {
      found = differ(path + ".suppressed", a.getSuppressed()[i], b.getSuppressed()[i]);
    }
    return found;
  }

  private String differFields(String path, Object a, Object b) {
    for (Class<?> c = a.getClass(); c != null; c = c.getSuperclass()) {
      if (c.getName().startsWith("java.")) {
        return null;
      }
      for (Field field : c.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          String found = differField(path, field, a, b);
          if (found != null) {
            return found;
          }
        }
      }
    }
    return null;
  }

  private String differField(String path, Field field, Object a, Object b) {
    try {
      field.setAccessible(true);
      return differ(path + "." + field.getName(), field.get(a), field.get(b));
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
