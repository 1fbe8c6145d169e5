package dev.carryover.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The codec's tests on every newer JDK that is installed next to this one: without options, and
 * without a warning on the console.
 */
class NewerJavaIT {

  private static final long MINUTES = 10;
  private static final Pattern SUCCEEDED = Pattern.compile(": (\\d+) succeeded");

  private static List<Path> newer() throws IOException {
    try (Stream<Path> installed = Files.list(Path.of(System.getProperty("java.home"), ".."))) {
      return installed
          .filter(home -> feature(home) > Runtime.version().feature())
          .sorted()
          .toList();
    }
  }

  /** Zero for what is no JDK. */
  private static int feature(Path home) {
    Properties release = new Properties();
    try (var in = Files.newBufferedReader(home.resolve("release"))) {
      release.load(in);
      String version = release.getProperty("JAVA_VERSION", "0").replace("\"", "");
      return Integer.parseInt(version.split("\\.")[0]);
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  @Test
  void theCodecWorksAsOnThisOne() throws Exception {
    List<Path> homes = newer();
    assumeFalse(homes.isEmpty(), "no newer JDK is installed");
    for (Path home : homes) {
      runTests(home);
    }
  }

  private static void runTests(Path home) throws Exception {
    File log = Files.createTempFile("codec-tests", ".log").toFile();
    Process tests =
        new ProcessBuilder(
                home.resolve("bin").resolve("java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                CodecTests.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(log)
            .start();
    try {
      assertThat(tests.waitFor(MINUTES, TimeUnit.MINUTES)).as("end of tests").isTrue();
      String output = Files.readString(log.toPath(), StandardCharsets.UTF_8);
      assertThat(tests.exitValue()).as(output).isZero();
      Matcher succeeded = SUCCEEDED.matcher(output);
      assertThat(succeeded.find()).as(output).isTrue();
      assertThat(Integer.parseInt(succeeded.group(1))).isGreaterThan(500);
      assertThat(output).doesNotContain("WARNING");
    } finally {
      tests.destroyForcibly();
      Files.delete(log.toPath());
    }
  }
}
