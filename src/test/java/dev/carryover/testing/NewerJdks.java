package dev.carryover.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * JDKs newer than the one that runs the tests, as far as they are found: one of each feature
 * version. Named by a variable {@code JAVA_HOME_25} or the like, in Maven's {@code toolchains.xml},
 * or installed where systems and installers of JDKs put them.
 */
public final class NewerJdks {

  private static final Pattern VARIABLE = Pattern.compile("JAVA_?HOME_?\\d+.*|JDK_?\\d+.*");
  private static final Pattern TOOLCHAIN = Pattern.compile("<jdkHome>\\s*(.*?)\\s*</jdkHome>");
  private static final String HOME = System.getProperty("user.home");

  private NewerJdks() {}

  /** Their homes, the oldest first. */
  public static Collection<Path> homes() {
    Map<Integer, Path> newer = new TreeMap<>();
    Stream.of(named(), toolchains(), installed())
        .flatMap(homes -> homes)
        .filter(home -> feature(home) > Runtime.version().feature())
        .forEach(home -> newer.putIfAbsent(feature(home), home));
    return newer.values();
  }

  private static Stream<Path> named() {
    return System.getenv().entrySet().stream()
        .filter(variable -> VARIABLE.matcher(variable.getKey()).matches())
        .flatMap(variable -> path(variable.getValue()));
  }

  private static Stream<Path> path(String text) {
    try {
      return Stream.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Stream.empty();
    }
  }

  private static Stream<Path> toolchains() {
    Path file = Path.of(HOME, ".m2", "toolchains.xml");
    if (!Files.isReadable(file)) {
      return Stream.empty();
    }
    try {
      Matcher homes = TOOLCHAIN.matcher(Files.readString(file));
      return homes.results().flatMap(found -> path(found.group(1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> installed() {
    return Stream.of(
            Path.of(System.getProperty("java.home"), ".."),
            Path.of("/usr/lib/jvm"),
            Path.of("/Library/Java/JavaVirtualMachines"),
            Path.of(HOME, ".sdkman", "candidates", "java"),
            Path.of(HOME, ".jdks"))
        .filter(Files::isDirectory)
        .flatMap(NewerJdks::content)
        .flatMap(home -> Stream.of(home, home.resolve("Contents").resolve("Home")));
  }

  private static Stream<Path> content(Path directory) {
    try (Stream<Path> content = Files.list(directory)) {
      return content.sorted().toList().stream();
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  /** Zero for what is no JDK. */
  private static int feature(Path home) {
    Properties release = new Properties();
    try (var in = Files.newBufferedReader(home.resolve("release"))) {
      release.load(in);
      String version = release.getProperty("JAVA_VERSION", "0").replace("\"", "");
      return Integer.parseInt(version.split("[.+-]")[0]);
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }
}
