package dev.carryover.codec;

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

  /** How many objects may be visited to hash keys that are collections. */
  long maxHashed() {
    return 4L * maxReferences;
  }

  int maxArray() {
    return maxArray;
  }

  int maxBytes() {
    return maxBytes;
  }

  /** These limits, or those that a filter in the syntax of jdk.serialFilter sets instead. */
  Limits overriddenBy(String pattern) {
    return new Limits(
        limit(pattern, "maxdepth", maxDepth),
        limit(pattern, "maxrefs", maxReferences),
        limit(pattern, "maxarray", maxArray),
        limit(pattern, "maxbytes", maxBytes));
  }

  /** The last one counts, as in the JDK; none is more than an int, since arrays are not longer. */
  private static int limit(String pattern, String name, int otherwise) {
    int limit = otherwise;
    for (String part : pattern.split(";", -1)) {
      String[] sides = part.split("=", 2);
      if (sides.length == 2 && sides[0].equals(name)) {
        limit = (int) Math.min(Integer.MAX_VALUE, Long.parseLong(sides[1]));
      }
    }
    return limit;
  }
}
