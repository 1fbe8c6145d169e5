package dev.carryover.config;

import java.io.ObjectInputFilter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
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

  /** The name of a class, or a pattern of {@code jdk.serialFilter} without module or refusal. */
  static final String CLASS_PATTERN = Kind.CLASS_NAME + "(\\.?\\*|\\.\\*\\*)?";

  private static final String CLASS_NAME =
      "[\\p{L}_$][\\p{L}\\p{N}_$]*(\\.[\\p{L}_$][\\p{L}\\p{N}_$]*)*";

  private static final String NEVER = "never";
  private static final String OFF = "off";

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
          long size = parsed(SizeText::parse, text, expected);
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

  /** Texts with commas or semicolons between; an immutable list of them. */
  static Kind<List<String>> list(String regex, String expected) {
    Pattern allowed = Pattern.compile(regex);
    String all = expected + ", with commas between";
    return of(
        all,
        text -> {
          List<String> parts = parts(text);
          require(parts.stream().allMatch(part -> allowed.matcher(part).matches()), all);
          return parts;
        });
  }

  /** Networks of IP addresses; an immutable list of them. */
  static Kind<List<IpNetwork>> networks() {
    String expected = IpNetwork.EXPECTED + ", with commas between";
    return of(
        expected,
        text -> {
          try {
            return parts(text).stream()
                .map(IpNetwork::parse)
                .collect(Collectors.toUnmodifiableList());
          } catch (IllegalArgumentException e) {
            throw refused(expected);
          }
        });
  }

  private static List<String> parts(String text) {
    return Stream.of(text.split("[,;]"))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .collect(Collectors.toUnmodifiableList());
  }

  /** Old and new names of classes; an immutable map of them. */
  static Kind<Map<String, String>> renamings() {
    String expected = "old.Name=new.Name, with commas between";
    Pattern allowed = Pattern.compile(CLASS_NAME + "\\s*=\\s*" + CLASS_NAME);
    return of(
        expected,
        text -> {
          Map<String, String> renamings = new HashMap<>();
          for (String part : parts(text)) {
            require(allowed.matcher(part).matches(), expected);
            String[] sides = part.split("\\s*=\\s*", 2);
            require(renamings.put(sides[0], sides[1]) == null, expected + ", each old name once");
          }
          return Map.copyOf(renamings);
        });
  }

  static Kind<String> serialFilter() {
    String expected =
        "a filter in the syntax of jdk.serialFilter, such as com.shop.**;java.base/*;!*";
    return of(
        expected,
        text -> {
          try {
            require(ObjectInputFilter.Config.createFilter(text) != null, expected);
          } catch (IllegalArgumentException e) {
            throw refused(expected);
          }
          return text;
        });
  }

  /** As {@link #size} in the range of an int, or {@code off}, which becomes empty. */
  static Kind<OptionalInt> sizeOrOff(String min, String max) {
    String expected = OFF + " or a size from " + min + " to " + max + ", such as 4KB";
    long least = SizeText.parse(min);
    long most = SizeText.parse(max);
    return of(
        expected,
        text -> {
          if (text.equalsIgnoreCase(OFF)) {
            return OptionalInt.empty();
          }
          long size = parsed(SizeText::parse, text, expected);
          require(size >= least && size <= most, expected);
          return OptionalInt.of((int) size);
        });
  }

  /** A whole number in a range, or {@code off}, which becomes empty. */
  static Kind<OptionalInt> integerOrOff(int min, int max) {
    String expected = OFF + " or a whole number from " + min + " to " + max;
    Kind<Integer> number = integer(min, max);
    return of(
        expected,
        text -> {
          if (text.equalsIgnoreCase(OFF)) {
            return OptionalInt.empty();
          }
          return OptionalInt.of(parsed(number::parse, text, expected));
        });
  }

  /** The text that {@link #integerOrOff} reads as the given number. */
  static String formatNumberOrOff(OptionalInt number) {
    return number.isPresent() ? String.valueOf(number.getAsInt()) : OFF;
  }

  /** The text that {@link #sizeOrOff} reads as the given number of bytes. */
  static String formatOrOff(OptionalInt size) {
    return size.isPresent() ? SizeText.format(size.getAsInt()) : OFF;
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
          Duration duration = parsed(DurationText::parse, text, expected);
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

  /** What a parser reads that would not know all that is expected. */
  private static <T> T parsed(Function<String, T> parser, String text, String expected) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw refused(expected);
    }
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
