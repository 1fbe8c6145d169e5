package dev.carryover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.WarBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  private static void assertFails(String message, Object... arguments) {
    CommandLineRun run = CommandLineRun.of(arguments);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(message).doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
  }
}
