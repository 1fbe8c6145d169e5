package dev.carryover.codec;

import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A value, made anew each time, and what is to be looked at in it: the view of a copy must equal
 * the view of the original.
 */
final class Case {

  final String name;
  private final Supplier<?> maker;
  private final Function<Object, Object> view;
  private boolean settles = true;

  @SuppressWarnings("unchecked")
  private <T> Case(String name, Supplier<T> maker, Function<? super T, ?> view) {
    this.name = name;
    this.maker = maker;
    this.view = (Function<Object, Object>) view;
  }

  /** A value that is looked at by its equals. */
  static Case of(String name, Object value) {
    return new Case(name, () -> value, Function.identity());
  }

  static <T> Case of(String name, T value, Function<? super T, ?> view) {
    return new Case(name, () -> value, view);
  }

  /** A value that looking at changes. */
  static <T> Case made(String name, Supplier<T> maker, Function<? super T, ?> view) {
    return new Case(name, maker, view);
  }

  /** The same, of a value that is another once it was read, by its own doing. */
  Case changedByReading() {
    settles = false;
    return this;
  }

  /** Whether what was read encodes to the same bytes. */
  boolean settles() {
    return settles;
  }

  Object make() {
    return maker.get();
  }

  Object view(Object value) {
    return view.apply(value);
  }

  @Override
  public String toString() {
    return name;
  }
}
