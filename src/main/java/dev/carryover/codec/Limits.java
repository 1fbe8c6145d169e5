package dev.carryover.codec;

import java.util.Locale;

/** How deep, how many and how large a value may be. */
final class Limits {

  private final int maxDepth;
  private final int maxReferences;
  private final int maxArray;
  private final int maxBytes;

  Limits(int maxDepth, int maxReferences, int maxArray, int maxBytes) {
    this.maxDepth = maxDepth;
    this.maxReferences = maxReferences;
    this.maxArray = maxArray;
    this.maxBytes = maxBytes;
  }

  int maxDepth() {
    return maxDepth;
  }

  int maxReferences() {
    return maxReferences;
  }

  int maxArray() {
    return maxArray;
  }

  int maxBytes() {
    return maxBytes;
  }

  /**
   * These limits, or those that a filter in the syntax of jdk.serialFilter sets, if they are
   * tighter.
   */
  Limits tightenedBy(String pattern) {
    return new Limits(
        Math.min(maxDepth, limit(pattern, "maxdepth")),
        Math.min(maxReferences, limit(pattern, "maxrefs")),
        Math.min(maxArray, limit(pattern, "maxarray")),
        Math.min(maxBytes, limit(pattern, "maxbytes")));
  }

  private static int limit(String pattern, String name) {
    int limit = Integer.MAX_VALUE;
    for (String part : pattern.split(";", -1)) {
      String[] sides = part.trim().toLowerCase(Locale.ROOT).split("=", 2);
      if (sides.length == 2 && sides[0].equals(name)) {
        limit = (int) Math.min(limit, Long.parseLong(sides[1].trim()));
      }
    }
    return limit;
  }
}
