package dev.carryover.store.redis;

import static java.util.Objects.requireNonNull;

import dev.carryover.config.SessionConfig;
import dev.carryover.metrics.Counter;
import dev.carryover.metrics.Gauge;
import dev.carryover.metrics.SessionMetrics;
import dev.carryover.metrics.Timer;
import dev.carryover.store.Patience;
import dev.carryover.store.SessionStoreException;
import dev.carryover.store.redis.Flights.Passenger;
import dev.carryover.store.redis.Script.Operation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBatch;
import org.redisson.api.RFuture;
import org.redisson.api.RedissonClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to Redis and back: operations board flights, who has asked waits for the answer as long
 * as a request may, and what fails is told as a failure of the store. Thread-safe.
 */
final class RedisCalls {

  private static final Logger log = LoggerFactory.getLogger(RedisCalls.class);

  /** In place of a shard's number: what concerns all, so that nobody knows which is away. */
  static final int ANY_SHARD = -1;

  /** Those of a flight that are not a passenger's own. */
  private static final int FLIGHT_ARGUMENTS = 5;

  /** What a flight says of a passenger: its operation, its keys and its arguments. */
  private static final int PASSENGER_BYTES = 6;

  private static final String OF_ANOTHER_TYPE = "WRONGTYPE";

  private static final byte[] ONE = {'1'};
  private static final byte[] ZERO = {'0'};

  private final SessionMetrics metrics;
  private final ScriptCalls scripts;
  private final RedisKeys keys;
  private final byte[] sliding;
  private final byte[] grace;

  /** The most bytes of a value that comes with an open; 0 for any. */
  private final byte[] longest;

  /** The most milliseconds that a session lives; 0 for any. */
  private final byte[] maxAge;

  private final Duration timeout;
  private final Reachability reachability;
  private final boolean isCluster;

  private final Flights flights;

  /** Those of changes: others' where no replica is waited for, else their own. */
  private final Flights changing;

  private final AtomicBoolean toldOfHealing = new AtomicBoolean();

  /** Redis's time minus this node's, at the last answer; null before the first. */
  private volatile @Nullable Long clockOffset;

  RedisCalls(
      RedissonClient redisson, RedisKeys keys, SessionConfig config, SessionMetrics metrics) {
    this.metrics = metrics;
    this.keys = keys;
    ReplicaAcks acks = new ReplicaAcks(config, metrics);
    this.scripts = new ScriptCalls(redisson, acks);
    this.sliding = config.sliding() ? ONE : ZERO;
    this.grace = bytes(config.expiryGrace().toMillis());
    this.longest = bytes(config.lazyAbove());
    this.maxAge = bytes(config.maxAge().toMillis());
    this.timeout = config.redisTimeout();
    this.isCluster = redisson.getConfig().isClusterConfig();
    this.flights = new Flights(!isCluster, this::carry, System::nanoTime);
    this.changing =
        acks.areWanted() ? new Flights(!isCluster, this::carry, System::nanoTime) : flights;
    Set<Flights> all = new HashSet<>(List.of(flights, changing));
    metrics.watch(
        Gauge.REDIS_FLIGHTS_UNDER_WAY, () -> all.stream().mapToLong(Flights::underWay).sum());
    metrics.watch(
        Gauge.REDIS_PASSENGERS_WAITING, () -> all.stream().mapToLong(Flights::waiting).sum());
    // Any question will do; no script, so that scripts are requests' alone.
    this.reachability =
        new Reachability(
            isCluster ? RedisKeys.SHARDS.length() : 1,
            timeout,
            shard -> redisson.getKeys().countExistsAsync(keys.indexes().get(shard)),
            metrics);
  }

  Reachability reachability() {
    return reachability;
  }

  /** Whether Redis has told its time. */
  boolean knowTheTime() {
    return clockOffset != null;
  }

  /** Redis's time, as far as it has told it. */
  long currentTimeMillis() {
    Long offset = clockOffset;
    return System.currentTimeMillis() + (offset == null ? 0 : offset);
  }

  /** Carries out operations at the same time, each on its own keys, and waits for all of them. */
  List<Reply> askAll(
      Operation operation, List<List<String>> operationKeys, List<Object[]> arguments) {
    List<CompletableFuture<Reply>> answers = new ArrayList<>();
    for (int i = 0; i < operationKeys.size(); i++) {
      answers.add(run(operation, operationKeys.get(i), arguments.get(i)));
    }
    List<Reply> replies = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      replies.add(await(operation, keys.shardOfIndex(operationKeys.get(i).get(0)), answers.get(i)));
    }
    return replies;
  }

  /** Carries out an operation, and waits for its answer. */
  Reply ask(Operation operation, List<String> operationKeys, Object... arguments) {
    Passenger passenger = passenger(operation, operationKeys, arguments);
    return await(
        operation, keys.shardOfIndex(operationKeys.get(0)), run(passenger), passenger.isHeavy());
  }

  /**
   * Carries out an operation on the server that has the keys.
   *
   * @param arguments strings, numbers and bytes
   */
  CompletableFuture<Reply> run(
      Operation operation, List<String> operationKeys, Object... arguments) {
    return run(passenger(operation, operationKeys, arguments));
  }

  private static Passenger passenger(
      Operation operation, List<String> operationKeys, Object... arguments) {
    byte[][] encoded = new byte[arguments.length][];
    for (int i = 0; i < arguments.length; i++) {
      encoded[i] = bytes(arguments[i]);
    }
    return new Passenger(operation, operationKeys, encoded);
  }

  private CompletableFuture<Reply> run(Passenger passenger) {
    int shard = keys.shardOfIndex(passenger.keys.get(0));
    Flights boards = passenger.operation.changes() ? changing : flights;
    CompletableFuture<Reply> boarded = reachability.then(shard, () -> boards.board(passenger));
    if (boarded != passenger.reply) {
      // Not there, or not yet: who gives up meanwhile does not board.
      var unused =
          boarded.whenComplete(
              (reply, failure) -> {
                if (failure != null) {
                  passenger.reply.completeExceptionally(failure);
                }
              });
    }
    return passenger.reply;
  }

  private CompletableFuture<List<Reply>> carry(List<Passenger> passengers) {
    metrics.count(Counter.REDIS_FLIGHTS);
    metrics.count(Counter.REDIS_PASSENGERS, passengers.size());
    ByteBuffer each = ByteBuffer.allocate(PASSENGER_BYTES * passengers.size());
    List<Object> allKeys = new ArrayList<>();
    int count = FLIGHT_ARGUMENTS;
    for (Passenger passenger : passengers) {
      each.put(passenger.operation.number);
      each.put((byte) passenger.keys.size());
      each.putInt(passenger.arguments.length);
      allKeys.addAll(passenger.keys);
      count += passenger.arguments.length;
    }
    Object[] arguments = new Object[count];
    arguments[0] = each.array();
    arguments[1] = sliding;
    arguments[2] = grace;
    arguments[3] = longest;
    arguments[4] = maxAge;
    int next = FLIGHT_ARGUMENTS;
    for (Passenger passenger : passengers) {
      System.arraycopy(passenger.arguments, 0, arguments, next, passenger.arguments.length);
      next += passenger.arguments.length;
    }
    boolean changes = passengers.stream().anyMatch(passenger -> passenger.operation.changes());
    return NettyTraces.without(
        () -> scripts.call(changes, allKeys, arguments, answer -> heard(passengers, answer)));
  }

  private List<Reply> heard(List<Passenger> passengers, ScriptCalls.Answer answer) {
    List<Reply> replies = new ArrayList<>(answer.values.size());
    for (Object value : answer.values) {
      replies.add(new Reply(Reply.values(value)));
    }
    if (answer.values.size() > passengers.size()) {
      healed(new Reply(Reply.values(answer.values.get(passengers.size()))).healed());
    }
    clockOffset = replies.get(0).time() - System.currentTimeMillis();
    for (int i = 0; i < passengers.size() && !answer.isStored; i++) {
      if (passengers.get(i).operation.changes()) {
        replies.set(i, replies.get(i).unacknowledged());
      }
    }
    return replies;
  }

  /** So many pieces of what lay in Redis were put right, or passed over. */
  void healed(long times) {
    metrics.count(Counter.REDIS_HEALED, times);
    if (!toldOfHealing.getAndSet(true)) {
      log.warn(
          "What lay in Redis was damaged, or is not ours; it was put right or passed over. This is"
              + " logged once, then only counted");
    }
  }

  /**
   * Sends many small commands at once, and waits for all of them. Those that find something else
   * under their key do not keep the others.
   */
  void await(String what, RBatch batch) {
    var unused =
        await(
            what,
            ANY_SHARD,
            reachability
                .then(() -> batch.executeAsync().toCompletableFuture())
                .handle(RedisCalls::unlessOfAnotherType));
  }

  private static @Nullable Void unlessOfAnotherType(
      @Nullable Object answers, @Nullable Throwable failure) {
    if (failure != null && !String.valueOf(cause(failure).getMessage()).contains(OF_ANOTHER_TYPE)) {
      throw new CompletionException(cause(failure));
    }
    return null;
  }

  /** What one of those commands was answered, if it was. */
  static <T> Optional<T> answered(RFuture<T> answer) {
    CompletableFuture<T> future = answer.toCompletableFuture();
    return future.isDone() && !future.isCompletedExceptionally()
        ? Optional.ofNullable(future.join())
        : Optional.empty();
  }

  /**
   * Waits for an answer, as long as a request may. What is asked for is on its way: a thread that
   * is interrupted hears the answer too, and stays interrupted.
   *
   * @param operation what was asked for; the failure and the figures tell it
   * @param shard which part of Redis is asked, or {@link #ANY_SHARD}
   */
  <T> T await(Object operation, int shard, CompletionStage<T> answer) {
    return await(operation, shard, answer, false);
  }

  /**
   * @param heavy whether it may be late although Redis is there, because it takes long to transfer
   */
  private <T> T await(Object operation, int shard, CompletionStage<T> answer, boolean heavy) {
    CompletableFuture<T> future = answer.toCompletableFuture();
    long start = System.nanoTime();
    try {
      return get(future, start + Patience.leftNanos(timeout.toNanos()));
    } catch (TimeoutException e) {
      NettyTraces.without(() -> future.cancel(false));
      noteFailure(shard, start, heavy);
      throw failure(operation, "did not answer within " + timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      Throwable cause = requireNonNull(e.getCause());
      if (!(cause instanceof Reply.Unacknowledged)) {
        noteFailure(shard, start, heavy);
      }
      boolean asked = !(cause instanceof Reachability.Away);
      throw failure(operation, "failed: " + describe(cause), asked);
    } finally {
      long waited = System.nanoTime() - start;
      Patience.waited(waited);
      metrics.time(timer(operation), waited);
    }
  }

  private static <T> T get(CompletableFuture<T> future, long deadline)
      throws ExecutionException, TimeoutException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Timer timer(Object operation) {
    if (operation instanceof Operation) {
      switch ((Operation) operation) {
        case OPEN:
          return Timer.CALL_OPEN;
        case LOOK:
          return Timer.CALL_LOOK;
        case LOAD:
          return Timer.CALL_LOAD;
        case CREATE:
          return Timer.CALL_CREATE;
        case COMMIT:
          return Timer.CALL_COMMIT;
        case END:
          return Timer.CALL_END;
        case CLAIM:
          return Timer.CALL_CLAIM;
        default:
          return Timer.CALL_OTHER;
      }
    }
    return Timer.CALL_OTHER;
  }

  /**
   * What fails at once was refused by a Redis that is there, or comes of a broken connection that
   * the next call makes anew.
   */
  private void noteFailure(int shard, long start, boolean heavy) {
    boolean waited = System.nanoTime() - start > timeout.toNanos() / 2;
    if (waited && heavy) {
      reachability.suspected(shard);
    } else if (waited && (shard != ANY_SHARD || !isCluster)) {
      reachability.failed(Math.max(0, shard));
    }
  }

  /** Without what futures wrap it in. */
  static Throwable cause(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return requireNonNull(cause);
  }

  private static SessionStoreException failure(Object operation, String what) {
    return failure(operation, what, true);
  }

  private static SessionStoreException failure(Object operation, String what, boolean doubtful) {
    return new SessionStoreException("Redis " + what + " (session " + operation + ")", doubtful);
  }

  /** What Redisson says without what it sent: ids and values must not get into logs. */
  private static String describe(Throwable cause) {
    return cause.getClass().getSimpleName() + ": " + WhatRedissonSays.withoutCommand(cause);
  }

  /** Nobody waits for it. */
  static void inBackground(Operation operation, CompletableFuture<Reply> answer) {
    var unused =
        answer.whenComplete(
            (reply, failure) -> {
              if (failure != null) {
                log.debug("Session {} failed: {}", operation, describe(failure));
              }
            });
  }

  private static byte[] bytes(Object argument) {
    if (argument instanceof byte[]) {
      return (byte[]) argument;
    }
    return argument.toString().getBytes(StandardCharsets.UTF_8);
  }
}
