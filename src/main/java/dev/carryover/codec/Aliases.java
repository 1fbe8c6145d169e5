package dev.carryover.codec;

import java.util.Map;

/**
 * Classes that were renamed since bytes were written. For reading only: nodes that still have the
 * old name would need an alias the other way to read what is written by the new one.
 */
final class Aliases {

  static final Aliases NONE = new Aliases(Map.of());

  private final Map<String, String> newNames;

  Aliases(Map<String, String> newNames) {
    this.newNames = Map.copyOf(newNames);
  }

  /** The name that the class has now; of an array, its elements' class counts. */
  String current(String written) {
    if (newNames.isEmpty()) {
      return written;
    }
    String element = elementName(written);
    String renamed = newNames.get(element);
    return renamed == null ? written : written.replace(element, renamed);
  }

  /** The name of the class itself or, if it is an array's, of the class of its elements. */
  static String elementName(String className) {
    int dimensions = className.lastIndexOf('[') + 1;
    boolean array = dimensions > 0 && className.endsWith(";");
    return array ? className.substring(dimensions + 1, className.length() - 1) : className;
  }
}
