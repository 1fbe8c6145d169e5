package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code java -jar} with one of our self-contained jars. */
final class Installer {

  private Installer() {}

  static Run run(Path jar, int expectedExitCode, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-jar", jar.toString()));
    Stream.of(arguments).map(Object::toString).forEach(command::add);
    try {
      Path out = Files.createTempFile("installer", ".out");
      Path err = Files.createTempFile("installer", ".err");
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      Run run = new Run(Files.readString(out), Files.readString(err));
      Files.delete(out);
      Files.delete(err);
      assertThat(process.exitValue()).as(run.toString()).isEqualTo(expectedExitCode);
      return run;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  record Run(String out, String err) {}
}
