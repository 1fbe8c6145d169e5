package dev.carryover.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the application servers have in common that are unpacked from a distribution. */
final class LargeContainer {

  private static final String SMALL_HEAP = "-Xmx256m";

  private LargeContainer() {}

  /** Options of the Java virtual machine; context parameters are among them as properties. */
  static List<String> options(WebContainer.Builder from) {
    if (from.route != null) {
      throw new UnsupportedOperationException("It has no route");
    }
    List<String> options = new ArrayList<>(List.of(SMALL_HEAP));
    options.addAll(from.jvmOptions);
    from.contextParams.forEach((name, value) -> options.add("-D" + name + "=" + value));
    return options;
  }

  /** The web applications by their context paths, the first one first. */
  static Map<String, Path> wars(WebContainer.Builder from) {
    Map<String, Path> wars = new LinkedHashMap<>();
    wars.put(from.contextPath, from.war);
    wars.putAll(from.otherWars);
    return wars;
  }

  /** Opens packages of the JDK to all, as the container's own script does. */
  static void open(List<String> options, String... packages) {
    for (String name : packages) {
      options.add("--add-opens=" + name + "=ALL-UNNAMED");
    }
  }

  /** Copies a directory, or all of an archive, with what is in it. */
  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}
