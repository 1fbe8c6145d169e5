package dev.carryover.codec;

import java.util.Collection;
import java.util.List;

/**
 * Names of classes, or patterns of them as in {@code jdk.serialFilter}: {@code com.shop.*} for a
 * package, {@code com.shop.**} for all below it too, {@code com.shop.Cart*} for what begins so.
 */
final class ClassPatterns {

  static final ClassPatterns NONE = new ClassPatterns(List.of());

  private final List<String> patterns;

  ClassPatterns(Collection<String> patterns) {
    this.patterns = List.copyOf(patterns);
  }

  boolean contain(Class<?> type) {
    for (String pattern : patterns) {
      if (fits(pattern, type.getName())) {
        return true;
      }
    }
    return false;
  }

  static boolean fits(String pattern, String name) {
    if (pattern.endsWith(".**")) {
      return name.startsWith(pattern.substring(0, pattern.length() - 2));
    }
    if (pattern.endsWith(".*")) {
      String prefix = pattern.substring(0, pattern.length() - 1);
      return name.startsWith(prefix) && name.lastIndexOf('.') == prefix.length() - 1;
    }
    return pattern.endsWith("*")
        ? name.startsWith(pattern.substring(0, pattern.length() - 1))
        : name.equals(pattern);
  }
}
