package dev.carryover.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Collectors;

/** A WAR file. */
final class WarFile implements WebApp {

  private final Path file;
  private final FileTime time;
  private final RawZip zip;
  private RawZip changed;

  WarFile(Path file) throws IOException {
    this.file = file.toRealPath();
    time = Files.getLastModifiedTime(file);
    zip = RawZip.open(this.file);
    changed = zip;
  }

  @Override
  public List<String> names() {
    return zip.names().stream()
        .filter(name -> !name.endsWith("/"))
        .collect(Collectors.toUnmodifiableList());
  }

  @Override
  public boolean has(String name) {
    return zip.has(name);
  }

  @Override
  public byte[] read(String name) throws IOException {
    return zip.read(name);
  }

  @Override
  public void add(String name, byte[] content, boolean stored) {
    changed = changed.add(name, content, stored);
  }

  @Override
  public void replace(String name, byte[] content, String formerName) {
    changed = changed.replace(name, content, formerName);
  }

  @Override
  public void restore(String name, String formerName) {
    changed = changed.restore(name, formerName);
  }

  @Override
  public void remove(String name) {
    changed = changed.remove(name);
  }

  /** Writes a file beside the target and then gives it the target's name. */
  @Override
  public void save(Path target) throws IOException {
    Path place = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
    Path written = Files.createTempFile(place.getParent(), ".carryover", ".tmp");
    try {
      changed.write(written);
      giveRights(written, place);
      if (!Files.getLastModifiedTime(file).equals(time)) {
        throw new UserError(file + " was changed by somebody else meanwhile: nothing was done");
      }
      Files.move(
          written, place, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  /** A copy elsewhere belongs to who makes it, if that is all this user can do. */
  private void giveRights(Path written, Path place) throws IOException {
    if (Files.exists(place)) {
      FileRights.of(place).require(written);
    } else {
      FileRights.of(file).give(written);
    }
  }
}
