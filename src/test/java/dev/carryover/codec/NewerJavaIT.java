package dev.carryover.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.carryover.testing.NewerJdks;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The codec's tests on each newer JDK that is found: without options, and without a warning on the
 * console.
 */
class NewerJavaIT {

  private static final long MINUTES = 10;
  private static final Pattern SUCCEEDED = Pattern.compile(": (\\d+) succeeded");

  @Test
  void theCodecWorksAsOnThisOne() throws Exception {
    Collection<Path> homes = NewerJdks.homes();
    if (homes.isEmpty()) {
      System.out.println("No newer JDK was found: the codec was tested on this one only");
    }
    assumeFalse(homes.isEmpty(), "no newer JDK was found");
    for (Path home : homes) {
      runTests(home);
    }
  }

  private static void runTests(Path home) throws Exception {
    File log = Files.createTempFile("codec-tests", ".log").toFile();
    Process tests =
        new ProcessBuilder(
                home.resolve("bin").resolve("java").toString(),
                "-XX:TieredStopAtLevel=1",
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
      System.out.println(output.lines().reduce((first, last) -> last).orElse(""));
    } finally {
      tests.destroyForcibly();
      Files.delete(log.toPath());
    }
  }
}
