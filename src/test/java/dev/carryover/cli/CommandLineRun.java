package dev.carryover.cli;

import dev.carryover.testing.WarBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import picocli.CommandLine;

/** One run of the command line in this process: what it printed, and its exit code. */
record CommandLineRun(int exitCode, String out, String err) {

  static CommandLineRun of(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commands = Main.commandLine();
    commands.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int exitCode =
        commands.execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    return new CommandLineRun(exitCode, out.toString(), err.toString());
  }

  /** A jar that looks like our self-contained one, but is small. */
  static SelfContainedJar smallJar(Path directory, String version) throws IOException {
    Path jar = directory.resolve("carryover-" + version + "-all.jar");
    if (Files.exists(jar)) {
      // Another one would differ in its entries' times.
      return SelfContainedJar.open(jar);
    }
    WarBuilder.war()
        .file(
            "META-INF/MANIFEST.MF",
            "Manifest-Version: 1.0\nImplementation-Version: " + version + "\n")
        .file(
            "META-INF/services/jakarta.servlet.ServletContainerInitializer",
            "dev.carryover.CarryoverInitializer\n")
        .file(
            "META-INF/services/javax.servlet.ServletContainerInitializer",
            "dev.carryover.WrongContainer\n")
        .file("dev/carryover/SessionFilter.class", "filter of " + version)
        .file("dev/carryover/shaded/Library.class", "library")
        .build(jar);
    return SelfContainedJar.open(jar);
  }
}
