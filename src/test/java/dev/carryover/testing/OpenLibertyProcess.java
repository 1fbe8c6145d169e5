package dev.carryover.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * An Open Liberty from its distribution, which the build has unpacked, in a process of its own,
 * with the features for servlets and pages.
 */
final class OpenLibertyProcess {

  private static final String HOME = "carryover-test.open-liberty";
  private static final String SERVER = "node";
  private static final Pattern STARTED = Pattern.compile("CWWKF0011I");
  private static final Pattern FAILED = Pattern.compile("CWWKZ0002E|CWWKZ0012I.*not started");
  private static final Pattern PORT =
      Pattern.compile("CWWKO0219I.* defaultHttpEndpoint .* port (\\d+)");

  private OpenLibertyProcess() {}

  static WebContainer start(String name, WebContainer.Builder from) {
    Path home = Path.of(ContainerProcess.directory(HOME));
    Path base = TemporaryDirectory.create("open-liberty");
    List<String> options = LargeContainer.options(from);
    options.add("-javaagent:" + home.resolve("bin/tools/ws-javaagent.jar"));
    options.add("-Djava.awt.headless=true");
    try {
      options.addAll(optionsOfDistribution(home));
      Path server = Files.createDirectories(base.resolve("servers").resolve(SERVER));
      Files.writeString(server.resolve("server.xml"), serverXml(from));
      Path apps = Files.createDirectories(server.resolve("apps"));
      for (var war : LargeContainer.wars(from).entrySet()) {
        Files.copy(war.getValue(), apps.resolve(file(war.getKey())));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    JavaProcess process =
        JavaProcess.start(
            base,
            Map.of("WLP_USER_DIR", base.toString()),
            options,
            List.of(home.resolve("bin/tools/ws-server.jar")),
            STARTED,
            "com.ibm.ws.kernel.boot.cmdline.EnvCheck",
            SERVER);
    return new ContainerProcess(
        name, from.contextPath, ContainerProcess.unlessFailed(process, FAILED), PORT);
  }

  private static List<String> optionsOfDistribution(Path home) throws IOException {
    List<String> options =
        new ArrayList<>(Files.readAllLines(home.resolve("lib/platform/java/java9.options")));
    options.removeIf(line -> line.isBlank() || line.startsWith("#"));
    return options;
  }

  private static String file(String contextPath) {
    return (contextPath.isEmpty() ? "ROOT" : contextPath.substring(1)) + ".war";
  }

  private static String serverXml(WebContainer.Builder from) {
    StringBuilder elements = new StringBuilder();
    for (String path : LargeContainer.wars(from).keySet()) {
      elements.append(
          "<webApplication location=\"%s\" contextRoot=\"%s\"/>\n"
              .formatted(file(path), path.isEmpty() ? "/" : path));
    }
    if (!from.users.isEmpty()) {
      elements.append(registry(from.users));
    }
    return """
        <server>
          <featureManager>
            <feature>servlet-6.0</feature>
            <feature>pages-3.1</feature>
          </featureManager>
          <logging consoleLogLevel="INFO"/>
          <httpEndpoint id="defaultHttpEndpoint" host="127.0.0.1" httpPort="%d" httpsPort="-1"/>
          %s
        </server>
        """
        .formatted(from.port, elements);
  }

  /** Roles are groups of the same name. */
  private static String registry(List<WebContainer.User> users) {
    Map<String, StringBuilder> groups = new TreeMap<>();
    StringBuilder registry = new StringBuilder("<basicRegistry id=\"basic\" realm=\"test\">\n");
    for (WebContainer.User user : users) {
      registry.append(
          "<user name=\"%s\" password=\"%s\"/>\n".formatted(user.name(), user.password()));
      for (String role : user.roles()) {
        groups
            .computeIfAbsent(role, unknown -> new StringBuilder())
            .append("<member name=\"%s\"/>".formatted(user.name()));
      }
    }
    groups.forEach(
        (name, members) ->
            registry.append("<group name=\"%s\">%s</group>\n".formatted(name, members)));
    return "<featureManager><feature>appSecurity-5.0</feature></featureManager>\n"
        + registry
        + "</basicRegistry>\n";
  }
}
