package dev.carryover.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A container that deploys and undeploys web applications while it runs, as its operators make it:
 * by copying a WAR into its directory and deleting it. It tells what its process holds.
 */
public final class HotContainer implements AutoCloseable {

  /** Someone whom web applications can have authenticated, a customer. */
  public static final String USER = "ann";

  public static final String PASSWORD = "secret";

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final WebContainer.Kind kind;
  private final Path directory;
  private final ContainerProcess process;
  private final Browser browser = Browser.browser();

  private HotContainer(WebContainer.Kind kind, Path directory, ContainerProcess process) {
    this.kind = kind;
    this.directory = directory;
    this.process = process;
  }

  /**
   * Starts it, with no web application but that which tells.
   *
   * @param directory where WARs may be written
   */
  public static HotContainer start(WebContainer.Kind kind, Path directory, String... jvmOptions) {
    Path control =
        WarBuilder.war()
            .classesOfPackage("control")
            .build(directory.resolve(kind.name() + "-control.war"));
    WebContainer.Builder node = kind.node(control).contextPath("/control").deploysLater();
    // What is only softly reachable would look like a leak.
    node.jvmOption("-XX:SoftRefLRUPolicyMSPerMB=0");
    node.user(USER, PASSWORD, "customer");
    List.of(jvmOptions).forEach(node::jvmOption);
    return new HotContainer(kind, directory, (ContainerProcess) node.start());
  }

  /** Deploys a web application and returns when it answers at the path, which is below its own. */
  public void deploy(String name, Path war, String path) {
    try {
      // Of its own: containers may run at the same time.
      Path copy = directory.resolve(kind.name() + "-" + name + ".war");
      Files.copy(war, copy, StandardCopyOption.REPLACE_EXISTING);
      Path fitting = kind.isJavax() ? JavaxWar.of(copy) : copy;
      Files.move(fitting, war(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    awaitStatus(200, uri(name, path));
  }

  /** Undeploys a web application and returns when it does not answer any more. */
  public void undeploy(String name, String path) {
    try {
      Files.delete(war(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    awaitStatus(404, uri(name, path));
  }

  private void awaitStatus(int status, URI uri) {
    try {
      await().atMost(PATIENCE).until(() -> browser.get(uri).status() == status);
    } catch (ConditionTimeoutException e) {
      throw new IllegalStateException("No " + status + " of " + uri + ":\n" + log(), e);
    }
  }

  /** Returns the address of a path of one of the web applications. */
  public URI uri(String name, String path) {
    return URI.create("http://127.0.0.1:" + process.port() + "/" + name + path);
  }

  public Report report() {
    return new Report(browser.get(uri("control", "/report")).body().lines().toList());
  }

  public String log() {
    return process.log();
  }

  @Override
  public void close() {
    process.close();
  }

  @Override
  public String toString() {
    return process.toString();
  }

  private Path war(String name) {
    String deployed =
        switch (kind) {
          case WILDFLY -> "deployments";
          case GLASSFISH -> "autodeploy";
          default -> "webapps";
        };
    return process.directory().resolve(deployed).resolve(name + ".war");
  }

  /** What the process holds after garbage was collected. */
  public record Report(List<String> lines) {

    /** Class loaders of web applications, that of the one that tells among them. */
    public long loaders() {
      return number("loaders ");
    }

    /** Bytes of the heap in use. */
    public long bytes() {
      return number("bytes ");
    }

    public List<String> threads() {
      return all("thread ");
    }

    public List<String> mbeans() {
      return all("mbean ");
    }

    /** The classes of Carryover, of whatever deployment, of which there are objects. */
    public List<String> classesOfOurs() {
      return all("object ").stream()
          .filter(name -> !name.matches("dev\\.carryover\\.(testing|it)\\..*"))
          .toList();
    }

    /** What there are modules for logins for: a virtual server and a context path. */
    public List<String> modules() {
      return all("module ");
    }

    private long number(String beginning) {
      return Long.parseLong(all(beginning).get(0));
    }

    private List<String> all(String beginning) {
      return lines.stream()
          .filter(line -> line.startsWith(beginning))
          .map(line -> line.substring(beginning.length()))
          .toList();
    }
  }
}
