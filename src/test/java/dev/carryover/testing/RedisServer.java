package dev.carryover.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis in a process of its own, on a free port of the loopback interface, with nothing kept
 * on disk unless its configuration says so. The process ends with this one at the latest.
 */
public final class RedisServer implements AutoCloseable {

  /** Below the ports that systems hand out, and so that the cluster bus, 10,000 above, is too. */
  private static final int FIRST_PORT = 12_000;

  private static final int LAST_PORT = 22_000;
  private static final int CLUSTER_BUS_OFFSET = 10_000;
  private static final int START_ATTEMPTS = 10;
  private static final long PATIENCE_SECONDS = 20;

  /** Every process that runs, so that none outlives this one. */
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  private static final Path EXECUTABLE = extract();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(RedisServer::endAll, "redis-server-end"));
  }

  private final List<String> config;
  private final Path directory;
  private int port;
  private Process process;

  private RedisServer(List<String> config) {
    this.config = config;
    this.directory = TemporaryDirectory.create("redis");
  }

  /**
   * Starts a server, or a sentinel if a line begins with {@code sentinel}.
   *
   * @param config lines as in redis.conf, such as {@code maxmemory 10mb}; stronger than the
   *     defaults
   */
  public static RedisServer start(String... config) {
    RedisServer server = new RedisServer(List.of(config));
    for (int attempt = 1; ; attempt++) {
      try {
        server.port = freePort();
        server.launch();
        return server;
      } catch (IllegalStateException e) {
        // Between asking for a free port and using it, another process may have taken it.
        if (attempt == START_ATTEMPTS || !e.getMessage().contains("Address already in use")) {
          server.close();
          throw e;
        }
      }
    }
  }

  /** Returns the port, which stays the same over {@link #restart()}. */
  public int port() {
    return port;
  }

  /** Returns the address as {@code redis://127.0.0.1:port}. */
  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  /** Returns the id of the process that runs now, or ran last. */
  public long pid() {
    return process.pid();
  }

  /** Says whether the process runs. */
  public boolean isRunning() {
    return process != null && process.isAlive();
  }

  /** Returns the directory where the server keeps its files, if it is configured to keep any. */
  public Path directory() {
    return directory;
  }

  /** Ends the process as {@code kill -9} does, and returns when it is gone. */
  public void kill() {
    end(process.destroyForcibly());
  }

  /**
   * Sends the process a signal.
   *
   * @param name as {@code kill} wants it: {@code -STOP}, {@code -CONT}
   */
  public void signal(String name) {
    try {
      int exit = new ProcessBuilder("kill", name, Long.toString(pid())).start().waitFor();
      if (exit != 0) {
        throw new IllegalStateException("kill " + name + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  /** Asks the process to end, and returns when it is gone; does nothing if it is. */
  public void stop() {
    process.destroy();
    end(process);
  }

  /** Starts the server again, at the same port, after ending it if it still runs. */
  public void restart() {
    stop();
    launch();
  }

  /**
   * Kills the process and deletes what it left. A replica that is writing its first append-only
   * file would not end when asked to.
   */
  @Override
  public void close() {
    if (process != null) {
      kill();
    }
    TemporaryDirectory.delete(directory);
  }

  @Override
  public String toString() {
    return "RedisServer[" + url() + (isRunning() ? ", pid " + pid() : ", not running") + "]";
  }

  private void launch() {
    try {
      Path file = directory.resolve("redis.conf");
      Files.write(file, configuration());
      List<String> command = new ArrayList<>(List.of(EXECUTABLE.toString(), file.toString()));
      if (config.stream().anyMatch(line -> line.startsWith("sentinel "))) {
        command.add("--sentinel");
      }
      process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
      RUNNING.add(process);
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    awaitReady(new Output(process));
  }

  private List<String> configuration() {
    List<String> lines = new ArrayList<>();
    lines.add("port " + port);
    lines.add("bind 127.0.0.1");
    lines.add("daemonize no");
    lines.add("save \"\"");
    lines.add("appendonly no");
    lines.addAll(config);
    return lines;
  }

  private void awaitReady(Output output) {
    try {
      output.ready.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      kill();
      throw new IllegalStateException(
          "redis-server on port " + port + " did not start: " + output.lastLines, e);
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while redis-server started", e);
    }
  }

  private static void end(Process process) {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      RUNNING.remove(process);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static void endAll() {
    RUNNING.forEach(Process::destroyForcibly);
    TemporaryDirectory.delete(EXECUTABLE.getParent());
  }

  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
      if (isFree(port) && isFree(port + CLUSTER_BUS_OFFSET)) {
        return port;
      }
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  private static Path extract() {
    Path directory = TemporaryDirectory.create("redis-executable");
    try {
      return ExecutableProvider.newJarResourceProvider(directory.toFile()).get().toPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the process prints: read to its end, so that the process never waits for a reader. */
  private static final class Output {

    private static final int KEPT = 30;

    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final ConcurrentLinkedDeque<String> lastLines = new ConcurrentLinkedDeque<>();

    Output(Process process) {
      Thread reader = new Thread(() -> read(process), "redis-server-output-" + process.pid());
      reader.setDaemon(true);
      reader.start();
    }

    private void read(Process process) {
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          keep(line);
          if (line.contains("eady to accept connections") || line.contains("Sentinel ID is")) {
            ready.complete(null);
          }
        }
        ready.completeExceptionally(new IOException("The process ended"));
      } catch (IOException e) {
        ready.completeExceptionally(e);
      }
    }

    private void keep(String line) {
      lastLines.add(line);
      if (lastLines.size() > KEPT) {
        lastLines.poll();
      }
    }
  }
}
