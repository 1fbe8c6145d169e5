package dev.carryover.session;

/** The most encoded bytes that attributes and sessions may have. Immutable. */
final class SizeLimits {

  /** Neither is limited. */
  static final SizeLimits NONE = new SizeLimits(0, 0, 0);

  private final long attribute;
  private final long session;
  private final long unfetched;

  /**
   * @param attribute the most of one attribute; 0 for any
   * @param session the most of all attributes of a session, their names included; 0 for any
   * @param unfetched what an attribute counts that this node has not fetched, as it is longer
   */
  SizeLimits(long attribute, long session, long unfetched) {
    this.attribute = attribute;
    this.session = session;
    this.unfetched = unfetched;
  }

  boolean isAny() {
    return attribute > 0 || session > 0;
  }

  long unfetched() {
    return unfetched;
  }

  /**
   * Lets an attribute pass, or not.
   *
   * @param ofSession what the session would have with it
   * @throws IllegalArgumentException if it is too large; says what can be done
   */
  void require(String name, long bytes, long ofSession) {
    if (exceeds(attribute, bytes)) {
      throw new IllegalArgumentException(
          String.format(
              "Session attribute %s has %d bytes, max-attribute-bytes is %d:"
                  + " keep less in it, or set carryover.max-attribute-bytes higher",
              name, bytes, attribute));
    }
    if (exceeds(session, ofSession)) {
      throw new IllegalArgumentException(
          String.format(
              "With session attribute %s (%d bytes) the session has %d bytes, max-session-bytes is"
                  + " %d: remove others first, or set carryover.max-session-bytes higher",
              name, bytes, ofSession, session));
    }
  }

  /** Whether it may not be stored, for it has grown too large since it was set. */
  boolean forbids(long bytes, long ofSession) {
    return exceeds(attribute, bytes) || exceeds(session, ofSession);
  }

  private static boolean exceeds(long limit, long bytes) {
    return limit > 0 && bytes > limit;
  }
}
