package dev.carryover.store.redis;

import dev.carryover.store.DueSessions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.redisson.api.RBatch;
import org.redisson.api.RFuture;
import org.redisson.api.RScoredSortedSetAsync;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisOutOfMemoryException;
import org.redisson.client.codec.StringCodec;
import org.redisson.client.protocol.ScoredEntry;

/** When sessions end: the deadlines of each shard, looked at by one node at a time. Thread-safe. */
final class DueIndex {

  /** Names that are no text come back as the bytes that they were. */
  private static final StringCodec EXACTLY = new StringCodec(StandardCharsets.ISO_8859_1);

  private final RedisCalls calls;
  private final RedissonClient redisson;
  private final RedisKeys keys;

  DueIndex(RedisCalls calls, RedissonClient redisson, RedisKeys keys) {
    this.calls = calls;
    this.redisson = redisson;
    this.keys = keys;
  }

  /** Whether it is this node that looks; no other does for that long. */
  boolean takeTurn(Duration turn) {
    return calls.await(
        "turn",
        RedisCalls.ANY_SHARD,
        calls
            .reachability()
            .then(
                () ->
                    redisson
                        .<String>getBucket(keys.turn(), StringCodec.INSTANCE)
                        .setIfAbsentAsync("", turn)
                        .toCompletableFuture())
            .handle(
                (taken, failure) -> {
                  // Where there is no room, each looks: ends make room.
                  if (failure == null
                      || RedisCalls.cause(failure) instanceof RedisOutOfMemoryException) {
                    return failure != null || taken;
                  }
                  throw new CompletionException(RedisCalls.cause(failure));
                }));
  }

  /**
   * Those whose deadline has come.
   *
   * @param time Redis's
   * @param limit how many of each shard, at most
   */
  DueSessions due(long time, int limit) {
    double now = time;
    double next = Double.POSITIVE_INFINITY;
    List<String> due = new ArrayList<>();
    List<Collection<ScoredEntry<String>>> first =
        ask(keys.indexes(), index -> after(Double.NEGATIVE_INFINITY, index));
    for (int shard = 0; shard < first.size(); shard++) {
      for (ScoredEntry<String> entry : first.get(shard)) {
        if (entry.getScore() <= now) {
          due.add(keys.indexes().get(shard));
        } else {
          next = Math.min(next, entry.getScore());
        }
      }
    }
    List<String> names = new ArrayList<>();
    List<Collection<String>> overdue =
        ask(
            due,
            index -> index.valueRangeAsync(Double.NEGATIVE_INFINITY, true, now, true, 0, limit));
    for (int i = 0; i < overdue.size(); i++) {
      names.addAll(names(due.get(i), overdue.get(i)));
      // Where there are more, they are due as well.
      next = overdue.get(i).size() == limit ? now : next;
    }
    for (Collection<ScoredEntry<String>> entries : ask(due, index -> after(now, index))) {
      for (ScoredEntry<String> entry : entries) {
        next = Math.min(next, entry.getScore());
      }
    }
    return new DueSessions(names, (long) next);
  }

  /** The names of sessions. What can be none is taken out of the index, for it would stay. */
  private List<String> names(String index, Collection<String> entries) {
    List<String> names = new ArrayList<>();
    List<String> others = new ArrayList<>();
    entries.forEach(entry -> (keys.isName(entry, index) ? names : others).add(entry));
    if (!others.isEmpty()) {
      var unused =
          calls
              .reachability()
              .then(
                  keys.shardOfIndex(index),
                  () -> deadlines(index).removeAllAsync(others).toCompletableFuture())
              .thenAccept(done -> calls.healed(others.size()));
    }
    return names;
  }

  private RScoredSortedSetAsync<String> deadlines(String index) {
    return redisson.getScoredSortedSet(index, EXACTLY);
  }

  /** The first of an index's deadlines that is later than that, if there is one. */
  private static RFuture<Collection<ScoredEntry<String>>> after(
      double time, RScoredSortedSetAsync<String> index) {
    return index.entryRangeAsync(time, false, Double.POSITIVE_INFINITY, false, 0, 1);
  }

  /** Asks for entries of several indexes at once. */
  private <T> List<Collection<T>> ask(
      List<String> indexes,
      Function<RScoredSortedSetAsync<String>, RFuture<Collection<T>>> question) {
    List<Collection<T>> answers = new ArrayList<>();
    if (!indexes.isEmpty()) {
      RBatch batch = redisson.createBatch();
      List<RFuture<Collection<T>>> asked = new ArrayList<>();
      indexes.forEach(index -> asked.add(question.apply(batch.getScoredSortedSet(index, EXACTLY))));
      calls.await("due", batch);
      asked.forEach(answer -> answers.add(RedisCalls.answered(answer).orElse(List.of())));
    }
    return answers;
  }
}
