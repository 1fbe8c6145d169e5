package dev.carryover.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionIdTest {

  private static final String GOOD = "A-_zZ09".repeat(6) + "x";

  @Test
  void idsAreWellFormedAndAllDifferent() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      ids.add(SessionId.create());
    }
    assertThat(ids).hasSize(10_000).allMatch(SessionId::isWellFormed);
  }

  @Test
  void idsBeginWithEveryCharacterOfTheAlphabet() {
    Set<Character> shards = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      shards.add(SessionId.create().charAt(0));
    }
    assertThat(shards).hasSize(64);
  }

  @Test
  void rotationKeepsTheShardAndNothingElse() {
    String id = SessionId.create();

    String rotated = SessionId.rotated(id);

    assertThat(rotated).matches(SessionId::isWellFormed).startsWith(id.substring(0, 1));
    assertThat(rotated.substring(1, 8)).isNotEqualTo(id.substring(1, 8));
  }

  @Test
  void anIdOfTheAlphabetAndLengthIsWellFormed() {
    assertThat(SessionId.isWellFormed(GOOD)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "A-_zZ09A-_zZ09A-_zZ09A-_zZ09A-_zZ09A-_zZ09",
        "A-_zZ09A-_zZ09A-_zZ09A-_zZ09A-_zZ09A-_zZ09xx",
        "A-_zZ09A-_zZ09A-_zZ09A-_zZ09A-_zZ09A-_zZ09+",
        "A-_zZ09A-_zZ09A-_zZ09A-_zZ09A-_zZ09A-_zZ09=",
        "A-_zZ09A-_zZ09A-_zZ09A-_zZ09A-_zZ09A-_zZ0\r\n",
        "A-_zZ09A-_zZ09A-_zZ09A-_zZ09A-_zZ09A-_zZ09é",
        "A-_zZ09A-_zZ09A-_zZ09A-_zZ09A-_zZ09A-_zZ09\0",
        "A-_zZ09A-_zZ09A-_zZ09A-_zZ09A-_zZ09A-_zZ09{"
      })
  void anythingElseIsNot(String text) {
    assertThat(SessionId.isWellFormed(text)).isFalse();
  }

  @Test
  void aVeryLongTextIsNot() {
    assertThat(SessionId.isWellFormed("A".repeat(10_000))).isFalse();
  }
}
