package dev.carryover.store.redis;

import dev.carryover.store.MinuteCounts;
import dev.carryover.store.OwnedSession;
import dev.carryover.store.PrincipalCount;
import dev.carryover.store.SessionIndex;
import dev.carryover.store.SessionPage;
import dev.carryover.store.SessionRecord;
import dev.carryover.store.SessionSizes;
import dev.carryover.store.SessionSummary;
import dev.carryover.store.redis.Script.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBatch;
import org.redisson.api.RFuture;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/**
 * The sorted sets of a namespace: deadlines, and principals' sessions. What is asked of all shards
 * goes in one batch of 64 small commands; what is asked of a session is one script. Thread-safe.
 */
final class RedisSessionIndex implements SessionIndex {

  /** By how much a deadline in the index may lag behind the record's; see prelude.lua. */
  private static final double SLACK_MILLIS = 10_000;

  private static final Pattern COUNT = Pattern.compile("\\d{1,15}");

  /** Of an entry of the principals' index: a hash, since when, and the record's name. */
  private static final char BETWEEN = ' ';

  /**
   * The character that comes next, so that it ends a range of what begins with {@link #BETWEEN}.
   */
  private static final char BEHIND = '!';

  private static final Pattern OWNED = Pattern.compile("\\S+ \\d{1,15} [\\w.-]{43,51}");

  private static final String ZERO = "0";
  private static final String ONE = "1";
  private static final String NO_ENTRY = "";

  /** How many of each shard's principals are looked at to tell how many there are. */
  private static final int PRINCIPALS_SEEN = 32;

  private static final String CREATED = " created";
  private static final String EXPIRED = " expired";
  private static final String INVALIDATED = " invalidated";

  private final RedisCalls calls;
  private final RedissonClient redisson;
  private final RedisKeys keys;
  private final RecordForms forms;

  RedisSessionIndex(RedisCalls calls, RedissonClient redisson, RedisKeys keys, RecordForms forms) {
    this.calls = calls;
    this.redisson = redisson;
    this.keys = keys;
    this.forms = forms;
  }

  @Override
  public long count() {
    double from = calls.currentTimeMillis() - SLACK_MILLIS;
    List<Integer> counts =
        askAll(
            "count",
            keys.indexes(),
            (batch, key) ->
                batch
                    .getScoredSortedSet(key, StringCodec.INSTANCE)
                    .countAsync(from, true, Double.POSITIVE_INFINITY, true));
    return counts.stream().mapToLong(Integer::longValue).sum();
  }

  @Override
  public List<OwnedSession> ownedBy(String principal) {
    List<OwnedSession> sessions = new ArrayList<>();
    for (RecordForm form : forms.inOrder()) {
      String owner = form.owner(principal);
      for (Collection<String> entries :
          askAll(
              "search",
              keys.principals(),
              (batch, key) ->
                  batch
                      .getLexSortedSet(key)
                      .rangeAsync(owner + BETWEEN, true, owner + BEHIND, false))) {
        entries.stream().filter(OWNED.asMatchPredicate()).forEach(e -> sessions.add(owned(e)));
      }
    }
    return sessions;
  }

  private static OwnedSession owned(String entry) {
    int since = entry.indexOf(BETWEEN) + 1;
    int name = entry.indexOf(BETWEEN, since) + 1;
    return new OwnedSession(entry.substring(name), Long.parseLong(entry, since, name - 1, 10));
  }

  /** What the index has of a session. */
  private static String entry(RecordForm form, String principal, OwnedSession session) {
    return form.owner(principal) + BETWEEN + session.since() + BETWEEN + session.name();
  }

  @Override
  public @Nullable SessionRecord end(OwnedSession session, String principal, Duration lease) {
    String name = session.name();
    RecordForm form = forms.of(name);
    if (form == null) {
      return null;
    }
    Reply reply =
        calls.ask(
            Operation.END,
            List.of(keys.index(name), keys.record(name), keys.forward(name)),
            0L,
            lease.toMillis(),
            entry(form, principal, session));
    if (reply.isGone() || reply.isMoved()) {
      return null;
    }
    String id = form.id(name, reply.idField());
    // Without its id, its end is told and finished by its name.
    return reply.record(id == null ? name : id, reply.seal(form, name));
  }

  @Override
  public List<String> names(String id) {
    return forms.names(id);
  }

  @Override
  public int parts() {
    return keys.indexes().size();
  }

  @Override
  public int partOf(String beginning) {
    return keys.shardOf(beginning);
  }

  @Override
  public SessionPage page(int part, String cursor, int wanted) {
    Reply reply =
        calls.ask(
            Operation.SCAN,
            List.of(keys.indexes().get(part)),
            cursor.isEmpty() ? ZERO : cursor,
            (long) wanted);
    String next = reply.text(2);
    List<String> names = reply.texts(3);
    names.removeIf(name -> !keys.isName(name, keys.indexes().get(part)));
    return new SessionPage(names, next.equals(ZERO) ? "" : next);
  }

  @Override
  public List<SessionSummary> describe(Collection<String> names) {
    List<String> readable = new ArrayList<>(names);
    readable.removeIf(name -> forms.of(name) == null);
    List<Object[]> arguments = new ArrayList<>();
    readable.forEach(name -> arguments.add(new Object[] {NO_ENTRY, ZERO}));
    return describe(readable, arguments, (summary, reply) -> summary);
  }

  @Override
  public List<SessionSizes> sizes(Collection<String> names) {
    List<String> readable = new ArrayList<>(names);
    readable.removeIf(name -> forms.of(name) == null);
    List<Object[]> arguments = new ArrayList<>();
    readable.forEach(name -> arguments.add(new Object[] {NO_ENTRY, ONE}));
    return describe(
        readable, arguments, (summary, reply) -> new SessionSizes(summary, reply.lengths()));
  }

  @Override
  public List<SessionSummary> describe(Collection<OwnedSession> sessions, String principal) {
    List<String> names = new ArrayList<>();
    List<Object[]> arguments = new ArrayList<>();
    for (OwnedSession session : sessions) {
      RecordForm form = forms.of(session.name());
      if (form != null) {
        names.add(session.name());
        arguments.add(new Object[] {entry(form, principal, session), ZERO});
      }
    }
    List<SessionSummary> found = describe(names, arguments, (summary, reply) -> summary);
    found.removeIf(summary -> !principal.equals(summary.principal()));
    return found;
  }

  private <T> List<T> describe(
      List<String> names, List<Object[]> arguments, BiFunction<SessionSummary, Reply, T> answer) {
    List<List<String>> operationKeys = new ArrayList<>();
    names.forEach(name -> operationKeys.add(List.of(keys.index(name), keys.record(name))));
    List<Reply> replies = calls.askAll(Operation.DESCRIBE, operationKeys, arguments);
    List<T> found = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      RecordForm form = forms.of(names.get(i));
      SessionSummary summary = form == null ? null : summary(replies.get(i), form, names.get(i));
      if (summary != null) {
        found.add(answer.apply(summary, replies.get(i)));
      }
    }
    return found;
  }

  @Override
  public @Nullable SessionSummary find(String id) {
    List<String> operationKeys = new ArrayList<>();
    operationKeys.add(keys.index(id));
    forms.names(id).forEach(name -> operationKeys.add(keys.record(name)));
    Reply reply = calls.ask(Operation.DESCRIBE, operationKeys, NO_ENTRY, ZERO);
    if (reply.isGone()) {
      return null;
    }
    RecordForm form = reply.form(forms);
    return summary(reply, form, form.name(id));
  }

  /** Null if there is no such session, or it does not belong to its name. */
  private static @Nullable SessionSummary summary(Reply reply, RecordForm form, String name) {
    if (reply.isGone()) {
      return null;
    }
    SessionSeal seal = reply.seal(form, name);
    String id = form.id(name, reply.idField());
    return seal == null || id == null ? null : reply.summary(id, seal);
  }

  @Override
  public List<String> sample(int wanted) {
    int each = 1 + (wanted - 1) / keys.indexes().size();
    List<String> sample = new ArrayList<>();
    askAll(
            "sample",
            keys.indexes(),
            (batch, key) ->
                batch.<String>getScoredSortedSet(key, StringCodec.INSTANCE).randomAsync(each))
        .forEach(sample::addAll);
    sample.removeIf(name -> !RedisKeys.isName(name));
    return sample;
  }

  /**
   * Principals are in the order of hashes that are spread evenly, and in each shard the first are
   * looked at. Up to the least of the last hashes seen, all are known; that part of all hashes has
   * the same part of all principals. There are at least as many as were seen: one that has all the
   * sessions seen in a shard leaves little, or nothing, below its hash.
   */
  @Override
  public PrincipalCount principals() {
    double seen = 1;
    List<String> owners = new ArrayList<>();
    for (Collection<String> first :
        askAll(
            "principals",
            keys.principals(),
            (batch, key) ->
                batch
                    .<String>getScoredSortedSet(key, StringCodec.INSTANCE)
                    .valueRangeAsync(0, PRINCIPALS_SEEN - 1))) {
      String last = "";
      for (String entry : first) {
        last = entry;
        owners.add(entry.substring(0, Math.max(0, entry.indexOf(BETWEEN))));
      }
      seen = first.size() < PRINCIPALS_SEEN ? seen : Math.min(seen, HashOrder.place(last));
    }
    double known = seen;
    Set<String> distinct = new HashSet<>(owners);
    long below =
        distinct.stream().filter(owner -> known == 1 || HashOrder.place(owner) < known).count();
    return new PrincipalCount(Math.max(distinct.size(), Math.round(below / known)), known == 1);
  }

  @Override
  public List<MinuteCounts> minutes() {
    Map<String, Long> sums = new HashMap<>();
    for (Map<String, String> events :
        askAll(
            "events",
            keys.events(),
            (batch, key) ->
                batch.<String, String>getMap(key, StringCodec.INSTANCE).readAllMapAsync())) {
      events.forEach(
          (what, count) -> {
            if (COUNT.matcher(count).matches()) {
              sums.merge(what, Long.valueOf(count), Long::sum);
            }
          });
    }
    List<MinuteCounts> minutes = new ArrayList<>();
    long now = calls.currentTimeMillis() / 60_000;
    for (long minute = now - MINUTES; minute <= now; minute++) {
      minutes.add(
          new MinuteCounts(
              minute,
              sums.getOrDefault(minute + CREATED, 0L),
              sums.getOrDefault(minute + EXPIRED, 0L),
              sums.getOrDefault(minute + INVALIDATED, 0L)));
    }
    return minutes;
  }

  /** Asks each of these keys, all in one batch. */
  private <T> List<T> askAll(
      String what, List<String> asked, BiFunction<RBatch, String, RFuture<T>> question) {
    RBatch batch = redisson.createBatch();
    List<RFuture<T>> answers = new ArrayList<>();
    asked.forEach(key -> answers.add(question.apply(batch, key)));
    calls.await(what, batch);
    List<T> values = new ArrayList<>();
    answers.forEach(answer -> RedisCalls.answered(answer).ifPresent(values::add));
    return values;
  }
}
