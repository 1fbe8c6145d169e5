package dev.carryover.store.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what several requests want to open at the same time into one script call, a flight. The
 * first leaves at once; what comes while two are under way leaves with the next. So nobody waits
 * without need, and the busier a node is the less a call costs. Thread-safe.
 */
final class OpenFlights {

  /** More gather less; with one, Redis would rest while its answer travels. */
  private static final int MOST_UNDER_WAY = 2;

  /** A script call keeps Redis from all else: some hundred microseconds at most. */
  private static final int MOST_ABOARD = 32;

  private final Function<List<Opening>, CompletableFuture<List<Reply>>> carrier;
  private final int mostAboard;
  private final int mostUnderWay;
  private final Queue<Opening> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger underWay = new AtomicInteger();

  /**
   * @param gathers whether one call may be about several sessions: in a Redis Cluster these are on
   *     several servers
   * @param carrier sends openings in one call, and answers them in their order
   */
  OpenFlights(boolean gathers, Function<List<Opening>, CompletableFuture<List<Reply>>> carrier) {
    this.carrier = carrier;
    this.mostAboard = gathers ? MOST_ABOARD : 1;
    this.mostUnderWay = gathers ? MOST_UNDER_WAY : Integer.MAX_VALUE;
  }

  /** The answer to come; who no longer waits for it cancels it. */
  CompletableFuture<Reply> board(Opening opening) {
    waiting.add(opening);
    depart();
    return opening.reply;
  }

  private void depart() {
    while (!waiting.isEmpty() && tryReserve()) {
      List<Opening> aboard = aboard();
      if (aboard.isEmpty()) {
        underWay.decrementAndGet();
      } else {
        new Flight(aboard).leave();
      }
    }
  }

  private boolean tryReserve() {
    int now = underWay.get();
    while (now < mostUnderWay) {
      if (underWay.compareAndSet(now, now + 1)) {
        return true;
      }
      now = underWay.get();
    }
    return false;
  }

  private List<Opening> aboard() {
    List<Opening> aboard = new ArrayList<>();
    Opening next = waiting.poll();
    while (next != null) {
      if (!next.reply.isDone()) {
        aboard.add(next);
      }
      next = aboard.size() < mostAboard ? waiting.poll() : null;
    }
    return aboard;
  }

  /** One request's wish to open a session. */
  static final class Opening {
    final List<String> keys;
    final long knownVersion;
    final String holder;
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();

    Opening(List<String> keys, long knownVersion, String holder) {
      this.keys = keys;
      this.knownVersion = knownVersion;
      this.holder = holder;
    }
  }

  /** One call. */
  private final class Flight {
    private final List<Opening> aboard;
    private final AtomicBoolean over = new AtomicBoolean();

    private Flight(List<Opening> aboard) {
      this.aboard = aboard;
    }

    private void leave() {
      CompletableFuture<List<Reply>> answer = carrier.apply(aboard);
      for (Opening opening : aboard) {
        // A flight that somebody has given up is not waited for by others.
        var unused = opening.reply.whenComplete((reply, failure) -> end());
      }
      var unused = answer.whenComplete(this::land);
    }

    private void land(@Nullable List<Reply> replies, @Nullable Throwable failure) {
      end();
      for (int i = 0; i < aboard.size(); i++) {
        CompletableFuture<Reply> reply = aboard.get(i).reply;
        if (replies == null) {
          reply.completeExceptionally(
              failure == null ? new IllegalStateException("no answer") : failure);
        } else {
          reply.complete(replies.get(i));
        }
      }
    }

    private void end() {
      if (over.compareAndSet(false, true)) {
        underWay.decrementAndGet();
        depart();
      }
    }
  }
}
