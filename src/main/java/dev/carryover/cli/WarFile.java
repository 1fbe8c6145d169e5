package dev.carryover.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @Override
  public void save(Path target) throws IOException {
    new WholeFile(target)
        .write(
            file,
            written -> {
              changed.write(written);
              if (!Files.getLastModifiedTime(file).equals(time)) {
                throw new UserError(
                    file + " was changed by somebody else meanwhile: nothing was done");
              }
            });
  }
}
