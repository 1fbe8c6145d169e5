package dev.carryover.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "uninstall",
    description =
        "Takes out what install has put in: the web application is as before, to the byte.")
final class UninstallCommand implements Callable<Integer> {

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

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    WebApp app = WebApp.open(war);
    Installation installation = new Installation(app);
    installation.uninstall();
    InstallCommand.finish(Main.out(spec), app, installation.changes(), war, output, dryRun);
    return 0;
  }
}
