package dev.carryover.cli;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A web application that is a directory. Symbolic links are followed. */
final class ExplodedWar implements WebApp {

  private static final String WEB_INF = "WEB-INF";

  private final Path root;

  /** What files will have in them. */
  private final Map<String, byte[]> contents = new LinkedHashMap<>();

  /** Files that will be there under another name too, by that name. */
  private final Map<String, String> copies = new LinkedHashMap<>();

  /** Files that will take the place of another, by its name. */
  private final Map<String, String> restored = new LinkedHashMap<>();

  private final Set<String> removed = new LinkedHashSet<>();

  ExplodedWar(Path root) {
    this.root = root;
  }

  @Override
  public List<String> names() {
    List<Path> files = new ArrayList<>();
    try {
      Files.walkFileTree(
          root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new Walk(files));
    } catch (IOException e) {
      throw new UserError(root + " can't be read: " + e.getMessage(), e);
    }
    return files.stream()
        .map(file -> slashed(root.relativize(file)))
        .sorted()
        .collect(Collectors.toUnmodifiableList());
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
    removed.remove(name);
    contents.put(name, content);
  }

  @Override
  public void replace(String name, byte[] content, String formerName) {
    removed.remove(formerName);
    if (!restored.remove(name, formerName)) {
      copies.put(formerName, name);
    }
    contents.put(name, content);
  }

  @Override
  public void restore(String name, String formerName) {
    restored.put(name, formerName);
  }

  @Override
  public void remove(String name) {
    contents.remove(name);
    removed.add(name);
  }

  /**
   * Writes all that is new beside its place before anything is changed; each file is whole at any
   * time.
   */
  @Override
  public void save(Path target) throws IOException {
    if (!target.toAbsolutePath().normalize().equals(root.toAbsolutePath().normalize())) {
      throw new UserError("--output is for WAR files: copy the directory " + root + " first");
    }
    try {
      change();
    } finally {
      deleteEmptyLib();
    }
  }

  private void change() throws IOException {
    Map<Path, Path> prepared = new LinkedHashMap<>();
    try {
      prepare(prepared);
      for (Map.Entry<Path, Path> file : prepared.entrySet()) {
        move(file.getKey(), file.getValue());
      }
    } finally {
      for (Path file : prepared.keySet()) {
        Files.deleteIfExists(file);
      }
    }
    for (Map.Entry<String, String> file : restored.entrySet()) {
      move(root.resolve(file.getValue()), root.resolve(file.getKey()));
    }
    for (String name : removed) {
      Files.deleteIfExists(root.resolve(name));
    }
  }

  /** The directory that {@link #createParent} may have made. */
  private void deleteEmptyLib() throws IOException {
    Path lib = root.resolve("WEB-INF/lib");
    if (Files.isDirectory(lib, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> left = Files.list(lib)) {
        if (left.findAny().isPresent()) {
          return;
        }
      }
      Files.delete(lib);
    }
  }

  private void prepare(Map<Path, Path> prepared) throws IOException {
    for (Map.Entry<String, String> copy : copies.entrySet()) {
      Path written = beside(root.resolve(copy.getKey()), prepared);
      Files.copy(
          root.resolve(copy.getValue()),
          written,
          StandardCopyOption.COPY_ATTRIBUTES,
          StandardCopyOption.REPLACE_EXISTING,
          LinkOption.NOFOLLOW_LINKS);
    }
    for (Map.Entry<String, byte[]> content : contents.entrySet()) {
      Path file = root.resolve(content.getKey());
      createParent(file);
      Path written = beside(file, prepared);
      Files.write(written, content.getValue());
      rights(file).require(written);
    }
  }

  private static Path beside(Path file, Map<Path, Path> prepared) {
    Path written = file.resolveSibling("." + file.getFileName() + ".tmp");
    prepared.put(written, file);
    return written;
  }

  /** Those of the file that is there, or what the directory has for a new one. */
  private FileRights rights(Path file) throws IOException {
    return Files.exists(file) ? FileRights.of(file) : FileRights.of(root.resolve(WEB_INF)).ofFile();
  }

  private void createParent(Path file) throws IOException {
    Path directory = file.getParent();
    if (directory != null && !Files.exists(directory)) {
      Files.createDirectories(directory);
      FileRights.of(root.resolve(WEB_INF)).require(directory);
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

  /** Collects files; where a link leads back to where it is, there is nothing new. */
  private static final class Walk extends SimpleFileVisitor<Path> {
    private final List<Path> files;

    Walk(List<Path> files) {
      this.files = files;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile()) {
        files.add(file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (e instanceof FileSystemLoopException) {
        return FileVisitResult.CONTINUE;
      }
      throw e;
    }
  }
}
