package dev.carryover.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.LoggedLines;
import org.junit.jupiter.api.Test;

class CreationLimitTest {

  @Test
  void refusesWhatIsTooMuchAndSaysSoOnce() {
    try (LoggedLines logged = LoggedLines.of(CreationLimit.class)) {
      CreationLimit limit = new CreationLimit(1);

      assertThat(limit.allows()).isTrue();
      // A machine that takes seconds for this is given more; it has to ask faster in the end.
      int refused = 0;
      while (refused < 5) {
        refused += limit.allows() ? 0 : 1;
      }

      assertThat(logged.lines()).hasSize(1);
      assertThat(logged.lines().get(0)).contains("More than 1 new sessions in a second");
    }
  }

  @Test
  void allowsAnyNumberWithoutALimit() {
    CreationLimit none = new CreationLimit(0);

    for (int i = 0; i < 10_000; i++) {
      assertThat(none.allows()).isTrue();
    }
  }
}
