package dev.carryover.codec;

import dev.carryover.config.NonSerializable;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which classes may be carried. Thread-safe.
 *
 * <p>Serializable ones, by their own contract, and beans: classes of the web application's own
 * loader that merely forgot to say so. A value that has such a bean in it may not reach a handle on
 * something outside itself, not even one that is Serializable: see {@link Handles}.
 */
final class Carriable {

  private final ClassLoader webapp;
  private final NonSerializable policy;
  private final ClassPatterns carry;
  private final ClassPatterns keepLocal;
  private final Map<Class<?>, Boolean> beans = new ConcurrentHashMap<>();

  Carriable(
      ClassLoader webapp, NonSerializable policy, ClassPatterns carry, ClassPatterns keepLocal) {
    this.webapp = webapp;
    this.policy = policy;
    this.carry = carry;
    this.keepLocal = keepLocal;
  }

  /** What to throw when objects of the class are to be written; null if they may be. */
  @Nullable CodecException refusal(Class<?> type) {
    if (keepLocal.contain(type)) {
      return CodecException.byWish(type.getName() + " is kept on its node");
    }
    if (!isReadable(type)) {
      return new CodecException(type.getName() + " can't be carried");
    }
    boolean forgotten =
        policy != NonSerializable.CARRY && !Serializable.class.isAssignableFrom(type);
    return forgotten && !carry.contain(type)
        ? new CodecException(type.getName() + " can't be carried: it is not Serializable")
        : null;
  }

  /**
   * Whether there may be objects of the class in a value at all. The policy does not matter for
   * what is read: another node may have another, or have had it.
   */
  boolean isReadable(Class<?> type) {
    return type != ObjectStreamClass.class
        && (Serializable.class.isAssignableFrom(type) || isBean(type));
  }

  /** Whether objects of the class are carried although they are not Serializable. */
  boolean isBean(Class<?> type) {
    return !Serializable.class.isAssignableFrom(type) && beans.computeIfAbsent(type, this::examine);
  }

  private boolean examine(Class<?> type) {
    if (type.isInterface() || isHidden(type)) {
      return false;
    }
    boolean asked = carry.contain(type);
    for (Class<?> c = type; c != null && c != Object.class && c != Platform.RECORD; ) {
      if (Platform.owns(c) || !(asked || isOwn(c))) {
        return false;
      }
      c = c.getSuperclass();
    }
    return asked || !(Handles.isHandle(type) || isMadeAtRunTime(type));
  }

  /** Loaded by the web application, or by a loader it made itself (for scripts, for reloading). */
  private boolean isOwn(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    while (loader != null && loader != webapp) {
      loader = loader.getParent();
    }
    return loader == webapp;
  }

  /** The class of a lambda that is not Serializable, or another that has no name to be found by. */
  private static boolean isHidden(Class<?> type) {
    return type.getName().indexOf('/') >= 0;
  }

  /** The class of a proxy or of a script, which no other node would find. */
  private static boolean isMadeAtRunTime(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader == null
        || loader.getResource(type.getName().replace('.', '/') + ".class") == null;
  }
}
