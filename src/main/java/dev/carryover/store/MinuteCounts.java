package dev.carryover.store;

/** What happened to sessions in one minute of the store's time. Immutable. */
public final class MinuteCounts {

  private final long minute;
  private final long created;
  private final long expired;
  private final long invalidated;

  /**
   * @param minute how many there were before it since the epoch
   */
  public MinuteCounts(long minute, long created, long expired, long invalidated) {
    this.minute = minute;
    this.created = created;
    this.expired = expired;
    this.invalidated = invalidated;
  }

  /** How many minutes there were before it since the epoch. */
  public long minute() {
    return minute;
  }

  public long created() {
    return created;
  }

  public long expired() {
    return expired;
  }

  public long invalidated() {
    return invalidated;
  }
}
