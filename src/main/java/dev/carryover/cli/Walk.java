package dev.carryover.cli;

import dev.carryover.store.SessionIndex;
import dev.carryover.store.SessionPage;
import dev.carryover.store.SessionSummary;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** A walk through all sessions, a page at a time. */
final class Walk {

  private static final int PAGE = 500;

  private Walk() {}

  /**
   * Goes on until all have been seen, or as many as are wanted.
   *
   * @param page told of some sessions, each once
   */
  static void through(SessionIndex index, long most, Consumer<List<SessionSummary>> page) {
    long seen = 0;
    for (int part = 0; part < index.parts() && seen < most; part++) {
      Set<String> names = new HashSet<>();
      String cursor = "";
      do {
        SessionPage found = index.page(part, cursor, PAGE);
        List<String> fresh = new ArrayList<>(found.names());
        fresh.removeIf(name -> !names.add(name));
        List<SessionSummary> sessions = index.describe(fresh);
        page.accept(sessions.subList(0, (int) Math.min(most - seen, sessions.size())));
        seen += sessions.size();
        cursor = found.next();
      } while (!cursor.isEmpty() && seen < most);
    }
  }
}
