package dev.carryover.demo;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A node that runs {@link DemoNode} in a process of its own, with this process's Java and class
 * path. It can be killed and started again, on the same port. Thread-safe.
 */
final class NodeProcess implements AutoCloseable {

  private static final long START_SECONDS = 90;
  private static final long STOP_SECONDS = 15;

  private final String name;
  private final Path directory;
  private final List<String> options;
  private final Path war;
  private final long redisPid;
  private Process process;
  private int port;
  private boolean closed;

  /**
   * Creates a node that is not started.
   *
   * @param directory where it keeps its log and temporary files
   * @param options of its Java virtual machine
   */
  NodeProcess(String name, Path directory, List<String> options, Path war, long redisPid) {
    this.name = name;
    this.directory = directory;
    this.options = options;
    this.war = war;
    this.redisPid = redisPid;
  }

  String name() {
    return name;
  }

  synchronized URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  synchronized long pid() {
    return process.pid();
  }

  synchronized boolean isRunning() {
    return process != null && process.isAlive();
  }

  /** Returns the file with all that the node printed, in this run of the demo. */
  Path log() {
    return directory.resolve("node-" + name + ".log");
  }

  /** Starts the process, and returns when the node answers. */
  void start() {
    Output output = new Output();
    Process started = launch(output);
    try {
      int listening = output.port.get(START_SECONDS, TimeUnit.SECONDS);
      synchronized (this) {
        port = listening;
      }
    } catch (ExecutionException | TimeoutException e) {
      started.destroyForcibly();
      throw new IllegalStateException("Node " + name + " did not start, see " + log(), e);
    } catch (InterruptedException e) {
      started.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while node " + name + " started", e);
    }
  }

  /** Ends the process as {@code kill -9} does, and returns when it is gone. */
  synchronized void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Asks the node to stop, ends it if it does not, and keeps it from being started again. */
  @Override
  public synchronized void close() {
    closed = true;
    if (!isRunning()) {
      return;
    }
    try (OutputStream input = process.getOutputStream()) {
      input.write((DemoNode.STOP + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      process.destroy();
    }
    awaitEnd();
  }

  @Override
  public String toString() {
    return "Node " + name + (isRunning() ? " (pid " + pid() + ")" : " (down)");
  }

  private synchronized Process launch(Output output) {
    if (closed) {
      throw new IllegalStateException("The demo is ending");
    }
    try {
      Path temporary = Files.createDirectories(directory.resolve("node-" + name + "-tmp"));
      process =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElse("java"),
                  "@" + arguments(temporary),
                  DemoNode.class.getName(),
                  name,
                  Integer.toString(port),
                  war.toString(),
                  Long.toString(redisPid))
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    output.readFrom(process);
    return process;
  }

  /** Writes what the java command needs to a file: a class path can be too long for a command. */
  private Path arguments(Path temporary) throws IOException {
    StringBuilder lines = new StringBuilder();
    options.forEach(option -> lines.append(quoted(option)));
    lines.append(quoted("-Djava.io.tmpdir=" + temporary.toAbsolutePath()));
    lines.append("-cp\n").append(quoted(System.getProperty("java.class.path")));
    return Files.writeString(directory.resolve("node-" + name + ".args"), lines);
  }

  private static String quoted(String argument) {
    return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + "\"\n";
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor(STOP_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** What the process prints: copied to the log, and searched for the port. */
  private final class Output {

    private final CompletableFuture<Integer> port = new CompletableFuture<>();

    void readFrom(Process process) {
      Thread reader = new Thread(() -> copy(process), "output-of-node-" + name);
      reader.setDaemon(true);
      reader.start();
    }

    private void copy(Process process) {
      try (BufferedReader lines =
              new BufferedReader(
                  new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
          PrintWriter copy =
              new PrintWriter(Files.newBufferedWriter(log(), CREATE, APPEND), true)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          copy.println(line);
          if (line.startsWith(DemoNode.LISTENING)) {
            port.complete(Integer.valueOf(line.substring(DemoNode.LISTENING.length())));
          }
        }
        port.completeExceptionally(new IOException("The process ended"));
      } catch (IOException e) {
        port.completeExceptionally(e);
      }
    }
  }
}
