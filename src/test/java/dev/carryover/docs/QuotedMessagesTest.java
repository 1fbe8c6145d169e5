package dev.carryover.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whoever searches the README for a line of the log finds it, as the code says it. */
class QuotedMessagesTest {

  /** Quoted in "When something is wrong", and not said by us. */
  private static final List<String> OF_OTHERS =
      List.of(
          "NoClassDefFoundError: jakarta/servlet/Filter",
          "A filter or servlet of the current chain does not support asynchronous operations",
          "… NOPERM …",
          "… The user executing the script can't run this …",
          "… READONLY You can't write against a read only replica");

  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
  private static final Pattern COMMAND = Pattern.compile("(sessions |doctor |install |\\+).*");
  private static final Pattern INDENTED = Pattern.compile("^ {4}(\\S.*)$", Pattern.MULTILINE);
  private static final Pattern FINDING =
      Pattern.compile("^(?:ok|note|WARN|FAIL) +\\S+ +(.*)$|^ +-> (.*)$", Pattern.MULTILINE);

  private static String readme;
  private static Messages messages;

  @BeforeAll
  static void read() throws IOException {
    readme = Files.readString(Path.of("README.md"));
    messages = Messages.ofSources(Path.of("src/main/java"));
  }

  @Test
  void symptomsAreQuotedAsTheCodeSaysThem() {
    List<String> quoted = symptoms().filter(quote -> !OF_OTHERS.contains(quote)).toList();
    assertThat(quoted).hasSizeGreaterThan(35).allMatch(this::isOurs);
  }

  @Test
  void whatOthersSayIsStillQuoted() {
    assertThat(symptoms()).containsAll(OF_OTHERS);
  }

  @Test
  void doctorsFindingsAreQuotedAsTheCodeSaysThem() {
    List<String> findings =
        all(FINDING, section("### Is Redis fit for it?", "## Configure it"))
            .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
            .toList();
    assertThat(findings).hasSizeGreaterThan(8).allMatch(this::isOurs);
  }

  @Test
  void anotherWordIsAnotherMessage() {
    assertThat(isOurs("Redis answers again")).isTrue();
    assertThat(isOurs("Redis replies again")).isFalse();
    assertThat(isOurs("1 of 2 replicas have acknowledged a change within 100 ms")).isTrue();
    assertThat(isOurs("1 of 2 replicas have confirmed a change within 100 ms")).isFalse();
  }

  /** In what is seen and what it means, not in what to do; only what is longer than a name. */
  private static Stream<String> symptoms() {
    String wrong = section("## When something is wrong", "## Security");
    Stream<String> inRows =
        wrong
            .lines()
            .filter(line -> line.startsWith("| "))
            .flatMap(
                row -> all(CODE, row.substring(0, row.lastIndexOf(" | "))).map(it -> it.group(1)))
            .filter(code -> code.contains(" ") && !COMMAND.matcher(code).matches());
    return Stream.concat(inRows, all(INDENTED, wrong).map(line -> line.group(1)));
  }

  private boolean isOurs(String quote) {
    return messages.have(quote.replaceAll("^\\w+Exception: |^(… |…: )|(; |: )…$", ""));
  }

  private static Stream<MatchResult> all(Pattern pattern, String text) {
    return pattern.matcher(text).results();
  }

  private static String section(String start, String end) {
    int from = readme.indexOf(start);
    return readme.substring(from, readme.indexOf(end, from));
  }
}
