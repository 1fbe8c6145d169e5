package dev.carryover.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An {@link UndertowNode} in a process of its own. The last Undertow for {@code javax.servlet}
 * differs in the API's package only: it runs the same node with its classes renamed.
 */
final class UndertowProcess {

  private static final String JAVAX_JARS = "carryover-test.undertow-javax";
  private static final Pattern LISTENING = Pattern.compile(UndertowMain.LISTENING + "(\\d+)");

  /** What both need, as it is. */
  private static final String SHARED = "xnio|jboss-(logging|threads)|wildfly|smallrye|parsson";

  private UndertowProcess() {}

  static WebContainer jakarta(String name, WebContainer.Builder from) {
    Path directory = TemporaryDirectory.create("undertow-apart");
    List<Path> path = libraries("(undertow|jakarta\\.servlet-api|" + SHARED + ").*");
    path.add(testClasses());
    return start(name, directory, path, from);
  }

  static WebContainer javax(String name, WebContainer.Builder from) {
    Path directory = TemporaryDirectory.create("undertow-javax");
    List<Path> path = libraries("(" + SHARED + ").*");
    try (Stream<Path> files = Files.list(Path.of(ContainerProcess.directory(JAVAX_JARS)))) {
      files.forEach(path::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    path.add(renamed(testClasses(), directory.resolve("classes")));
    return start(name, directory, path, from);
  }

  private static WebContainer start(
      String name, Path directory, List<Path> classPath, WebContainer.Builder from) {
    return new ContainerProcess(
        name,
        from.contextPath,
        JavaProcess.start(
            directory,
            from.jvmOptions,
            classPath,
            LISTENING,
            UndertowMain.class.getName(),
            JettyEe11Process.settings(directory, from).toString()),
        LISTENING);
  }

  /** What there is of a name on the test class path. */
  private static List<Path> libraries(String name) {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(entry -> entry.getFileName().toString().matches(name))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static Path testClasses() {
    return libraries("test-classes").get(0);
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
