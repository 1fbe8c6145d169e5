package dev.carryover.servlet.container;

/** What a container makes of a session's attributes whose name is null; none has them. */
public enum NullNames {
  /**
   * Nothing is found or removed by it; what is set is refused, whether the session lives or not.
   */
  IGNORED,
  /** It is refused by a {@code NullPointerException}, unless the session has ended. */
  REFUSED,
  /** It is refused by a {@code NullPointerException}, whether the session lives or not. */
  REFUSED_FIRST
}
