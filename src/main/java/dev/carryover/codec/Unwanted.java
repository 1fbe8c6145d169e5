package dev.carryover.codec;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is read although nobody here wants it: fields that only another version of a class has, and
 * what that wrote more. A class that is not there is no failure then, as in Java serialisation.
 *
 * <p>It has to be read all the same, since later references may lead into it. Objects that hold
 * something missing, however deep, are broken: a reference to one from what is wanted fails.
 */
final class Unwanted {

  private int depth;
  private boolean used;
  private boolean missing;
  private String reason = "";

  /** What is being read, the innermost first. */
  private final Deque<Open> open = new ArrayDeque<>();

  private final Set<Object> openObjects = identitySet();
  private final Set<Object> broken = identitySet();

  /** Objects that refer to one that was still being read then, and may yet turn out broken. */
  private final Set<Object> undecided = identitySet();

  private static final class Open {
    @Nullable Object object;
    boolean broken;
    boolean undecided;
  }

  private static Set<Object> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  boolean isReading() {
    return depth > 0;
  }

  void enter() {
    if (depth++ == 0) {
      missing = false;
    }
  }

  void leave() {
    if (--depth == 0 && missing) {
      broken.addAll(undecided);
    }
    if (depth == 0 && !undecided.isEmpty()) {
      undecided.clear();
    }
  }

  /** An object is being read now. */
  void begin() {
    used = true;
    open.push(new Open());
  }

  /** That object exists now, though its content may not. */
  void made(Object object) {
    Open current = open.peek();
    if (current != null) {
      current.object = object;
      openObjects.add(object);
    }
  }

  /** It has been read, or is the one that a reference led to, or readResolve put in its place. */
  void end(@Nullable Object result) {
    Open ended = open.pop();
    judge(ended, result);
    if (ended.object != null) {
      openObjects.remove(ended.object);
      judge(ended, ended.object);
    }
    Open outer = open.peek();
    if (outer != null) {
      outer.broken |= ended.broken;
      outer.undecided |= ended.undecided;
    }
  }

  private void judge(Open ended, @Nullable Object object) {
    if (object != null && ended.broken) {
      broken.add(object);
    } else if (object != null && ended.undecided) {
      undecided.add(object);
    }
  }

  /** Whether the object that is being read holds something missing, and is to be read over. */
  boolean isBroken() {
    return used && isBroken(open.peek());
  }

  private boolean isBroken(@Nullable Open current) {
    return current != null && current.broken;
  }

  /** The object that is being read can't be had. */
  void missing(String why) {
    missing = true;
    reason = why;
    Open current = open.peek();
    if (current != null) {
      current.broken = true;
    }
  }

  /** Why the last object that could not be had could not. */
  String reason() {
    return reason;
  }

  /** The object that a reference leads to, or null if it is missing; throws if it is wanted. */
  @Nullable Object referredTo(Object object) {
    if (!used) {
      return object;
    }
    boolean isBroken = broken.contains(object);
    if (isBroken && depth == 0) {
      throw new CodecException(reason);
    }
    Open current = open.peek();
    if (current != null) {
      current.broken |= isBroken;
      current.undecided |= undecided.contains(object) || openObjects.contains(object);
    }
    return object instanceof Missing ? null : object;
  }

  void reset() {
    depth = 0;
    if (used) {
      forget();
    }
  }

  private void forget() {
    used = false;
    reason = "";
    open.clear();
    openObjects.clear();
    broken.clear();
    undecided.clear();
  }
}
