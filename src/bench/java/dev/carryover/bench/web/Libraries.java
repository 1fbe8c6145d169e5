package dev.carryover.bench.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The jars of a contender, which the build has put into a directory of their own. */
final class Libraries {

  private static final Path ALL =
      Path.of(System.getProperty("bench.libraries", "target/bench/libraries"));

  private final Path directory;

  Libraries(String name) {
    directory = ALL.resolve(name);
  }

  Optional<String> absence() {
    return jars().isEmpty() ? Optional.of("no jars in " + directory) : Optional.empty();
  }

  List<Path> jars() {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
