package dev.carryover.store;

/** How many principals have sessions. Immutable. */
public final class PrincipalCount {

  private final long count;
  private final boolean exact;

  public PrincipalCount(long count, boolean exact) {
    this.count = count;
    this.exact = exact;
  }

  public long count() {
    return count;
  }

  /** False if it is an estimate. */
  public boolean isExact() {
    return exact;
  }
}
