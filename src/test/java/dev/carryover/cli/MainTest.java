package dev.carryover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.WarBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands as they are typed, right and wrong. */
class MainTest {

  @TempDir Path directory;

  @Test
  void helpNamesCommandsAndExitCodes() {
    CommandLineRun help = CommandLineRun.of("--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).contains("install", "uninstall", "Exit codes:");
  }

  @Test
  void eachCommandHasAHelpOfItsOwn() {
    CommandLineRun help = CommandLineRun.of("install", "--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).contains("--redis-url", "--dry-run", "--web-xml", "Exit codes:");
  }

  /** One in 64 does; -h and -V are options too. */
  @ParameterizedTest
  @ValueSource(strings = {"-abcd", "-hijk", "-VWXY", "--ab"})
  void idsMayBeginWithDashes(String id) {
    for (String command : List.of("show", "end")) {
      CommandLine.ParseResult parsed = Main.commandLine().parseArgs("sessions", command, id);
      CommandLine.ParseResult end = parsed.subcommand().subcommand();
      assertThat(end.matchedPositionalValue(0, "")).isEqualTo(id);
      assertThat(end.isUsageHelpRequested() || end.isVersionHelpRequested()).isFalse();
    }
  }

  @Test
  void versionIsTold() {
    assertThat(CommandLineRun.of("--version").out()).startsWith("Carryover ");
  }

  @Test
  void misspeltCommandIsTwo() {
    assertThat(CommandLineRun.of("instal").exitCode()).isEqualTo(2);
    assertThat(CommandLineRun.of("install").exitCode()).isEqualTo(2);
    assertThat(CommandLineRun.of("install", "--servlet-api=ee", "a.war").exitCode()).isEqualTo(2);
  }

  @Test
  void missingFileIsSaid() {
    assertFails("does not exist", "install", directory.resolve("none.war"));
  }

  @Test
  void whatIsNoArchiveIsSaid() throws IOException {
    Path text = Files.writeString(directory.resolve("text.war"), "no archive");
    assertFails("is no ZIP file", "install", text);
    assertThat(text).hasContent("no archive");
  }

  @Test
  void archiveThatWasCutOffIsSaid() throws IOException {
    Path whole = WarBuilder.war().webXml("<web-app/>").build(directory.resolve("whole.war"));
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = Files.write(directory.resolve("cut.war"), Arrays.copyOf(bytes, bytes.length - 9));
    assertFails("is no ZIP file, or was cut off", "uninstall", cut);
  }

  @Test
  void archiveOfSomethingElseIsSaid() {
    Path jar = WarBuilder.war().file("a/b.txt", "").build(directory.resolve("a.jar"));
    assertFails("has no WEB-INF", "uninstall", jar);
  }

  @Test
  void brokenWebXmlIsSaid() {
    Path war = WarBuilder.war().webXml("<web-app>").build(directory.resolve("a.war"));
    assertFails("WEB-INF/web.xml can't be read", "install", war);
  }

  @Test
  void whatShouldNotHappenIsOneLine() {
    StringWriter err = new StringWriter();
    int exitCode =
        Main.commandLine()
            .addSubcommand("crash", new Crash())
            .setErr(new PrintWriter(err, true))
            .execute("crash");
    assertThat(exitCode).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly(
            "This should not have happened, please report it:"
                + " java.lang.IllegalStateException: of all things");
  }

  @Test
  void brokenPropertiesAreNoWarningOfTheDoctors() {
    Path war =
        WarBuilder.war()
            .file("WEB-INF/carryover.properties", "redis.url=\\uredis")
            .build(directory.resolve("a.war"));
    CommandLineRun run = CommandLineRun.of("doctor", war);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("WEB-INF/carryover.properties can't be read")
        .doesNotContain("\tat ");
  }

  @Command
  static final class Crash implements Callable<Integer> {
    @Override
    public Integer call() {
      throw new IllegalStateException("of all things");
    }
  }

  private static void assertFails(String message, Object... arguments) {
    CommandLineRun run = CommandLineRun.of(arguments);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(message).doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
  }
}
