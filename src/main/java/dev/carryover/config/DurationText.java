package dev.carryover.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them: {@code 500ms}, {@code 30s}, {@code 30m}, {@code 12h}, {@code 7d},
 * ISO-8601 such as {@code PT30M}, or a bare number of seconds.
 */
final class DurationText {
  private static final String EXPECTED = "expected a duration such as 500ms, 30s, 30m, 12h, 7d";
  private static final Pattern SIMPLE = Pattern.compile("(-?[0-9]+)(ms|s|m|h|d)?");
  private static final Map<String, ChronoUnit> LARGEST_UNIT_FIRST = new LinkedHashMap<>();

  static {
    LARGEST_UNIT_FIRST.put("d", ChronoUnit.DAYS);
    LARGEST_UNIT_FIRST.put("h", ChronoUnit.HOURS);
    LARGEST_UNIT_FIRST.put("m", ChronoUnit.MINUTES);
    LARGEST_UNIT_FIRST.put("s", ChronoUnit.SECONDS);
    LARGEST_UNIT_FIRST.put("ms", ChronoUnit.MILLIS);
  }

  private DurationText() {}

  /**
   * Reads a duration.
   *
   * @throws IllegalArgumentException if the text is empty, negative, too large or no duration
   */
  static Duration parse(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("empty, " + EXPECTED);
    }
    Duration duration = text.toUpperCase(Locale.ROOT).contains("P") ? iso(text) : simple(text);
    if (duration.isNegative()) {
      throw new IllegalArgumentException("negative, " + EXPECTED);
    }
    return duration;
  }

  private static Duration simple(String text) {
    Matcher matcher = SIMPLE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(EXPECTED);
    }
    String unit = matcher.group(2) == null ? "s" : matcher.group(2);
    try {
      return Duration.of(Long.parseLong(matcher.group(1)), LARGEST_UNIT_FIRST.get(unit));
    } catch (NumberFormatException | ArithmeticException tooLarge) {
      throw new IllegalArgumentException("too large, " + EXPECTED, tooLarge);
    }
  }

  private static Duration iso(String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException e) {
      boolean tooLarge = e.getCause() instanceof ArithmeticException;
      throw new IllegalArgumentException((tooLarge ? "too large, " : "") + EXPECTED, e);
    }
  }

  /** The shortest text that {@link #parse} reads as this very duration. */
  static String format(Duration duration) {
    for (Map.Entry<String, ChronoUnit> unit : LARGEST_UNIT_FIRST.entrySet()) {
      Duration one = unit.getValue().getDuration();
      long count = duration.dividedBy(one);
      if (count > 0 && one.multipliedBy(count).equals(duration)) {
        return count + unit.getKey();
      }
    }
    return duration.isZero() ? "0s" : duration.toString();
  }
}
