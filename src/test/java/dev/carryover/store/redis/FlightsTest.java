package dev.carryover.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.store.redis.Flights.Passenger;
import dev.carryover.store.redis.Script.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FlightsTest {

  private final List<List<Passenger>> flown = new ArrayList<>();
  private final List<CompletableFuture<List<Reply>>> answers = new ArrayList<>();
  private long now;
  private final Flights flights = new Flights(true, this::carry, () -> now);
  private RuntimeException refusal;

  @Test
  void theFirstLeavesAtOnceAndWhoComesMeanwhileLeavesTogether() {
    board(Operation.OPEN);
    assertThat(flown).hasSize(1);
    CompletableFuture<Reply> second = board(Operation.COMMIT);
    CompletableFuture<Reply> third = board(Operation.CREATE);
    assertThat(flown).hasSize(1);

    answer(0);
    assertThat(flown).hasSize(2);
    assertThat(flown.get(1)).hasSize(2);
    answer(1);
    assertThat(second).isCompleted();
    assertThat(third).isCompleted();
  }

  @Test
  void theFurtherAwayRedisIsTheMoreLeaveWithoutWaiting() {
    answerAfter(3_500_000);
    for (int i = 0; i < 10; i++) {
      board(Operation.OPEN);
    }
    assertThat(flown).hasSize(4);
  }

  @Test
  void oneQuickAnswerIsEnoughToGatherAgain() {
    answerAfter(3_500_000);
    board(Operation.OPEN);
    board(Operation.OPEN);
    now += 100_000;
    answer(0);
    board(Operation.OPEN);
    assertThat(flown).hasSize(2);
  }

  @Test
  void whatWasGivenUpIsNotSentAgainForTheSakeOfATouch() {
    board(Operation.OPEN);
    CompletableFuture<Reply> commit = board(Operation.COMMIT);
    board(Operation.TOUCH);
    answer(0);
    assertThat(flown.get(1)).hasSize(2);

    commit.cancel(false);
    assertThat(answers.get(1)).isCancelled();
  }

  @Test
  void whatOthersStillWaitForIsNotGivenUp() {
    board(Operation.OPEN);
    CompletableFuture<Reply> one = board(Operation.COMMIT);
    CompletableFuture<Reply> other = board(Operation.OPEN);
    answer(0);

    one.cancel(false);
    assertThat(answers.get(1)).isNotDone();
    answer(1);
    assertThat(other).isCompleted();
  }

  @Test
  void touchesWithoutAnAnswerKeepNobodyWaiting() {
    for (int i = 0; i < 5; i++) {
      board(Operation.TOUCH);
    }
    board(Operation.OPEN);
    assertThat(flown).hasSize(6);
  }

  @Test
  void whoHasGivenUpMeanwhileDoesNotLeave() {
    board(Operation.OPEN);
    board(Operation.COMMIT).cancel(false);
    answer(0);
    assertThat(flown).hasSize(1);
  }

  @Test
  void norDoesWhoBringsMuch() {
    Passenger given = new Passenger(Operation.LOAD, List.of("key"), new byte[0][]);
    given.reply.cancel(false);
    assertThat(flights.board(given)).isCancelled();
    assertThat(flown).isEmpty();
  }

  @Test
  void whoBringsMuchTravelsAloneAndKeepsNobodyWaiting() {
    for (int i = 0; i < 5; i++) {
      board(Operation.COMMIT, new byte[100_000]);
    }
    board(Operation.LOAD);
    board(Operation.OPEN);
    assertThat(flown).hasSize(7).allSatisfy(aboard -> assertThat(aboard).hasSize(1));
  }

  @Test
  void aFlightThatCannotLeaveIsAFailureForThoseAboardOnly() {
    refusal = new IllegalStateException("no way");
    for (int i = 0; i < 5; i++) {
      assertThat(board(Operation.OPEN)).isCompletedExceptionally();
    }
    refusal = null;
    CompletableFuture<Reply> next = board(Operation.OPEN);
    answer(answers.size() - 1);
    assertThat(next).isCompleted();
  }

  @Test
  void inAClusterEachTravelsAlone() {
    Flights alone = new Flights(false, this::carry, () -> now);
    for (int i = 0; i < 10; i++) {
      var unused = alone.board(new Passenger(Operation.OPEN, List.of("key"), new byte[0][]));
    }
    assertThat(flown).hasSize(10);
  }

  /** So many flights that it is known how long they take. */
  private void answerAfter(long nanos) {
    for (int i = 0; i < 100; i++) {
      board(Operation.OPEN);
      now += nanos;
      answer(i);
    }
    flown.clear();
    answers.clear();
  }

  private CompletableFuture<List<Reply>> carry(List<Passenger> aboard) {
    if (refusal != null) {
      throw refusal;
    }
    flown.add(aboard);
    answers.add(new CompletableFuture<>());
    return answers.get(answers.size() - 1);
  }

  private CompletableFuture<Reply> board(Operation operation, byte[]... arguments) {
    return flights.board(new Passenger(operation, List.of("key"), arguments));
  }

  private void answer(int flight) {
    List<Reply> replies = new ArrayList<>();
    flown.get(flight).forEach(passenger -> replies.add(new Reply(List.of(0L, 1L))));
    answers.get(flight).complete(replies);
  }
}
