package dev.carryover.codec;

import java.io.ObjectInputFilter;
import java.io.ObjectInputFilter.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which classes bytes may name: none of the {@link Gadgets}, and none that the application's own
 * filter turns away. That one is in the syntax of {@code jdk.serialFilter}; what it leaves open is
 * allowed. A gadget it can allow only by its whole name: no pattern is meant for one.
 *
 * <p>It is asked twice: by name, before a class is loaded, and with the class, because a pattern
 * may name modules. Writing asks it too, so that nothing is written that could not be read.
 */
final class ClassFilter {

  private static final Pattern PRIMITIVES = Pattern.compile("\\[+[ZBCSIJFD]");

  private final @Nullable ObjectInputFilter filter;
  private final List<String> patterns = new ArrayList<>();
  private final Set<Class<?>> passed = ConcurrentHashMap.newKeySet();

  ClassFilter(@Nullable String pattern) {
    this.filter = pattern == null ? null : ObjectInputFilter.Config.createFilter(pattern);
    if (pattern != null && filter != null) {
      for (String part : pattern.split(";", -1)) {
        if (!part.isEmpty() && part.indexOf('=') < 0) {
          patterns.add(part);
        }
      }
    }
  }

  /**
   * Throws if no class of that name may be loaded. Of an array, the elements' class counts; one of
   * primitives no filter refuses.
   */
  void check(String className) {
    String name = Aliases.elementName(className);
    if (PRIMITIVES.matcher(name).matches()) {
      return;
    }
    boolean isGadget = Gadgets.contains(name) && !patterns.contains(name);
    if (isGadget || byName(name) == Status.REJECTED) {
      throw refusal(name);
    }
  }

  /**
   * As the JDK does it: the first pattern that fits decides. One that names a module can't tell
   * yet.
   */
  private Status byName(String name) {
    for (String part : patterns) {
      boolean reject = part.startsWith("!");
      String pattern = reject ? part.substring(1) : part;
      if (pattern.indexOf('/') >= 0) {
        return Status.UNDECIDED;
      }
      if (ClassPatterns.fits(pattern, name)) {
        return reject ? Status.REJECTED : Status.ALLOWED;
      }
    }
    return Status.UNDECIDED;
  }

  /** Throws if the class may not be used. */
  void check(Class<?> type) {
    if (filter == null || passed.contains(type)) {
      return;
    }
    if (filter.checkInput(new Question(type)) == Status.REJECTED) {
      throw refusal(type.getName());
    }
    passed.add(type);
  }

  private static CodecException refusal(String className) {
    return new CodecException(className + " is refused by the class filter");
  }

  private static final class Question implements ObjectInputFilter.FilterInfo {

    private final Class<?> type;

    Question(Class<?> type) {
      this.type = type;
    }

    @Override
    public Class<?> serialClass() {
      return type;
    }

    @Override
    public long arrayLength() {
      return -1;
    }

    @Override
    public long depth() {
      return 1;
    }

    @Override
    public long references() {
      return 1;
    }

    @Override
    public long streamBytes() {
      return 0;
    }
  }
}
