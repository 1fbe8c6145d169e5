package dev.carryover.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carryover.event.SessionEvents;
import dev.carryover.metrics.Counter;
import dev.carryover.metrics.NodeMetrics;
import dev.carryover.metrics.SessionMetrics;
import dev.carryover.store.SessionDelta;
import dev.carryover.store.memory.MemorySessionStore;
import dev.carryover.testing.LoggedLines;
import dev.carryover.testing.MutableClock;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Vector;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LiveSessionsTest {

  private final MutableClock clock = new MutableClock();
  private final MemorySessionStore records = new MemorySessionStore(clock, true);
  private final ObservedStore store = new ObservedStore(records);
  private final SerializationCodec codec = new SerializationCodec();
  private final Heard heard = new Heard();
  private final LoggedLines logged = LoggedLines.of(AttributeValues.class);
  private final NodeMetrics metrics = new NodeMetrics();
  private final LiveSessions node = node(true, metrics);
  private final LiveSessions other = node(true);

  @AfterEach
  void stopListening() {
    logged.close();
  }

  private LiveSessions node(boolean detectsMutation) {
    return node(detectsMutation, SessionMetrics.NONE);
  }

  private LiveSessions node(boolean detectsMutation, SessionMetrics counted) {
    SessionRules rules =
        new SessionRules(
            Duration.ofMinutes(10), detectsMutation, Duration.ofMinutes(1), Duration.ofSeconds(30));
    return new LiveSessions(store, codec, adapt(rules), heard, counted);
  }

  /** The rules to test with. */
  SessionRules adapt(SessionRules rules) {
    return rules;
  }

  // ---- S4: changed in place

  @Test
  void anObjectChangedInPlaceIsSaved() {
    String id = stored("cart", list("apple"));

    SessionAccess access = node.open(id);
    cart(access).add("pear");
    end(access);

    assertThat(store.calls()).containsExactly("open", "commit[cart]");
    assertThat(read(other, id, "cart")).isEqualTo(List.of("apple", "pear"));
  }

  @Test
  void anObjectChangedAfterAnEarlyCommitIsSavedByTheNext() {
    SessionAccess access = node.create();
    List<String> cart = list("apple");
    access.set("cart", cart);
    access.commit();
    cart.add("pear");
    end(access);

    assertThat(read(other, access.id(), "cart")).isEqualTo(List.of("apple", "pear"));
  }

  @Test
  void whatWasReadAndNotChangedIsNotWritten() {
    String id = stored("cart", list("apple"));

    SessionAccess access = node.open(id);
    assertThat(cart(access)).containsExactly("apple");
    end(access);

    assertThat(store.calls()).containsExactly("open");
  }

  @Test
  void aMapOfAnotherCapacityIsNoChange() {
    HashMap<String, String> map = new HashMap<>(1 << 10);
    map.put("a", "1");
    String id = stored("map", map);

    SessionAccess access = node.open(id);
    assertThat(access.get("map")).isEqualTo(Map.of("a", "1"));
    end(access);

    assertThat(store.calls()).containsExactly("open");
  }

  @Test
  void withoutMutationDetectionTheSameObjectSetAgainIsSaved() {
    LiveSessions plain = node(false);
    String id = stored("cart", list("apple"));

    SessionAccess access = plain.open(id);
    cart(access).add("pear");
    end(access);
    assertThat(store.calls()).containsExactly("open");

    access = plain.open(id);
    List<String> cart = cart(access);
    cart.add("plum");
    access.set("cart", cart);
    end(access);
    assertThat(store.calls()).containsExactly("open", "commit[cart]");
    assertThat(read(other, id, "cart")).isEqualTo(List.of("apple", "plum"));
  }

  @Test
  void settingTheSameUnchangedObjectCostsNothing() {
    String id = stored("cart", list("apple"));

    SessionAccess access = node.open(id);
    access.set("cart", cart(access));
    end(access);

    assertThat(store.calls()).containsExactly("open");
  }

  @Test
  void settingAndRemovingInOneRequestCostsNothing() {
    String id = stored("cart", list("apple"));

    SessionAccess access = node.open(id);
    access.set("flash", "message");
    access.remove("flash");
    access.remove("never there");
    end(access);

    assertThat(store.calls()).containsExactly("open");
  }

  // ---- S5: concurrent requests

  @Test
  void concurrentRequestsOfANodeShareTheirObjects() {
    String id = stored("cart", list("apple"));
    SessionAccess first = node.open(id);
    SessionAccess second = node.open(id);

    assertThat(cart(first)).isSameAs(cart(second));
    cart(second).add("pear");
    assertThat(cart(first)).containsExactly("apple", "pear");
    end(second);
    end(first);
    assertThat(read(other, id, "cart")).isEqualTo(List.of("apple", "pear"));
    assertThat(node.size()).isZero();
  }

  @Test
  void attributesOfTwoNodesMerge() {
    String id = stored("a", "1");
    SessionAccess here = node.open(id);
    SessionAccess there = other.open(id);
    here.set("here", "1");
    there.set("there", "1");
    there.remove("a");
    end(there);
    end(here);

    SessionAccess access = node.open(id);
    assertThat(access.names()).containsExactlyInAnyOrder("here", "there");
    end(access);
  }

  @Test
  void aRequestSeesWhatAnotherNodeCommittedBeforeItCameAlsoWhileTheSessionIsInUse() {
    String id = stored("a", list("1"));
    SessionAccess early = node.open(id);
    assertThat(early.get("a")).isEqualTo(List.of("1"));
    write(other, id, "a", list("2"));

    SessionAccess late = node.open(id);

    assertThat(late.get("a")).isEqualTo(List.of("2"));
    assertThat(early.get("a")).isSameAs(late.get("a"));
    end(early);
    end(late);
    assertThat(read(other, id, "a")).isEqualTo(List.of("2"));
  }

  @Test
  void whatIsChangedInPlaceHereStaysWhenAnotherNodeWritesIt() {
    String id = stored("cart", list("apple"));
    SessionAccess here = node.open(id);
    cart(here).add("pear");
    write(other, id, "cart", list("plum"));
    SessionAccess second = node.open(id);

    assertThat(cart(second)).containsExactly("apple", "pear");
    end(here);
    end(second);
    assertThat(read(other, id, "cart")).isEqualTo(List.of("apple", "pear"));
  }

  @Test
  void anObjectInUseIsSavedThoughAnotherNodesValueHasTakenItsPlace() {
    String id = stored("cart", list("apple"));
    SessionAccess here = node.open(id);
    List<String> held = cart(here);
    write(other, id, "cart", list("plum"));
    end(node.open(id));

    held.add("pear");
    end(here);

    assertThat(read(other, id, "cart")).isEqualTo(List.of("apple", "pear"));
  }

  @Test
  void anObjectInUseIsSavedThoughAnotherNodeHasRemovedIt() {
    String id = stored("cart", list("apple"));
    SessionAccess here = node.open(id);
    List<String> held = cart(here);
    SessionAccess there = other.open(id);
    there.remove("cart");
    end(there);
    end(node.open(id));

    held.add("pear");
    end(here);

    assertThat(read(other, id, "cart")).isEqualTo(List.of("apple", "pear"));
  }

  @Test
  void anObjectThatTheApplicationReplacedIsNotSaved() {
    String id = stored("cart", list("apple"));
    SessionAccess first = node.open(id);
    List<String> replaced = cart(first);
    SessionAccess second = node.open(id);
    second.set("cart", list("plum"));
    end(second);

    replaced.add("pear");
    end(first);

    assertThat(read(other, id, "cart")).isEqualTo(List.of("plum"));
  }

  @Test
  void theCommitThatTheStoreSawLastWinsAlsoWhenItsNodeHearsOfItLater() {
    String id = stored("a", "0");
    SessionAccess here = node.open(id);
    here.set("a", "here");
    SessionAccess[] second = new SessionAccess[1];
    store.afterNextCommit(
        () -> {
          write(other, id, "a", "there");
          second[0] = node.open(id);
        });
    here.commit();

    assertThat(here.get("a")).isEqualTo("there");
    end(second[0]);
    end(here);
    assertThat(read(node, id, "a")).isEqualTo("there");
    assertThat(read(other, id, "a")).isEqualTo("there");
  }

  @Test
  void anAnswerThatIsOlderThanThisNodesOwnCommitTakesNothingBack() {
    String id = stored("a", "0");
    SessionAccess here = node.open(id);
    write(other, id, "a", "there");
    here.set("a", "here");
    store.afterNextOpen(here::commit);

    SessionAccess second = node.open(id);

    assertThat(here.get("a")).isEqualTo("here");
    assertThat(second.get("a")).isEqualTo("here");
    end(second);
    end(here);
    assertThat(read(other, id, "a")).isEqualTo("here");
  }

  @Test
  void norDoesItTakeBackTheUserAndTheTimeout() {
    String id = stored("a", "0");
    SessionAccess here = node.open(id);
    write(other, id, "a", "there");
    store.afterNextOpen(
        () -> {
          SessionAccess login = node.open(id);
          login.setPrincipal("ann");
          login.setMaxInactiveInterval(77);
          end(login);
        });

    SessionAccess late = node.open(id);

    assertThat(late.principal()).isEqualTo("ann");
    assertThat(late.maxInactiveInterval()).isEqualTo(77);
    end(late);
    end(here);
    SessionAccess next = node.open(id);
    assertThat(next.principal()).isEqualTo("ann");
    assertThat(next.maxInactiveInterval()).isEqualTo(77);
    end(next);
  }

  /** As a WebSocket keeps it, for hours. */
  @Test
  void whatWasRemovedIsNotHeldByWhoKeepsTheSession() {
    SessionAccess kept = node.create();
    end(kept);
    List<WeakReference<Object>> values = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Object value = new ArrayList<>(List.of(i));
      values.add(new WeakReference<>(value));
      kept.set("message" + i, value);
      kept.remove("message" + i);
    }

    await()
        .untilAsserted(
            () -> {
              System.gc();
              assertThat(values).allMatch(value -> value.get() == null);
            });
  }

  @Test
  void whatOneRequestHasWrittenForAnotherIsNotWrittenAgain() throws Exception {
    String id = stored("a", "0");
    SessionAccess first = node.open(id);
    SessionAccess second = node.open(id);
    first.set("a", "1");
    ExecutorService threads = Executors.newFixedThreadPool(1);
    try {
      List<Future<?>> commits = new ArrayList<>();
      store.afterNextCommit(
          () -> {
            int before = codec.encoded.get();
            commits.add(threads.submit(second::commit));
            await().until(() -> codec.encoded.get() > before);
            write(other, id, "a", "2");
          });
      first.commit();
      commits.get(0).get(10, TimeUnit.SECONDS);
    } finally {
      threads.shutdownNow();
    }

    end(first);
    end(second);
    assertThat(read(other, id, "a")).isEqualTo("2");
  }

  @Test
  void anObjectThatAnotherThreadKeepsChangingIsSavedInTheEnd() throws Exception {
    SessionAccess access = node.create();
    Unsteady value = new Unsteady();
    access.set("unsteady", value);
    access.commit();
    SessionAccess second = node.open(access.id());
    second.get("unsteady");
    value.content = "changing";
    value.failures = 100;

    second.commit();
    value.failures = 0;
    end(access);
    end(second);

    SessionAccess there = other.open(access.id());
    assertThat(((Unsteady) there.get("unsteady")).content).isEqualTo("changing");
    end(there);
  }

  @Test
  void anEncodingMayWaitForALockWhoseOwnerReadsTheSession() throws Exception {
    Vector<String> vector = new Vector<>(List.of("a"));
    SessionAccess access = node.create();
    access.set("vector", vector);
    CountDownLatch committing = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(1);
    try {
      Future<?> commit;
      synchronized (vector) {
        commit =
            threads.submit(
                () -> {
                  committing.countDown();
                  access.commit();
                });
        committing.await();
        for (int i = 0; i < 1_000; i++) {
          assertThat(access.get("vector")).isSameAs(vector);
        }
      }
      commit.get(10, TimeUnit.SECONDS);
    } finally {
      threads.shutdownNow();
    }
    end(access);
    assertThat(read(other, access.id(), "vector")).isEqualTo(List.of("a"));
  }

  // ---- S6: the end

  @Test
  void anInvalidatedSessionDoesNotComeBackByRequestsUnderWay() {
    String id = stored("a", "1");
    SessionAccess here = node.open(id);
    SessionAccess beside = node.open(id);
    SessionAccess there = other.open(id);

    here.invalidate();
    beside.set("a", "2");
    there.set("a", "3");
    there.rotate();
    end(beside);
    end(there);
    end(here);

    assertThat(beside.isEnded()).isTrue();
    assertThat(there.isGone()).isTrue();
    assertThat(there.get("a")).isEqualTo("3");
    assertThat(node.open(id)).isNull();
    assertThat(other.open(there.id())).isNull();
    assertThat(heard.ended).containsExactly(id);
    assertThat(records.exists(id)).isFalse();
    assertThat(node.size() + other.size()).isZero();
  }

  @Test
  void ofTwoNodesThatInvalidateOneTells() {
    String id = stored("a", "1");
    SessionAccess here = node.open(id);
    SessionAccess there = other.open(id);

    here.invalidate();
    there.invalidate();

    assertThat(heard.ended).containsExactly(id);
    assertThat(there.isEnded()).isTrue();
  }

  @Test
  void theListenerSeesWhatOtherNodesHaveWritten() {
    String id = stored("a", "1");
    SessionAccess here = node.open(id);
    write(other, id, "b", "2");

    here.invalidate();

    assertThat(heard.attributes).isEqualTo(Map.of("a", "1", "b", "2"));
  }

  @Test
  void anEndedSessionThatAnotherNodeRotatedLeavesNothing() {
    String id = stored("a", "1");
    SessionAccess here = node.open(id);
    SessionAccess there = other.open(id);
    there.rotate();
    end(there);

    here.invalidate();

    assertThat(records.exists(there.id())).isFalse();
    assertThat(heard.ended).containsExactly(there.id());
    end(here);
    assertThat(node.size()).isZero();
  }

  @Test
  void anExpiredSessionDoesNotComeBack() {
    String id = stored("a", "1");
    SessionAccess here = node.open(id);
    clock.advance(Duration.ofMinutes(11));

    here.set("a", "2");
    end(here);

    assertThat(here.isGone()).isTrue();
    assertThat(node.open(id)).isNull();
  }

  @Test
  void aSessionInvalidatedBeforeItWasStoredCostsNothing() {
    SessionAccess access = node.create();
    access.set("a", "1");
    access.invalidate();
    end(access);

    assertThat(store.calls()).isEmpty();
    assertThat(heard.ended).containsExactly(access.id());
  }

  @Test
  void aSessionWhoseCreationMayHaveReachedTheStoreIsEndedThere() {
    SessionAccess access = node.create();
    store.failOnceAfter("create");
    assertThatThrownBy(access::commit).isInstanceOf(SessionUnavailableException.class);
    String id = access.id();

    access.invalidate();
    end(access);

    assertThat(records.exists(id)).isFalse();
  }

  // ---- S8: time

  @Test
  void lastAccessedIsTheRequestBeforeAndNeverGoesBack() {
    String id = stored("a", "1");
    clock.advance(Duration.ofSeconds(100));
    SessionAccess first = node.open(id);
    long before = first.lastAccessedAt();
    clock.advance(Duration.ofSeconds(-50));
    SessionAccess second = other.open(id);
    clock.advance(Duration.ofSeconds(-50));
    SessionAccess third = node.open(id);

    assertThat(second.lastAccessedAt()).isGreaterThanOrEqualTo(before + 100_000);
    assertThat(third.lastAccessedAt()).isGreaterThanOrEqualTo(second.lastAccessedAt());
    assertThat(first.createdAt()).isEqualTo(third.createdAt());
  }

  @Test
  void aNodeThatWasIdleForLongDoesNotEndASessionThatAnotherUsed() {
    String id = stored("a", "1");
    SessionAccess idle = node.open(id);
    for (int i = 0; i < 5; i++) {
      clock.advance(Duration.ofMinutes(9));
      end(other.open(id));
    }

    idle.set("b", "2");
    end(idle);

    assertThat(read(other, id, "b")).isEqualTo("2");
  }

  @Test
  void isNewUntilItIsOpened() {
    SessionAccess access = node.create();
    access.commit();
    assertThat(access.isNew()).isTrue();
    end(access);

    SessionAccess again = node.open(access.id());
    assertThat(again.isNew()).isFalse();
    end(again);
  }

  // ---- S10, S11: bytes

  @Test
  void anAttributeNobodyReadsIsNeitherDecodedNorEncoded() {
    String id = stored("cart", list("apple"));
    int decoded = codec.decoded.get();
    int encoded = codec.encoded.get();

    SessionAccess access = node.open(id);
    assertThat(access.names()).containsExactly("cart");
    access.set("other", "1");
    end(access);

    assertThat(codec.decoded).hasValue(decoded);
    assertThat(codec.encoded).hasValue(encoded + 1);
    assertThat(store.calls()).containsExactly("open", "commit[other]");
  }

  @Test
  void anUnchangedSessionInUseIsNotDecodedAgain() {
    String id = stored("cart", list("apple"));
    SessionAccess first = node.open(id);
    first.get("cart");
    int decoded = codec.decoded.get();

    SessionAccess second = node.open(id);
    second.get("cart");

    assertThat(codec.decoded).hasValue(decoded);
    end(first);
    end(second);
  }

  @Test
  void whatCannotBeDecodedReadsAsAbsentAndItsBytesStay() {
    String id = stored("good", "1");
    byte[] bytes = {1, 2, 3};
    SessionDelta delta = new SessionDelta(id);
    delta.write("bad", bytes);
    records.commit(delta);

    SessionAccess access = node.open(id);
    assertThat(access.get("bad")).isNull();
    assertThat(access.names()).containsExactly("good");
    assertThat(access.get("good")).isEqualTo("1");
    access.set("good", "2");
    end(access);
    assertThat(records.open(id, 0).attributes().get("bad")).isEqualTo(bytes);

    write(node, id, "bad", "now good");
    assertThat(read(other, id, "bad")).isEqualTo("now good");
  }

  @Test
  void whatCannotBeDecodedCanBeRemoved() {
    String id = stored("good", "1");
    SessionDelta delta = new SessionDelta(id);
    delta.write("bad", new byte[] {1});
    records.commit(delta);

    SessionAccess access = node.open(id);
    access.get("bad");
    access.remove("bad");
    end(access);

    assertThat(records.open(id, 0).attributes()).containsOnlyKeys("good");
  }

  @Test
  void whatCannotBeDecodedIsCountedAndSaidOnce() {
    List<String> ids = List.of(stored("good", "1"), stored("good", "1"), stored("good", "1"));
    for (String id : ids) {
      SessionDelta delta = new SessionDelta(id);
      delta.write("bad", new byte[] {1, 2, 3});
      records.commit(delta);
      assertThat(read(node, id, "bad")).isNull();
      assertThat(read(node, id, "good")).isEqualTo("1");
    }

    assertThat(metrics.total(Counter.ATTRIBUTES_UNREADABLE)).isEqualTo(3);
    for (String id : ids) {
      assertThat(read(node, id, "bad")).isNull();
      assertThat(read(node, id, "good")).isEqualTo("1");
    }
    assertThat(logged.lines()).hasSize(1);
    assertThat(logged.lines().get(0)).contains("bad: can't be deserialised");
  }

  @Test
  void whatIsSaidOfAnAttributeHasAnEndAndOneLine() {
    String name = "\n" + "x".repeat(10_000);
    String id = stored("good", "1");
    SessionDelta delta = new SessionDelta(id);
    delta.write(name, new byte[] {1, 2, 3});
    records.commit(delta);

    assertThat(read(node, id, name)).isNull();
    assertThat(logged.lines()).hasSize(1);
    assertThat(logged.lines().get(0)).hasSizeLessThan(1_000).contains("?xxx").doesNotContain("\n");
  }

  // ---- S9: what can't be carried

  @Test
  void whatCannotBeEncodedStaysOnItsNodeAndIsAbsentElsewhere() {
    String id = stored("a", "1");
    Object local = new Object();
    SessionAccess access = node.open(id);
    access.set("local", local);
    access.set("b", "2");
    end(access);

    assertThat(read(node, id, "local")).isSameAs(local);
    assertThat(read(other, id, "local")).isNull();
    assertThat(read(other, id, "b")).isEqualTo("2");
    assertThat(node.size()).isOne();

    SessionAccess last = node.open(id);
    last.remove("local");
    end(last);
    assertThat(node.size()).isZero();
  }

  @Test
  void whatCannotBeEncodedIsNamedOnce() {
    for (int i = 0; i < 3; i++) {
      SessionAccess access = node.create();
      access.set("cart", new ArrayList<>(List.of(new Object())));
      access.set("other", new Object());
      end(access);
      access = node.open(access.id());
      access.get("cart");
      end(access);
    }

    assertThat(logged.lines()).hasSize(2);
    assertThat(logged.lines()).anyMatch(line -> line.contains("cart: can't be serialised"));
    assertThat(logged.lines()).anyMatch(line -> line.contains("other: can't be serialised"));
  }

  @Test
  void anAttributesNameForgesNoLineInTheLog() {
    SessionAccess access = node.create();
    access.set("cart\nSEVERE: all is lost", new Object());
    end(access);

    assertThat(logged.lines()).hasSize(1);
    assertThat(logged.lines().get(0)).doesNotContain("\n");
  }

  @Test
  void aDeploymentThatRejectsIsAskedBeforeAValueIsSet() {
    SessionAccess access = node.create();
    codec.rejects = true;
    assertThatThrownBy(() -> access.requireSettable("a", new Object()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a: ");
    access.requireSettable("a", list("x"));
    access.requireSettable("a", "immutable");
    assertThat(access.names()).isEmpty();
  }

  @Test
  void aValueThatCannotBeEncodedTakesThePlaceOfOneThatCould() {
    String id = stored("a", "1");
    SessionAccess access = node.open(id);
    access.set("a", new Object());
    end(access);

    assertThat(read(other, id, "a")).isNull();
  }

  @Test
  void anotherNodesValueTakesThePlaceOfALocalOne() {
    String id = stored("a", "1");
    SessionAccess access = node.open(id);
    access.set("x", new Object());
    end(access);
    write(other, id, "x", list("carried"));

    access = node.open(id);
    assertThat(access.get("x")).isEqualTo(List.of("carried"));
    end(access);

    assertThat(read(other, id, "x")).isEqualTo(List.of("carried"));
    assertThat(node.size()).isZero();
  }

  @Test
  void aLocalObjectSetAgainIsCarriedOnceItCanBe() {
    SessionAccess access = node.create();
    Unsteady value = new Unsteady();
    value.content = "x";
    value.failures = 1_000;
    access.set("u", value);
    end(access);
    assertThat(node.size()).isOne();

    value.failures = 0;
    write(node, access.id(), "u", value);

    assertThat(((Unsteady) read(other, access.id(), "u")).content).isEqualTo("x");
    assertThat(node.size()).isZero();
  }

  @Test
  void aSessionEndedElsewhereIsNotKeptForItsLocalAttributes() {
    String id = stored("a", "1");
    SessionAccess access = node.open(id);
    access.set("local", new Object());
    end(access);
    other.open(id).invalidate();

    assertThat(node.open(id)).isNull();
    assertThat(node.size()).isZero();
  }

  // ---- a store that fails

  @Test
  void aFailedCommitIsTriedAgainAndLosesNothing() {
    String id = stored("a", "1");
    SessionAccess access = node.open(id);
    access.set("a", "2");
    access.setPrincipal("ann");
    access.setMaxInactiveInterval(99);
    String oldId = access.rotate();
    store.failOnceBefore("commit");
    assertThatThrownBy(access::commit).isInstanceOf(SessionUnavailableException.class);
    access.set("b", "3");
    end(access);

    assertThat(access.id()).isNotEqualTo(oldId);
    SessionAccess there = other.open(access.id());
    assertThat(there.get("a")).isEqualTo("2");
    assertThat(there.get("b")).isEqualTo("3");
    assertThat(there.principal()).isEqualTo("ann");
    assertThat(there.maxInactiveInterval()).isEqualTo(99);
    assertThat(other.open(oldId)).isNull();
  }

  @Test
  void aCommitWhoseAnswerWasLostIsTriedAgainAndLosesNothing() {
    String id = stored("a", "1");
    SessionAccess access = node.open(id);
    access.set("a", "2");
    access.rotate();
    store.failOnceAfter("commit");
    assertThatThrownBy(access::commit).isInstanceOf(SessionUnavailableException.class);
    end(access);

    assertThat(read(other, access.id(), "a")).isEqualTo("2");
    assertThat(read(node, access.id(), "a")).isEqualTo("2");
    assertThat(node.open(id)).isNull();
  }

  @Test
  void aFailedCreationIsTriedAgain() {
    SessionAccess access = node.create();
    access.set("a", "1");
    access.setPrincipal("ann");
    store.failOnceBefore("create");
    assertThatThrownBy(access::commit).isInstanceOf(SessionUnavailableException.class);
    access.set("b", "2");
    String oldId = access.rotate();
    end(access);

    assertThat(node.open(oldId)).isNull();
    SessionAccess there = other.open(access.id());
    assertThat(there.names()).containsExactlyInAnyOrder("a", "b");
    assertThat(there.principal()).isEqualTo("ann");
  }

  @Test
  void aFailedOpenLeavesNothingBehind() {
    String id = stored("a", "1");
    store.failOnceBefore("open");

    assertThatThrownBy(() -> node.open(id)).isInstanceOf(SessionUnavailableException.class);

    assertThat(node.size()).isZero();
    assertThat(read(node, id, "a")).isEqualTo("1");
  }

  @Test
  void aFailedInvalidationCanBeTriedAgain() {
    String id = stored("a", "1");
    SessionAccess access = node.open(id);
    store.failOnceBefore("end");
    assertThatThrownBy(access::invalidate).isInstanceOf(SessionUnavailableException.class);
    assertThat(access.isEnded()).isFalse();

    access.invalidate();

    assertThat(heard.ended).containsExactly(id);
  }

  @Test
  void aPrincipalSetWhileACommitIsUnderWayIsNotForgotten() {
    String id = stored("a", "1");
    SessionAccess access = node.open(id);
    access.setPrincipal("ann");
    store.afterNextCommit(() -> access.setPrincipal("bob"));
    access.commit();
    end(access);

    SessionAccess there = other.open(id);
    assertThat(there.principal()).isEqualTo("bob");
  }

  // ---- rotation

  @Test
  void aRotationBeforeTheFirstCommitCostsNothing() {
    SessionAccess access = node.create();
    String first = access.id();
    assertThat(access.rotate()).isEqualTo(first);
    end(access);

    assertThat(store.calls()).containsExactly("create[]");
    assertThat(access.id()).isNotEqualTo(first);
    assertThat(node.open(first)).isNull();
    assertThat(node.open(access.id())).isNotNull();
    assertThat(heard.rotated).containsExactly(first);
  }

  @Test
  void aRotationIsDoneByTheCommit() {
    String id = stored("a", "1");
    SessionAccess access = node.open(id);
    assertThat(access.rotate()).isEqualTo(id);
    String newId = access.id();
    end(other.open(id));
    access.commit();

    assertThat(newId).isNotEqualTo(id).startsWith(id.substring(0, 1));
    assertThat(other.open(id)).isNull();
    assertThat(node.open(id)).isNull();
    SessionAccess beside = node.open(newId);
    beside.set("b", new ArrayList<>());
    assertThat(beside.get("b")).isSameAs(access.get("b"));
    end(beside);
    end(access);
    assertThat(node.size()).isZero();
    assertThat(read(other, newId, "a")).isEqualTo("1");
  }

  @Test
  void rotationsOfTwoNodesAtOnceLeaveOneSession() {
    String id = stored("a", "1");
    SessionAccess here = node.open(id);
    SessionAccess there = other.open(id);
    here.rotate();
    here.set("here", "1");
    there.rotate();
    there.set("there", "1");
    end(here);
    end(there);

    assertThat(node.open(id)).isNull();
    assertThat(node.open(here.id())).isNull();
    SessionAccess access = node.open(there.id());
    assertThat(access.names()).containsExactlyInAnyOrder("a", "here", "there");
    end(access);
    assertThat(node.size() + other.size()).isZero();
  }

  @Test
  void twoRotationsInOneNodeBeforeACommitAreOne() {
    String id = stored("a", "1");
    SessionAccess first = node.open(id);
    SessionAccess second = node.open(id);
    first.rotate();
    second.rotate();
    end(first);
    end(second);

    assertThat(first.id()).isEqualTo(second.id());
    assertThat(read(other, first.id(), "a")).isEqualTo("1");
  }

  // ---- sessions kept beyond their request

  @Test
  void aSessionKeptBeyondItsRequestCommitsAtOnce() {
    String id = stored("a", "1");
    SessionAccess kept = node.open(id);
    end(kept);

    kept.set("late", "1");

    assertThat(read(other, id, "late")).isEqualTo("1");
    kept.remove("late");
    assertThat(read(other, id, "late")).isNull();
    assertThat(node.size()).isZero();
  }

  @Test
  void aSessionKeptBeyondItsRequestSavesWhatWasChangedInPlaceWithItsNextUse() {
    String id = stored("cart", list("apple"));
    SessionAccess kept = node.open(id);
    List<String> cart = cart(kept);
    end(kept);
    store.calls();

    cart.add("pear");
    kept.catchUp();

    assertThat(store.calls()).containsExactly("commit[cart]");
    assertThat(read(other, id, "cart")).isEqualTo(List.of("apple", "pear"));
    assertThat(node.size()).isZero();
  }

  @Test
  void aSessionKeptBeyondItsRequestSeesWhatAnotherNodeHasCommitted() {
    String id = stored("a", "1");
    SessionAccess kept = node.open(id);
    end(kept);
    write(other, id, "a", "2");

    await().until(() -> "2".equals(caughtUp(kept).get("a")));

    long accessed = node.open(id).lastAccessedAt();
    clock.advance(Duration.ofMinutes(1));
    caughtUp(kept);
    assertThat(other.open(id).lastAccessedAt()).isEqualTo(accessed);
  }

  @Test
  void requestsHaveTheObjectsOfASessionKeptBeyondItsRequest() {
    String id = stored("cart", list("apple"));
    SessionAccess kept = node.open(id);
    end(kept);
    List<String> cart = cart(caughtUp(kept));

    SessionAccess request = node.open(id);

    assertThat(cart(request)).isSameAs(cart);
    end(request);
    assertThat(node.size()).isZero();
  }

  @Test
  void aSessionKeptBeyondItsRequestHasTheObjectsOfRequestsUnderWay() {
    String id = stored("cart", list("apple"));
    SessionAccess kept = node.open(id);
    cart(kept);
    end(kept);
    SessionAccess request = node.open(id);

    assertThat(cart(caughtUp(kept))).isSameAs(cart(request));
  }

  @Test
  void aSessionKeptBeyondItsRequestFollowsARotation() {
    String id = stored("a", "1");
    SessionAccess kept = node.open(id);
    end(kept);
    SessionAccess rotating = other.open(id);
    rotating.rotate();
    end(rotating);

    await().until(() -> rotating.id().equals(caughtUp(kept).id()));
    assertThat(kept.isEnded()).isFalse();
  }

  @Test
  void aSessionKeptBeyondItsRequestEndsWithTheSession() {
    String id = stored("a", "1");
    SessionAccess kept = node.open(id);
    end(kept);
    other.open(id).invalidate();

    await().until(() -> caughtUp(kept).isEnded());
  }

  @Test
  void aNewSessionKeptBeyondItsRequestLeavesNoTrap() {
    SessionAccess kept = node.create();
    kept.release();

    kept.set("late", "1");

    assertThat(node.size()).isZero();
    assertThat(read(node, kept.id(), "late")).isEqualTo("1");
    assertThat(node.size()).isZero();
  }

  @Test
  void aRequestThatGoesOnAfterAllSharesItsSessionAgain() {
    String id = stored("cart", list("apple"));
    SessionAccess access = node.open(id);
    List<String> cart = cart(access);
    end(access);
    assertThat(node.size()).isZero();

    access.reacquire();
    SessionAccess beside = node.open(id);

    assertThat(cart(beside)).isSameAs(cart);
    end(beside);
    end(access);
    access.release();
    assertThat(node.size()).isZero();
  }

  // ---- parts

  private String stored(String name, Object value) {
    SessionAccess access = node.create();
    access.set(name, value);
    end(access);
    store.calls();
    return access.id();
  }

  private static void write(LiveSessions node, String id, String name, Object value) {
    SessionAccess access = node.open(id);
    access.set(name, value);
    end(access);
  }

  private static Object read(LiveSessions node, String id, String name) {
    SessionAccess access = node.open(id);
    Object value = access.get(name);
    end(access);
    return value;
  }

  private static SessionAccess caughtUp(SessionAccess access) {
    access.catchUp();
    return access;
  }

  private static void end(SessionAccess access) {
    access.commit();
    access.release();
  }

  @SuppressWarnings("unchecked")
  private static List<String> cart(SessionAccess access) {
    return (List<String>) access.get("cart");
  }

  private static List<String> list(String... items) {
    return new ArrayList<>(List.of(items));
  }

  /** Can't be encoded a number of times, as if another thread were changing it. */
  private static final class Unsteady implements Serializable {
    private static final long serialVersionUID = 1;
    private String content = "";
    private transient int failures;

    private void writeObject(ObjectOutputStream out) throws IOException {
      if (failures-- > 0) {
        throw new ConcurrentModificationException();
      }
      out.defaultWriteObject();
    }
  }

  /** What listeners hear. */
  private static final class Heard implements SessionEvents<SessionAccess> {
    private final List<String> ended = new ArrayList<>();
    private final List<String> rotated = new ArrayList<>();
    private final Map<String, Object> attributes = new HashMap<>();

    @Override
    public void ended(SessionAccess session) {
      ended.add(session.id());
      session.names().forEach(name -> attributes.put(name, session.get(name)));
    }

    @Override
    public void idChanged(SessionAccess session, String oldId) {
      rotated.add(oldId);
    }
  }
}
