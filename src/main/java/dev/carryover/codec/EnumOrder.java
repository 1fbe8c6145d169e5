package dev.carryover.codec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * An order for hash tables keyed by enum constants. These hash by identity, so that each JVM
 * iterates in an order of its own, and a session read on another node would look changed.
 */
final class EnumOrder {

  private static final Comparator<Enum<?>> BY_CLASS_AND_ORDINAL =
      Comparator.comparing((Enum<?> constant) -> constant.getDeclaringClass().getName())
          .thenComparing(Enum::ordinal);

  private EnumOrder() {}

  /** The elements, sorted if all their keys are constants, else as they come. */
  static <T> Collection<T> of(Collection<T> elements, Function<? super T, ?> key) {
    for (T element : elements) {
      if (!(key.apply(element) instanceof Enum)) {
        return elements;
      }
    }
    List<T> sorted = new ArrayList<>(elements);
    sorted.sort(
        Comparator.comparing(element -> (Enum<?>) key.apply(element), BY_CLASS_AND_ORDINAL));
    return sorted;
  }
}
