package dev.carryover.store.redis;

/** The order in which Redis has texts of base64url, as parts of one. */
final class HashOrder {

  private static final String DIGITS =
      "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

  /** More would be lost in a double. */
  private static final int DIGITS_SEEN = 8;

  private HashOrder() {}

  /** What part of all texts comes before this one: from 0 on, less than 1. */
  static double place(String text) {
    double place = 0;
    double worth = 1;
    for (int i = 0; i < Math.min(DIGITS_SEEN, text.length()); i++) {
      worth /= DIGITS.length();
      place += worth * Math.max(0, DIGITS.indexOf(text.charAt(i)));
    }
    return place;
  }
}
