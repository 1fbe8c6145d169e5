package dev.carryover.store.redis;

import dev.carryover.store.redis.Script.Operation;
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
 * Gathers what several requests want at the same time into one script call, a flight. The first
 * leaves at once; what comes while two are under way leaves with the next. So nobody waits without
 * need, and the busier a node is the less a call costs. Thread-safe.
 */
final class Flights {

  /** More gather less; with one, Redis would rest while its answer travels. */
  private static final int MOST_UNDER_WAY = 2;

  /** A script call keeps Redis from all else: some hundred microseconds at most. */
  private static final int MOST_ABOARD = 32;

  /** Who brings much is not joined by others, who would wait until it is transferred. */
  private static final int MOST_BYTES = 64 * 1024;

  private final Function<List<Passenger>, CompletableFuture<List<Reply>>> carrier;
  private final int mostAboard;
  private final int mostUnderWay;
  private final Queue<Passenger> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger underWay = new AtomicInteger();

  /**
   * @param gathers whether one call may be about several sessions: in a Redis Cluster these are on
   *     several servers
   * @param carrier sends passengers in one call, and answers them in their order
   */
  Flights(boolean gathers, Function<List<Passenger>, CompletableFuture<List<Reply>>> carrier) {
    this.carrier = carrier;
    this.mostAboard = gathers ? MOST_ABOARD : 1;
    this.mostUnderWay = gathers ? MOST_UNDER_WAY : Integer.MAX_VALUE;
  }

  /** The answer to come; who no longer waits for it cancels it. */
  CompletableFuture<Reply> board(Passenger passenger) {
    waiting.add(passenger);
    depart();
    return passenger.reply;
  }

  private void depart() {
    while (!waiting.isEmpty() && tryReserve()) {
      List<Passenger> aboard = aboard();
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

  private List<Passenger> aboard() {
    List<Passenger> aboard = new ArrayList<>();
    int bytes = 0;
    Passenger next = waiting.poll();
    while (next != null) {
      if (!next.reply.isDone()) {
        aboard.add(next);
        bytes += next.bytes;
      }
      next = aboard.size() < mostAboard && bytes < MOST_BYTES ? waiting.poll() : null;
    }
    return aboard;
  }

  /** What one request wants of Redis. */
  static final class Passenger {
    final Operation operation;
    final int shard;
    final List<String> keys;
    final byte[][] arguments;
    private final int bytes;
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();

    Passenger(Operation operation, int shard, List<String> keys, byte[][] arguments) {
      this.operation = operation;
      this.shard = shard;
      this.keys = keys;
      this.arguments = arguments;
      int sum = 0;
      for (byte[] argument : arguments) {
        sum += argument.length;
      }
      this.bytes = sum;
    }
  }

  /** One call. */
  private final class Flight {
    private final List<Passenger> aboard;
    private final AtomicInteger waitedFor;
    private final AtomicBoolean over = new AtomicBoolean();

    private Flight(List<Passenger> aboard) {
      this.aboard = aboard;
      this.waitedFor = new AtomicInteger(aboard.size());
    }

    private void leave() {
      CompletableFuture<List<Reply>> answer = carrier.apply(aboard);
      for (Passenger passenger : aboard) {
        var unused = passenger.reply.whenComplete((reply, failure) -> left(answer));
      }
      var unused = answer.whenComplete(this::land);
    }

    /** A flight that somebody has given up is not waited for by others. */
    private void left(CompletableFuture<List<Reply>> answer) {
      if (waitedFor.decrementAndGet() == 0) {
        // What nobody waits for any more must not be sent again later, after something newer.
        answer.cancel(false);
      }
      end();
    }

    private void land(@Nullable List<Reply> replies, @Nullable Throwable failure) {
      end();
      for (int i = 0; i < aboard.size(); i++) {
        CompletableFuture<Reply> reply = aboard.get(i).reply;
        if (replies == null) {
          reply.completeExceptionally(
              failure == null ? new IllegalStateException("no answer") : failure);
        } else {
          replies.get(i).complete(reply);
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
