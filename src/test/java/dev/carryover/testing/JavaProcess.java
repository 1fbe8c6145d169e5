package dev.carryover.testing;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Java program in a process of its own, with all that it prints kept. It ends with this process,
 * however that ends. Thread-safe.
 */
public final class JavaProcess {

  /** Containers start twice as fast without the second compiler. */
  private static final List<String> OPTIONS =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx512m");

  private static final long START_SECONDS = 120;
  private static final long STOP_SECONDS = 20;
  private static final int TAIL = 60;
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "java-processes-end"));
  }

  private final Path directory;
  private final Pattern awaited;
  private final CountDownLatch seen = new CountDownLatch(1);
  private final List<String> lines = new ArrayList<>();
  private final Process process;

  private JavaProcess(
      Path directory, Map<String, String> variables, Pattern awaited, List<String> command) {
    this.directory = directory;
    this.awaited = awaited;
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
      Map<String, String> environment = builder.environment();
      environment.remove("JAVA_TOOL_OPTIONS");
      environment.putAll(variables);
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    RUNNING.add(process);
    Thread reader = new Thread(this::read, "output-of-" + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts a program and returns when it has printed a line that has what is awaited in it.
   *
   * @param directory where it runs; deleted when it is closed
   * @throws IllegalStateException if it ends first, or keeps one waiting; with what it printed
   */
  public static JavaProcess start(
      Path directory, List<String> options, List<Path> classPath, Pattern awaited, String... main) {
    return start(directory, Map.of(), options, classPath, awaited, main);
  }

  /** The same with variables of the environment. */
  static JavaProcess start(
      Path directory,
      Map<String, String> variables,
      List<String> options,
      List<Path> classPath,
      Pattern awaited,
      String... main) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(OPTIONS);
    command.add("-Djava.io.tmpdir=" + mkdir(directory.resolve("temp")));
    command.addAll(options);
    command.add("-cp");
    command.add(leash(directory) + File.pathSeparator + joined(classPath));
    command.add(Leash.class.getName());
    command.addAll(List.of(main));
    JavaProcess program = new JavaProcess(directory, variables, awaited, command);
    program.awaitLine();
    return program;
  }

  /** Returns the last match of the pattern in what was printed. */
  Matcher find(Pattern pattern) {
    Matcher found = null;
    for (String line : lines()) {
      Matcher matcher = pattern.matcher(line);
      found = matcher.find() ? matcher : found;
    }
    if (found == null) {
      throw new IllegalStateException("Nothing like " + pattern + " in:\n" + tail());
    }
    return found;
  }

  boolean hasPrinted(Pattern pattern) {
    return lines().stream().anyMatch(line -> pattern.matcher(line).find());
  }

  /** Returns all that was printed until now. */
  public String log() {
    return String.join("\n", lines());
  }

  String tail() {
    List<String> all = lines();
    return String.join("\n", all.subList(Math.max(0, all.size() - TAIL), all.size()));
  }

  Path directory() {
    return directory;
  }

  boolean isRunning() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** Ends it as {@code kill -9} does. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Asks it to end, ends it if it does not, and deletes its directory. */
  public void close() {
    process.destroy();
    awaitEnd();
    TemporaryDirectory.delete(directory);
  }

  /** Ends it as {@code kill -9} does, and deletes its directory. */
  void discard() {
    kill();
    TemporaryDirectory.delete(directory);
  }

  private synchronized List<String> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  private void awaitLine() {
    try {
      if (!seen.await(START_SECONDS, TimeUnit.SECONDS)) {
        throw new TimeoutException("No line like " + awaited);
      }
      if (!hasPrinted(awaited)) {
        throw new IOException("The process has ended");
      }
    } catch (IOException | TimeoutException e) {
      String tail = tail();
      close();
      throw new IllegalStateException(e.getMessage() + ":\n" + tail, e);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  private void read() {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        synchronized (lines) {
          lines.add(line);
        }
        if (awaited.matcher(line).find()) {
          seen.countDown();
        }
      }
    } catch (IOException e) {
      // It was killed.
    }
    seen.countDown();
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      RUNNING.remove(process);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Returns a directory with nothing in it but the class that keeps the process on its leash. */
  private static Path leash(Path directory) {
    String file = Leash.class.getName().replace('.', '/') + ".class";
    Path target = directory.resolve("leash").resolve(file);
    try (var in = JavaProcess.class.getClassLoader().getResourceAsStream(file)) {
      Files.createDirectories(target.getParent());
      Files.copy(in, target);
      return directory.resolve("leash");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String joined(List<Path> classPath) {
    return String.join(File.pathSeparator, classPath.stream().map(Path::toString).toList());
  }

  private static Path mkdir(Path directory) {
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
