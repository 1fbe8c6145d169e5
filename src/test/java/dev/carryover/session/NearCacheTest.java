package dev.carryover.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carryover.event.SessionEvents;
import dev.carryover.store.memory.MemorySessionStore;
import dev.carryover.testing.MutableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NearCacheTest {

  private static final int SESSIONS = 3;
  private static final int BYTES = 60_000;

  private final ObservedStore store =
      new ObservedStore(new MemorySessionStore(new MutableClock(), true));
  private final SerializationCodec codec = new SerializationCodec();
  private final LiveSessions node = node(true);
  private final LiveSessions other = node(true);

  private LiveSessions node(boolean detectsMutation) {
    SessionRules rules =
        new SessionRules(
            Duration.ofMinutes(10), detectsMutation, Duration.ofMinutes(1), Duration.ofSeconds(30));
    return new LiveSessions(
        store, codec, rules.withNearCache(SESSIONS, BYTES), SessionEvents.none());
  }

  @Test
  void theNextRequestGetsWhatTheLastOneHadDecoded() {
    String id = stored(node, "apple");
    List<String> decoded = cart(other, id);

    assertThat(cart(other, id)).isSameAs(decoded);
    assertThat(codec.decoded).hasValue(1);
  }

  @Test
  void theNextRequestSeesWhatAnotherNodeHasWritten() {
    String id = stored(node, "apple");
    List<String> decoded = cart(other, id);
    SessionAccess access = node.open(id);
    access.set("cart", list("pear"));
    access.set("text", "new");
    end(access);

    assertThat(cart(other, id)).containsExactly("pear").isNotSameAs(decoded);
    assertThat(get(other, id, "text")).isEqualTo("new");
  }

  @Test
  void aSessionThatHasEndedElsewhereIsNotServed() {
    String id = stored(node, "apple");
    cart(other, id);
    node.open(id).invalidate();

    assertThat(other.open(id)).isNull();
  }

  @Test
  void noMoreSessionsAreKeptThanConfigured() {
    List<String> ids = IntStream.range(0, 10).mapToObj(i -> stored(other, "apple")).toList();
    ids.forEach(id -> cart(node, id));
    int before = codec.decoded.get();

    ids.forEach(id -> cart(node, id));

    assertThat(codec.decoded.get() - before).isGreaterThanOrEqualTo(ids.size() - SESSIONS);
  }

  @Test
  void noMoreBytesAreKeptThanConfigured() {
    String id = stored(other, "x".repeat(BYTES + 1));
    cart(node, id);
    int before = codec.decoded.get();

    cart(node, id);

    assertThat(codec.decoded.get()).isEqualTo(before + 1);
  }

  @Test
  void whatCouldNotBeSavedIsNotServedToTheNextRequest() {
    String id = stored(node, "apple");
    SessionAccess access = node.open(id);
    access.set("cart", list("never saved"));
    store.failOnceBefore("commit");
    assertThatThrownBy(access::commit).isInstanceOf(SessionUnavailableException.class);
    access.release();

    assertThat(cart(node, id)).containsExactly("apple");
  }

  @Test
  void aChangeInPlaceThatCouldNotBeSavedDoesNotComeBackOverANewerOne() {
    String id = stored(node, "apple");
    SessionAccess refused = node.open(id);
    items(refused).add("never saved");
    store.failOnceBefore("commit");
    assertThatThrownBy(refused::commit).isInstanceOf(SessionUnavailableException.class);
    refused.release();

    SessionAccess answered = other.open(id);
    items(answered).add("saved");
    end(answered);
    assertThat(cart(node, id)).containsExactly("apple", "saved");
    assertThat(cart(other, id)).containsExactly("apple", "saved");
  }

  @Test
  void norDoesThatOfASessionThatCanNotLeaveItsNode() {
    String id = stored(node, "apple");
    SessionAccess pinning = node.open(id);
    Object handle = new Object();
    pinning.set("handle", handle);
    end(pinning);
    SessionAccess refused = node.open(id);
    items(refused).add("never saved");
    refused.set("text", "never saved");
    store.failOnceBefore("commit");
    assertThatThrownBy(refused::commit).isInstanceOf(SessionUnavailableException.class);
    refused.release();

    SessionAccess answered = other.open(id);
    items(answered).add("saved");
    answered.set("text", "saved");
    end(answered);
    assertThat(cart(node, id)).containsExactly("apple", "saved");
    assertThat(get(node, id, "text")).isEqualTo("saved");
    assertThat(get(node, id, "handle")).isSameAs(handle);
    assertThat(cart(other, id)).containsExactly("apple", "saved");
    assertThat(get(other, id, "text")).isEqualTo("saved");
  }

  /** A session that has to stay, since it has what can't leave its node. */
  private String pinned() {
    String id = stored(node, "apple");
    SessionAccess pinning = node.open(id);
    pinning.set("handle", new Object());
    pinning.set("text", "first");
    end(pinning);
    return id;
  }

  private void refuse(SessionAccess refused) {
    store.failOnceBefore("commit");
    assertThatThrownBy(refused::commit).isInstanceOf(SessionUnavailableException.class);
    refused.release();
  }

  @Test
  void aRemovalThatWasRefusedIsNotDoneByTheNextRequest() {
    String id = pinned();
    SessionAccess refused = node.open(id);
    refused.remove("text");
    refuse(refused);

    SessionAccess answered = other.open(id);
    answered.set("text", "saved");
    end(answered);
    end(node.open(id));
    assertThat(get(other, id, "text")).isEqualTo("saved");
    assertThat(get(node, id, "text")).isEqualTo("saved");
  }

  @Test
  void norIsALogin() {
    String id = pinned();
    SessionAccess refused = node.open(id);
    refused.setPrincipal("ann");
    refused.setMaxInactiveInterval(77);
    refused.rotate();
    refuse(refused);

    SessionAccess next = node.open(id);
    assertThat(next.id()).isEqualTo(id);
    assertThat(next.principal()).isNull();
    assertThat(next.maxInactiveInterval()).isEqualTo(600);
    next.set("text", "second");
    end(next);
    assertThat(get(other, id, "text")).isEqualTo("second");
    assertThat(get(node, id, "handle")).isNotNull();
  }

  /** Another request of the same client is under way. */
  @Test
  void norIsItByOneThatIsUnderWay() {
    String id = stored(node, "apple");
    SessionAccess underWay = node.open(id);
    SessionAccess refused = node.open(id);
    refused.rotate();
    refuse(refused);

    underWay.set("text", "saved");
    end(underWay);
    assertThat(get(other, id, "text")).isEqualTo("saved");
  }

  /** Who has given the client its id could use it. */
  @Test
  void nobodyIsLoggedInUnderAnIdFromBeforeTheLogin() {
    String id = stored(node, "apple");
    SessionAccess underWay = node.open(id);
    SessionAccess refused = node.open(id);
    refused.setPrincipal("ann");
    refused.rotate();
    refuse(refused);

    underWay.set("text", "saved");
    end(underWay);
    assertThat(other.open(id)).isNull();

    String second = stored(node, "apple");
    underWay = node.open(second);
    refused = node.open(second);
    refused.set("user", "ann");
    refused.rotate();
    refuse(refused);
    end(underWay);
    assertThat(other.open(second)).isNull();
  }

  @Test
  void whatWasRefusedIsForgottenAlsoWhereChangesInPlaceAreNotLookedFor() {
    LiveSessions simple = node(false);
    String id = stored(node, "apple");
    SessionAccess pinning = simple.open(id);
    pinning.set("handle", new Object());
    end(pinning);
    SessionAccess refused = simple.open(id);
    refused.set("text", "never saved");
    refuse(refused);

    SessionAccess answered = other.open(id);
    answered.set("text", "saved");
    end(answered);
    end(simple.open(id));
    assertThat(get(other, id, "text")).isEqualTo("saved");
  }

  @Test
  void aChangeInPlaceOfARequestThatGaveUpIsNotServedToTheNextOne() {
    String id = stored(node, "apple");
    SessionAccess givenUp = node.open(id);
    items(givenUp).add("never saved");
    givenUp.release();

    assertThat(cart(node, id)).containsExactly("apple");
  }

  /** As by another thread of an asynchronous request. */
  @Test
  void norIsOneThatCameWhileTheRequestCommitted() {
    String id = stored(node, "apple");
    SessionAccess access = node.open(id);
    access.set("text", "saved");
    store.afterNextCommit(() -> items(access).add("never saved"));
    access.commit();
    access.release();

    assertThat(cart(node, id)).containsExactly("apple");
    assertThat(get(node, id, "text")).isEqualTo("saved");
  }

  @Test
  void withoutMutationDetectionAnUnsavedChangeIsNotServedToTheNextRequest() {
    LiveSessions plain = node(false);
    String id = stored(node, "apple");
    SessionAccess access = plain.open(id);
    ((List<?>) access.get("cart")).clear();
    end(access);

    assertThat(cart(plain, id)).containsExactly("apple");
  }

  @Test
  void anIdIsForgottenWithItsRotation() {
    String id = stored(node, "apple");
    SessionAccess access = node.open(id);
    access.rotate();
    end(access);

    assertThat(node.open(id)).isNull();
    assertThat(cart(node, access.id())).containsExactly("apple");
    assertThat(codec.decoded).hasValue(0);
  }

  private static String stored(LiveSessions on, String item) {
    SessionAccess access = on.create();
    access.set("cart", list(item));
    end(access);
    return access.id();
  }

  @SuppressWarnings("unchecked")
  private static List<String> cart(LiveSessions on, String id) {
    return (List<String>) get(on, id, "cart");
  }

  @SuppressWarnings("unchecked")
  private static List<String> items(SessionAccess access) {
    return (List<String>) access.get("cart");
  }

  private static Object get(LiveSessions on, String id, String name) {
    SessionAccess access = on.open(id);
    Object value = access.get(name);
    end(access);
    return value;
  }

  private static void end(SessionAccess access) {
    access.commit();
    access.release();
  }

  private static List<String> list(String item) {
    return new ArrayList<>(List.of(item));
  }
}
