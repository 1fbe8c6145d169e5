package dev.carryover.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carryover.store.Patience;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RequestPatienceTest {

  private static final long WHOLE = TimeUnit.HOURS.toNanos(2);

  private final RequestPatience request = new RequestPatience();
  private final List<Long> left = new ArrayList<>();

  /** Asks a store that takes so long to answer. */
  private void ask(long waits) {
    left.add(Patience.leftNanos(WHOLE));
    Patience.waited(waits);
  }

  @Test
  void whatOneQuestionHasWaitedIsNotLeftToTheNext() {
    request.asking(() -> ask(TimeUnit.HOURS.toNanos(1)));
    assertThat(request.<String>answering(() -> answer(TimeUnit.MINUTES.toNanos(59))))
        .isEqualTo("a");
    request.asking(() -> ask(TimeUnit.HOURS.toNanos(1)));
    request.asking(() -> ask(0));

    assertThat(left)
        .containsExactly(WHOLE, TimeUnit.HOURS.toNanos(1), TimeUnit.MINUTES.toNanos(1), 0L);
  }

  private String answer(long waits) {
    ask(waits);
    return "a";
  }

  @Test
  void anotherRequestHasPatienceOfItsOwn() {
    request.asking(
        () -> {
          ask(WHOLE);
          new RequestPatience().asking(() -> ask(1));
          ask(1);
        });
    ask(1);

    assertThat(left).containsExactly(WHOLE, WHOLE, 0L, WHOLE);
  }

  @Test
  void whoHasBeenFailedIsToldAgainWithoutBeingAskedFor() {
    SessionUnavailableException failure = SessionUnavailableException.tooManyNew();
    assertThat(request.isSpent()).isFalse();
    assertThatThrownBy(
            () ->
                request.asking(
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);

    assertThat(request.isSpent()).isTrue();
    assertThatThrownBy(() -> request.asking(() -> ask(1))).isSameAs(failure);
    assertThat(left).isEmpty();
  }
}
