package dev.carryover.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Jetty with the environment ee11 in a process of its own: its Servlet API is another one than
 * that of the test class path, from which it has the rest of Jetty.
 */
final class JettyEe11Process {

  private static final String JARS = "carryover-test.jetty-ee11";
  private static final Pattern LISTENING = Pattern.compile(JettyEe11Main.LISTENING + "(\\d+)");

  private JettyEe11Process() {}

  static WebContainer start(String name, WebContainer.Builder from) {
    Path directory = TemporaryDirectory.create("jetty-ee11");
    return new ContainerProcess(
        name,
        from.contextPath,
        JavaProcess.start(
            directory,
            from.jvmOptions,
            classPath(),
            LISTENING,
            JettyEe11Main.class.getName(),
            settings(directory, from).toString()),
        LISTENING);
  }

  static Path settings(Path directory, WebContainer.Builder from) {
    Properties settings = new Properties();
    settings.setProperty("war", from.war.toAbsolutePath().toString());
    settings.setProperty("contextPath", from.contextPath.isEmpty() ? "/" : from.contextPath);
    settings.setProperty("port", Integer.toString(from.port));
    from.otherWars.forEach(
        (path, war) -> settings.setProperty("also." + path, war.toAbsolutePath().toString()));
    if (from.route != null) {
      settings.setProperty("route", from.route);
    }
    from.contextParams.forEach((key, value) -> settings.setProperty("param." + key, value));
    from.users.forEach(
        user ->
            settings.setProperty(
                "user." + user.name(), user.password() + "," + String.join(",", user.roles())));
    Path file = directory.resolve("settings.properties");
    try (var out = Files.newBufferedWriter(file)) {
      settings.store(out, null);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The jars of ee11, those of the test class path that are no other environment, our main. */
  private static List<Path> classPath() {
    List<Path> path = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of(ContainerProcess.directory(JARS)))) {
      files.forEach(path::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      String file = Path.of(entry).getFileName().toString();
      if (file.equals("test-classes") || (isContainers(file) && !file.contains("ee10"))) {
        path.add(Path.of(entry));
      }
    }
    return path;
  }

  private static boolean isContainers(String file) {
    return file.startsWith("jetty-")
        || file.startsWith("asm-")
        || file.startsWith("slf4j-")
        || file.startsWith("jakarta.annotation-api")
        || file.startsWith("jakarta.transaction-api");
  }
}
