package dev.carryover.testing;

import java.net.URI;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** A container in a process of its own, whose output tells its port. */
class ContainerProcess implements WebContainer {

  private final String name;
  private final String contextPath;
  private final int port;
  private final JavaProcess process;

  /**
   * A container that has started.
   *
   * @param port finds the port in what was printed, in its first group
   */
  ContainerProcess(String name, String contextPath, JavaProcess process, Pattern port) {
    this.name = name;
    this.contextPath = contextPath;
    this.process = process;
    this.port = Integer.parseInt(process.find(port).group(1));
  }

  /**
   * Ends the process if it has printed that its web application has failed.
   *
   * @throws IllegalStateException if so; with all it has printed
   */
  static JavaProcess unlessFailed(JavaProcess process, Pattern failed) {
    if (process.hasPrinted(failed)) {
      String log = process.log();
      process.discard();
      throw new IllegalStateException("The web application did not start:\n" + log);
    }
    return process;
  }

  /** Where the build has put a distribution, or the jars of one. */
  static String directory(String property) {
    String directory = System.getProperty(property);
    if (directory == null) {
      throw new IllegalStateException(
          "System property " + property + " is not set: run this test as an *IT, by mvn verify");
    }
    return directory;
  }

  /** Where it runs; its {@code webapps} are in it. */
  Path directory() {
    return process.directory();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + contextPath + path);
  }

  @Override
  public String log() {
    return process.log();
  }

  @Override
  public void kill() {
    process.kill();
  }

  /** Nothing of it is needed any more, not even its farewell, for which one would wait. */
  @Override
  public void close() {
    process.discard();
  }

  @Override
  public String toString() {
    return name + "[port " + port + ", pid " + process.pid() + "]";
  }
}
