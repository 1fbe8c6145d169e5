package dev.carryover.store.redis;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.RBatch;
import org.redisson.api.RFuture;
import org.redisson.api.RScript;
import org.redisson.api.RScriptAsync;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisConnectionException;
import org.redisson.client.RedisException;
import org.redisson.client.RedisNoScriptException;
import org.redisson.client.RedisNodeNotFoundException;
import org.redisson.client.RedisReadonlyException;
import org.redisson.client.RedisReconnectedException;
import org.redisson.client.RedisRetryException;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.config.BaseConfig;
import org.redisson.connection.ServiceManager;

/**
 * Calls of the script, by its SHA-1; a server that does not know it (new, restarted, flushed) is
 * sent the source. Thread-safe.
 */
final class ScriptCalls {

  private static final Script SCRIPT = new Script();

  /** After these a call may succeed that is sent again; Redis may have carried it out. */
  private static final List<Class<? extends RedisException>> PASSING =
      List.of(
          RedisRetryException.class,
          RedisReadonlyException.class,
          RedisConnectionException.class,
          RedisReconnectedException.class,
          RedisNodeNotFoundException.class);

  private final RedissonClient redisson;
  private final RScript scripts;
  private final ReplicaAcks acks;

  ScriptCalls(RedissonClient redisson, ReplicaAcks acks) {
    this.redisson = redisson;
    this.scripts = redisson.getScript(ByteArrayCodec.INSTANCE);
    this.acks = acks;
  }

  /**
   * Calls the script.
   *
   * @param changes whether replicas have to acknowledge it, if any have to at all
   * @param reader makes something of the answer
   * @return to come; if it is cancelled, the call is not sent again
   */
  <T> CompletableFuture<T> call(
      boolean changes, List<Object> keys, Object[] arguments, Function<Answer, T> reader) {
    Call call = new Call(changes && acks.areWanted(), keys, arguments);
    call.send(true, 0);
    CompletableFuture<T> read = call.answer.thenApply(reader);
    var unused =
        read.whenComplete(
            (answer, failure) -> {
              if (read.isCancelled()) {
                call.giveUp();
              }
            });
    return read;
  }

  /** What the script has answered. */
  static final class Answer {
    final List<@Nullable Object> values;

    /** False if what it has changed must not count as stored. */
    final boolean isStored;

    private Answer(List<@Nullable Object> values, boolean isStored) {
      this.values = values;
      this.isStored = isStored;
    }
  }

  /** One call, sent once or more often. */
  private final class Call {
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final boolean acknowledged;
    private final List<Object> keys;
    private final Object[] arguments;
    private volatile @Nullable CompletableFuture<?> sent;

    private Call(boolean acknowledged, List<Object> keys, Object[] arguments) {
      this.acknowledged = acknowledged;
      this.keys = keys;
      this.arguments = arguments;
    }

    /**
     * @param times how often a whole batch was sent in vain
     */
    private void send(boolean bySha, int times) {
      try {
        var unused =
            (acknowledged ? sendWithWait(bySha) : sendAlone(bySha))
                .whenComplete(
                    (done, failure) -> {
                      if (failure == null) {
                        answer.complete(done);
                      } else {
                        failed(cause(failure), bySha, times);
                      }
                    });
      } catch (RuntimeException | Error e) {
        answer.completeExceptionally(e);
      }
      if (answer.isCancelled()) {
        giveUp();
      }
    }

    private CompletionStage<Answer> sendAlone(boolean bySha) {
      return send(scripts, bySha).thenApply(values -> new Answer(values, true));
    }

    /** WAIT counts what its own connection has written: a batch keeps the two together. */
    private CompletionStage<Answer> sendWithWait(boolean bySha) {
      RBatch batch = redisson.createBatch(acks.options());
      CompletableFuture<List<@Nullable Object>> script =
          send(batch.getScript(ByteArrayCodec.INSTANCE), bySha);
      return batch
          .executeAsync()
          .thenCompose(
              done -> {
                boolean stored = acks.suffice(done.getSyncedSlaves());
                return script.thenApply(values -> new Answer(values, stored));
              });
    }

    private CompletableFuture<List<@Nullable Object>> send(RScriptAsync to, boolean bySha) {
      RScript.Mode mode = RScript.Mode.READ_WRITE;
      RScript.ReturnType list = RScript.ReturnType.LIST;
      RFuture<List<@Nullable Object>> future =
          bySha
              ? to.evalShaAsync(mode, SCRIPT.sha1(), list, keys, arguments)
              : to.evalAsync(mode, SCRIPT.source(), list, keys, arguments);
      CompletableFuture<List<@Nullable Object>> sending = future.toCompletableFuture();
      sent = sending;
      return sending;
    }

    private void failed(Throwable cause, boolean bySha, int times) {
      if (answer.isDone()) {
        return;
      }
      if (bySha && cause instanceof RedisNoScriptException) {
        send(false, times);
      } else if (!acknowledged || !sendAgain(cause, bySha, times)) {
        answer.completeExceptionally(cause);
      }
    }

    /**
     * As often, and as late, as Redisson does it with all else; but the script and WAIT together.
     */
    private boolean sendAgain(Throwable cause, boolean bySha, int times) {
      ServiceManager services = ((Redisson) redisson).getServiceManager();
      BaseConfig<?> config = services.getConfig();
      if (times >= config.getRetryAttempts()
          || PASSING.stream().noneMatch(c -> c.isInstance(cause))) {
        return false;
      }
      var unused =
          services.newTimeout(
              timeout -> {
                if (!answer.isDone()) {
                  send(bySha, times + 1);
                }
              },
              config.getRetryDelay().calcDelay(times).toMillis(),
              TimeUnit.MILLISECONDS);
      return true;
    }

    private void giveUp() {
      answer.cancel(false);
      CompletableFuture<?> sending = sent;
      if (sending != null) {
        sending.cancel(false);
      }
    }
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException ? requireNonNull(failure.getCause()) : failure;
  }
}
