package dev.carryover.admin;

import jakarta.servlet.ServletContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What each web application has of something, found by its servlet context. An attribute of the
 * context would be simpler, but the application and its listeners would see it. Thread-safe.
 */
public final class WebApplications<T> {

  private final Map<Object, T> byKey = new ConcurrentHashMap<>();

  /** Has it found, until {@link #remove}. */
  public void put(ServletContext context, T value) {
    byKey.put(key(context), value);
  }

  /** Null if the web application has none. */
  public @Nullable T get(ServletContext context) {
    return byKey.get(key(context));
  }

  /** Has it found no longer. */
  public void remove(T value) {
    byKey.values().removeIf(present -> present == value);
  }

  /**
   * Containers may give a web application several objects for its context; its temporary directory
   * is its alone, whichever is asked (Servlet specification, 4.8.1).
   */
  private static Object key(ServletContext context) {
    Object directory = context.getAttribute(ServletContext.TEMPDIR);
    return directory == null ? context : directory;
  }
}
