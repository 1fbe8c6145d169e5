package dev.carryover.codec;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What has been met while a value was written: beans that are not Serializable, and handles that
 * are. Either may be carried, but not both in one value.
 *
 * <p>Java serialisation carries the handles that call themselves Serializable; a value of such
 * objects alone goes by its rules. One that Java could not carry at all goes by ours. Which one it
 * is shows only at the end, so a value that has both is written once more, strictly, for the path
 * to the handle.
 */
final class Beans {

  private final Set<Class<?>> classes = new LinkedHashSet<>();
  private boolean handles;
  private boolean strict;

  void begin(boolean strictly) {
    classes.clear();
    handles = false;
    strict = strictly;
  }

  void met(Class<?> bean) {
    classes.add(bean);
  }

  /**
   * Looks at an object that may be a handle.
   *
   * @param owned whether what refers to it has a class for itself, as an EnumMap has
   */
  void suspect(Object object, boolean owned) {
    if (object instanceof Class) {
      if (!owned) {
        refuse("java.lang.Class");
      }
    } else if (!Handles.isLock(object.getClass())) {
      refuse(object.getClass().getName());
    } else if (Handles.isLockInUse(object)) {
      refuse(object.getClass().getName() + " in use");
    }
  }

  private void refuse(String what) {
    if (strict) {
      throw new CodecException(what + " can't be carried");
    }
    handles = true;
  }

  boolean haveMetHandles() {
    return handles && !classes.isEmpty();
  }

  /** The classes of the beans met. */
  Set<Class<?>> classes() {
    return classes;
  }
}
