package dev.carryover.codec;

/**
 * What a class writes by its own method: chunks, so that a reader can tell where it ends, and skip
 * what another version of the class wrote more. A chunk starts with a number: one of these, or from
 * {@link #BYTES} on, the number of raw bytes that follow plus {@link #BYTES} minus one.
 */
final class Chunks {

  static final int END = 0;
  static final int OBJECT = 1;
  static final int FIELDS = 2;
  static final int BYTES = 3;

  private Chunks() {}
}
