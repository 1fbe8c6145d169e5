package dev.carryover.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CookieRouteTest {
  @Test
  void appendsNothingWhenOff() {
    assertThat(CookieRoute.parse("OFF")).isSameAs(CookieRoute.OFF);
    assertThat(CookieRoute.OFF.resolve("node1")).isEmpty();
  }

  @Test
  void takesTheContainersRouteWhenAuto() {
    assertThat(CookieRoute.parse("auto")).isSameAs(CookieRoute.AUTO);
    assertThat(CookieRoute.AUTO.resolve("node1")).contains("node1");
    assertThat(CookieRoute.AUTO.resolve(null)).isEmpty();
  }

  @Test
  void prefersALiteralToTheContainersRoute() {
    assertThat(CookieRoute.parse("A-1_b").resolve("node1")).contains("A-1_b");
    assertThat(CookieRoute.parse("x")).isEqualTo(CookieRoute.parse("x")).hasToString("x");
    assertThat(CookieRoute.parse("x")).isNotEqualTo(CookieRoute.parse("y"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.b", "a;b", "a b", "a\r\nb", "ä"})
  void refusesWhatDoesNotBelongIntoACookie(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CookieRoute.parse(text))
        .withMessageStartingWith("expected off, auto, or a route");
  }

  @Test
  void refusesALiteralOverSixtyFourCharacters() {
    assertThat(CookieRoute.parse("n".repeat(64))).hasToString("n".repeat(64));
    assertThatIllegalArgumentException().isThrownBy(() -> CookieRoute.parse("n".repeat(65)));
  }
}
