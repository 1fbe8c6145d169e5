package dev.carryover.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carryover.store.OwnedSession;
import dev.carryover.store.SessionStore;
import dev.carryover.store.SessionSummary;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "end",
    description = {
      "Ends a session, or all of a user, on all nodes, now.",
      "The application's listeners hear of it from one of its nodes, within the time of"
          + " expiry.poll-interval."
    })
final class EndCommand implements Callable<Integer> {

  /**
   * How long this process might need to tell listeners: it has none, so that a node does as soon as
   * it looks.
   */
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  @Mixin private final Sessions sessions = new Sessions();

  @ArgGroup(multiplicity = "1")
  private Which which = new Which();

  @Option(names = "--yes", description = "Does not ask back.")
  private boolean yes;

  /** One of them. */
  static final class Which {
    @Parameters(
        paramLabel = "<id>",
        arity = "0..1",
        description = "The id, or what it begins with: 4 characters or more.")
    private @Nullable String id;

    @Option(
        names = "--principal",
        paramLabel = "<user>",
        description = "All sessions of this user.")
    private @Nullable String principal;
  }

  @Override
  public Integer call() throws IOException {
    try (SessionStore store = sessions.open()) {
      String principal = which.principal;
      int ended =
          principal == null ? endOne(store, String.valueOf(which.id)) : endAll(store, principal);
      if (sessions.isJson()) {
        sessions.printJson(Map.of("ended", ended));
      } else {
        sessions.out().println(ended == 1 ? "1 session ended" : ended + " sessions ended");
      }
    }
    return 0;
  }

  private int endOne(SessionStore store, String beginning) throws IOException {
    SessionSummary session = Sessions.only(store, beginning);
    String whose = session.principal() == null ? "nobody" : session.principal();
    confirm("End session " + Sessions.shown(session.id()) + "... of " + whose + "?");
    return store.end(session.id(), 0, AT_ONCE) == null ? 0 : 1;
  }

  private int endAll(SessionStore store, String principal) throws IOException {
    List<OwnedSession> owned = store.index().ownedBy(principal);
    if (!owned.isEmpty()) {
      confirm("End " + owned.size() + " of " + principal + "'s sessions?");
    }
    Progress progress = new Progress(sessions.err(), "ended", owned.size());
    int ended = 0;
    for (OwnedSession session : owned) {
      ended += store.index().end(session, principal, AT_ONCE) == null ? 0 : 1;
      progress.add(1);
    }
    return ended;
  }

  private void confirm(String question) throws IOException {
    if (yes) {
      return;
    }
    sessions.err().print(question.replaceAll("[\\p{Cc}\\p{Cf}]", "?") + " [y/N] ");
    sessions.err().flush();
    String answer = new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine();
    if (answer == null || !answer.strip().matches("(?i)y(es)?")) {
      throw new UserError("Nothing was ended");
    }
  }
}
