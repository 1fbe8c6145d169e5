package dev.carryover.config;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the text of a key may be, and the value it becomes.
 *
 * <p>Immutable. A parser refuses a text with an {@link IllegalArgumentException} that says what was
 * expected, and never quotes the text: it may be a secret.
 */
final class Kind<T> {
  /** The longest whole number of days that a servlet container can count in an int of seconds. */
  static final String LONGEST = "24855d";

  private static final String NEVER = "never";

  private final String expected;
  private final Function<String, T> parser;

  private Kind(String expected, Function<String, T> parser) {
    this.expected = expected;
    this.parser = parser;
  }

  static <T> Kind<T> of(String expected, Function<String, T> parser) {
    return new Kind<>(expected, parser);
  }

  static Kind<Boolean> flag(String yes, String no) {
    String expected = yes + " or " + no;
    return of(
        expected,
        text -> {
          require(text.equalsIgnoreCase(yes) || text.equalsIgnoreCase(no), expected);
          return text.equalsIgnoreCase(yes);
        });
  }

  /** One of several constants, each written as its {@code toString}, in any case. */
  static <E extends Enum<E>> Kind<E> choice(E[] values) {
    String expected = Stream.of(values).map(E::toString).collect(Collectors.joining(" or "));
    return of(
        expected,
        text ->
            Stream.of(values)
                .filter(value -> value.toString().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> refused(expected)));
  }

  static Kind<Integer> integer(int min, int max) {
    String expected = "a whole number from " + min + " to " + max;
    return of(
        expected,
        text -> {
          require(text.matches("[0-9]{1,9}"), expected);
          int number = Integer.parseInt(text);
          require(number >= min && number <= max, expected);
          return number;
        });
  }

  /** A number of bytes; see {@link SizeText}. */
  static Kind<Long> size(String min, String max) {
    String expected = "a size from " + min + " to " + max;
    long least = SizeText.parse(min);
    long most = SizeText.parse(max);
    return of(
        expected,
        text -> {
          long size = SizeText.parse(text);
          require(size >= least && size <= most, expected);
          return size;
        });
  }

  static Kind<String> text(String regex, String expected) {
    Pattern allowed = Pattern.compile(regex);
    return of(
        expected,
        text -> {
          require(allowed.matcher(text).matches(), expected);
          return text;
        });
  }

  static Kind<Duration> duration(String min, String max) {
    return between(min, max, duration -> true, range(min, max));
  }

  static Kind<Duration> wholeSeconds(String min, String max) {
    String expected = range(min, max) + ", in whole seconds";
    return between(min, max, Kind::isWhole, expected);
  }

  /** As {@link #wholeSeconds}, or {@code never}, which becomes {@link Duration#ZERO}. */
  static Kind<Duration> wholeSecondsOrNever(String min, String max) {
    String expected = NEVER + " or " + range(min, max) + ", in whole seconds";
    Kind<Duration> finite = between(min, max, Kind::isWhole, expected);
    return of(expected, text -> text.equalsIgnoreCase(NEVER) ? Duration.ZERO : finite.parse(text));
  }

  private static boolean isWhole(Duration duration) {
    return duration.toNanosPart() == 0;
  }

  private static String range(String min, String max) {
    return "a duration from " + min + " to " + max;
  }

  private static Kind<Duration> between(
      String min, String max, Predicate<Duration> allowed, String expected) {
    Duration least = DurationText.parse(min);
    Duration most = DurationText.parse(max);
    return of(
        expected,
        text -> {
          Duration duration = DurationText.parse(text);
          boolean inRange = duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0;
          require(inRange && allowed.test(duration), expected);
          return duration;
        });
  }

  /** The text that {@link #wholeSecondsOrNever} reads as the given duration. */
  static String formatOrNever(Duration duration) {
    return duration.isZero() ? NEVER : DurationText.format(duration);
  }

  String expected() {
    return expected;
  }

  T parse(String text) {
    return parser.apply(text);
  }

  private static void require(boolean condition, String expected) {
    if (!condition) {
      throw refused(expected);
    }
  }

  private static IllegalArgumentException refused(String expected) {
    return new IllegalArgumentException("expected " + expected);
  }
}
