package dev.carryover.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A Java of its own that knows no names of hosts but those of a file, as in {@code /etc/hosts}. */
public final class KnownHosts {

  private final Path file;

  private KnownHosts(Path file) {
    this.file = file;
  }

  /** Of lines of an address and its name. */
  public static KnownHosts of(Path directory, String... lines) throws IOException {
    return new KnownHosts(Files.write(directory.resolve("hosts"), List.of(lines)));
  }

  /** What a program of the tests' prints there. */
  public String print(Class<?> program, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djdk.net.hosts.file=" + file,
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
    Collections.addAll(command, arguments);
    Process java =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    return new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
