package dev.carryover.store.redis;

import static java.util.Objects.requireNonNull;

import dev.carryover.config.ReadMode;
import dev.carryover.config.SessionConfig;
import dev.carryover.store.Commit;
import dev.carryover.store.DueSessions;
import dev.carryover.store.Hold;
import dev.carryover.store.NewSession;
import dev.carryover.store.SessionDelta;
import dev.carryover.store.SessionRecord;
import dev.carryover.store.SessionStore;
import dev.carryover.store.SessionStoreException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBatch;
import org.redisson.api.RFuture;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisNoScriptException;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.codec.StringCodec;
import org.redisson.client.protocol.ScoredEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records in Redis: one script call an operation, through Redisson. Thread-safe.
 *
 * <p>Scripts are called by their SHA-1; a server that does not know one (new, restarted, flushed)
 * is sent the source.
 */
public final class RedisSessionStore implements SessionStore {

  private static final Logger log = LoggerFactory.getLogger(RedisSessionStore.class);

  /** Touches that may be under way: a Redis that is slow is not sent more and more. */
  private static final int MOST_TOUCHES = 1_000;

  /** Rotations by other nodes that a commit follows before it gives up. */
  private static final int MOST_MOVES = 16;

  /** Where a message of Redisson's begins to quote the command. */
  private static final Pattern SENT =
      Pattern.compile("[.,;]?\\s*(channel|command|params|promise|Command):?\\s.*", Pattern.DOTALL);

  private static final byte[] EMPTY = {};
  private static final byte[] ONE = {'1'};
  private static final byte[] ZERO = {'0'};

  private final RedissonClient redisson;
  private final RScript scripts;
  private final RedisKeys keys;
  private final byte[] sliding;
  private final byte[] grace;
  private final Duration timeout;
  private final FirstConnection connection;
  private final Semaphore touching = new Semaphore(MOST_TOUCHES);

  /** Null where nobody trusts what it has. */
  private final @Nullable Holds holds;

  /** Redis's time minus this node's, at the last answer; null before the first. */
  private volatile @Nullable Long clockOffset;

  /**
   * A store over a client, which is shut down with it.
   *
   * @param namespace what the keys begin with, shared by all nodes of an application
   * @param sliding whether an access moves the deadline
   * @param grace how long a record outlives its deadline at most, if no node claims its end
   * @param timeout the longest an operation waits for Redis
   * @param holding whether nodes may hold sessions; else they hear at once that they can't
   */
  public RedisSessionStore(
      RedissonClient redisson,
      String namespace,
      boolean sliding,
      Duration grace,
      Duration timeout,
      boolean holding) {
    this.redisson = redisson;
    this.scripts = redisson.getScript(ByteArrayCodec.INSTANCE);
    this.keys = new RedisKeys(namespace);
    this.sliding = sliding ? ONE : ZERO;
    this.grace = bytes(grace.toMillis());
    this.timeout = timeout;
    // Any question makes the connection; no script, so that scripts are requests' alone.
    this.connection =
        new FirstConnection(() -> redisson.getKeys().countExists(keys.indexes().get(0)));
    this.holds = holding ? new Holds(redisson, connection) : null;
  }

  /** The store that the configuration's URL leads to. Redis need not be there yet. */
  public static RedisSessionStore connect(SessionConfig config, String namespace) {
    return over(RedisClients.connect(config), config, namespace);
  }

  /**
   * The store that a Redisson YAML file describes. Redis need not be there yet.
   *
   * @throws IllegalArgumentException if the text is no such description; says why
   */
  public static RedisSessionStore fromYaml(String yaml, SessionConfig config, String namespace) {
    return over(RedisClients.fromYaml(yaml), config, namespace);
  }

  private static RedisSessionStore over(
      RedissonClient redisson, SessionConfig config, String namespace) {
    RedisSessionStore store =
        new RedisSessionStore(
            redisson,
            namespace,
            config.sliding(),
            config.expiryGrace(),
            config.redisTimeout(),
            config.read() == ReadMode.TRUSTED);
    store.connection.awaitFirstAttempt(config.redisTimeout());
    return store;
  }

  @Override
  public @Nullable SessionRecord open(String id, long knownVersion) {
    return openAs("", id, knownVersion);
  }

  @Override
  public @Nullable SessionRecord open(String id, long knownVersion, Hold hold) {
    if (holds == null) {
      hold.lose();
      return open(id, knownVersion);
    }
    return openAs(holds.enter(hold), id, knownVersion);
  }

  private @Nullable SessionRecord openAs(String holder, String id, long knownVersion) {
    Reply reply =
        await("open", run(Script.OPEN, recordKeys(id), id, knownVersion, sliding, grace, holder));
    return reply.isGone() ? null : reply.record(id);
  }

  @Override
  public @Nullable SessionRecord look(String id, long knownVersion) {
    return following(
        id,
        present ->
            await(
                "look",
                run(Script.LOOK, commitKeys(present, null), present, knownVersion, sliding)));
  }

  @Override
  public void touch(String id) {
    if (touching.tryAcquire()) {
      inBackground("touch", touched(id));
    }
  }

  @Override
  public void touch(String id, Hold hold) {
    if (!touching.tryAcquire()) {
      hold.lose();
      return;
    }
    inBackground(
        "touch",
        touched(id)
            .whenComplete(
                (reply, failure) -> {
                  if (failure != null || reply.isGone() || !holder(hold).equals(reply.text(2))) {
                    hold.lose();
                  }
                }));
  }

  private CompletableFuture<Reply> touched(String id) {
    return run(Script.TOUCH, recordKeys(id), id, sliding, grace)
        .whenComplete((reply, failure) -> touching.release());
  }

  /** How the scripts know who holds a session; empty for nobody. */
  private String holder(@Nullable Hold hold) {
    return holds == null || hold == null ? "" : holds.name(hold);
  }

  @Override
  public Commit create(NewSession session) {
    List<Object> arguments = new ArrayList<>();
    arguments.add(session.id());
    arguments.add(clockOffset == null ? EMPTY : (Object) session.createdAt());
    arguments.add((long) session.maxInactiveInterval());
    arguments.add(sliding);
    arguments.add(grace);
    String principal = session.principal();
    arguments.add(principal == null ? EMPTY : (Object) principal);
    addFields(arguments, session.attributes());
    Reply reply =
        await("create", run(Script.CREATE, recordKeys(session.id()), arguments.toArray()));
    return Commit.done(session.id(), 0, reply.number(3), reply.number(2));
  }

  @Override
  public Commit commit(SessionDelta delta) {
    String id = delta.id();
    for (int moves = 0; moves < MOST_MOVES; moves++) {
      // Rotated to the wanted id already: this node's own commit, sent a second time.
      String newId = id.equals(delta.newId()) ? null : delta.newId();
      Reply reply =
          await("commit", run(Script.COMMIT, commitKeys(id, newId), fields(id, newId, delta)));
      String movedTo = reply.movedTo();
      if (movedTo == null) {
        return reply.isGone()
            ? Commit.gone()
            : Commit.done(
                newId == null ? id : newId, reply.number(3), reply.number(4), reply.number(2));
      }
      id = movedTo;
    }
    return Commit.gone();
  }

  @Override
  public @Nullable SessionRecord end(String id, long knownVersion, Duration lease) {
    return following(
        id,
        present ->
            await(
                "end",
                run(
                    Script.END,
                    commitKeys(present, null),
                    present,
                    knownVersion,
                    sliding,
                    grace,
                    lease.toMillis())));
  }

  /** Runs a script with the id that the session has by now. */
  private static @Nullable SessionRecord following(String id, Function<String, Reply> script) {
    String present = id;
    for (int moves = 0; moves < MOST_MOVES; moves++) {
      Reply reply = script.apply(present);
      String movedTo = reply.movedTo();
      if (movedTo == null) {
        return reply.isGone() ? null : reply.record(present);
      }
      present = movedTo;
    }
    return null;
  }

  @Override
  public DueSessions due(int limit) {
    RBatch batch = redisson.createBatch();
    List<RFuture<Collection<ScoredEntry<String>>>> shards = new ArrayList<>();
    long now = currentTimeMillis();
    for (String index : keys.indexes()) {
      var deadlines = batch.<String>getScoredSortedSet(index, StringCodec.INSTANCE);
      shards.add(deadlines.entryRangeAsync(0, true, (double) now, true, 0, limit));
      shards.add(
          deadlines.entryRangeAsync((double) now, false, Double.POSITIVE_INFINITY, false, 0, 1));
    }
    await("due", connection.then(() -> batch.executeAsync().toCompletableFuture()));
    List<String> ids = new ArrayList<>();
    double next = Double.POSITIVE_INFINITY;
    for (RFuture<Collection<ScoredEntry<String>>> shard : shards) {
      int before = ids.size();
      for (ScoredEntry<String> entry : shard.toCompletableFuture().join()) {
        if (entry.getScore() <= now) {
          ids.add(entry.getValue());
        } else {
          next = Math.min(next, entry.getScore());
        }
      }
      if (ids.size() - before == limit) {
        // There may be more of this shard, due as well.
        next = Math.min(next, (double) now);
      }
    }
    return new DueSessions(ids, (long) next);
  }

  @Override
  public @Nullable SessionRecord claim(String id, Duration lease) {
    Reply reply =
        await("claim", run(Script.CLAIM, recordKeys(id), id, sliding, grace, lease.toMillis()));
    return reply.isGone() ? null : reply.record(id);
  }

  @Override
  public boolean exists(String id) {
    return await(
            "exists",
            connection.then(
                () -> redisson.getKeys().countExistsAsync(keys.record(id)).toCompletableFuture()))
        > 0;
  }

  @Override
  public void finish(String id) {
    inBackground("finish", run(Script.FINISH, recordKeys(id), id));
  }

  @Override
  public long currentTimeMillis() {
    Long offset = clockOffset;
    return System.currentTimeMillis() + (offset == null ? 0 : offset);
  }

  @Override
  public void close() {
    if (holds != null) {
      holds.close();
    }
    connection.close();
    redisson.shutdown(0, timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private List<Object> recordKeys(String id) {
    List<Object> list = new ArrayList<>(4);
    list.add(keys.record(id));
    list.add(keys.index(id));
    return list;
  }

  private List<Object> commitKeys(String id, @Nullable String newId) {
    List<Object> list = recordKeys(id);
    list.add(keys.forward(id));
    if (newId != null) {
      list.add(keys.record(newId));
    }
    return list;
  }

  private Object[] fields(String id, @Nullable String newId, SessionDelta delta) {
    List<Object> arguments = new ArrayList<>();
    arguments.add(id);
    arguments.add(newId == null ? EMPTY : (Object) newId);
    arguments.add(sliding);
    arguments.add(grace);
    arguments.add(FORWARDING.toMillis());
    Integer interval = delta.maxInactiveInterval();
    arguments.add(interval == null ? EMPTY : (Object) interval.longValue());
    arguments.add(principal(delta));
    arguments.add(holder(delta.hold()));
    arguments.add((long) delta.written().size());
    addFields(arguments, delta.written());
    delta.removed().forEach(name -> arguments.add(Reply.field(name)));
    return arguments.toArray();
  }

  private static String principal(SessionDelta delta) {
    if (!delta.principalChanged()) {
      return "";
    }
    return delta.principal() == null ? "-" : '=' + delta.principal();
  }

  private static void addFields(List<Object> arguments, Map<String, byte[]> attributes) {
    attributes.forEach(
        (name, encoded) -> {
          arguments.add(Reply.field(name));
          arguments.add(encoded);
        });
  }

  /**
   * Runs a script on the server that has the keys.
   *
   * @param arguments strings, numbers and bytes
   */
  private CompletableFuture<Reply> run(
      Script script, List<Object> scriptKeys, Object... arguments) {
    return connection.then(() -> send(script, scriptKeys, arguments));
  }

  private CompletableFuture<Reply> send(
      Script script, List<Object> scriptKeys, Object... arguments) {
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = bytes(arguments[i]);
    }
    CompletionStage<List<@Nullable Object>> answer =
        scripts.evalShaAsync(
            RScript.Mode.READ_WRITE, script.sha1(), RScript.ReturnType.LIST, scriptKeys, arguments);
    CompletableFuture<Reply> reply =
        answer
            .handle(
                (values, failure) ->
                    failure == null
                        ? CompletableFuture.completedFuture(values)
                        : resend(script, scriptKeys, arguments, failure))
            .thenCompose(resent -> resent)
            .thenApply(this::heard)
            .toCompletableFuture();
    // What nobody waits for any more must not be sent again later, after something newer.
    var unused =
        reply.whenComplete(
            (done, failure) -> {
              if (reply.isCancelled()) {
                answer.toCompletableFuture().cancel(false);
              }
            });
    return reply;
  }

  private CompletionStage<List<@Nullable Object>> resend(
      Script script, List<Object> scriptKeys, Object[] arguments, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof RedisNoScriptException) {
      return scripts.evalAsync(
          RScript.Mode.READ_WRITE, script.source(), RScript.ReturnType.LIST, scriptKeys, arguments);
    }
    return CompletableFuture.failedFuture(requireNonNull(cause));
  }

  private Reply heard(List<@Nullable Object> values) {
    Reply reply = new Reply(values);
    clockOffset = reply.time() - System.currentTimeMillis();
    return reply;
  }

  private <T> T await(String operation, CompletionStage<T> answer) {
    CompletableFuture<T> future = answer.toCompletableFuture();
    try {
      return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      future.cancel(false);
      throw failure(operation, "did not answer within " + timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      throw failure(operation, "failed: " + describe(requireNonNull(e.getCause())));
    } catch (InterruptedException e) {
      future.cancel(false);
      Thread.currentThread().interrupt();
      throw failure(operation, "was waited for by a thread that was interrupted");
    }
  }

  private static SessionStoreException failure(String operation, String what) {
    return new SessionStoreException("Redis " + what + " (session " + operation + ")");
  }

  /** What Redisson says without what it sent: ids and values must not get into logs. */
  private static String describe(Throwable cause) {
    Matcher sent = SENT.matcher(String.valueOf(cause.getMessage()));
    return cause.getClass().getSimpleName() + ": " + sent.replaceFirst("");
  }

  private static void inBackground(String operation, CompletableFuture<Reply> answer) {
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
