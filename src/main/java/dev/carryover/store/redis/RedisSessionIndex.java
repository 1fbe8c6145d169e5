package dev.carryover.store.redis;

import dev.carryover.store.OwnedSession;
import dev.carryover.store.SessionIndex;
import dev.carryover.store.SessionPage;
import dev.carryover.store.SessionRecord;
import dev.carryover.store.SessionSummary;
import dev.carryover.store.redis.Script.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
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

  /** Of an entry of the principals' index: a hash, since when, and the record's name. */
  private static final char BETWEEN = ' ';

  /**
   * The character that comes next, so that it ends a range of what begins with {@link #BETWEEN}.
   */
  private static final char BEHIND = '!';

  private static final Pattern OWNED = Pattern.compile("\\S+ \\d{1,15} [\\w.-]{43,51}");

  private static final String DONE = "0";
  private static final String NO_ENTRY = "";

  private final RedisSessionStore store;
  private final RedissonClient redisson;
  private final RedisKeys keys;
  private final RecordForms forms;

  RedisSessionIndex(
      RedisSessionStore store, RedissonClient redisson, RedisKeys keys, RecordForms forms) {
    this.store = store;
    this.redisson = redisson;
    this.keys = keys;
    this.forms = forms;
  }

  @Override
  public long count() {
    double from = store.currentTimeMillis() - SLACK_MILLIS;
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
        store.ask(
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
        store.ask(
            Operation.SCAN,
            List.of(keys.indexes().get(part)),
            cursor.isEmpty() ? DONE : cursor,
            (long) wanted);
    String next = reply.text(2);
    List<String> names = reply.texts(3);
    names.removeIf(name -> !keys.isName(name, keys.indexes().get(part)));
    return new SessionPage(names, next.equals(DONE) ? "" : next);
  }

  @Override
  public List<SessionSummary> describe(Collection<String> names) {
    List<String> readable = new ArrayList<>(names);
    readable.removeIf(name -> forms.of(name) == null);
    List<Object> entries = new ArrayList<>();
    readable.forEach(name -> entries.add(NO_ENTRY));
    return describe(readable, entries);
  }

  @Override
  public List<SessionSummary> describe(Collection<OwnedSession> sessions, String principal) {
    List<String> names = new ArrayList<>();
    List<Object> entries = new ArrayList<>();
    for (OwnedSession session : sessions) {
      RecordForm form = forms.of(session.name());
      if (form != null) {
        names.add(session.name());
        entries.add(entry(form, principal, session));
      }
    }
    List<SessionSummary> found = describe(names, entries);
    found.removeIf(summary -> !principal.equals(summary.principal()));
    return found;
  }

  private List<SessionSummary> describe(List<String> names, List<Object> entries) {
    List<List<String>> operationKeys = new ArrayList<>();
    names.forEach(name -> operationKeys.add(List.of(keys.index(name), keys.record(name))));
    List<Reply> replies = store.askAll(Operation.DESCRIBE, operationKeys, entries);
    List<SessionSummary> found = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      RecordForm form = forms.of(names.get(i));
      SessionSummary summary = form == null ? null : summary(replies.get(i), form, names.get(i));
      if (summary != null) {
        found.add(summary);
      }
    }
    return found;
  }

  @Override
  public @Nullable SessionSummary find(String id) {
    List<String> operationKeys = new ArrayList<>();
    operationKeys.add(keys.index(id));
    forms.names(id).forEach(name -> operationKeys.add(keys.record(name)));
    Reply reply = store.ask(Operation.DESCRIBE, operationKeys, NO_ENTRY);
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

  /** Asks each of these keys, all in one batch. */
  private <T> List<T> askAll(
      String what, List<String> asked, BiFunction<RBatch, String, RFuture<T>> question) {
    RBatch batch = redisson.createBatch();
    List<RFuture<T>> answers = new ArrayList<>();
    asked.forEach(key -> answers.add(question.apply(batch, key)));
    store.await(what, batch);
    List<T> values = new ArrayList<>();
    answers.forEach(answer -> RedisSessionStore.answered(answer).ifPresent(values::add));
    return values;
  }
}
