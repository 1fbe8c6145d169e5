package dev.carryover.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "install",
    description = {
      "Puts the jar that fits into a web application's WEB-INF/lib, and tells what it saw there.",
      "Nothing else is changed, but web.xml where <absolute-ordering> would leave the jar out."
    })
final class InstallCommand implements Callable<Integer> {

  @Mixin private ChangedWar war = new ChangedWar();

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

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    WebApp app = WebApp.open(war.path());
    Installation installation = new Installation(app);
    ServletApi found = api == null ? installation.inspection().api() : api;
    PrintWriter out = Main.out(spec);
    out.println(war.path());
    installation.inspection().report(found).forEach(out::println);
    installation.install(SelfContainedJar.running(), found, redisUrl, declare);
    war.finish(out, app, installation.changes());
    return 0;
  }
}
