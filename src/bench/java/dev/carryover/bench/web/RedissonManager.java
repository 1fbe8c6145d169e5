package dev.carryover.bench.web;

import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Redisson's session manager for Tomcat: part of the container, so its jars are on Tomcat's own
 * class path. Strict means that each read of an attribute asks Redis, and each write is sent at
 * once.
 */
final class RedissonManager {

  /** Its jar is not a dependency of the build, which must not fail for want of it. */
  private static final String JAR = System.getProperty("bench.redisson-tomcat", "");

  private static final Libraries LIBRARIES = new Libraries("redisson");

  private RedissonManager() {}

  static Optional<String> absence() {
    return JAR.isEmpty()
        ? Optional.of("-Dbench.redisson-tomcat does not say where redisson-tomcat-10's jar is")
        : LIBRARIES.absence();
  }

  static void addTo(WarBuilder war, int redisPort) {
    war.file(
        "META-INF/context.xml",
        """
        <Context>
          <Manager className="org.redisson.tomcat.RedissonSessionManager"
              configPath="${catalina.base}/webapps/ROOT/WEB-INF/redisson.yaml"
              readMode="REDIS" updateMode="DEFAULT"/>
        </Context>
        """);
    war.file(
        "WEB-INF/redisson.yaml",
        """
        singleServerConfig:
          address: "redis://127.0.0.1:%d"
        """
            .formatted(redisPort));
  }

  static void addTo(WebContainer.Builder node, Path directory) {
    Path file = directory.resolve("catalina.properties").toAbsolutePath();
    try (OutputStream out = Files.newOutputStream(file)) {
      properties().store(out, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    node.jvmOption("-Dcatalina.config=" + file.toUri());
  }

  /** Tomcat's own, with our jars on the class path that its parts and applications share. */
  private static Properties properties() throws IOException {
    Properties properties = new Properties();
    Path home = Path.of(System.getProperty("carryover-test.tomcat10"));
    try (InputStream in = Files.newInputStream(home.resolve("conf/catalina.properties"))) {
      properties.load(in);
    }
    String jars =
        Stream.concat(LIBRARIES.jars().stream(), Stream.of(Path.of(JAR)))
            .map(jar -> '"' + jar.toAbsolutePath().toString() + '"')
            .collect(Collectors.joining(","));
    properties.merge("common.loader", jars, (own, more) -> own + "," + more);
    return properties;
  }
}
