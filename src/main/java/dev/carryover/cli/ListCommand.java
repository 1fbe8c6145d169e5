package dev.carryover.cli;

import dev.carryover.session.SessionSearch;
import dev.carryover.store.OwnedSession;
import dev.carryover.store.SessionStore;
import dev.carryover.store.SessionSummary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "list",
    description = "Lists sessions: those of a user, those whose ids begin so, or any.")
final class ListCommand implements Callable<Integer> {

  private static final int LARGEST_LIMIT = 10_000_000;

  @Mixin private final Sessions sessions = new Sessions();

  @ArgGroup private Which which = new Which();

  @Option(
      names = "--limit",
      paramLabel = "<n>",
      defaultValue = "100",
      description = "The most that are listed; default: ${DEFAULT-VALUE}.")
  private int limit;

  /** One of them, or none. */
  static final class Which {
    @Option(names = "--principal", paramLabel = "<user>", description = "The user's name, in full.")
    private @Nullable String principal;

    @Option(
        names = "--id-prefix",
        paramLabel = "<beginning>",
        description = "What the id begins with: 4 characters or more.")
    private @Nullable String prefix;
  }

  @Override
  public Integer call() throws IOException {
    if (limit < 1 || limit > LARGEST_LIMIT) {
      throw new UserError("--limit is a number from 1 to " + LARGEST_LIMIT + ", not " + limit);
    }
    try (SessionStore store = sessions.open()) {
      List<Map<String, @Nullable Object>> found = new ArrayList<>();
      boolean more = false;
      for (SessionSummary session : find(store, limit + 1)) {
        more |= found.size() == limit;
        if (found.size() < limit) {
          found.add(Sessions.describe(session));
        }
      }
      print(found);
      if (more) {
        sessions.err().println("There are more; see --limit");
      }
    }
    return 0;
  }

  private List<SessionSummary> find(SessionStore store, int most) {
    String principal = which.principal;
    String prefix = which.prefix;
    if (principal != null) {
      List<OwnedSession> owned = new ArrayList<>(store.index().ownedBy(principal));
      owned.sort(OwnedSession.BY_LOGIN);
      return store.index().describe(owned, principal);
    }
    if (prefix != null) {
      return new SessionSearch(store).find(Sessions.beginning(prefix), id -> true, most);
    }
    List<SessionSummary> all = new ArrayList<>();
    Progress progress = new Progress(sessions.err(), "read", Math.min(most, store.index().count()));
    Walk.through(
        store.index(),
        most,
        page -> {
          all.addAll(page);
          progress.add(page.size());
        });
    return all;
  }

  private void print(List<Map<String, @Nullable Object>> found) {
    if (sessions.isJson()) {
      sessions.printJson(found);
      return;
    }
    Table table = new Table("ID", "USER", "CREATED", "LAST USED", "EXPIRES");
    found.forEach(session -> table.add(Sessions.row(session)));
    table.print(sessions.out());
  }
}
