package dev.carryover.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The last Undertow for {@code javax.servlet} in a process of its own: an {@link UndertowNode},
 * whose classes are renamed, since the two Undertows differ in the API's package only.
 */
final class UndertowJavaxProcess {

  private static final String JARS = "carryover-test.undertow-javax";
  private static final Pattern LISTENING = Pattern.compile(UndertowMain.LISTENING + "(\\d+)");

  private UndertowJavaxProcess() {}

  static WebContainer start(String name, WebContainer.Builder from) {
    Path directory = TemporaryDirectory.create("undertow-javax");
    return new ContainerProcess(
        name,
        from.contextPath,
        JavaProcess.start(
            directory,
            from.jvmOptions,
            classPath(directory),
            LISTENING,
            UndertowMain.class.getName(),
            JettyEe11Process.settings(directory, from).toString()),
        LISTENING);
  }

  /** The jars of that Undertow, what both need of the test class path, and our main. */
  private static List<Path> classPath(Path directory) {
    List<Path> path = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of(ContainerProcess.directory(JARS)))) {
      files.forEach(path::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      String file = Path.of(entry).getFileName().toString();
      if (file.equals("test-classes")) {
        path.add(renamed(Path.of(entry), directory.resolve("classes")));
      } else if (file.matches("(xnio|jboss-(logging|threads)|wildfly|smallrye|parsson).*")) {
        path.add(Path.of(entry));
      }
    }
    return path;
  }

  /** Copies the classes of this package, as they are for {@code javax.servlet}. */
  private static Path renamed(Path classes, Path target) {
    String folder = UndertowMain.class.getPackageName().replace('.', '/');
    try (Stream<Path> files = Files.list(classes.resolve(folder))) {
      Path copies = Files.createDirectories(target.resolve(folder));
      for (Path file : (Iterable<Path>) files::iterator) {
        if (file.toString().endsWith(".class")) {
          Files.write(
              copies.resolve(file.getFileName()), JavaxWar.renamed(Files.readAllBytes(file)));
        }
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
