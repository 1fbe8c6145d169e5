package dev.carryover.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carryover.event.SessionEvents;
import dev.carryover.metrics.Counter;
import dev.carryover.metrics.Gauge;
import dev.carryover.metrics.NodeMetrics;
import dev.carryover.metrics.SessionMetrics;
import dev.carryover.store.SessionDelta;
import dev.carryover.store.memory.MemorySessionStore;
import dev.carryover.testing.LoggedLines;
import dev.carryover.testing.MutableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a node does by itself while its store is away, and what becomes of it afterwards. */
@Timeout(60)
class BridgingStoreTest {

  private static final int MOST_SESSIONS = 5;
  private static final int MOST_BYTES = 20_000;

  private final MutableClock clock = new MutableClock();
  private final MemorySessionStore records = new MemorySessionStore(clock, true);
  private final ObservedStore store = new ObservedStore(records);
  private final NodeMetrics metrics = new NodeMetrics();
  private final List<String> ended = new ArrayList<>();
  private final LiveSessions node =
      new LiveSessions(store, new SerializationCodec(), rules(), heard(), metrics);
  private final LiveSessions other =
      new LiveSessions(records, new SerializationCodec(), plainRules(), SessionEvents.none());
  private final LoggedLines logged = LoggedLines.of(Journal.class);

  private static SessionRules plainRules() {
    return new SessionRules(
        Duration.ofMinutes(10), true, Duration.ofMinutes(1), Duration.ofSeconds(30));
  }

  private static SessionRules rules() {
    return plainRules().withNearCache(100, 1 << 20).goingOnAlone(MOST_SESSIONS, MOST_BYTES);
  }

  private SessionEvents<SessionAccess> heard() {
    return new SessionEvents<>() {
      @Override
      public void ended(SessionAccess session) {
        ended.add(session.id() + session.get("a"));
      }
    };
  }

  @AfterEach
  void close() {
    logged.close();
    store.comeBack();
    node.close();
  }

  // ---- while it is away

  @Test
  void aSessionThatTheNodeKnowsIsServed() {
    String id = stored("a", "1");

    store.goAway();

    assertThat(read(node, id, "a")).isEqualTo("1");
    write(node, id, "a", "2");
    assertThat(read(node, id, "a")).isEqualTo("2");
    assertThat(metrics.total(Counter.COMMITS_DEFERRED)).isEqualTo(1);
  }

  @Test
  void whatWasChangedInPlaceStaysSo() {
    String id = stored("cart", new ArrayList<>(List.of("apple")));

    store.goAway();

    add(node, id, "pear");
    add(node, id, "plum");
    assertThat(read(node, id, "cart")).isEqualTo(List.of("apple", "pear", "plum"));
    comeBack();
    assertThat(read(other, id, "cart")).isEqualTo(List.of("apple", "pear", "plum"));
  }

  @Test
  void aSessionThatTheNodeDoesNotKnowIsRefused() {
    String id = stored(other, "a", "1");

    store.goAway();

    assertThatThrownBy(() -> node.open(id)).isInstanceOf(SessionUnavailableException.class);
  }

  @Test
  void aSessionThatAnotherNodeKnewLastIsServedAsThisNodeKnewIt() {
    String id = stored("a", "1");
    write(other, id, "a", "2");

    store.goAway();

    assertThat(read(node, id, "a")).isEqualTo("1");
    store.comeBack();
    assertThat(read(node, id, "a")).isEqualTo("2");
  }

  @Test
  void aRequestThatAskedBeforeAChangeDoesNotTakeItBack() {
    String id = stored("a", "1");
    SessionAccess changing = node.open(id);
    write(other, id, "a", "2");
    store.afterNextOpen(
        () -> {
          store.goAway();
          changing.set("a", "3");
          end(changing);
        });

    SessionAccess late = node.open(id);

    assertThat(late.get("a")).isEqualTo("3");
    late.release();
    comeBack();
    assertThat(read(node, id, "a")).isEqualTo("3");
    assertThat(read(other, id, "a")).isEqualTo("3");
  }

  @Test
  void aSessionThatIsCreatedWorks() {
    store.goAway();

    String id = stored("a", "1");
    write(node, id, "b", "2");

    assertThat(read(node, id, "a")).isEqualTo("1");
    assertThat(read(node, id, "b")).isEqualTo("2");
  }

  @Test
  void aSessionThatIsCreatedWorksWithoutANearCacheToo() {
    LiveSessions forgetful =
        new LiveSessions(
            store,
            new SerializationCodec(),
            plainRules().goingOnAlone(MOST_SESSIONS, MOST_BYTES),
            SessionEvents.none());
    store.goAway();

    String id = stored(forgetful, "a", "1");
    write(forgetful, id, "b", "2");

    assertThat(read(forgetful, id, "a")).isEqualTo("1");
    assertThat(read(forgetful, id, "b")).isEqualTo("2");
  }

  /** The store may have it all the same: then another node could find it, and end it. */
  @Test
  void aSessionThatTheStoreMayHaveGotIsRefused() {
    SessionAccess access = node.create();
    store.failOnceAfter("create");

    assertThatThrownBy(access::commit).isInstanceOf(SessionUnavailableException.class);

    assertThat(unsaved()).isZero();
  }

  @Test
  void aSessionThatIsInvalidatedStaysSo() {
    String id = stored("a", "1");
    store.goAway();

    node.open(id).invalidate();

    assertThat(ended).containsExactly(id + "1");
    assertThat(node.open(id)).isNull();
    assertThat(unsaved()).isEqualTo(1);
  }

  @Test
  void aSessionThatIsCreatedAndInvalidatedStaysSo() {
    store.goAway();
    String id = stored("a", "1");

    node.open(id).invalidate();

    assertThat(ended).containsExactly(id + "1");
    assertThat(node.open(id)).isNull();
    comeBack();
    assertThat(node.open(id)).isNull();
    assertThat(other.open(id)).isNull();
  }

  @Test
  void anIdThatWasRotatedAwayIsDead() {
    String id = stored("a", "1");
    store.goAway();

    String newId = rotate(node, id);

    assertThat(node.open(id)).isNull();
    assertThat(read(node, newId, "a")).isEqualTo("1");
  }

  /** By an administrator: whether there is such a session nobody can tell. */
  /** Another request of this node looks before it has heard of the new id. */
  @Test
  void whoLooksByTheIdBeforeFindsTheSessionByItsNewOne() {
    String id = stored("a", "1");
    BridgingStore bridge = new BridgingStore(store, rules(), SessionMetrics.NONE);
    store.goAway();
    SessionDelta rotation = new SessionDelta(id);
    rotation.rotateTo(SessionId.rotated(id));
    String newId = bridge.commit(rotation).id();

    assertThat(bridge.look(id, 1).id()).isEqualTo(newId).isNotEqualTo(id);
    assertThat(bridge.open(id, 1)).isNull();
  }

  @Test
  void aSessionThatTheNodeNeedNotKnowIsNotEndedWithoutTheStore() {
    String id = stored(other, "a", "1");
    store.goAway();

    assertThatThrownBy(() -> node.directory().invalidate(id))
        .isInstanceOf(SessionUnavailableException.class);

    assertThat(ended).isEmpty();
    store.comeBack();
    assertThat(node.directory().invalidate(id)).isTrue();
  }

  @Test
  void aSessionThatIsCreatedMeanwhileIsEndedByAnAdministratorAfterwards() {
    store.goAway();
    String id = stored("a", "1");
    store.comeBack();

    assertThat(node.directory().invalidate(id)).isTrue();
    assertThat(node.open(id)).isNull();
    assertThat(records.exists(id)).isFalse();
  }

  /** The store has heard of the second id, though its answer was lost. */
  @Test
  void anIdThatTheStoreMayHaveHeardOfIsDeadToo() {
    String id = stored("a", "1");
    store.failOnceAfter("commit");
    String second = rotate(node, id);
    store.goAway();
    String third = rotate(node, second);
    assertThat(node.open(second)).isNull();
    store.comeBack();

    assertThat(node.open(second)).isNull();

    assertThat(other.open(second)).isNull();
    assertThat(read(other, third, "a")).isEqualTo("1");
  }

  @Test
  void noSessionExpiresByTheNodesClock() {
    String id = stored("a", "1");
    store.goAway();

    clock.advance(Duration.ofDays(1));

    assertThat(read(node, id, "a")).isEqualTo("1");
  }

  // ---- when it is back

  @Test
  void whatWasWrittenIsThere() {
    String id = stored("a", "1");
    SessionAccess first = node.open(id);
    first.set("gone", "1");
    end(first);
    store.goAway();
    write(node, id, "a", "2");
    SessionAccess access = node.open(id);
    access.remove("gone");
    access.setMaxInactiveInterval(77);
    access.setPrincipal("ada");
    end(access);

    comeBack();

    SessionAccess there = other.open(id);
    assertThat(there.names()).containsExactly("a");
    assertThat(there.get("a")).isEqualTo("2");
    assertThat(there.maxInactiveInterval()).isEqualTo(77);
    assertThat(there.principal()).isEqualTo("ada");
    assertThat(logged.lines()).anyMatch(line -> line.contains("1 written, 0 of sessions"));
  }

  @Test
  void whatAnotherNodeHasWrittenToAnotherAttributeIsThereToo() {
    String id = stored("a", "1");
    store.goAway();
    write(node, id, "a", "2");
    write(other, id, "b", "3");

    comeBack();

    assertThat(read(other, id, "a")).isEqualTo("2");
    assertThat(read(node, id, "b")).isEqualTo("3");
    assertThat(read(node, id, "a")).isEqualTo("2");
  }

  /** What is written last comes from the node that was cut off. */
  @Test
  void ofTwoWritesToOneAttributeOneWinsOnAllNodes() {
    String id = stored("a", "1");
    store.goAway();
    write(node, id, "a", "here");
    write(other, id, "a", "there");

    comeBack();

    assertThat(read(other, id, "a")).isEqualTo("here");
    assertThat(read(node, id, "a")).isEqualTo("here");
  }

  /** A commit that met another node's has a version that the node does not know all of. */
  @Test
  void whatFollowsACommitThatMetAnotherNodesIsNotLost() {
    String id = stored("a", "1");
    SessionAccess access = node.open(id);
    write(other, id, "b", "1");
    access.set("a", "2");
    access.commit();
    store.goAway();
    access.set("a", "3");
    end(access);
    assertThat(read(node, id, "a")).isEqualTo("3");

    comeBack();

    assertThat(read(other, id, "a")).isEqualTo("3");
    assertThat(read(node, id, "b")).isEqualTo("1");
  }

  /** Nobody has started the thread that writes what could not be written. */
  @Test
  void theFirstRequestSeesWhatWasWrittenMeanwhile() {
    String id = stored("a", "1");
    store.goAway();
    write(node, id, "a", "2");
    String created = stored("a", "3");
    write(other, id, "b", "4");
    store.comeBack();

    assertThat(read(node, id, "a")).isEqualTo("2");
    assertThat(read(node, id, "b")).isEqualTo("4");
    assertThat(read(node, created, "a")).isEqualTo("3");
    assertThat(read(other, created, "a")).isEqualTo("3");
    assertThat(unsaved()).isZero();
  }

  @Test
  void aSessionThatWasCreatedIsThereOnTheOtherNode() {
    store.goAway();
    String id = stored("a", "1");
    write(node, id, "a", "2");

    comeBack();

    assertThat(read(other, id, "a")).isEqualTo("2");
    write(other, id, "a", "3");
    assertThat(read(node, id, "a")).isEqualTo("3");
  }

  @Test
  void aSessionThatWasCreatedAndRotatedHasOneId() {
    store.goAway();
    String id = stored("a", "1");
    String newId = rotate(node, id);

    comeBack();

    assertThat(read(other, newId, "a")).isEqualTo("1");
    assertThat(other.open(id)).isNull();
    assertThat(node.open(id)).isNull();
    assertThat(records.due(100).nextDeadline()).isNotEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aSessionThatWasInvalidatedIsEndedEverywhereAndToldOnce() {
    String id = stored("a", "1");
    store.goAway();
    node.open(id).invalidate();

    comeBack();

    assertThat(other.open(id)).isNull();
    assertThat(records.exists(id)).isFalse();
    assertThat(ended).hasSize(1);
  }

  @Test
  void anEndWhoseAnswerWasLostIsToldOnce() {
    String id = stored("a", "1");
    SessionAccess access = node.open(id);
    store.failOnceAfter("end");

    access.invalidate();
    comeBack();

    assertThat(ended).hasSize(1);
    assertThat(records.exists(id)).isFalse();
  }

  @Test
  void aSessionThatWasRotatedHasOneId() {
    String id = stored("a", "1");
    store.goAway();
    String second = rotate(node, id);
    write(node, second, "a", "2");
    String third = rotate(node, second);
    store.comeBack();

    // By the old id, before anything was written.
    assertThat(node.open(id)).isNull();

    assertThat(read(other, third, "a")).isEqualTo("2");
    assertThat(other.open(id)).isNull();
    assertThat(other.open(second)).isNull();
  }

  @Test
  void aSessionThatEndedElsewhereDoesNotComeBack() {
    String id = stored("a", "1");
    store.goAway();
    write(node, id, "a", "2");
    other.open(id).invalidate();

    comeBack();

    assertThat(node.open(id)).isNull();
    assertThat(records.exists(id)).isFalse();
    assertThat(logged.lines()).anyMatch(line -> line.contains("0 written, 1 of sessions"));
  }

  @Test
  void aSessionThatExpiredMeanwhileDoesNotComeBack() {
    String id = stored("a", "1");
    store.goAway();
    write(node, id, "a", "2");
    clock.advance(Duration.ofMinutes(11));

    comeBack();

    assertThat(node.open(id)).isNull();
    assertThat(other.open(id)).isNull();
  }

  @Test
  void aSessionThatWasWrittenMeanwhileLivesOn() {
    String id = stored("a", "1");
    store.goAway();
    clock.advance(Duration.ofMinutes(9));
    write(node, id, "a", "2");

    comeBack();
    clock.advance(Duration.ofMinutes(9));

    assertThat(read(other, id, "a")).isEqualTo("2");
  }

  /** Its creation is sent under an id that nobody knows. */
  @Test
  void aSessionWhoseAnswersAreLostWhenItIsWrittenDoesNotComeBackOnceItHasEnded() {
    store.goAway();
    String id = stored("a", "1");
    store.comeBack();
    store.failOnceAfter("create");
    assertThat(read(node, id, "a")).isEqualTo("1");
    assertThat(other.open(id)).isNull();
    store.failOnceAfter("commit");
    assertThat(read(node, id, "a")).isEqualTo("1");
    assertThat(unsaved()).isEqualTo(1);
    other.open(id).invalidate();

    comeBack();

    assertThat(other.open(id)).isNull();
    assertThat(node.open(id)).isNull();
    assertThat(records.due(100).nextDeadline()).isEqualTo(Long.MAX_VALUE);
  }

  /** It would live on under the id that nobody knows. */
  @Test
  void aSessionThatEndsAfterTheAnswerToItsCreationWasLostIsGone() {
    store.goAway();
    String id = stored("a", "1");
    store.comeBack();
    store.failOnceAfter("create");
    assertThat(read(node, id, "a")).isEqualTo("1");
    store.goAway();
    node.open(id).invalidate();

    comeBack();

    assertThat(unsaved()).isZero();
    assertThat(records.due(100).nextDeadline()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void theEndOfAnExpiredSessionIsFinishedAlthoughItHasUnsavedChanges() {
    String id = stored("a", "1");
    BridgingStore bridge = new BridgingStore(store, rules(), SessionMetrics.NONE);
    store.goAway();
    SessionDelta delta = new SessionDelta(id);
    delta.write("a", new byte[] {1});
    assertThat(bridge.commit(delta).isDeferred()).isTrue();
    clock.advance(Duration.ofMinutes(11));
    store.comeBack();

    assertThat(bridge.claim(id, Duration.ofSeconds(30))).isNotNull();
    bridge.finish(id);

    assertThat(records.exists(id)).isFalse();
  }

  @Test
  void aCommitWhoseAnswerWasLostIsNotLost() {
    String id = stored("a", "1");
    store.failOnceAfter("commit");

    write(node, id, "a", "2");
    assertThat(read(node, id, "a")).isEqualTo("2");

    assertThat(read(other, id, "a")).isEqualTo("2");
  }

  // ---- how much is kept

  @Test
  void noMoreSessionsAreKeptThanThereIsRoomFor() {
    String known = stored("a", "1");
    store.goAway();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < MOST_SESSIONS; i++) {
      ids.add(stored("a", "1"));
    }

    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> stored("a", "1")).isInstanceOf(SessionUnavailableException.class);
    }
    assertThatThrownBy(() -> write(node, known, "a", "2"))
        .isInstanceOf(SessionUnavailableException.class);
    write(node, ids.get(0), "a", "2");

    assertThat(metrics.total(Counter.COMMITS_REFUSED)).isEqualTo(4);
    assertThat(logged.lines()).filteredOn(line -> line.contains("no room")).hasSize(1);
    comeBack();
    assertThat(read(other, ids.get(0), "a")).isEqualTo("2");
  }

  @Test
  void noMoreBytesAreKeptThanThereIsRoomFor() {
    store.goAway();
    String id = stored("a", "1");

    SessionAccess access = node.open(id);
    access.set("a", "x".repeat(MOST_BYTES));
    assertThatThrownBy(access::commit).isInstanceOf(SessionUnavailableException.class);
    access.set("a", "2");
    end(access);

    assertThat(metrics.total(Counter.COMMITS_REFUSED)).isEqualTo(1);
    comeBack();
    assertThat(read(other, id, "a")).isEqualTo("2");
  }

  @Test
  void roomThatWasUsedIsFreeAgain() {
    for (int round = 0; round < 3 * MOST_SESSIONS; round++) {
      store.goAway();
      String id = stored("a", "x".repeat(MOST_BYTES / 3));
      String newId = rotate(node, id);
      store.comeBack();
      assertThat(read(node, newId, "a")).isNotNull();
    }
    assertThat(metrics.total(Counter.COMMITS_REFUSED)).isZero();
  }

  /** Undeployed while the store is there. */
  @Test
  void whatIsUnsavedWhenTheNodeEndsIsWrittenThen() {
    store.goAway();
    String id = stored("a", "1");
    store.comeBack();

    node.close();

    assertThat(read(other, id, "a")).isEqualTo("1");
  }

  @Test
  void noThreadOutlivesTheNode() {
    node.start();
    node.close();

    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("carryover-reconcile"));
  }

  // ---- parts

  private void comeBack() {
    store.comeBack();
    node.start();
    await().until(() -> unsaved() == 0);
  }

  private long unsaved() {
    return metrics.value(Gauge.SESSIONS_UNSAVED);
  }

  private String stored(String name, Object value) {
    return stored(node, name, value);
  }

  private static String stored(LiveSessions node, String name, Object value) {
    SessionAccess access = node.create();
    access.set(name, value);
    end(access);
    return access.id();
  }

  private static void write(LiveSessions node, String id, String name, Object value) {
    SessionAccess access = node.open(id);
    access.set(name, value);
    end(access);
  }

  private static void add(LiveSessions node, String id, String item) {
    SessionAccess access = node.open(id);
    @SuppressWarnings("unchecked")
    List<String> cart = (List<String>) access.get("cart");
    cart.add(item);
    end(access);
  }

  private static String rotate(LiveSessions node, String id) {
    SessionAccess access = node.open(id);
    access.rotate();
    end(access);
    return access.id();
  }

  private static Object read(LiveSessions node, String id, String name) {
    SessionAccess access = node.open(id);
    Object value = access.get(name);
    end(access);
    return value;
  }

  private static void end(SessionAccess access) {
    try {
      access.commit();
    } finally {
      access.release();
    }
  }
}
