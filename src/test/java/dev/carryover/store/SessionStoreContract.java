package dev.carryover.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.session.SessionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link SessionStore} promises; every store's test extends it. */
public abstract class SessionStoreContract {

  protected static final Duration LEASE = Duration.ofSeconds(30);

  /** The interval of the sessions that {@link #create} makes. */
  protected static final int INTERVAL = 600;

  protected static final Duration MAX_AGE = Duration.ofSeconds(2 * INTERVAL);

  private static final Duration MOMENT = Duration.ofSeconds(1);

  /** The store whose accesses move the deadline. */
  protected abstract SessionStore store();

  /** A store over the same records whose accesses do not move the deadline. */
  protected abstract SessionStore fixedStore();

  /** A store whose sessions get no older than {@link #MAX_AGE}. */
  protected abstract SessionStore agingStore();

  /** What the store's {@link SessionStore#due} calls the session. */
  protected String name(String id) {
    return id;
  }

  /** Lets time go by for one session at least; backwards if it is negative. */
  protected abstract void elapse(String id, Duration time);

  // ---- create and open

  @Test
  void opensWhatWasCreated() {
    String id = SessionId.create();
    long before = store().currentTimeMillis();
    Commit created =
        store()
            .create(
                new NewSession(
                    id, before, INTERVAL, "ann", Map.of("a", bytes("1"), "b", bytes("2"))));

    SessionRecord record = store().open(id, 0);

    assertThat(created.id()).isEqualTo(id);
    assertThat(created.previousVersion()).isZero();
    assertThat(created.version()).isEqualTo(1);
    assertThat(record.id()).isEqualTo(id);
    assertThat(record.version()).isEqualTo(1);
    assertThat(record.complete()).isTrue();
    assertThat(record.principal()).isEqualTo("ann");
    assertThat(record.maxInactiveInterval()).isEqualTo(INTERVAL);
    assertThat(record.createdAt()).isEqualTo(created.createdAt());
    assertThat(record.lastAccessedAt()).isGreaterThanOrEqualTo(record.createdAt());
    assertThat(texts(record)).isEqualTo(Map.of("a", "1", "b", "2"));
    assertThat(record.removed()).isEmpty();
  }

  @Test
  void neverDatesACreationFarAheadOfItsOwnTime() {
    String id = SessionId.create();
    store().open(id, 0);
    long ahead = store().currentTimeMillis() + Duration.ofDays(1).toMillis();

    Commit created = store().create(new NewSession(id, ahead, INTERVAL, null, Map.of()));

    assertThat(created.createdAt()).isLessThan(ahead);
    assertThat(store().open(id, 0).createdAt()).isEqualTo(created.createdAt());
  }

  /** The application has been told already when its session began. */
  @Test
  void keepsWhatANodeSaidBeforeItKnewTheTime() {
    String id = SessionId.create();
    store().open(id, 0);
    long ahead = store().currentTimeMillis() + Duration.ofSeconds(5).toMillis();

    Commit created = store().create(new NewSession(id, ahead, INTERVAL, null, Map.of()));

    assertThat(created.createdAt()).isEqualTo(ahead);
    assertThat(store().open(id, 0).createdAt()).isEqualTo(ahead);
  }

  @Test
  void opensASessionWithoutAttributesAndPrincipal() {
    String id = create(Map.of());

    SessionRecord record = store().open(id, 0);

    assertThat(record.attributes()).isEmpty();
    assertThat(record.principal()).isNull();
  }

  @Test
  void knowsNothingOfAnUnknownId() {
    String id = SessionId.create();

    store().touch(id);
    store().finish(id);

    assertThat(store().open(id, 0)).isNull();
    assertThat(store().open(id, 7)).isNull();
    assertThat(store().commit(write(id, "a", "1")).id()).isNull();
    assertThat(store().end(id, 0, LEASE)).isNull();
    assertThat(claim(id)).isNull();
    assertThat(store().open(id, 0)).isNull();
  }

  @Test
  void aLookIsNoAccess() {
    String id = create(Map.of("a", "1"));
    long accessed = store().look(id, 0).lastAccessedAt();
    elapse(id, Duration.ofSeconds(INTERVAL).minus(MOMENT.multipliedBy(10)));

    SessionRecord record = store().look(id, 0);

    assertThat(texts(record)).isEqualTo(Map.of("a", "1"));
    assertThat(store().look(id, record.version()).attributes()).isEmpty();
    assertThat(record.lastAccessedAt()).isLessThanOrEqualTo(accessed);
    elapse(id, MOMENT.multipliedBy(11));
    assertThat(store().look(id, 0)).isNull();
  }

  @Test
  void aLookFollowsARotation() {
    String id = create(Map.of("a", "1"));
    SessionDelta rotation = write(id, "a", "2");
    String rotated = SessionId.rotated(id);
    rotation.rotateTo(rotated);
    store().commit(rotation);

    SessionRecord record = store().look(id, 1);

    assertThat(record.id()).isEqualTo(rotated);
    assertThat(texts(record)).isEqualTo(Map.of("a", "2"));
    assertThat(store().look(SessionId.create(), 0)).isNull();
  }

  // ---- commit, and what changed since a version

  @Test
  void answersNothingToANodeThatKnowsTheVersion() {
    String id = create(Map.of("a", "1"));

    SessionRecord record = store().open(id, 1);

    assertThat(record.complete()).isFalse();
    assertThat(record.version()).isEqualTo(1);
    assertThat(record.attributes()).isEmpty();
    assertThat(record.removed()).isEmpty();
  }

  @Test
  void answersOnlyWhatChangedSinceTheVersionTheNodeKnows() {
    String id = create(Map.of("a", "1", "b", "1", "c", "1"));
    Commit second = store().commit(write(id, "a", "2"));
    SessionDelta delta = write(id, "d", "3");
    delta.remove("b");
    Commit commit = store().commit(delta);

    SessionRecord sinceFirst = store().open(id, 1);
    SessionRecord sinceSecond = store().open(id, second.version());

    assertThat(second.previousVersion()).isEqualTo(1);
    assertThat(commit.previousVersion()).isEqualTo(second.version()).isGreaterThan(1);
    assertThat(commit.version()).isGreaterThan(second.version());
    assertThat(sinceFirst.complete()).isFalse();
    assertThat(texts(sinceFirst)).isEqualTo(Map.of("a", "2", "d", "3"));
    assertThat(sinceFirst.removed()).containsExactly("b");
    assertThat(texts(sinceSecond)).isEqualTo(Map.of("d", "3"));
    assertThat(sinceSecond.removed()).containsExactly("b");
    assertThat(texts(store().open(id, 0))).isEqualTo(Map.of("a", "2", "c", "1", "d", "3"));
  }

  @Test
  void aNameRemovedAndSetAgainIsNotRemoved() {
    String id = create(Map.of("a", "1"));
    SessionDelta removal = new SessionDelta(id);
    removal.remove("a");
    store().commit(removal);
    store().commit(write(id, "a", "2"));

    SessionRecord record = store().open(id, 1);

    assertThat(texts(record)).isEqualTo(Map.of("a", "2"));
    assertThat(record.removed()).isEmpty();
  }

  @Test
  void theLastOfTwoWritersOfAnAttributeWins() {
    String id = create(Map.of("a", "1"));

    store().commit(write(id, "a", "2"));
    store().commit(write(id, "a", "3"));

    assertThat(texts(store().open(id, 0))).isEqualTo(Map.of("a", "3"));
  }

  @Test
  void answersEverythingToANodeThatKnowsAVersionTheStoreNeverHad() {
    String id = create(Map.of("a", "1"));

    SessionRecord record = store().open(id, 99);

    assertThat(record.complete()).isTrue();
    assertThat(record.version()).isEqualTo(1);
    assertThat(texts(record)).isEqualTo(Map.of("a", "1"));
  }

  @Test
  void metadataChangesMakeANewVersion() {
    String id = create(Map.of("a", "1"));
    SessionDelta delta = new SessionDelta(id);
    delta.setPrincipal("bob");
    delta.setMaxInactiveInterval(60);

    Commit commit = store().commit(delta);

    SessionRecord record = store().open(id, 1);
    assertThat(commit.version()).isGreaterThan(1);
    assertThat(record.version()).isEqualTo(commit.version());
    assertThat(record.complete()).isFalse();
    assertThat(record.attributes()).isEmpty();
    store().commit(write(id, "b", "2"));
    assertThat(texts(store().open(id, 1))).isEqualTo(Map.of("b", "2"));
    assertThat(texts(store().open(id, commit.version()))).isEqualTo(Map.of("b", "2"));
    assertThat(record.principal()).isEqualTo("bob");
    assertThat(record.maxInactiveInterval()).isEqualTo(60);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "=", "=-", "Ünï 😀", "a b"})
  void anyTextIsAPrincipal(String principal) {
    String id = create(Map.of());
    SessionDelta delta = new SessionDelta(id);
    delta.setPrincipal(principal);
    store().commit(delta);

    assertThat(store().open(id, 0).principal()).isEqualTo(principal);
  }

  @Test
  void aPrincipalGoes() {
    String id = create(Map.of());
    SessionDelta login = new SessionDelta(id);
    login.setPrincipal("bob");
    store().commit(login);
    SessionDelta logout = new SessionDelta(id);
    logout.setPrincipal(null);
    store().commit(logout);

    assertThat(store().open(id, 0).principal()).isNull();
  }

  @Test
  void existsUntilNothingIsLeftOfIt() {
    String id = create(Map.of());
    assertThat(store().exists(id)).isTrue();

    store().end(id, 0, LEASE);
    assertThat(store().exists(id)).isTrue();
    finishAndWait(id);
    assertThat(store().exists(id)).isFalse();
    assertThat(store().exists(SessionId.create())).isFalse();
  }

  @Test
  void anEmptyCommitTellsWhetherTheSessionLives() {
    String id = create(Map.of("a", "1"));

    assertThat(store().commit(new SessionDelta(id)).version()).isEqualTo(1);
    store().end(id, 0, Duration.ZERO);
    assertThat(store().commit(new SessionDelta(id)).id()).isNull();
  }

  // ---- values and names

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "~",
        "~~",
        "~~x",
        "~created",
        "~version",
        "~changes",
        "{}",
        "a b\r\n",
        "ключ😀",
        "\0"
      })
  void anyTextIsAnAttributesName(String name) {
    String id = create(Map.of(name, "1", "other", "1"));
    assertThat(texts(store().open(id, 0))).isEqualTo(Map.of(name, "1", "other", "1"));

    long second = store().commit(write(id, name, "2")).version();
    assertThat(texts(store().open(id, 1))).isEqualTo(Map.of(name, "2"));
    assertThat(texts(store().open(id, 0))).isEqualTo(Map.of(name, "2", "other", "1"));

    SessionDelta removal = new SessionDelta(id);
    removal.remove(name);
    store().commit(removal);
    assertThat(store().open(id, second).removed()).containsExactly(name);
    assertThat(texts(store().open(id, 0))).isEqualTo(Map.of("other", "1"));
  }

  @Test
  void aNameMayBeVeryLong() {
    String name = "n".repeat(100_000);
    String id = create(Map.of(name, "1"));
    store().commit(write(id, name, "2"));

    assertThat(texts(store().open(id, 1))).isEqualTo(Map.of(name, "2"));
  }

  @Test
  void aValueIsAnyBytes() {
    byte[] all = new byte[512];
    IntStream.range(0, all.length).forEach(i -> all[i] = (byte) i);
    String id = create(Map.of());
    SessionDelta delta = new SessionDelta(id);
    delta.write("all", all);
    delta.write("none", new byte[0]);
    store().commit(delta);

    for (long known : new long[] {0, 1}) {
      SessionRecord record = store().open(id, known);
      assertThat(record.attributes().get("all")).isEqualTo(all);
      assertThat(record.attributes().get("none")).isEmpty();
    }
  }

  @Test
  void aValueMayHaveFiveMegabytes() {
    byte[] value = new byte[5 << 20];
    new Random(5).nextBytes(value);
    String id = create(Map.of());
    SessionDelta delta = new SessionDelta(id);
    delta.write("big", value);
    store().commit(delta);

    assertThat(Arrays.equals(store().open(id, 1).attributes().get("big"), value)).isTrue();
  }

  @Test
  void oneCommitMayWriteAndRemoveHundredsOfAttributes() {
    Map<String, String> many = new LinkedHashMap<>();
    IntStream.range(0, 1_300).forEach(i -> many.put("n" + i, "v" + i));
    String id = create(Map.of("first", "1"));
    SessionDelta delta = new SessionDelta(id);
    many.forEach((name, value) -> delta.write(name, bytes(value)));
    delta.remove("first");
    store().commit(delta);

    SessionRecord since = store().open(id, 1);
    Map<String, String> present = new TreeMap<>(texts(since));
    assertThat(present).isEqualTo(new TreeMap<>(many));
    assertThat(since.complete() || since.removed().contains("first")).isTrue();

    SessionDelta removal = new SessionDelta(id);
    many.keySet().forEach(removal::remove);
    store().commit(removal);
    assertThat(texts(store().open(id, 0))).isEmpty();
  }

  @Test
  void nothingIsMissedHoweverManyChangesThereWere() {
    String id = create(Map.of("gone", "0"));
    Map<String, String> expected = new TreeMap<>();
    SessionDelta removal = new SessionDelta(id);
    removal.remove("gone");
    List<Long> versions = new ArrayList<>(List.of(1L, store().commit(removal).version()));
    for (int i = 0; i < 150; i++) {
      versions.add(store().commit(write(id, "n" + i, "v" + i)).version());
      expected.put("n" + i, "v" + i);
    }
    SessionRecord all = store().open(id, 0);
    assertThat(new TreeMap<>(texts(all))).isEqualTo(expected);

    for (int known = 0; known < versions.size(); known++) {
      SessionRecord since = store().open(id, versions.get(known));
      Map<String, String> seen = new TreeMap<>(texts(since));
      assertThat(since.version()).isEqualTo(all.version());
      if (!since.complete()) {
        Map<String, String> later = new TreeMap<>();
        for (int i = Math.max(0, known - 1); i < 150; i++) {
          later.put("n" + i, "v" + i);
        }
        assertThat(seen).isEqualTo(later);
        assertThat(since.removed()).isEqualTo(known < 1 ? Set.of("gone") : Set.of());
      } else {
        assertThat(seen).isEqualTo(expected);
      }
    }
  }

  // ---- deadlines

  @Test
  void expiresAfterTheInterval() {
    String id = create(Map.of("a", "1"));

    elapse(id, seconds(INTERVAL).minus(MOMENT.multipliedBy(20)));
    assertThat(store().open(id, 0)).isNotNull();
    elapse(id, seconds(INTERVAL));

    assertThat(store().open(id, 0)).isNull();
    assertThat(store().open(id, 1)).isNull();
  }

  @Test
  void openAndTouchMoveTheDeadline() {
    String id = create(Map.of());

    elapse(id, seconds(INTERVAL - 60));
    assertThat(store().open(id, 1)).isNotNull();
    elapse(id, seconds(INTERVAL - 60));
    touchAndWait(store(), id);
    elapse(id, seconds(INTERVAL - 60));

    assertThat(store().open(id, 1)).isNotNull();
  }

  @Test
  void aCommitDoesNotMoveTheDeadline() {
    String id = create(Map.of());

    elapse(id, seconds(INTERVAL - 60));
    assertThat(store().commit(write(id, "a", "1")).id()).isEqualTo(id);
    elapse(id, seconds(120));

    assertThat(store().open(id, 0)).isNull();
  }

  @Test
  void aFixedDeadlineStaysWhereItIs() {
    String id = create(fixedStore(), INTERVAL, Map.of());

    elapse(id, seconds(INTERVAL - 60));
    assertThat(fixedStore().open(id, 0)).isNotNull();
    touchAndWait(fixedStore(), id);
    elapse(id, seconds(120));

    assertThat(fixedStore().open(id, 0)).isNull();
    assertThat(fixedStore().commit(write(id, "a", "1")).id()).isNull();
    assertThat(fixedStore().claim(name(id), LEASE)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void neverExpires(int interval) {
    String id = create(store(), interval, Map.of("a", "1"));

    elapse(id, Duration.ofDays(4_000));

    assertThat(store().due(100).names()).doesNotContain(name(id));
    assertThat(claim(id)).isNull();
    assertThat(texts(store().open(id, 0))).isEqualTo(Map.of("a", "1"));
  }

  @Test
  void theIntervalCanChange() {
    String id = create(Map.of());
    SessionDelta shorter = new SessionDelta(id);
    shorter.setMaxInactiveInterval(60);
    store().commit(shorter);
    elapse(id, seconds(59));
    SessionDelta never = new SessionDelta(id);
    never.setMaxInactiveInterval(-1);
    assertThat(store().commit(never).id()).isEqualTo(id);
    elapse(id, Duration.ofDays(4_000));
    SessionDelta again = new SessionDelta(id);
    again.setMaxInactiveInterval(60);
    assertThat(store().open(id, 0).maxInactiveInterval()).isEqualTo(-1);
    assertThat(store().commit(again).id()).isEqualTo(id);
    elapse(id, seconds(61));

    assertThat(store().open(id, 0)).isNull();
    assertThat(store().due(100).names()).contains(name(id));
  }

  @Test
  void lastAccessedIsTheAccessBefore() {
    String id = create(Map.of());
    long created = store().open(id, 0).lastAccessedAt();
    elapse(id, seconds(100));

    SessionRecord first = store().open(id, 0);
    SessionRecord second = store().open(id, 0);

    assertThat(second.lastAccessedAt() - first.lastAccessedAt()).isGreaterThanOrEqualTo(100_000);
    assertThat(created).isPositive();
  }

  @Test
  void lastAccessedNeverGoesBack() {
    String id = create(Map.of());
    store().open(id, 0);
    elapse(id, seconds(-100));

    long before = store().open(id, 0).lastAccessedAt();
    touchAndWait(store(), id);
    long after = store().open(id, 0).lastAccessedAt();

    assertThat(after).isGreaterThanOrEqualTo(before);
  }

  // ---- rotation

  @Test
  void rotationKeepsEverythingAndKillsTheOldId() {
    String id = SessionId.create();
    store()
        .create(
            new NewSession(
                id, store().currentTimeMillis(), INTERVAL, "ann", Map.of("a", bytes("1"))));
    elapse(id, seconds(100));
    SessionRecord before = store().open(id, 0);
    String newId = SessionId.rotated(id);
    SessionDelta delta = write(id, "b", "2");
    delta.rotateTo(newId);

    Commit commit = store().commit(delta);

    assertThat(commit.id()).isEqualTo(newId);
    assertThat(commit.version()).isGreaterThan(1);
    SessionRecord after = store().open(newId, 0);
    assertThat(texts(after)).isEqualTo(Map.of("a", "1", "b", "2"));
    assertThat(after.principal()).isEqualTo("ann");
    assertThat(after.maxInactiveInterval()).isEqualTo(INTERVAL);
    assertThat(after.createdAt()).isEqualTo(before.createdAt());
    assertThat(after.lastAccessedAt()).isGreaterThanOrEqualTo(before.lastAccessedAt());
    assertThat(texts(store().open(newId, 1))).isEqualTo(Map.of("b", "2"));
    assertDead(id);
  }

  @Test
  void anUnchangedSessionRotatesToo() {
    String id = create(Map.of("a", "1"));
    String newId = rotate(id);

    assertThat(store().open(newId, 1).attributes()).isEmpty();
    assertThat(texts(store().open(newId, 0))).isEqualTo(Map.of("a", "1"));
    assertDead(id);
  }

  @Test
  void aRotatedSessionExpiresOnce() {
    String id = create(Map.of());
    String newId = rotate(id);
    elapse(newId, seconds(INTERVAL + 1));

    assertThat(store().due(100).names()).contains(name(newId)).doesNotContain(name(id));
    assertThat(claim(id)).isNull();
    assertThat(claim(newId)).isNotNull();
  }

  @Test
  void lateCommitsFollowTwoRotations() {
    String id = create(Map.of("a", "1"));
    String second = rotate(id);
    String third = rotate(second);

    Commit commit = store().commit(write(id, "late", "1"));

    assertThat(commit.id()).isEqualTo(third);
    assertThat(texts(store().open(third, 0))).isEqualTo(Map.of("a", "1", "late", "1"));
    assertDead(id);
    assertDead(second);
  }

  /** As many as a slow request may meet. */
  @Test
  void aLateCommitFollowsAHundredRotations() {
    String id = create(Map.of("a", "1"));
    String last = id;
    for (int i = 0; i < 100; i++) {
      last = rotate(last);
    }

    assertThat(store().commit(write(id, "late", "1")).id()).isEqualTo(last);
    assertThat(texts(store().open(last, 0))).isEqualTo(Map.of("a", "1", "late", "1"));
  }

  @Test
  void aLateRotationFollowsToo() {
    String id = create(Map.of("a", "1"));
    String second = rotate(id);
    String other = SessionId.rotated(id);
    SessionDelta delta = new SessionDelta(id);
    delta.rotateTo(other);

    assertThat(store().commit(delta).id()).isEqualTo(other);

    assertThat(texts(store().open(other, 0))).isEqualTo(Map.of("a", "1"));
    assertDead(id);
    assertDead(second);
  }

  @Test
  void aRotationThatIsSentTwiceIsOne() {
    String id = create(Map.of("a", "1"));
    SessionDelta delta = write(id, "b", "2");
    delta.rotateTo(SessionId.rotated(id));

    store().commit(delta);
    Commit again = store().commit(delta);

    assertThat(again.id()).isEqualTo(delta.newId());
    assertThat(texts(store().open(delta.newId(), 0))).isEqualTo(Map.of("a", "1", "b", "2"));
  }

  @Test
  void aLateEndFollowsTwoRotations() {
    String id = create(Map.of("a", "1"));
    String third = rotate(rotate(id));

    SessionRecord ended = store().end(id, 0, LEASE);

    assertThat(ended.id()).isEqualTo(third);
    assertThat(texts(ended)).isEqualTo(Map.of("a", "1"));
    assertDead(third);
  }

  // ---- the end

  @Test
  void endAnswersTheRecordToTheFirstWhoAsks() {
    String id = create(Map.of("a", "1"));
    store().commit(write(id, "b", "2"));

    SessionRecord ended = store().end(id, 1, LEASE);

    assertThat(texts(ended)).isEqualTo(Map.of("b", "2"));
    assertThat(ended.complete()).isFalse();
    assertThat(store().end(id, 1, LEASE)).isNull();
    assertThat(store().end(id, 0, Duration.ZERO)).isNull();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 30})
  void anEndedSessionNeverComesBack(long leaseSeconds) {
    String id = create(Map.of("a", "1"));
    String newId = rotate(id);
    store().end(newId, 0, seconds(leaseSeconds));

    assertThat(store().commit(write(newId, "a", "2")).id()).isNull();
    assertThat(store().commit(write(id, "a", "2")).id()).isNull();
    SessionDelta rotation = new SessionDelta(newId);
    rotation.rotateTo(SessionId.rotated(newId));
    assertThat(store().commit(rotation).id()).isNull();
    assertThat(store().open(rotation.newId(), 0)).isNull();
    touchAndWait(store(), newId);
    assertDead(newId);
    store().finish(newId);
    assertThat(store().commit(write(newId, "a", "2")).id()).isNull();
    assertDead(newId);
  }

  @Test
  void anExpiredSessionNeverComesBack() {
    String id = create(Map.of("a", "1"));
    elapse(id, seconds(INTERVAL + 1));

    assertThat(store().commit(write(id, "a", "2")).id()).isNull();
    SessionDelta longer = new SessionDelta(id);
    longer.setMaxInactiveInterval(100_000);
    assertThat(store().commit(longer).id()).isNull();
    touchAndWait(store(), id);
    assertThat(store().end(id, 0, LEASE)).isNull();
    assertThat(store().open(id, 0)).isNull();
    assertThat(texts(claim(id))).isEqualTo(Map.of("a", "1"));
    assertThat(store().commit(write(id, "a", "2")).id()).isNull();
    assertThat(store().open(id, 0)).isNull();
  }

  @Test
  void anEndNotFinishedIsClaimedAfterItsLease() {
    String id = create(Map.of("a", "1"));
    store().end(id, 0, LEASE);

    assertThat(store().due(100).names()).doesNotContain(name(id));
    assertThat(claim(id)).isNull();
    elapse(id, LEASE.plus(MOMENT));

    assertThat(store().due(100).names()).contains(name(id));
    assertThat(texts(claim(id))).isEqualTo(Map.of("a", "1"));
    assertThat(claim(id)).isNull();
  }

  @Test
  void anEndOfANeverExpiringSessionIsClaimedAfterItsLeaseToo() {
    String id = create(store(), 0, Map.of("a", "1"));
    store().end(id, 0, LEASE);
    elapse(id, LEASE.plus(MOMENT));

    assertThat(store().due(100).names()).contains(name(id));
    assertThat(claim(id)).isNotNull();
  }

  @Test
  void aClaimNotFinishedIsClaimedAgainAfterItsLease() {
    String id = create(Map.of("a", "1"));
    elapse(id, seconds(INTERVAL + 1));
    SessionRecord first = claim(id);

    assertThat(first.complete()).isTrue();
    assertThat(claim(id)).isNull();
    elapse(id, LEASE.plus(MOMENT));
    assertThat(texts(claim(id))).isEqualTo(Map.of("a", "1"));
    finishAndWait(id);
    elapse(id, LEASE.plus(MOMENT));
    assertThat(claim(id)).isNull();
    assertThat(store().due(100).names()).doesNotContain(name(id));
  }

  @Test
  void aSessionTouchedSinceItWasFoundIsNotClaimed() {
    String id = create(Map.of("a", "1"));
    elapse(id, seconds(INTERVAL - 10));
    assertThat(store().open(id, 0)).isNotNull();
    elapse(id, seconds(20));

    assertThat(claim(id)).isNull();
    assertThat(store().due(100).names()).doesNotContain(name(id));
    assertThat(store().open(id, 0)).isNotNull();
  }

  @Test
  void namesTheSessionsThatAreDueAndTheNextDeadline() {
    String due = create(Map.of());
    String later = create(store(), 2 * INTERVAL, Map.of());
    elapseAll(List.of(due, later), seconds(INTERVAL + 1));

    DueSessions sessions = store().due(100);

    assertThat(sessions.names()).contains(name(due)).doesNotContain(name(later));
    long wait = sessions.nextDeadline() - store().currentTimeMillis();
    assertThat(wait).isBetween((INTERVAL - 30) * 1000L, INTERVAL * 1000L);
  }

  @Test
  void aStoreWithNothingButNeverExpiringSessionsHasNoNextDeadline() {
    create(store(), 0, Map.of());

    assertThat(store().due(100).nextDeadline()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void moreDueSessionsThanAskedForAreDueAtOnce() {
    String first = "A" + SessionId.create().substring(1);
    List<String> ids = List.of(first, SessionId.rotated(first), SessionId.rotated(first));
    ids.forEach(id -> create(store(), id, INTERVAL, Map.of()));
    elapseAll(ids, seconds(INTERVAL + 1));

    DueSessions sessions = store().due(2);

    assertThat(sessions.names()).hasSize(2);
    assertThat(sessions.nextDeadline()).isLessThanOrEqualTo(store().currentTimeMillis() + 1);
  }

  @Test
  void ofManyWhoEndOneGetsTheRecord() throws Exception {
    String id = create(Map.of("a", "1"));

    assertThat(winners(() -> store().end(id, 0, LEASE))).isEqualTo(1);
  }

  @Test
  void ofManyWhoClaimOneGetsTheRecord() throws Exception {
    String id = create(Map.of("a", "1"));
    elapse(id, seconds(INTERVAL + 1));

    assertThat(winners(() -> claim(id))).isEqualTo(1);
  }

  @Test
  void concurrentWritersOfDifferentAttributesLoseNothing() throws Exception {
    String id = create(Map.of());
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Object>> writers =
          IntStream.range(0, 40)
              .<Callable<Object>>mapToObj(i -> () -> store().commit(write(id, "n" + i, "v" + i)))
              .toList();
      for (Future<Object> written : threads.invokeAll(writers)) {
        written.get();
      }
    } finally {
      threads.shutdownNow();
    }

    SessionRecord record = store().open(id, 1);
    assertThat(record.version()).isGreaterThanOrEqualTo(41);
    assertThat(record.attributes()).hasSize(40);
  }

  @Test
  void knowsItsTimeWithoutBeingAhead() {
    create(Map.of());

    assertThat(Math.abs(store().currentTimeMillis() - System.currentTimeMillis()))
        .isLessThan(60_000);
  }

  // ---- absolute lifetime

  @Test
  void accessesDoNotMakeASessionLiveLongerThanItMay() {
    String id = create(agingStore(), INTERVAL, Map.of());
    String never = create(agingStore(), 0, Map.of());
    for (int i = 0; i < 3; i++) {
      elapseAll(List.of(id, never), seconds(INTERVAL / 2));
      assertThat(agingStore().open(id, 0)).isNotNull();
      assertThat(agingStore().open(never, 0)).isNotNull();
    }
    elapseAll(List.of(id, never), seconds(INTERVAL / 2 - 5));
    assertThat(agingStore().open(id, 1)).isNotNull();
    assertThat(agingStore().due(100).names()).isEmpty();

    elapseAll(List.of(id, never), seconds(6));

    assertThat(agingStore().open(id, 1)).isNull();
    assertThat(agingStore().commit(write(id, "a", "1")).id()).isNull();
    assertThat(agingStore().due(100).names()).contains(name(id), name(never));
    assertThat(agingStore().claim(name(id), LEASE)).isNotNull();
    assertThat(agingStore().claim(name(never), LEASE)).isNotNull();
  }

  @Test
  void aSessionThatIsNotUsedExpiresBeforeItIsTooOld() {
    String id = create(agingStore(), INTERVAL, Map.of());

    elapse(id, seconds(INTERVAL + 1));

    assertThat(agingStore().open(id, 0)).isNull();
  }

  // ---- found without an id

  @Test
  void countsTheSessionsThatLive() {
    elapse(create(Map.of()), seconds(INTERVAL + 11));
    String id = create(Map.of());
    String ended = create(Map.of());
    create(store(), 0, Map.of());

    store().end(ended, 0, Duration.ZERO);
    rotate(id);

    assertThat(store().index().count()).isEqualTo(2);
  }

  @Test
  void findsASessionByIdWithoutAnAccess() {
    String id = SessionId.create();
    store().create(new NewSession(id, store().currentTimeMillis(), INTERVAL, "ann", Map.of()));
    SessionRecord record = store().look(id, 0);
    elapse(id, seconds(100));

    SessionSummary summary = store().index().find(id);

    assertThat(summary.id()).isEqualTo(id);
    assertThat(summary.principal()).isEqualTo("ann");
    assertThat(summary.maxInactiveInterval()).isEqualTo(INTERVAL);
    assertThat(summary.createdAt()).isLessThanOrEqualTo(record.createdAt());
    assertThat(summary.lastAccessedAt()).isLessThanOrEqualTo(record.lastAccessedAt());
    assertThat(store().look(id, 0).lastAccessedAt()).isEqualTo(summary.lastAccessedAt());
    assertThat(store().index().find(SessionId.create())).isNull();
    elapse(id, seconds(INTERVAL));
    assertThat(store().index().find(id)).isNull();
  }

  @Test
  void findsTheSessionsOfAPrincipal() {
    String created = create("ann");
    String loggedIn = create(Map.of());
    principal(loggedIn, "ann");
    create("anna");
    create(Map.of());

    assertThat(owned("ann")).containsExactlyInAnyOrder(created, loggedIn);
    assertThat(owned("anna")).hasSize(1);
    assertThat(owned("an")).isEmpty();
    assertThat(owned("ann ")).isEmpty();
  }

  @Test
  void aPrincipalKeepsItsSessionInARotation() {
    String id = create("ann");

    String rotated = rotate(id);
    SessionDelta again = new SessionDelta(rotated);
    again.rotateTo(SessionId.rotated(rotated));
    again.setPrincipal("bob");
    store().commit(again);

    assertThat(owned("ann")).isEmpty();
    assertThat(owned("bob")).containsExactly(again.newId());
  }

  @Test
  void aPrincipalThatChangesOrGoesLeavesNothing() {
    String id = create("ann");

    principal(id, "bob");
    assertThat(owned("ann")).isEmpty();
    assertThat(owned("bob")).containsExactly(id);

    principal(id, null);
    assertThat(store().index().ownedBy("bob")).isEmpty();
    assertThat(store().look(id, 0).principal()).isNull();
  }

  @Test
  void sessionsAreSomebodysSinceTheyLoggedIn() {
    String first = create(Map.of());
    String second = create("ann");
    long before = store().currentTimeMillis();
    principal(second, null);
    principal(first, "ann");

    List<OwnedSession> owned = store().index().ownedBy("ann");

    assertThat(owned).extracting(OwnedSession::name).containsExactly(name(first));
    assertThat(owned.get(0).since()).isGreaterThanOrEqualTo(before);
  }

  @Test
  void anEndedSessionIsNobodys() {
    String expired = create("ann");
    elapse(expired, seconds(INTERVAL + 1));
    String ended = create("ann");
    String told = create("ann");

    store().end(ended, 0, Duration.ZERO);
    store().end(told, 0, LEASE);
    assertThat(claim(expired)).isNotNull();

    assertThat(store().index().ownedBy("ann")).isEmpty();
  }

  @Test
  void aPrincipalsSessionIsEndedOnce() {
    String id = create("ann");
    OwnedSession owned = store().index().ownedBy("ann").get(0);

    SessionRecord record = store().index().end(owned, "ann", LEASE);

    assertThat(record.id()).isEqualTo(id);
    assertThat(record.complete()).isTrue();
    assertThat(record.principal()).isEqualTo("ann");
    assertThat(store().index().end(owned, "ann", LEASE)).isNull();
    assertThat(store().open(id, 0)).isNull();
  }

  @Test
  void aSessionThatIsAnothersByNowIsNotEnded() {
    String id = create("ann");
    OwnedSession owned = store().index().ownedBy("ann").get(0);
    principal(id, "bob");

    assertThat(store().index().end(owned, "ann", LEASE)).isNull();
    assertThat(store().index().describe(List.of(owned), "ann")).isEmpty();
    assertThat(store().open(id, 0)).isNotNull();
    assertThat(owned("bob")).containsExactly(id);
  }

  @Test
  void aWalkFindsAllSessions() {
    Set<String> ids = new TreeSet<>();
    for (int i = 0; i < 300; i++) {
      ids.add(create(Map.of()));
    }
    String first = ids.iterator().next();
    Set<String> sameShard = new TreeSet<>();
    for (int i = 0; i < 300; i++) {
      sameShard.add(create(store(), SessionId.rotated(first), INTERVAL, Map.of()));
    }
    ids.addAll(sameShard);

    SessionIndex index = store().index();
    Set<String> found = new TreeSet<>();
    for (int part = 0; part < index.parts(); part++) {
      String cursor = "";
      do {
        SessionPage page = index.page(part, cursor, 50);
        index.describe(page.names()).forEach(summary -> found.add(summary.id()));
        cursor = page.next();
      } while (!cursor.isEmpty());
    }

    assertThat(found).isEqualTo(ids);
  }

  @Test
  void countsWhatHappensMinuteByMinute() {
    String expired = create(Map.of());
    String other = create("ann");
    String twice = SessionId.create();
    create(store(), twice, INTERVAL, Map.of());
    long[] before = happened();

    store().end(other, 0, LEASE);
    store().end(other, 0, LEASE);
    rotate(twice);
    elapseAll(List.of(expired), seconds(INTERVAL + 1));
    assertThat(claim(expired)).isNotNull();
    elapseAll(List.of(expired), LEASE.plus(MOMENT));
    assertThat(claim(expired)).isNotNull();

    assertThat(before).startsWith(3, 0, 0);
    assertThat(happened()).endsWith(1, 1);
    List<MinuteCounts> minutes = store().index().minutes();
    assertThat(minutes).hasSize(SessionIndex.MINUTES + 1);
    assertThat(minutes.get(SessionIndex.MINUTES).minute())
        .isEqualTo(minutes.get(0).minute() + SessionIndex.MINUTES);
  }

  /** Created, expired and invalidated, in all minutes that are known. */
  private long[] happened() {
    long[] sums = new long[3];
    for (MinuteCounts minute : store().index().minutes()) {
      sums[0] += minute.created();
      sums[1] += minute.expired();
      sums[2] += minute.invalidated();
    }
    return sums;
  }

  @Test
  void countsTheUsersWhoAreLoggedIn() {
    for (int i = 0; i < 40; i++) {
      create("user" + i % 10);
    }
    create(Map.of());
    principal(create("gone"), null);

    PrincipalCount principals = store().index().principals();

    assertThat(principals.count()).isEqualTo(10);
    assertThat(principals.isExact()).isTrue();
  }

  @Test
  void aSampleTellsHowLongAttributesAre() {
    Set<String> ids = new TreeSet<>();
    for (int i = 0; i < 20; i++) {
      ids.add(create(Map.of("a", "1", "~b", "22")));
    }
    SessionIndex index = store().index();

    List<SessionSizes> sizes = index.sizes(index.sample(64 * 64));

    assertThat(sizes.stream().map(session -> session.summary().id()))
        .containsExactlyInAnyOrderElementsOf(ids);
    assertThat(sizes)
        .allSatisfy(session -> assertThat(session.bytes()).containsOnlyKeys("a", "~b"));
    Map<String, Long> bytes = sizes.get(0).bytes();
    assertThat(bytes.get("~b") - bytes.get("a")).isEqualTo(1);
  }

  private List<String> owned(String principal) {
    SessionIndex index = store().index();
    return index.describe(index.ownedBy(principal), principal).stream()
        .map(SessionSummary::id)
        .toList();
  }

  protected String create(String principal) {
    String id = SessionId.create();
    long now = store().currentTimeMillis();
    store().create(new NewSession(id, now, INTERVAL, principal, Map.of("a", bytes("1"))));
    return id;
  }

  protected void principal(String id, String principal) {
    SessionDelta delta = new SessionDelta(id);
    delta.setPrincipal(principal);
    store().commit(delta);
  }

  // ---- parts

  protected String create(Map<String, String> attributes) {
    return create(store(), INTERVAL, attributes);
  }

  protected static String create(SessionStore store, int interval, Map<String, String> attributes) {
    return create(store, SessionId.create(), interval, attributes);
  }

  protected static String create(
      SessionStore store, String id, int interval, Map<String, String> attributes) {
    Map<String, byte[]> encoded = new LinkedHashMap<>();
    attributes.forEach((name, value) -> encoded.put(name, bytes(value)));
    store.create(new NewSession(id, store.currentTimeMillis(), interval, null, encoded));
    return id;
  }

  private SessionRecord claim(String id) {
    return store().claim(name(id), LEASE);
  }

  protected String rotate(String id) {
    SessionDelta delta = new SessionDelta(id);
    delta.rotateTo(SessionId.rotated(id));
    return store().commit(delta).id();
  }

  protected static SessionDelta write(String id, String name, String value) {
    SessionDelta delta = new SessionDelta(id);
    delta.write(name, bytes(value));
    return delta;
  }

  protected static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  protected static Map<String, String> texts(SessionRecord record) {
    Map<String, String> texts = new LinkedHashMap<>();
    record.attributes().forEach((name, value) -> texts.put(name, new String(value, UTF_8)));
    return texts;
  }

  /** Touches, and returns when the store has done it. */
  protected void touchAndWait(SessionStore store, String id) {
    store.touch(id);
  }

  /** Finishes, and returns when the store has done it. */
  protected void finishAndWait(String id) {
    store().finish(id);
  }

  /** As {@link #elapse}, for several sessions, once. */
  protected abstract void elapseAll(List<String> ids, Duration time);

  /** No id that was rotated away or ended opens anything; only a lease keeps anything of it. */
  private void assertDead(String id) {
    assertThat(store().open(id, 0)).isNull();
    assertThat(store().open(id, 1)).isNull();
    assertThat(claim(id)).isNull();
    assertThat(store().open(id, 0)).isNull();
  }

  private static long winners(Callable<SessionRecord> attempt) throws Exception {
    int callers = 6;
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    try {
      List<Future<SessionRecord>> answers =
          IntStream.range(0, callers)
              .mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            start.await();
                            return attempt.call();
                          }))
              .toList();
      start.countDown();
      long winners = 0;
      for (Future<SessionRecord> answer : answers) {
        winners += answer.get() == null ? 0 : 1;
      }
      return winners;
    } finally {
      threads.shutdownNow();
    }
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }
}
