package dev.carryover.store;

import java.util.List;

/** Some of the sessions of a walk through all. Immutable. */
public final class SessionPage {

  private final List<String> names;
  private final String next;

  public SessionPage(List<String> names, String next) {
    this.names = List.copyOf(names);
    this.next = next;
  }

  /** By what the store knows the sessions: their ids, or what stands for these. */
  public List<String> names() {
    return names;
  }

  /** Where to go on in this part; empty if it has no more. */
  public String next() {
    return next;
  }
}
