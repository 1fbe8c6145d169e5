package dev.carryover.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditDistanceTest {
  @ParameterizedTest
  @CsvSource({
    "url, url, 0",
    "ulr, url, 1",
    "ur, url, 1",
    "uurl, url, 1",
    "uri, url, 1",
    "'', url, 3",
    "url, '', 3",
    "kitten, sitting, 3",
    "abcd, badc, 2"
  })
  void countsSlips(String from, String to, int expected) {
    assertThat(EditDistance.between(from, to)).isEqualTo(expected);
  }
}
