package dev.carryover.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizeTextTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "512, 512",
    "1KB, 1024",
    "4kb, 4096",
    "1500, 1500",
    "32MB, 33554432",
    "32 MB, 33554432",
    "3GB, 3221225472",
    "2048GB, 2199023255552"
  })
  void readsSizes(String text, long bytes) {
    assertThat(SizeText.parse(text)).isEqualTo(bytes);
    assertThat(SizeText.parse(SizeText.format(bytes))).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "KB", "-1", "1.5MB", "1TB", "1 2", "9999999999999", "17179869184GB"})
  void refusesWhatIsNone(String text) {
    assertThatThrownBy(() -> SizeText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a size such as 512, 4KB");
  }

  @ParameterizedTest
  @CsvSource({"4096, 4KB", "1500, 1500", "33554432, 32MB", "0, 0"})
  void writesTheShortest(long bytes, String text) {
    assertThat(SizeText.format(bytes)).isEqualTo(text);
  }
}
