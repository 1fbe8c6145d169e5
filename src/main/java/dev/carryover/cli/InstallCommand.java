package dev.carryover.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "install",
    description = {
      "Puts the jar that fits into a web application's WEB-INF/lib, and tells what it saw there.",
      "Nothing else is changed, but web.xml where <absolute-ordering> would leave the jar out."
    })
final class InstallCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "app.war",
      description = "A WAR file, or the directory of an exploded one.")
  private Path war = Path.of("");

  @Option(
      names = {"-o", "--output"},
      paramLabel = "out.war",
      description = "Writes the result there, and leaves app.war as it is.")
  private @Nullable Path output;

  @Option(
      names = "--redis-url",
      paramLabel = "<url>",
      description = "Where Redis is; written into WEB-INF/carryover.properties.")
  private @Nullable String redisUrl;

  @Option(
      names = "--servlet-api",
      paramLabel = "javax|jakarta",
      description = "The Servlet API that the application is written for; found out by itself.")
  private @Nullable ServletApi api;

  @Option(
      names = "--web-xml",
      description = "Declares the filter in web.xml, also where it would register itself.")
  private boolean declare;

  @Option(names = "--dry-run", description = "Tells what would be done, and changes nothing.")
  private boolean dryRun;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    WebApp app = WebApp.open(war);
    Installation installation = new Installation(app);
    ServletApi found = api == null ? installation.inspection().api() : api;
    PrintWriter out = Main.out(spec);
    out.println(war);
    installation.inspection().report(found).forEach(out::println);
    installation.install(SelfContainedJar.running(), found, redisUrl, declare);
    finish(out, app, installation.changes(), war, output, dryRun);
    return 0;
  }

  /** Saves what was changed, and tells of it. */
  static void finish(
      PrintWriter out,
      WebApp app,
      List<String> changes,
      Path war,
      @Nullable Path output,
      boolean dryRun)
      throws IOException {
    Path target = output == null ? war : output;
    if (changes.isEmpty() && output == null) {
      out.println("Nothing to do: " + war + " is as it should be.");
      return;
    }
    changes.forEach(out::println);
    if (dryRun) {
      out.println("Nothing was written (--dry-run).");
    } else {
      app.save(target);
      out.println("Wrote " + target);
    }
  }
}
