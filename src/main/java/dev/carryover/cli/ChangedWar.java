package dev.carryover.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The web application that a command changes, and where the result goes. */
final class ChangedWar {

  @Parameters(
      paramLabel = "app.war",
      description = "A WAR file, or the directory of an exploded one.")
  private Path war = Path.of("");

  @Option(
      names = {"-o", "--output"},
      paramLabel = "out.war",
      description = "Writes the result there, and leaves app.war as it is.")
  private @Nullable Path output;

  @Option(names = "--dry-run", description = "Tells what would be done, and changes nothing.")
  private boolean dryRun;

  Path path() {
    return war;
  }

  /** Saves what was changed, and tells of it. */
  void finish(PrintWriter out, WebApp app, List<String> changes) throws IOException {
    if (changes.isEmpty() && output == null) {
      out.println("Nothing to do: " + war + " is as it should be.");
      return;
    }
    changes.forEach(out::println);
    if (dryRun) {
      out.println("Nothing was written (--dry-run).");
    } else {
      Path target = output == null ? war : output;
      app.save(target);
      out.println("Wrote " + target);
    }
  }
}
