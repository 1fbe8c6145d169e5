package dev.carryover.store.redis;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBatch;
import org.redisson.api.RFuture;
import org.redisson.api.RScript;
import org.redisson.api.RScriptAsync;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisNoScriptException;
import org.redisson.client.codec.ByteArrayCodec;

/**
 * Calls of the script, by its SHA-1; a server that does not know it (new, restarted, flushed) is
 * sent the source. Thread-safe.
 */
final class ScriptCalls {

  private static final Script SCRIPT = new Script();

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
    boolean acknowledged = changes && acks.areWanted();
    Call call = new Call(acknowledged, true, keys, arguments);
    CompletableFuture<T> read =
        call.answer
            .handle(
                (answer, failure) ->
                    failure == null
                        ? CompletableFuture.completedFuture(answer)
                        : again(acknowledged, keys, arguments, failure))
            .thenCompose(answer -> answer)
            .thenApply(reader)
            .toCompletableFuture();
    var unused =
        read.whenComplete(
            (answer, failure) -> {
              if (read.isCancelled()) {
                call.sent.cancel(false);
              }
            });
    return read;
  }

  private CompletionStage<Answer> again(
      boolean acknowledged, List<Object> keys, Object[] arguments, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof RedisNoScriptException
        ? new Call(acknowledged, false, keys, arguments).answer
        : CompletableFuture.failedFuture(requireNonNull(cause));
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

  /** One call, sent. */
  private final class Call {
    private final CompletableFuture<List<@Nullable Object>> sent;
    private final CompletionStage<Answer> answer;

    private Call(boolean acknowledged, boolean bySha, List<Object> keys, Object[] arguments) {
      if (acknowledged) {
        // WAIT counts what its own connection has written: a batch keeps the two together.
        RBatch batch = redisson.createBatch(acks.options());
        sent = send(batch.getScript(ByteArrayCodec.INSTANCE), bySha, keys, arguments);
        answer =
            batch
                .executeAsync()
                .thenCompose(
                    done -> {
                      boolean stored = acks.suffice(done.getSyncedSlaves());
                      return sent.thenApply(values -> new Answer(values, stored));
                    });
      } else {
        sent = send(scripts, bySha, keys, arguments);
        answer = sent.thenApply(values -> new Answer(values, true));
      }
    }

    private CompletableFuture<List<@Nullable Object>> send(
        RScriptAsync to, boolean bySha, List<Object> keys, Object[] arguments) {
      RScript.Mode mode = RScript.Mode.READ_WRITE;
      RScript.ReturnType list = RScript.ReturnType.LIST;
      RFuture<List<@Nullable Object>> future =
          bySha
              ? to.evalShaAsync(mode, SCRIPT.sha1(), list, keys, arguments)
              : to.evalAsync(mode, SCRIPT.source(), list, keys, arguments);
      return future.toCompletableFuture();
    }
  }
}
