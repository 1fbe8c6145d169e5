package dev.carryover.servlet.container;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The classes of the tests' Tomcat 10.1, in this process. */
final class TomcatClasses implements AutoCloseable {

  private final URLClassLoader loader;

  TomcatClasses() throws IOException {
    List<URL> jars = new ArrayList<>();
    for (String directory : List.of("lib", "bin")) {
      Path in = Path.of(System.getProperty("carryover-test.tomcat10")).resolve(directory);
      try (Stream<Path> files = Files.list(in)) {
        for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).toList()) {
          jars.add(jar.toUri().toURL());
        }
      }
    }
    loader = new URLClassLoader(jars.toArray(URL[]::new));
  }

  /** A new object of one of them. */
  Live make(String className) throws ReflectiveOperationException {
    return Live.of(loader.loadClass(className).getConstructor().newInstance());
  }

  @Override
  public void close() throws IOException {
    loader.close();
  }
}
