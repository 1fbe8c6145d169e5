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
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what several requests want at the same time into one script call, a flight. The first
 * leaves at once; what comes while it is under way leaves with the next. The further away Redis is
 * the more flights are under way at the same time, so that nobody waits longer than about a
 * millisecond to leave; and the busier a node is the less a call costs. Thread-safe.
 */
final class Flights {

  /** One flight more is under way for each of these that a quick one takes. */
  private static final long LONGEST_WAIT_NANOS = 1_000_000;

  private static final int MOST_UNDER_WAY = 16;

  /** How slowly it is believed that flights take longer than the quickest that was seen. */
  private static final int SLOWNESS = 16;

  /** A script call keeps Redis from all else: some hundred microseconds at most. */
  private static final int MOST_ABOARD = 32;

  /** Who brings more travels alone: others would wait until it is transferred. */
  private static final int MOST_BYTES = 64 * 1024;

  private final Function<List<Passenger>, CompletableFuture<List<Reply>>> carrier;
  private final int mostAboard;
  private final LongSupplier nanoTime;
  private final Queue<Passenger> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger underWay = new AtomicInteger();

  /** What a quick flight takes, about. Threads may overwrite each other's: it is a guess. */
  private volatile long quickNanos;

  /**
   * @param gathers whether one call may be about several sessions: in a Redis Cluster these are on
   *     several servers
   * @param carrier sends passengers in one call, and answers them in their order
   * @param nanoTime as {@link System#nanoTime}
   */
  Flights(
      boolean gathers,
      Function<List<Passenger>, CompletableFuture<List<Reply>>> carrier,
      LongSupplier nanoTime) {
    this.carrier = carrier;
    this.nanoTime = nanoTime;
    this.mostAboard = gathers ? MOST_ABOARD : 1;
  }

  /** The answer to come; who no longer waits for it cancels it. */
  CompletableFuture<Reply> board(Passenger passenger) {
    if (passenger.reply.isDone()) {
      // Given up before there was a way to Redis.
      return passenger.reply;
    }
    if (passenger.isHeavy()) {
      new Flight(List.of(passenger)).leave(false);
    } else {
      waiting.add(passenger);
      depart();
    }
    return passenger.reply;
  }

  private void depart() {
    while (!waiting.isEmpty() && tryReserve()) {
      List<Passenger> aboard = aboard();
      if (aboard.isEmpty()) {
        underWay.decrementAndGet();
      } else {
        new Flight(aboard).leave(true);
      }
    }
  }

  private boolean tryReserve() {
    int now = underWay.get();
    while (now < mostUnderWay()) {
      if (underWay.compareAndSet(now, now + 1)) {
        return true;
      }
      now = underWay.get();
    }
    return false;
  }

  private int mostUnderWay() {
    return mostAboard == 1
        ? Integer.MAX_VALUE
        : (int) Math.min(MOST_UNDER_WAY, 1 + quickNanos / LONGEST_WAIT_NANOS);
  }

  private void took(long nanos) {
    long before = quickNanos;
    quickNanos = nanos < before ? nanos : before + (nanos - before) / SLOWNESS;
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
      next = aboard.size() < mostAboard && bytes <= MOST_BYTES ? waiting.poll() : null;
    }
    return aboard;
  }

  /** How many calls are under way that others leave after. */
  int underWay() {
    return underWay.get();
  }

  /** How many wait for the next call. */
  int waiting() {
    return waiting.size();
  }

  /** What one request wants of Redis. */
  static final class Passenger {
    final Operation operation;
    final List<String> keys;
    final byte[][] arguments;
    final CompletableFuture<Reply> reply = new CompletableFuture<>();
    private final int bytes;

    Passenger(Operation operation, List<String> keys, byte[][] arguments) {
      this.operation = operation;
      this.keys = keys;
      this.arguments = arguments;
      int sum = 0;
      for (byte[] argument : arguments) {
        sum += argument.length;
      }
      this.bytes = sum;
    }

    /** It brings much, or asks for much. */
    boolean isHeavy() {
      return bytes > MOST_BYTES || operation == Operation.LOAD;
    }
  }

  /** One call. */
  private final class Flight {
    private final List<Passenger> aboard;

    /** Those whom requests wait for; nobody gives up the others. */
    private final AtomicInteger waitedFor = new AtomicInteger();

    private final long departure = nanoTime.getAsLong();

    /** True until others may leave in this one's place. */
    private final AtomicBoolean counts = new AtomicBoolean();

    private Flight(List<Passenger> aboard) {
      this.aboard = aboard;
      for (Passenger passenger : aboard) {
        if (passenger.operation.isWaitedFor()) {
          waitedFor.incrementAndGet();
        }
      }
    }

    /**
     * @param reserved whether it is one of those that may be under way at the same time
     */
    private void leave(boolean reserved) {
      counts.set(reserved);
      CompletableFuture<List<Reply>> answer = carried();
      boolean nobodyWaits = waitedFor.get() == 0;
      for (Passenger passenger : aboard) {
        if (passenger.operation.isWaitedFor()) {
          var unused = passenger.reply.whenComplete((reply, failure) -> left(answer));
        }
      }
      var unused = answer.whenComplete(this::land);
      if (nobodyWaits) {
        // Nobody would give it up in time, if Redis did not answer.
        makeWay();
      }
    }

    private CompletableFuture<List<Reply>> carried() {
      try {
        return carrier.apply(aboard);
      } catch (RuntimeException | Error e) {
        return CompletableFuture.failedFuture(e);
      }
    }

    /** A flight that somebody has given up is not waited for by others. */
    private void left(CompletableFuture<List<Reply>> answer) {
      if (waitedFor.decrementAndGet() == 0) {
        // What nobody waits for any more must not be sent again later, after something newer.
        answer.cancel(false);
      }
      makeWay();
    }

    private void land(@Nullable List<Reply> replies, @Nullable Throwable failure) {
      if (replies != null) {
        took(nanoTime.getAsLong() - departure);
      }
      // First, so that the next travels while those aboard are told.
      makeWay();
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

    private void makeWay() {
      if (counts.compareAndSet(true, false)) {
        underWay.decrementAndGet();
        depart();
      }
    }
  }
}
