package dev.carryover.cli;

import dev.carryover.config.SessionConfig;
import dev.carryover.config.StoreType;
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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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

  @Mixin private Target target = new Target();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    WebApp app = war == null ? null : WebApp.open(war);
    WarSettings settings = new WarSettings(app);
    SessionConfig config = target.config(settings);
    List<Finding> findings = new ArrayList<>();
    if (!config.enabled()) {
      findings.add(switchedOff());
    } else {
      if (app != null) {
        findings.addAll(FilterCheckup.look(Inspection.of(app)));
      }
      findings.addAll(store(settings, config));
    }
    PrintWriter out = Main.out(spec);
    findings.forEach(out::println);
    Finding.Level gravest = Doctor.gravest(findings).orElse(Finding.Level.OK);
    return gravest == Finding.Level.FAIL ? WRONG : gravest == Finding.Level.WARN ? 1 : 0;
  }

  private static Finding switchedOff() {
    return Finding.of(
        Finding.Level.NOTE,
        "enabled",
        "is false: the container keeps the sessions",
        "take it out of the configuration to have them carried");
  }

  private List<Finding> store(WarSettings settings, SessionConfig config) throws IOException {
    if (config.store() == StoreType.MEMORY) {
      return List.of(
          Finding.of(
              Finding.Level.WARN,
              "store",
              "memory: sessions are in one JVM alone, and end with it",
              "take store=memory out of the configuration, once there is a Redis"));
    }
    var unused = config.secrets(); // refuses a file of secrets as the web application would
    Optional<String> namespace = config.namespace().or(this::namespaceOfWar);
    String name = namespace.orElse("doctor");
    try (RedisCheckup redis =
        Target.open(
            settings,
            config,
            () -> RedisCheckup.of(config, name),
            yaml -> RedisCheckup.fromYaml(yaml, config, name))) {
      return Doctor.look(config, namespace, redis);
    }
  }

  /** As containers derive the context path from the file's name. */
  private Optional<String> namespaceOfWar() {
    return Optional.ofNullable(war)
        .map(path -> path.toAbsolutePath().normalize().getFileName())
        .map(file -> file.toString().replaceFirst("(?i)\\.war$", "").replaceFirst("##.*", ""))
        .map(name -> name.equals("ROOT") ? "" : '/' + name.replace('#', '/'))
        .map(path -> SessionConfig.builder().build().namespaceAt(path));
  }
}
