package dev.carryover.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A WildFly from its distribution, which the build has unpacked, in a process of its own, with the
 * configuration that it comes with.
 */
final class WildFlyProcess {

  private static final String HOME = "carryover-test.wildfly";
  private static final Pattern STARTED = Pattern.compile("WFLYSRV0025|WFLYSRV0026");
  private static final Pattern FAILED = Pattern.compile("WFLYCTL0186|WFLYSRV0026");
  private static final Pattern PORT =
      Pattern.compile("HTTP listener default listening on 127\\.0\\.0\\.1:(\\d+)");

  private WildFlyProcess() {}

  static WebContainer start(String name, WebContainer.Builder from) {
    Path home = Path.of(ContainerProcess.directory(HOME));
    Path base = base(home, from);
    List<String> options = LargeContainer.options(from);
    LargeContainer.open(
        options,
        "java.base/java.lang",
        "java.base/java.lang.invoke",
        "java.base/java.lang.reflect",
        "java.base/java.io",
        "java.base/java.net",
        "java.base/java.security",
        "java.base/java.util",
        "java.base/java.util.concurrent",
        "java.management/javax.management",
        "java.naming/javax.naming");
    options.add("-Dorg.jboss.boot.log.file=" + base.resolve("boot.log"));
    options.add(
        "-Dlogging.configuration=" + base.resolve("configuration/logging.properties").toUri());
    JavaProcess process =
        JavaProcess.start(
            base,
            options,
            List.of(home.resolve("jboss-modules.jar")),
            STARTED,
            "org.jboss.modules.Main",
            "-mp",
            home.resolve("modules").toString(),
            "org.jboss.as.standalone",
            "-Djboss.home.dir=" + home,
            "-Djboss.server.base.dir=" + base,
            "-Djboss.bind.address=127.0.0.1",
            "-Djboss.http.port=" + from.port,
            "-Djboss.https.port=0",
            "-Djboss.management.http.port=0");
    return new ContainerProcess(
        name, from.contextPath, ContainerProcess.unlessFailed(process, FAILED), PORT);
  }

  private static Path base(Path home, WebContainer.Builder from) {
    Path base = TemporaryDirectory.create("wildfly");
    try {
      LargeContainer.copy(home.resolve("standalone/configuration"), base.resolve("configuration"));
      Path deployments = Files.createDirectories(base.resolve("deployments"));
      for (var war : LargeContainer.wars(from).entrySet()) {
        String name = war.getKey().isEmpty() ? "ROOT" : war.getKey().substring(1);
        Files.copy(war.getValue(), deployments.resolve(name + ".war"));
      }
      for (WebContainer.User user : from.users) {
        String password = md5(user.name() + ":ApplicationRealm:" + user.password());
        append(base, "application-users", user.name() + '=' + password);
        append(base, "application-roles", user.name() + '=' + String.join(",", user.roles()));
      }
      return base;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void append(Path base, String properties, String line) throws IOException {
    Path file = base.resolve("configuration").resolve(properties + ".properties");
    Files.writeString(file, "\n" + line + "\n", StandardOpenOption.APPEND);
  }

  private static String md5(String text) {
    try {
      byte[] hash = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
