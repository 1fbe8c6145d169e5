package dev.carryover.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

  private static final String NEW = "s3cret-of-this-year";
  private static final String OLD = "s3cret-of-last-year";

  @TempDir Path directory;

  @Test
  void withoutASecretNothingIsSealed() {
    assertThat(SessionConfig.builder().build().secrets().inOrder()).containsExactly("none");
  }

  @Test
  void areReadInTheirOrder() {
    assertThat(secrets(NEW)).containsExactly(NEW);
    assertThat(secrets(NEW + ", " + OLD)).containsExactly(NEW, OLD);
    assertThat(secrets("none," + NEW)).containsExactly("none", NEW);
    assertThat(secrets(NEW + ",none")).containsExactly(NEW, "none");
    assertThat(secrets("none")).containsExactly("none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "s3cret",
        "s3cret-of-15-ch",
        "s3s3s3s3s3s3s3s3s3s3",
        "None",
        "none,none",
        NEW + ",",
        NEW + ",,none",
        NEW + ",s3cret",
        NEW + "," + NEW,
        NEW + ", " + NEW + " "
      })
  void areRefusedIfWeakOrThereTwice(String text) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> secrets(text))
        .withNoCause()
        .withMessageStartingWith("carryover.secret = \"")
        .withMessageContaining("(init-param of the filter)")
        .withMessageContaining("expected secrets of at least 16 characters, 8 of them different")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3"));
  }

  @Test
  void areStrongEnoughWithSixteenCharactersOfWhichEightDiffer() {
    assertThat(secrets("12345678" + "11111111")).containsExactly("1234567811111111");
  }

  @Test
  void sealAllUnlessUnsealedSessionsAreReadToo() {
    assertThat(config(Map.of("secret", NEW)).secrets().sealAll()).isTrue();
    assertThat(config(Map.of("secret", NEW + ",none")).secrets().sealAll()).isFalse();
  }

  @Test
  void areNeverShown() {
    SessionConfig config = config(Map.of("secret", NEW + ",none," + OLD));

    assertThat(config.describe())
        .anyMatch(line -> line.matches("carryover\\.secret +=\\s\\*\\*\\*,none,\\*\\*\\* .*"));
    assertThat(
            Stream.concat(
                config.describe().stream(),
                Stream.of(config.toString(), config.secrets().toString())))
        .noneMatch(text -> text.contains("s3cret"));
    assertThat(config.secrets()).hasToString("***,none,***");
    assertThat(config.refuse(ConfigKey.SECRET, "something else").getMessage())
        .doesNotContain("s3cret");
  }

  @Test
  void aFileHasOneALine() throws IOException {
    Path file = file("\n  " + NEW + "\r\nnone\n\n" + OLD + ", with a comma\n");

    assertThat(config(Map.of("secret.file", file.toString())).secrets().inOrder())
        .containsExactly(NEW, "none", OLD + ", with a comma");
  }

  @Test
  void aCommentInAFileIsNoSecret() throws IOException {
    String file = file("# the secret of the shop, change it yearly\n" + NEW + "\n").toString();

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(config(Map.of("secret.file", file))::secrets)
        .withMessageContaining("none that begins with #");
  }

  @Test
  void aFileThatCannotBeReadIsNamed() throws IOException {
    Path latin = directory.resolve("latin");
    Files.write(latin, (NEW + "ä").getBytes(StandardCharsets.ISO_8859_1));
    for (Path file : List.of(directory.resolve("absent"), directory, latin)) {
      SessionConfig config = config(Map.of("secret.file", file.toString()));

      assertThatExceptionOfType(ConfigException.class)
          .isThrownBy(config::secrets)
          .withNoCause()
          .withMessage(
              "carryover.secret.file = \""
                  + file
                  + "\" (init-param of the filter): expected a file that can be read as UTF-8");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "s3cret\n", NEW + "\n" + NEW + "\n"})
  void whatAFileHoldsIsCheckedAndNotQuoted(String content) throws IOException {
    SessionConfig config = config(Map.of("secret.file", file(content).toString()));

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(config::secrets)
        .withMessageContaining("carryover.secret.file")
        .withMessageContaining("expected secrets of at least 16 characters")
        .withMessageEndingWith(", one a line")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
  }

  @Test
  void stateEitherTheSecretsOrTheirFile() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> config(Map.of("secret", NEW, "secret.file", "/run/secrets/sessions")))
        .withMessage(
            "carryover.secret = \"***\" (init-param of the filter) and carryover.secret.file ="
                + " \"/run/secrets/sessions\" (init-param of the filter) exclude each other:"
                + " expected only one");
  }

  @Test
  void canBeSetInCode() throws IOException {
    assertThat(SessionConfig.builder().secret(NEW + ",none").build().secrets().inOrder())
        .containsExactly(NEW, "none");
    assertThat(SessionConfig.builder().secretFile(file(OLD).toString()).build().secrets().inOrder())
        .containsExactly(OLD);
  }

  private Path file(String content) throws IOException {
    return Files.writeString(directory.resolve("secrets"), content);
  }

  private static List<String> secrets(String text) {
    return config(Map.of("secret", text)).secrets().inOrder();
  }

  private static SessionConfig config(Map<String, String> initParams) {
    return SessionConfig.from(List.of(ConfigSource.initParams(initParams)));
  }
}
