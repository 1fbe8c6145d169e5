package dev.carryover.cli;

import dev.carryover.store.SessionStore;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "count", description = "Tells how many sessions live, by 64 small commands.")
final class CountCommand implements Callable<Integer> {

  @Mixin private final Sessions sessions = new Sessions();

  @Override
  public Integer call() throws IOException {
    try (SessionStore store = sessions.open()) {
      long count = store.index().count();
      if (sessions.isJson()) {
        sessions.printJson(Map.of("count", count));
      } else {
        sessions.out().println(count);
      }
    }
    return 0;
  }
}
