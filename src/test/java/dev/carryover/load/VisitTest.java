package dev.carryover.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the model of a session lets pass, and what it does not. */
class VisitTest {

  private final Visit visit = new Visit(7, 1, "JSESSIONID=a");

  @Test
  void whatWasWrittenIsRight() {
    assertThat(visit.wrong("7 1 7 1 1")).isNull();
    visit.writes(Part.COUNT, 2);
    visit.written(Part.COUNT, 2);
    assertThat(visit.wrong("7 2 7 1 1")).isNull();
  }

  @Test
  void aWriteThatWasAnsweredIsNotForgotten() {
    for (Part part : Part.values()) {
      visit.writes(part, 2);
      visit.written(part, 2);
    }
    assertThat(visit.wrong("7 1 7 2 2")).contains("COUNT is 1, written was 2");
    assertThat(visit.wrong("7 2 7 1 2")).contains("BASKET is 1, written was 2");
    assertThat(visit.wrong("7 2 7 2 1")).contains("PAGE is 1, written was 2");
    assertThat(visit.wrong("7 2 7 2 null")).contains("PAGE is null");
  }

  @Test
  void aWriteThatWasNotAnsweredMayHaveHappenedUntilTheNextOne() {
    visit.writes(Part.BASKET, 2);
    assertThat(visit.wrong("7 1 7 1 1")).isNull();
    assertThat(visit.wrong("7 1 7 2 1")).isNull();
    assertThat(visit.wrong("7 1 7 3 1")).isNotNull();
    visit.writes(Part.BASKET, 3);
    visit.written(Part.BASKET, 3);
    assertThat(visit.wrong("7 1 7 2 1")).as("it comes late").isNotNull();
  }

  @Test
  void anothersSessionIsSeen() {
    assertThat(visit.wrong("8 1 8 1 1")).contains("another's");
    assertThat(visit.wrong("7 1 8 1 1")).contains("another's");
  }

  @Test
  void aSessionIsGoneOnlyWhereItsEndOrItsNewIdWasNotAnswered() {
    assertThat(visit.mayBeGone()).isFalse();
    visit.doubt();
    assertThat(visit.mayBeGone()).isTrue();
    assertThat(visit.wrong("7 1 7 1 1")).isNull();
    assertThat(visit.wrong("7 1 7 1 1")).isNull();
    assertThat(visit.mayBeGone()).isFalse();
  }
}
