package dev.carryover.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A web application on disk, packed or exploded: what is in it, and changes that {@link #save}
 * makes. Reading tells what is on disk, whatever has been changed.
 */
interface WebApp {

  /**
   * The web application at a path.
   *
   * @throws UserError if there is none
   */
  static WebApp open(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new UserError(path + " does not exist");
    }
    WebApp app = Files.isDirectory(path) ? new ExplodedWar(path) : new WarFile(path);
    if (app.names().stream().noneMatch(name -> name.startsWith("WEB-INF/"))) {
      throw new UserError(path + " has no WEB-INF: this is not a web application");
    }
    return app;
  }

  /** The names of all files, with {@code /} between directories. */
  List<String> names();

  boolean has(String name);

  byte[] read(String name) throws IOException;

  /** Adds a file; {@code stored} if packing would not make it smaller. */
  void add(String name, byte[] content, boolean stored);

  /** Gives a file another content, and keeps it as it was under another name. */
  void replace(String name, byte[] content, String formerName);

  /** Undoes {@link #replace}. */
  void restore(String name, String formerName);

  void remove(String name);

  /** Makes the changes, in place or, where that can be, in a copy; all of them or none. */
  void save(Path target) throws IOException;
}
