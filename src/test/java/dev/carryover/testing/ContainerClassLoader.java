package dev.carryover.testing;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The class path of the test as a container would offer it: the Servlet, EL and annotation APIs,
 * Jetty and Jasper, and nothing else. A web application below it can only have its classes from its
 * WAR. The parent is the platform's class loader, so that who walks up from here (scanners of
 * annotations and of tag libraries do) does not find the test class path either.
 */
final class ContainerClassLoader extends ClassLoader {

  private static final List<String> CONTAINER =
      List.of(
          "jakarta.servlet.",
          "jakarta.el.",
          "jakarta.annotation.",
          "jakarta.transaction.",
          "jakarta.websocket.",
          "org.eclipse.jetty.",
          "org.apache.jasper.",
          "org.apache.el.",
          "org.apache.juli.",
          "org.apache.tomcat.",
          "META-INF.services.jakarta.el.",
          "META-INF.services.jakarta.websocket.");

  private static final ClassLoader TEST_CLASS_PATH = ContainerClassLoader.class.getClassLoader();

  private final List<String> packages;

  /**
   * @param more packages that this container shows besides, each with a dot at its end
   */
  ContainerClassLoader(String... more) {
    super("container", ClassLoader.getPlatformClassLoader());
    packages = Stream.concat(CONTAINER.stream(), Stream.of(more)).toList();
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (!isContainers(name)) {
      throw new ClassNotFoundException(name);
    }
    return TEST_CLASS_PATH.loadClass(name);
  }

  @Override
  protected URL findResource(String name) {
    return isContainers(name.replace('/', '.')) ? TEST_CLASS_PATH.getResource(name) : null;
  }

  @Override
  protected Enumeration<URL> findResources(String name) throws IOException {
    return isContainers(name.replace('/', '.'))
        ? TEST_CLASS_PATH.getResources(name)
        : Collections.emptyEnumeration();
  }

  private boolean isContainers(String name) {
    return packages.stream().anyMatch(name::startsWith);
  }
}
