package dev.carryover.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carryover.event.SessionEvents;
import dev.carryover.store.memory.MemorySessionStore;
import dev.carryover.testing.MutableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code read=trusted}: the node that served a session last does not ask. */
class TrustedCopiesTest {

  private final MutableClock clock = new MutableClock();
  private final ObservedStore store = new ObservedStore(new MemorySessionStore(clock, true));
  private final LiveSessions node = node();
  private final LiveSessions other = node();

  private LiveSessions node() {
    return node(store, Duration.ZERO);
  }

  private static LiveSessions node(ObservedStore store, Duration maxAge) {
    return node(store, rules().withMaxAge(maxAge));
  }

  private static LiveSessions node(ObservedStore store, SessionRules rules) {
    return new LiveSessions(store, new SerializationCodec(), rules, SessionEvents.none());
  }

  private static SessionRules rules() {
    return new SessionRules(
            Duration.ofMinutes(10), true, Duration.ofMinutes(1), Duration.ofSeconds(30))
        .withNearCache(100, 1 << 20)
        .trustingCopies();
  }

  @Test
  void theNodeThatServedTheSessionLastDoesNotAsk() {
    String id = stored();
    assertThat(read(node, id)).containsExactly("apple");
    assertThat(store.calls()).containsExactly("hold");

    assertThat(read(node, id)).containsExactly("apple");
    assertThat(store.calls()).containsExactly("touch");
    assertThat(read(node, id)).containsExactly("apple");
    assertThat(store.calls()).isEmpty();
  }

  @Test
  void whatItWritesItHolds() {
    String id = stored();
    add(node, id, "pear");
    store.calls();

    assertThat(read(node, id)).containsExactly("apple", "pear");
    assertThat(store.calls()).containsExactly("touch");
    assertThat(read(other, id)).containsExactly("apple", "pear");
  }

  @Test
  void itAsksOnceAnotherNodeHasOpenedIt() {
    String id = stored();
    read(node, id);
    add(other, id, "pear");

    assertThat(read(node, id)).containsExactly("apple", "pear");
    add(node, id, "plum");
    assertThat(read(other, id)).containsExactly("apple", "pear", "plum");
  }

  @Test
  void itAsksOnceARequestThatCameEarlierToAnotherNodeHasWritten() {
    String id = stored();
    SessionAccess early = other.open(id);
    read(node, id);
    early.set("cart", list("late"));
    end(early);

    assertThat(read(node, id)).containsExactly("late");
  }

  @Test
  void aChangeThatTheStoreMayHaveIsAskedForAgain() {
    String id = stored();
    read(node, id);
    store.failOnceAfter("commit");
    assertThatThrownBy(() -> add(node, id, "pear")).isInstanceOf(SessionUnavailableException.class);

    assertThat(read(node, id)).isEqualTo(read(other, id)).containsExactly("apple", "pear");
  }

  @Test
  void aNodeThatAnsweredAloneAsksOnceTheStoreIsBack() {
    ObservedStore reachable = new ObservedStore(store);
    LiveSessions alone = node(reachable, rules().goingOnAlone(5, 20_000));
    String id = stored();
    read(alone, id);
    reachable.goAway();
    add(alone, id, "pear");
    assertThat(read(alone, id)).containsExactly("apple", "pear");
    SessionAccess access = other.open(id);
    access.set("coupon", "yes");
    end(access);
    reachable.comeBack();

    assertThat(alone.open(id).get("coupon")).isEqualTo("yes");
    alone.close();
  }

  @Test
  void aSessionEndedElsewhereIsNotServed() {
    String id = stored();
    read(node, id);
    other.open(id).invalidate();

    assertThat(node.open(id)).isNull();
  }

  @Test
  void anIdRotatedElsewhereIsNotServed() {
    String id = stored();
    read(node, id);
    SessionAccess access = other.open(id);
    access.rotate();
    end(access);

    assertThat(node.open(id)).isNull();
    assertThat(read(node, access.id())).containsExactly("apple");
  }

  @Test
  void aSessionNearItsEndIsAskedFor() {
    String id = stored();
    read(node, id);
    clock.advance(Duration.ofMinutes(8));
    store.calls();
    read(node, id);
    assertThat(store.calls()).containsExactly("touch");

    clock.advance(Duration.ofSeconds(9 * 60 + 1));
    read(node, id);
    assertThat(store.calls()).contains("hold");

    clock.advance(Duration.ofMinutes(11));
    assertThat(node.open(id)).isNull();
  }

  @Test
  void aSessionThatIsAlmostTooOldIsAskedFor() {
    Duration maxAge = Duration.ofMinutes(12);
    ObservedStore aging = new ObservedStore(new MemorySessionStore(clock, true, maxAge));
    LiveSessions here = node(aging, maxAge);
    SessionAccess access = here.create();
    access.set("cart", list("apple"));
    end(access);
    String id = access.id();
    read(here, id);
    clock.advance(Duration.ofMinutes(8));
    read(here, id);
    aging.calls();
    read(here, id);
    assertThat(aging.calls()).as("trusted").doesNotContain("hold");

    clock.advance(Duration.ofMinutes(3));
    read(here, id);
    assertThat(aging.calls()).contains("hold");

    clock.advance(Duration.ofMinutes(1));
    assertThat(here.open(id)).isNull();
  }

  @Test
  void accessesCountAlthoughNobodyAsks() {
    String id = stored();
    long created = read(node, id).isEmpty() ? 0 : clock.millis();
    clock.advance(Duration.ofSeconds(60));
    SessionAccess second = node.open(id);
    assertThat(second.lastAccessedAt()).isEqualTo(created);
    assertThat(second.isNew()).isFalse();
    end(second);
    clock.advance(Duration.ofSeconds(60));
    SessionAccess third = node.open(id);

    assertThat(third.lastAccessedAt()).isEqualTo(created + 60_000);
    end(third);
    assertThat(other.open(id).lastAccessedAt()).isGreaterThanOrEqualTo(created + 60_000);
  }

  private String stored() {
    SessionAccess access = node.create();
    access.set("cart", list("apple"));
    end(access);
    store.calls();
    return access.id();
  }

  private static void add(LiveSessions on, String id, String item) {
    SessionAccess access = on.open(id);
    cart(access).add(item);
    end(access);
  }

  private static List<String> read(LiveSessions on, String id) {
    SessionAccess access = on.open(id);
    List<String> items = List.copyOf(cart(access));
    end(access);
    return items;
  }

  @SuppressWarnings("unchecked")
  private static List<String> cart(SessionAccess access) {
    return (List<String>) access.get("cart");
  }

  private static void end(SessionAccess access) {
    try {
      access.commit();
    } finally {
      access.release();
    }
  }

  private static List<String> list(String item) {
    return new ArrayList<>(List.of(item));
  }
}
