package dev.carryover.store.redis;

import static java.util.Objects.requireNonNull;

import dev.carryover.config.ReadMode;
import dev.carryover.config.SessionConfig;
import dev.carryover.metrics.Counter;
import dev.carryover.metrics.Gauge;
import dev.carryover.metrics.SessionMetrics;
import dev.carryover.metrics.Timer;
import dev.carryover.store.Commit;
import dev.carryover.store.DueSessions;
import dev.carryover.store.Hold;
import dev.carryover.store.NewSession;
import dev.carryover.store.Patience;
import dev.carryover.store.SessionDelta;
import dev.carryover.store.SessionIndex;
import dev.carryover.store.SessionRecord;
import dev.carryover.store.SessionStore;
import dev.carryover.store.SessionStoreException;
import dev.carryover.store.redis.Flights.Passenger;
import dev.carryover.store.redis.Script.Operation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBatch;
import org.redisson.api.RFuture;
import org.redisson.api.RScoredSortedSetAsync;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisOutOfMemoryException;
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

  /** Those of a flight that are not a passenger's own. */
  private static final int FLIGHT_ARGUMENTS = 5;

  /** What a flight says of a passenger: its operation, its keys and its arguments. */
  private static final int PASSENGER_BYTES = 6;

  /** Rotations by other nodes that a commit follows before it gives up. */
  private static final int MOST_MOVES = 256;

  /** Ended sessions that are remembered until Redis can be told. */
  private static final int MOST_UNFINISHED = 1_000;

  /** In place of a shard's number: what concerns all, so that nobody knows which is away. */
  private static final int ANY_SHARD = -1;

  private static final String OF_ANOTHER_TYPE = "WRONGTYPE";

  /** Names that are no text come back as the bytes that they were. */
  private static final StringCodec EXACTLY = new StringCodec(StandardCharsets.ISO_8859_1);

  private static final byte[] EMPTY = {};
  private static final byte[] NONE = {'-'};
  private static final byte[] ONE = {'1'};
  private static final byte[] ZERO = {'0'};

  private final SessionMetrics metrics;
  private final OwnRedisson own;
  private final RedissonClient redisson;
  private final ScriptCalls calls;
  private final RedisKeys keys;
  private final RecordForms forms;
  private final byte[] sliding;
  private final byte[] grace;

  /** The most bytes of a value that comes with an open; 0 for any. */
  private final byte[] longest;

  /** The most milliseconds that a session lives; 0 for any. */
  private final byte[] maxAge;

  private final Duration timeout;
  private final Reachability reachability;
  private final boolean isCluster;

  /** Ended sessions that Redis could not be told to remove; bounded. */
  private final Set<String> unfinished = ConcurrentHashMap.newKeySet();

  private final Flights flights;

  /** Those of changes: others' where no replica is waited for, else their own. */
  private final Flights changing;

  private final Semaphore touching = new Semaphore(MOST_TOUCHES);

  private final AtomicBoolean toldOfHealing = new AtomicBoolean();

  /** Null where nobody trusts what it has. */
  private final @Nullable Holds holds;

  /** Redis's time minus this node's, at the last answer; null before the first. */
  private volatile @Nullable Long clockOffset;

  private RedisSessionStore(
      OwnRedisson own,
      RecordForms forms,
      SessionConfig config,
      String namespace,
      SessionMetrics metrics) {
    this.metrics = metrics;
    this.own = own;
    this.redisson = own.client();
    ReplicaAcks acks = new ReplicaAcks(config, metrics);
    this.calls = new ScriptCalls(redisson, acks);
    this.keys = new RedisKeys(namespace);
    this.forms = forms;
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
    this.holds = config.read() == ReadMode.TRUSTED ? new Holds(redisson, reachability) : null;
    reachability.awaitFirstAttempt(timeout);
  }

  /**
   * The store that the configuration's URL leads to. Redis need not be there yet.
   *
   * @param namespace what the keys begin with, shared by all nodes of an application
   * @throws dev.carryover.config.ConfigException if the secrets can't be read
   */
  public static RedisSessionStore connect(SessionConfig config, String namespace) {
    return connect(config, namespace, SessionMetrics.NONE);
  }

  /**
   * As {@link #connect(SessionConfig, String)}.
   *
   * @param metrics told of what goes over the connections
   */
  public static RedisSessionStore connect(
      SessionConfig config, String namespace, SessionMetrics metrics) {
    RecordForms forms = RecordForms.of(config.secrets(), namespace);
    return new RedisSessionStore(
        RedisClients.connect(config, metrics), forms, config, namespace, metrics);
  }

  /**
   * The store that a Redisson YAML file describes. Redis need not be there yet.
   *
   * @throws IllegalArgumentException if the text is no such description; says why
   * @throws dev.carryover.config.ConfigException if the secrets can't be read
   */
  public static RedisSessionStore fromYaml(String yaml, SessionConfig config, String namespace) {
    return fromYaml(yaml, config, namespace, SessionMetrics.NONE);
  }

  /**
   * As {@link #fromYaml(String, SessionConfig, String)}.
   *
   * @param metrics told of what goes over the connections
   */
  public static RedisSessionStore fromYaml(
      String yaml, SessionConfig config, String namespace, SessionMetrics metrics) {
    RecordForms forms = RecordForms.of(config.secrets(), namespace);
    return new RedisSessionStore(
        RedisClients.fromYaml(yaml, metrics), forms, config, namespace, metrics);
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
    Reply reply = ask(Operation.OPEN, recordKeys(id), knownVersion, holder);
    if (reply.isGone()) {
      return null;
    }
    if (reply.isUnchanged()) {
      return reply.unchanged(id, knownVersion);
    }
    SessionSeal seal = reply.seal(forms, id);
    if (seal == null) {
      return null;
    }
    if (reply.wantsReseal()) {
      reseal(id, reply, seal);
    }
    return reply.record(id, seal);
  }

  /**
   * Puts a record into the form that is written now. Nobody waits for it: until it is done, and if
   * it is not, the record is as good as it was.
   */
  private void reseal(String id, Reply reply, SessionSeal before) {
    RecordForm form = forms.first();
    SessionSeal seal = form.create();
    List<Object> arguments = new ArrayList<>();
    arguments.add(reply.version());
    String principal = reply.openedPrincipal(before);
    arguments.add(principal == null ? EMPTY : form.owner(principal));
    Map<String, byte @Nullable []> fields = reply.attributeFields();
    fields.put(RecordForm.PRINCIPAL, reply.principal());
    fields.forEach(
        (field, value) -> {
          byte[] opened = value == null ? null : before.open(field, value);
          if (opened != null) {
            arguments.add(field);
            arguments.add(seal.seal(field, opened));
          }
        });
    addAll(arguments, seal.bindings(id));
    List<String> names =
        List.of(keys.index(id), keys.record(before.form().name(id)), keys.record(form.name(id)));
    inBackground(Operation.RESEAL, run(Operation.RESEAL, names, arguments.toArray()));
  }

  @Override
  public @Nullable SessionRecord look(String id, long knownVersion) {
    SessionRecord record =
        following(
            id, knownVersion, present -> ask(Operation.LOOK, forwardKeys(present), knownVersion));
    boolean readable = record != null && (record.isUnchanged() || record.attachment() != null);
    return readable ? record : null;
  }

  @Override
  public @Nullable SessionRecord load(String id, String name) {
    String field = Reply.field(name);
    SessionRecord record =
        following(id, 0, present -> ask(Operation.LOAD, forwardKeys(present), field));
    return record == null || record.attachment() == null ? null : record;
  }

  @Override
  public void touch(String id) {
    if (touching.tryAcquire()) {
      inBackground(Operation.TOUCH, touched(id));
    }
  }

  @Override
  public void touch(String id, Hold hold) {
    if (!touching.tryAcquire()) {
      hold.lose();
      return;
    }
    inBackground(
        Operation.TOUCH,
        touched(id)
            .whenComplete(
                (reply, failure) -> {
                  if (failure != null || reply.isGone() || !holder(hold).equals(reply.holder())) {
                    hold.lose();
                  }
                }));
  }

  private CompletableFuture<Reply> touched(String id) {
    return run(Operation.TOUCH, recordKeys(id))
        .whenComplete((reply, failure) -> touching.release());
  }

  /** How the scripts know who holds a session; empty for nobody. */
  private String holder(@Nullable Hold hold) {
    return holds == null || hold == null ? "" : holds.name(hold);
  }

  @Override
  public Commit create(NewSession session) {
    String id = session.id();
    SessionSeal seal = forms.first().create();
    List<Object> arguments = new ArrayList<>();
    arguments.add(clockOffset == null ? EMPTY : (Object) session.createdAt());
    arguments.add((long) session.maxInactiveInterval());
    String principal = session.principal();
    arguments.add(principal == null ? EMPTY : sealed(seal, principal));
    arguments.add(principal == null ? EMPTY : seal.form().owner(principal));
    addAll(arguments, seal.bindings(id));
    addAttributes(arguments, seal, session.attributes());
    List<String> names = List.of(keys.index(id), keys.record(seal.form().name(id)));
    Reply reply = ask(Operation.CREATE, names, arguments.toArray());
    return Commit.done(id, 0, reply.number(3), reply.number(2)).with(seal);
  }

  @Override
  public Commit commit(SessionDelta delta) {
    String id = delta.id();
    SessionSeal seal = (SessionSeal) delta.attachment();
    for (int moves = 0; moves < MOST_MOVES; moves++) {
      // Rotated to the wanted id already: this node's own commit, sent a second time.
      String newId = id.equals(delta.newId()) ? null : delta.newId();
      Reply reply = seal == null ? askForSeal(id) : write(id, newId, seal, delta);
      if (reply.isMoved()) {
        String movedTo = reply.movedTo(forms, id);
        if (movedTo == null) {
          return Commit.gone();
        }
        id = movedTo;
      } else if (reply.hasOtherForm()) {
        seal = reply.otherSeal(forms, id);
        if (seal == null) {
          return Commit.gone();
        }
      } else if (reply.isGone() || seal == null) {
        return Commit.gone();
      } else {
        return Commit.done(
                newId == null ? id : newId, reply.number(3), reply.number(4), reply.number(2))
            .with(seal);
      }
    }
    return Commit.gone();
  }

  @Override
  public @Nullable SessionRecord end(String id, long knownVersion, Duration lease) {
    return following(
        id,
        knownVersion,
        present -> ask(Operation.END, forwardKeys(present), knownVersion, lease.toMillis(), EMPTY));
  }

  /** Runs a script with the id that the session has by now. */
  private @Nullable SessionRecord following(
      String id, long knownVersion, Function<String, Reply> script) {
    String present = id;
    for (int moves = 0; moves < MOST_MOVES && present != null; moves++) {
      Reply reply = script.apply(present);
      if (reply.isUnchanged()) {
        return reply.unchanged(present, knownVersion);
      }
      if (!reply.isMoved()) {
        return reply.isGone() ? null : reply.record(present, reply.seal(forms, present));
      }
      present = reply.movedTo(forms, present);
    }
    return null;
  }

  @Override
  public boolean takeTurn(Duration turn) {
    List<String> again = List.copyOf(unfinished);
    again.forEach(unfinished::remove);
    again.forEach(this::finish);
    return await(
        "turn",
        ANY_SHARD,
        reachability
            .then(
                () ->
                    redisson
                        .<String>getBucket(keys.turn(), StringCodec.INSTANCE)
                        .setIfAbsentAsync("", turn)
                        .toCompletableFuture())
            .handle(
                (taken, failure) -> {
                  // Where there is no room, each looks: ends make room.
                  if (failure == null || cause(failure) instanceof RedisOutOfMemoryException) {
                    return failure != null || taken;
                  }
                  throw new CompletionException(cause(failure));
                }));
  }

  @Override
  public DueSessions due(int limit) {
    double now = currentTimeMillis();
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
          reachability
              .then(
                  keys.shardOfIndex(index),
                  () -> deadlines(index).removeAllAsync(others).toCompletableFuture())
              .thenAccept(done -> healed(others.size()));
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
      await("due", batch);
      asked.forEach(answer -> answers.add(answered(answer).orElse(List.of())));
    }
    return answers;
  }

  @Override
  public @Nullable SessionRecord claim(String name, Duration lease) {
    RecordForm form = forms.of(name);
    Reply reply =
        ask(
            Operation.CLAIM,
            List.of(keys.index(name), keys.record(name)),
            form == null ? ZERO : ONE,
            lease.toMillis());
    if (form == null || reply.isGone()) {
      return null;
    }
    String id = form.id(name, reply.idField());
    // Without its id, its end is told and finished by its name.
    return reply.record(id == null ? name : id, reply.seal(form, name));
  }

  @Override
  public boolean exists(String id) {
    String[] records = forms.names(id).stream().map(keys::record).toArray(String[]::new);
    return await(
            "exists",
            keys.shardOf(id),
            reachability.then(
                keys.shardOf(id),
                () -> redisson.getKeys().countExistsAsync(records).toCompletableFuture()))
        > 0;
  }

  @Override
  public void finish(String id) {
    CompletableFuture<Reply> finished = run(Operation.FINISH, finishKeys(id));
    inBackground(Operation.FINISH, finished);
    var unused =
        finished.whenComplete(
            (reply, failure) -> {
              if (failure != null && unfinished.size() < MOST_UNFINISHED) {
                unfinished.add(id);
              }
            });
  }

  @Override
  public SessionIndex index() {
    return new RedisSessionIndex(this, redisson, keys, forms);
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
    reachability.close();
    own.close(timeout);
    reachability.awaitEnd(timeout);
    if (holds != null) {
      holds.awaitEnd(timeout);
    }
  }

  private List<String> recordKeys(String id) {
    List<String> list = new ArrayList<>(1 + forms.count());
    list.add(keys.index(id));
    forms.names(id).forEach(name -> list.add(keys.record(name)));
    return list;
  }

  private List<String> forwardKeys(String id) {
    List<String> list = recordKeys(id);
    forms.names(id).forEach(name -> list.add(keys.forward(name)));
    return list;
  }

  /** Of a record that does not tell its id, the name is known. */
  private List<String> finishKeys(String idOrName) {
    return SealedForm.isSealed(idOrName)
        ? List.of(keys.index(idOrName), keys.record(idOrName))
        : recordKeys(idOrName);
  }

  /** Asks for the session's seal: nothing is written, because the values have no form. */
  private Reply askForSeal(String id) {
    return ask(
        Operation.COMMIT,
        forwardKeys(id),
        0L,
        EMPTY,
        EMPTY,
        0L,
        EMPTY,
        EMPTY,
        EMPTY,
        EMPTY,
        0L,
        0L);
  }

  private Reply write(String id, @Nullable String newId, SessionSeal seal, SessionDelta delta) {
    List<String> names = forwardKeys(id);
    if (newId != null) {
      names.add(keys.record(seal.form().name(newId)));
    }
    return ask(Operation.COMMIT, names, arguments(id, newId, seal, delta));
  }

  private Object[] arguments(
      String id, @Nullable String newId, SessionSeal seal, SessionDelta delta) {
    RecordForm form = seal.form();
    Map<String, byte[]> bindings = newId == null ? Map.of() : seal.bindings(newId);
    List<Object> arguments = new ArrayList<>();
    arguments.add(forms.placeOf(form));
    arguments.add(seal.number());
    arguments.add(newId == null ? EMPTY : form.forward(form.name(id), newId));
    arguments.add(FORWARDING.toMillis());
    Integer interval = delta.maxInactiveInterval();
    arguments.add(interval == null ? EMPTY : (Object) interval.longValue());
    arguments.add(principal(seal, delta));
    String principal = delta.principalChanged() ? delta.principal() : null;
    arguments.add(principal == null ? EMPTY : form.owner(principal));
    arguments.add(holder(delta.hold()));
    arguments.add((long) bindings.size());
    arguments.add((long) delta.written().size());
    addAll(arguments, bindings);
    addAttributes(arguments, seal, delta.written());
    delta.removed().forEach(name -> arguments.add(Reply.field(name)));
    return arguments.toArray();
  }

  private static byte[] principal(SessionSeal seal, SessionDelta delta) {
    if (!delta.principalChanged()) {
      return EMPTY;
    }
    String principal = delta.principal();
    return principal == null ? NONE : prefixed(sealed(seal, principal));
  }

  private static byte[] sealed(SessionSeal seal, String principal) {
    return seal.seal(RecordForm.PRINCIPAL, principal.getBytes(StandardCharsets.UTF_8));
  }

  /** Tells what is there, even if it is empty, from what is not. */
  private static byte[] prefixed(byte[] present) {
    return ByteBuffer.allocate(1 + present.length).put((byte) '=').put(present).array();
  }

  private static void addAttributes(
      List<Object> arguments, SessionSeal seal, Map<String, byte[]> attributes) {
    attributes.forEach(
        (name, encoded) -> {
          String field = Reply.field(name);
          arguments.add(field);
          arguments.add(seal.seal(field, encoded));
        });
  }

  private static void addAll(List<Object> arguments, Map<String, byte[]> fields) {
    fields.forEach(
        (field, value) -> {
          arguments.add(field);
          arguments.add(value);
        });
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
                .handle(RedisSessionStore::unlessOfAnotherType));
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
    return await(
        operation,
        keys.shardOfIndex(operationKeys.get(0)),
        run(operation, operationKeys, arguments));
  }

  /**
   * Carries out an operation on the server that has the keys.
   *
   * @param arguments strings, numbers and bytes
   */
  private CompletableFuture<Reply> run(
      Operation operation, List<String> operationKeys, Object... arguments) {
    byte[][] encoded = new byte[arguments.length][];
    for (int i = 0; i < arguments.length; i++) {
      encoded[i] = bytes(arguments[i]);
    }
    int shard = keys.shardOfIndex(operationKeys.get(0));
    Passenger passenger = new Passenger(operation, operationKeys, encoded);
    Flights boards = operation.changes() ? changing : flights;
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
        () -> calls.call(changes, allKeys, arguments, answer -> heard(passengers, answer)));
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

  private void healed(long times) {
    metrics.count(Counter.REDIS_HEALED, times);
    if (!toldOfHealing.getAndSet(true)) {
      log.warn(
          "What lay in Redis was damaged, or is not ours; it was put right or passed over. This is"
              + " logged once, then only counted");
    }
  }

  private <T> T await(Object operation, int shard, CompletionStage<T> answer) {
    CompletableFuture<T> future = answer.toCompletableFuture();
    long start = System.nanoTime();
    try {
      return future.get(Patience.leftNanos(timeout.toNanos()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      NettyTraces.without(() -> future.cancel(false));
      noteFailure(shard, start);
      throw failure(operation, "did not answer within " + timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      Throwable cause = requireNonNull(e.getCause());
      if (!(cause instanceof Reply.Unacknowledged)) {
        noteFailure(shard, start);
      }
      boolean asked = !(cause instanceof Reachability.Away);
      throw failure(operation, "failed: " + describe(cause), asked);
    } catch (InterruptedException e) {
      NettyTraces.without(() -> future.cancel(false));
      Thread.currentThread().interrupt();
      throw failure(operation, "was waited for by a thread that was interrupted");
    } finally {
      long waited = System.nanoTime() - start;
      Patience.waited(waited);
      metrics.time(timer(operation), waited);
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
  private void noteFailure(int shard, long start) {
    boolean waited = System.nanoTime() - start > timeout.toNanos() / 2;
    if (waited && (shard != ANY_SHARD || !isCluster)) {
      reachability.failed(Math.max(0, shard));
    }
  }

  private static Throwable cause(Throwable failure) {
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

  private static void inBackground(Operation operation, CompletableFuture<Reply> answer) {
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
