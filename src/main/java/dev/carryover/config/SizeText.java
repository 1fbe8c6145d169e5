package dev.carryover.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers of bytes as people write them: {@code 512}, {@code 4KB}, {@code 32MB}, {@code 1GB}. A
 * kilobyte has 1,024 bytes.
 */
final class SizeText {
  private static final String EXPECTED = "expected a size such as 512, 4KB, 32MB, 1GB";
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})\\s*(B|KB|MB|GB)?");
  private static final String UNITS = "BKMG";
  private static final int BITS_A_UNIT = 10;

  private SizeText() {}

  /**
   * Reads a size.
   *
   * @throws IllegalArgumentException if the text is too large or no size
   */
  static long parse(String text) {
    Matcher matcher = SIZE.matcher(text.toUpperCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(EXPECTED);
    }
    String unit = matcher.group(2);
    int power = unit == null ? 0 : UNITS.indexOf(unit.charAt(0));
    try {
      return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << (power * BITS_A_UNIT));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("too large, " + EXPECTED, e);
    }
  }

  /** The shortest text that {@link #parse} reads as this very size. */
  static String format(long bytes) {
    int power = bytes == 0 ? 0 : Long.numberOfTrailingZeros(bytes) / BITS_A_UNIT;
    int unit = Math.min(power, UNITS.length() - 1);
    return (bytes >> (unit * BITS_A_UNIT)) + (unit == 0 ? "" : UNITS.charAt(unit) + "B");
  }
}
