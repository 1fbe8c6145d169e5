package dev.carryover.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "uninstall",
    description =
        "Takes out what install has put in: the web application is as before, to the byte.")
final class UninstallCommand implements Callable<Integer> {

  @Mixin private ChangedWar war = new ChangedWar();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    WebApp app = WebApp.open(war.path());
    Installation installation = new Installation(app);
    installation.uninstall();
    war.finish(Main.out(spec), app, installation.changes());
    return 0;
  }
}
