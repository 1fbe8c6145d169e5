package dev.carryover.codec;

import java.io.File;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URL;
import java.util.Currency;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Classes whose objects nobody can change in place. Exact classes: a subclass may do as it likes.
 */
final class Immutables {

  private static final Set<Class<?>> EXACT =
      Set.of(
          String.class,
          Integer.class,
          Long.class,
          Boolean.class,
          Byte.class,
          Short.class,
          Character.class,
          Float.class,
          Double.class,
          BigDecimal.class,
          BigInteger.class,
          UUID.class,
          Locale.class,
          Currency.class,
          URI.class,
          URL.class,
          File.class,
          Pattern.class,
          Class.class,
          StackTraceElement.class,
          OptionalInt.class,
          OptionalLong.class,
          OptionalDouble.class);

  private Immutables() {}

  static boolean contains(Object value) {
    Class<?> type = value.getClass();
    return EXACT.contains(type) || value instanceof Enum || isTime(value);
  }

  /** The values of java.time are immutable by its package documentation. */
  private static boolean isTime(Object value) {
    return value instanceof Serializable
        && Platform.owns(value.getClass())
        && value.getClass().getName().startsWith("java.time.");
  }
}
