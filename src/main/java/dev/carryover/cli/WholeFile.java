package dev.carryover.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that is written beside its place, and takes it when it is whole. */
final class WholeFile {

  private static final String END = ".tmp";

  private final Path place;

  /**
   * The file at a path.
   *
   * @throws UserError if there can be none
   */
  WholeFile(Path target) throws IOException {
    if (Files.isDirectory(target)) {
      throw new UserError(target + " is a directory");
    }
    place = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
    if (!Files.isDirectory(directory())) {
      throw new UserError("There is no directory " + directory());
    }
  }

  /**
   * Writes it.
   *
   * @param model whose owner and rights a new file gets; one that is there keeps its own
   */
  void write(Path model, Content content) throws IOException {
    String start = "." + place.getFileName() + ".carryover";
    clear(start);
    Path written = Files.createTempFile(directory(), start, END);
    try {
      content.write(written);
      giveRights(written, model);
      Files.move(
          written, place, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  private Path directory() {
    return requireNonNull(place.getParent());
  }

  /** Takes away what runs have left that were killed. */
  private void clear(String start) throws IOException {
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(
            directory(),
            file -> {
              String name = String.valueOf(file.getFileName());
              return name.startsWith(start) && name.endsWith(END);
            })) {
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** A copy elsewhere belongs to who makes it, if that is all this user can do. */
  private void giveRights(Path written, Path model) throws IOException {
    if (Files.exists(place)) {
      FileRights.of(place).require(written);
    } else {
      FileRights.of(model).give(written);
    }
  }

  /** What is in it. */
  interface Content {
    void write(Path file) throws IOException;
  }
}
