package dev.carryover.codec;

import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which classes may be carried at all.
 *
 * <p>Serializable ones, and classes of the web application's own loader that merely forgot to say
 * so. Anything that is a handle on something outside itself (a thread, a stream, a connection) is
 * refused, and with it the value that reaches it.
 */
final class Carriable {

  private static final Set<String> HANDLES =
      Set.of(
          "java.lang.AutoCloseable",
          "java.lang.ClassLoader",
          "java.lang.Process",
          "java.lang.Thread",
          "java.lang.ThreadLocal",
          "java.lang.invoke.MethodHandle",
          "java.lang.ref.Reference",
          "java.util.concurrent.Executor",
          "java.util.concurrent.Future",
          "java.util.concurrent.locks.Lock",
          "java.util.concurrent.locks.ReadWriteLock");

  private static final String[] HANDLE_PACKAGES = {
    "java.sql.",
    "javax.sql.",
    "javax.naming.",
    "javax.servlet.",
    "jakarta.servlet.",
    "javax.ejb.",
    "jakarta.ejb.",
    "javax.persistence.",
    "jakarta.persistence.",
    "javax.transaction.",
    "jakarta.transaction.",
    "javax.jms.",
    "jakarta.jms.",
  };

  private Carriable() {}

  /** Null if the class may be carried, otherwise what to say of it. */
  static @Nullable String refusal(Class<?> type, ClassLoader webapp) {
    if (type == ObjectStreamClass.class) {
      return type.getName() + " can't be carried";
    }
    if (Serializable.class.isAssignableFrom(type) || isPlain(type, webapp)) {
      return null;
    }
    return type.getName() + " can't be carried";
  }

  private static boolean isPlain(Class<?> type, ClassLoader webapp) {
    if (!isOwn(type, webapp) || isHidden(type) || isHandle(type)) {
      return false;
    }
    Class<?> superclass = type.getSuperclass();
    return superclass == null
        || superclass == Object.class
        || Platform.isRecord(type)
        || isPlain(superclass, webapp);
  }

  /** Loaded by the web application, or by a loader it made itself (for scripts, for reloading). */
  private static boolean isOwn(Class<?> type, ClassLoader webapp) {
    ClassLoader loader = type.getClassLoader();
    while (loader != null && loader != webapp) {
      loader = loader.getParent();
    }
    return loader == webapp && !Platform.owns(type);
  }

  /** The class of a lambda that is not Serializable, or another that has no name to be found by. */
  private static boolean isHidden(Class<?> type) {
    return type.getName().indexOf('/') >= 0;
  }

  private static boolean isHandle(Class<?> type) {
    if (HANDLES.contains(type.getName())) {
      return true;
    }
    for (String prefix : HANDLE_PACKAGES) {
      if (type.getName().startsWith(prefix)) {
        return true;
      }
    }
    Class<?> superclass = type.getSuperclass();
    if (superclass != null && isHandle(superclass)) {
      return true;
    }
    for (Class<?> implemented : type.getInterfaces()) {
      if (isHandle(implemented)) {
        return true;
      }
    }
    return false;
  }
}
