package dev.carryover.codec;

/**
 * The number that an object starts with: null, a reference, or its class.
 *
 * <p>Classes take turns: those of the table {@link NumberedTypes} and those that the value has
 * introduced, so that the first of both fit into a byte. From {@link #STRINGS} on, for as many
 * again, the token is a short Latin-1 string's length; the classes go on behind.
 */
final class Tokens {

  static final int NULL = 0;
  static final int REFERENCE = 1;

  /** A class that is introduced here. */
  static final int NEW = 2;

  private static final int CLASSES = 3;

  static final int STRINGS = 64;
  static final int STRINGS_END = 128;

  private Tokens() {}

  private static int ofClass(int place) {
    int token = CLASSES + place;
    return token < STRINGS ? token : token + STRINGS_END - STRINGS;
  }

  /** Of a class in the table. */
  static int numbered(int number) {
    return ofClass(2 * number);
  }

  /** Of a class that the value introduced before, as its so many-eth. */
  static int introduced(int number) {
    return ofClass(2 * number + 1);
  }

  private static int place(int token) {
    return (token < STRINGS ? token : token - (STRINGS_END - STRINGS)) - CLASSES;
  }

  static boolean isNumbered(int token) {
    return (place(token) & 1) == 0;
  }

  /** Of either kind of class, its number. */
  static int number(int token) {
    return place(token) >> 1;
  }
}
