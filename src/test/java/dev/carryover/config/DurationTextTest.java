package dev.carryover.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "30s, PT30S",
    "30m, PT30M",
    "12h, PT12H",
    "7d, PT168H",
    "45, PT45S",
    "0, PT0S",
    "PT30M, PT30M",
    "pt1.5s, PT1.5S",
    "P2D, PT48H"
  })
  void readsEveryUnit(String text, String expected) {
    assertThat(DurationText.parse(text)).isEqualTo(Duration.parse(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1 sekunde", "30 s", "30S", "m", "1.5s", "30mm", "PT", "P1X", "1e3", "٣s"})
  void refusesWhatIsNoDuration(String text) {
    refuses(text, "expected a duration such as 500ms, 30s, 30m, 12h, 7d");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "-30s", "-PT5S", "PT-5S"})
  void saysThatADurationIsNegative(String text) {
    refuses(text, "negative, expected a duration such as 500ms, 30s, 30m, 12h, 7d");
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999999999999999999", "9223372036854775807d", "PT9223372036854775807H"})
  void saysThatADurationIsTooLarge(String text) {
    refuses(text, "too large, expected a duration such as 500ms, 30s, 30m, 12h, 7d");
  }

  @ParameterizedTest
  @ValueSource(strings = "")
  void saysThatADurationIsEmpty(String text) {
    refuses(text, "empty, expected a duration such as 500ms, 30s, 30m, 12h, 7d");
  }

  private static void refuses(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DurationText.parse(text))
        .withMessage(message);
  }

  @ParameterizedTest
  @CsvSource({"PT0.5S, 500ms", "PT30S, 30s", "PT90S, 90s", "PT60M, 1h", "PT168H, 7d", "PT0S, 0s"})
  void writesTheLargestUnitThatFits(String duration, String expected) {
    assertThat(DurationText.format(Duration.parse(duration))).isEqualTo(expected);
  }

  @Property
  void readsWhatItWrites(@ForAll @LongRange(min = 0) long nanos) {
    Duration duration = Duration.ofNanos(nanos);

    assertThat(DurationText.parse(DurationText.format(duration))).isEqualTo(duration);
  }

  @Property
  void readsWholeMilliseconds(@ForAll @LongRange(min = 0) long millis) {
    Duration duration = Duration.ofMillis(millis);

    assertThat(DurationText.parse(DurationText.format(duration))).isEqualTo(duration);
  }
}
