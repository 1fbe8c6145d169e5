package dev.carryover.store.redis;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.carryover.store.Hold;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.redisson.api.RTopic;
import org.redisson.api.RedissonClient;
import org.redisson.api.listener.StatusListener;
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The holds of this node, and the channel on which it hears that it has lost one. A script that
 * meets another node's hold publishes its number there.
 *
 * <p>Once a second the node tells itself something on that channel. While it does not hear itself,
 * and whenever the channel was subscribed to anew, it may have missed a word: all holds are lost
 * then. Thread-safe.
 */
final class Holds implements StatusListener, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Holds.class);
  private static final int CHANNEL_BYTES = 16;
  private static final long BEAT_MILLIS = 1_000;
  private static final long LONGEST_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final String BEAT = "beat";

  private final RTopic topic;
  private final Reachability reachability;
  private final Thread thread = new Thread(this::run, "carryover-holds");
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Those that somebody still uses. */
  private final Cache<Long, Hold> held =
      Caffeine.newBuilder().weakValues().executor(Runnable::run).build();

  private volatile boolean sure;
  private volatile long heardAt;

  Holds(RedissonClient redisson, Reachability reachability) {
    byte[] random = new byte[CHANNEL_BYTES];
    new SecureRandom().nextBytes(random);
    String channel =
        "carryover:node:" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    this.topic = redisson.getTopic(channel, StringCodec.INSTANCE);
    this.reachability = reachability;
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * How a hold is written in a record; nothing, and the hold is lost, while this node can't be sure
   * to hear of it.
   */
  String enter(Hold hold) {
    held.put(hold.number(), hold);
    if (!isSure()) {
      hold.lose();
    }
    return name(hold);
  }

  /** How a hold is written in a record. */
  String name(Hold hold) {
    return hold.isLost() ? "" : topic.getChannelNames().get(0) + ' ' + hold.number();
  }

  boolean isSure() {
    return sure && System.nanoTime() - heardAt < LONGEST_SILENCE_NANOS;
  }

  @Override
  public void onSubscribe(String channel) {
    doubt();
  }

  @Override
  public void onUnsubscribe(String channel) {
    doubt();
  }

  private void doubt() {
    sure = false;
    held.asMap().values().forEach(Hold::lose);
    held.invalidateAll();
  }

  private void heard(String message) {
    if (message.equals(BEAT)) {
      heardAt = System.nanoTime();
      sure = true;
      return;
    }
    Hold hold = held.asMap().remove(Long.valueOf(message));
    if (hold != null) {
      hold.lose();
    }
  }

  private void run() {
    try {
      subscribe();
      do {
        if (sure && !isSure()) {
          log.warn("This node does not hear of other nodes; it asks Redis before each read");
          doubt();
        }
        var unused = topic.publishAsync(BEAT);
      } while (!closed.await(BEAT_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      log.debug("Nobody needs to hear of holds any more");
    }
  }

  private void subscribe() throws InterruptedException {
    while (!isDone(() -> topic.addListenerAsync(this))
        || !isDone(() -> topic.addListenerAsync(String.class, (channel, word) -> heard(word)))) {
      if (closed.await(BEAT_MILLIS, TimeUnit.MILLISECONDS)) {
        return;
      }
    }
  }

  private boolean isDone(Supplier<CompletionStage<Integer>> subscription) {
    try {
      CompletableFuture<Integer> done =
          reachability.then(() -> subscription.get().toCompletableFuture());
      return done.handle((id, failure) -> failure == null).join();
    } catch (RuntimeException e) {
      log.debug("Not subscribed yet: {}", e.getClass().getName());
      return false;
    }
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
    doubt();
  }

  /** Waits for the end of its thread, once it is closed. */
  void awaitEnd(Duration most) {
    try {
      thread.join(most.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
