package dev.carryover.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A web application that is a directory. */
final class ExplodedWar implements WebApp {

  private final Path root;
  private final List<Change> removals = new ArrayList<>();
  private final List<Change> additions = new ArrayList<>();

  ExplodedWar(Path root) {
    this.root = root;
  }

  @Override
  public List<String> names() {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> slashed(root.relativize(file)))
          .sorted()
          .collect(Collectors.toUnmodifiableList());
    } catch (IOException e) {
      throw new UserError(root + " can't be read: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean has(String name) {
    return Files.isRegularFile(root.resolve(name));
  }

  @Override
  public byte[] read(String name) throws IOException {
    return Files.readAllBytes(root.resolve(name));
  }

  @Override
  public void add(String name, byte[] content, boolean stored) {
    additions.add(() -> write(root.resolve(name), content));
  }

  @Override
  public void replace(String name, byte[] content, String formerName) {
    additions.add(
        () -> {
          Files.copy(
              root.resolve(name), root.resolve(formerName), StandardCopyOption.COPY_ATTRIBUTES);
          write(root.resolve(name), content);
        });
  }

  @Override
  public void restore(String name, String formerName) {
    removals.add(() -> move(root.resolve(formerName), root.resolve(name)));
  }

  @Override
  public void remove(String name) {
    removals.add(() -> Files.deleteIfExists(root.resolve(name)));
  }

  /** Removes first; each file is whole at any time. */
  @Override
  public void save(Path target) throws IOException {
    if (!target.toAbsolutePath().normalize().equals(root.toAbsolutePath().normalize())) {
      throw new UserError("--output is for WAR files: copy the directory " + root + " first");
    }
    for (Change change : removals) {
      change.make();
    }
    for (Change change : additions) {
      change.make();
    }
  }

  private static void write(Path file, byte[] content) throws IOException {
    Path directory = file.getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    Path written = file.resolveSibling("." + file.getFileName() + ".tmp");
    try {
      Files.write(written, content);
      move(written, file);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    if (!Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(from + " is gone");
    }
    Files.move(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String slashed(Path relative) {
    return StreamSupport.stream(relative.spliterator(), false)
        .map(Path::toString)
        .collect(Collectors.joining("/"));
  }

  /** One step of {@link #save}. */
  private interface Change {
    void make() throws IOException;
  }
}
