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
    name = "twin",
    description = "Writes the same jar for containers of the other Servlet API, javax or jakarta.")
final class TwinCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "jar",
      arity = "0..1",
      description = "A jar of Carryover; this one if none is given.")
  private @Nullable Path jar;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "out.jar",
      required = true,
      description = "The file to write.")
  private Path output = Path.of("");

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    SelfContainedJar from = jar == null ? SelfContainedJar.running() : SelfContainedJar.open(jar);
    ServletApi api = from.api().other();
    from.writeFor(api, output);
    Main.out(spec).println("Wrote " + output + ", for " + api.packageName());
    return 0;
  }
}
