package dev.carryover.cli;

import dev.carryover.config.SessionConfig;
import dev.carryover.store.redis.RedisCheckup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "doctor",
    description = {
      "Reaches Redis as a web application would, and tells what is wrong there and what to do;"
          + " of app.war, also whether the filter comes before all others.",
      "It is configured like one: by -Dcarryover.redis.url=... before -jar, the environment, and"
          + " what is in app.war."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:sessions are in good hands",
      "1:it works, but sessions may be lost or read by others (WARN)",
      "2:it does not work (FAIL), or the command or the configuration is wrong"
    })
final class DoctorCommand implements Callable<Integer> {

  static final int WRONG = 2;

  @Parameters(
      paramLabel = "app.war",
      arity = "0..1",
      description = "A web application whose configuration counts too.")
  private @Nullable Path war;

  @Option(
      names = "--redis-url",
      paramLabel = "<url>",
      description = "Where Redis is; overrules all else.")
  private @Nullable String redisUrl;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    WebApp app = war == null ? null : WebApp.open(war);
    WarSettings settings = new WarSettings(app);
    SessionConfig config = settings.read(System.getProperties(), System.getenv(), redisUrl);
    List<Finding> findings = new ArrayList<>();
    if (app != null && config.enabled()) {
      findings.add(FilterCheckup.look(WebXml.of(app)));
    }
    try (RedisCheckup redis = checkup(settings, config)) {
      findings.addAll(Doctor.look(config, redis));
    }
    PrintWriter out = Main.out(spec);
    findings.forEach(out::println);
    Finding.Level gravest = Doctor.gravest(findings).orElse(Finding.Level.OK);
    return gravest == Finding.Level.FAIL ? WRONG : gravest == Finding.Level.WARN ? 1 : 0;
  }

  private static RedisCheckup checkup(WarSettings settings, SessionConfig config)
      throws IOException {
    String namespace = config.namespace().orElse("doctor");
    Optional<String> file = config.redissonConfig();
    if (file.isEmpty()) {
      return RedisCheckup.of(config, namespace);
    }
    try {
      return RedisCheckup.fromYaml(settings.redissonYaml(config, file.get()), config, namespace);
    } catch (IllegalArgumentException e) {
      throw new UserError(file.get() + " is no Redisson configuration: " + e.getMessage(), e);
    }
  }
}
