package dev.carryover.docs;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.config.ConfigKey;
import dev.carryover.config.ConfigSource;
import dev.carryover.config.SessionConfig;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents say, against the code. */
class DocumentationTest {

  private static final Pattern KEY_ROW =
      Pattern.compile("^\\| `([a-z.-]+)` \\| ([^|]*) \\|", Pattern.MULTILINE);
  private static final Map<String, ConfigKey> KEYS =
      Arrays.stream(ConfigKey.values()).collect(toMap(ConfigKey::shortName, identity()));

  @Test
  void readmeHasARowForEachKeyAndNoOther() throws IOException {
    assertThat(rows().map(row -> row.group(1))).containsExactlyInAnyOrderElementsOf(KEYS.keySet());
  }

  @Test
  void readmeTellsTheDefaults() throws IOException {
    rows()
        .forEach(
            row ->
                KEYS.get(row.group(1))
                    .defaultText()
                    .ifPresent(
                        text ->
                            assertThat(row.group(2)).as(row.group(1)).isEqualTo('`' + text + '`')));
  }

  @Test
  void exampleOfThePropertiesFileHasEachKeyWithAValueThatIsAccepted() throws IOException {
    String example = read("conf-examples/carryover.properties");
    List<String> seen = new ArrayList<>();
    for (String line : example.lines().filter(line -> line.startsWith("#")).toList()) {
      int equals = line.indexOf('=');
      if (equals > 0 && KEYS.containsKey(line.substring(1, equals))) {
        seen.add(line.substring(1, equals));
        assertAccepted(line.substring(1));
      }
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(KEYS.keySet());
  }

  @Test
  void architectureNamesEachScriptAndEachPackage() throws IOException {
    String architecture = read("ARCHITECTURE.md");
    for (String script : names("src/main/resources/dev/carryover/store/redis", ".lua")) {
      assertThat(architecture).contains('`' + script + '`');
    }
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      files
          .filter(file -> file.endsWith("package-info.java"))
          .map(file -> Path.of("src/main/java").relativize(file.getParent()))
          .map(directory -> directory.toString().replace('/', '.').replace('\\', '.'))
          .forEach(name -> assertThat(architecture).contains("| `" + name + "` |"));
    }
  }

  private static void assertAccepted(String line) throws IOException {
    Properties properties = new Properties();
    properties.load(new StringReader(line));
    assertThat(SessionConfig.from(List.of(ConfigSource.propertiesFile(properties)))).isNotNull();
  }

  private static Stream<MatchResult> rows() throws IOException {
    String readme = read("README.md");
    String configuration = readme.substring(readme.indexOf("## Configure it"));
    return KEY_ROW
        .matcher(configuration.substring(0, configuration.indexOf("## What holds")))
        .results();
  }

  private static List<String> names(String directory, String end) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(directory))) {
      return files.map(file -> file.getFileName().toString()).filter(n -> n.endsWith(end)).toList();
    }
  }

  private static String read(String file) throws IOException {
    return Files.readString(Path.of(file));
  }
}
