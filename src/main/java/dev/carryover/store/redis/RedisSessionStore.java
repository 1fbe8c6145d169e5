package dev.carryover.store.redis;

import dev.carryover.config.ReadMode;
import dev.carryover.config.SessionConfig;
import dev.carryover.metrics.SessionMetrics;
import dev.carryover.store.Commit;
import dev.carryover.store.DueSessions;
import dev.carryover.store.Hold;
import dev.carryover.store.NewSession;
import dev.carryover.store.SessionDelta;
import dev.carryover.store.SessionIndex;
import dev.carryover.store.SessionRecord;
import dev.carryover.store.SessionStore;
import dev.carryover.store.redis.Script.Operation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Records in Redis: one script call an operation, through Redisson. Thread-safe.
 *
 * <p>Scripts are called by their SHA-1; a server that does not know one (new, restarted, flushed)
 * is sent the source.
 */
public final class RedisSessionStore implements SessionStore {

  /** Touches that may be under way: a Redis that is slow is not sent more and more. */
  private static final int MOST_TOUCHES = 1_000;

  /** Rotations by other nodes that a commit follows before it gives up. */
  private static final int MOST_MOVES = 256;

  /** Ended sessions that are remembered until Redis can be told. */
  private static final int MOST_UNFINISHED = 1_000;

  private static final byte[] EMPTY = {};
  private static final byte[] NONE = {'-'};
  private static final byte[] ONE = {'1'};
  private static final byte[] ZERO = {'0'};

  private final OwnRedisson own;
  private final RedisKeys keys;
  private final RecordForms forms;
  private final RedisCalls calls;
  private final DueIndex deadlines;
  private final Duration timeout;

  /** Ended sessions that Redis could not be told to remove; bounded. */
  private final Set<String> unfinished = ConcurrentHashMap.newKeySet();

  private final Semaphore touching = new Semaphore(MOST_TOUCHES);

  /** Null where nobody trusts what it has. */
  private final @Nullable Holds holds;

  private RedisSessionStore(
      OwnRedisson own,
      RecordForms forms,
      SessionConfig config,
      String namespace,
      SessionMetrics metrics) {
    this.own = own;
    this.keys = new RedisKeys(namespace);
    this.forms = forms;
    this.timeout = config.redisTimeout();
    this.calls = new RedisCalls(own.client(), keys, config, metrics);
    this.deadlines = new DueIndex(calls, own.client(), keys);
    this.holds =
        config.read() == ReadMode.TRUSTED ? new Holds(own.client(), calls.reachability()) : null;
    calls.reachability().awaitFirstAttempt(timeout);
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
    Reply reply = calls.ask(Operation.OPEN, recordKeys(id), knownVersion, holder);
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
    RedisCalls.inBackground(
        Operation.RESEAL, calls.run(Operation.RESEAL, names, arguments.toArray()));
  }

  @Override
  public @Nullable SessionRecord look(String id, long knownVersion) {
    SessionRecord record =
        following(
            id,
            knownVersion,
            present -> calls.ask(Operation.LOOK, forwardKeys(present), knownVersion));
    boolean readable = record != null && (record.isUnchanged() || record.attachment() != null);
    return readable ? record : null;
  }

  @Override
  public @Nullable SessionRecord load(String id, String name) {
    String field = Reply.field(name);
    SessionRecord record =
        following(id, 0, present -> calls.ask(Operation.LOAD, forwardKeys(present), field));
    return record == null || record.attachment() == null ? null : record;
  }

  @Override
  public void touch(String id) {
    if (touching.tryAcquire()) {
      RedisCalls.inBackground(Operation.TOUCH, touched(id));
    }
  }

  @Override
  public void touch(String id, Hold hold) {
    if (!touching.tryAcquire()) {
      hold.lose();
      return;
    }
    RedisCalls.inBackground(
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
    return calls
        .run(Operation.TOUCH, recordKeys(id))
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
    arguments.add(calls.knowTheTime() ? (Object) session.createdAt() : EMPTY);
    arguments.add((long) session.maxInactiveInterval());
    String principal = session.principal();
    arguments.add(principal == null ? EMPTY : sealed(seal, principal));
    arguments.add(principal == null ? EMPTY : seal.form().owner(principal));
    addAll(arguments, seal.bindings(id));
    addAttributes(arguments, seal, session.attributes());
    List<String> names = List.of(keys.index(id), keys.record(seal.form().name(id)));
    Reply reply = calls.ask(Operation.CREATE, names, arguments.toArray());
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
        present ->
            calls.ask(Operation.END, forwardKeys(present), knownVersion, lease.toMillis(), EMPTY));
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
    return deadlines.takeTurn(turn);
  }

  @Override
  public DueSessions due(int limit) {
    return deadlines.due(currentTimeMillis(), limit);
  }

  @Override
  public @Nullable SessionRecord claim(String name, Duration lease) {
    RecordForm form = forms.of(name);
    Reply reply =
        calls.ask(
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
    return calls.await(
            "exists",
            keys.shardOf(id),
            calls
                .reachability()
                .then(
                    keys.shardOf(id),
                    () -> own.client().getKeys().countExistsAsync(records).toCompletableFuture()))
        > 0;
  }

  @Override
  public void finish(String id) {
    CompletableFuture<Reply> finished = calls.run(Operation.FINISH, finishKeys(id));
    RedisCalls.inBackground(Operation.FINISH, finished);
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
    return new RedisSessionIndex(calls, own.client(), keys, forms);
  }

  @Override
  public long currentTimeMillis() {
    return calls.currentTimeMillis();
  }

  @Override
  public void close() {
    if (holds != null) {
      holds.close();
    }
    calls.reachability().close();
    own.close(timeout);
    calls.reachability().awaitEnd(timeout);
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
    return calls.ask(
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
    return calls.ask(Operation.COMMIT, names, arguments(id, newId, seal, delta));
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
}
