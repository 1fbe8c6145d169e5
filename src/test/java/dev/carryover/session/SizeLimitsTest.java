package dev.carryover.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carryover.event.SessionEvents;
import dev.carryover.metrics.Counter;
import dev.carryover.metrics.NodeMetrics;
import dev.carryover.store.memory.MemorySessionStore;
import dev.carryover.testing.LoggedLines;
import dev.carryover.testing.MutableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SizeLimitsTest {

  private static final int ATTRIBUTE = 1_000;
  private static final int SESSION = 3_000;
  private static final SessionRules RULES =
      new SessionRules(Duration.ofMinutes(10), true, Duration.ofMinutes(1), Duration.ofSeconds(30))
          .withNearCache(10, 1_000_000)
          .withSizeLimits(ATTRIBUTE, SESSION, 0);

  private final ObservedStore store =
      new ObservedStore(new MemorySessionStore(new MutableClock(), true));
  private final NodeMetrics metrics = new NodeMetrics();
  private final LiveSessions node = node(RULES);
  private final LiveSessions other = node(RULES);
  private final LoggedLines logged = LoggedLines.of(AttributeValues.class);

  @AfterEach
  void stopListening() {
    logged.close();
  }

  private LiveSessions node(SessionRules rules) {
    return new LiveSessions(store, new SerializationCodec(), rules, SessionEvents.none(), metrics);
  }

  @Test
  void theLimitItselfIsAllowedAndNoneMeansAny() {
    SizeLimits both = new SizeLimits(10, 30, 0);
    assertThatCode(() -> both.require("a", 10, 30)).doesNotThrowAnyException();
    assertThatThrownBy(() -> both.require("a", 11, 30)).hasMessageContaining("a has 11 bytes");
    assertThatThrownBy(() -> both.require("a", 10, 31)).hasMessageContaining("has 31 bytes");
    assertThat(both.forbids(10, 30)).isFalse();
    assertThat(both.forbids(11, 30)).isTrue();
    assertThat(both.forbids(10, 31)).isTrue();

    SizeLimits none = new SizeLimits(0, 0, 0);
    assertThat(none.isAny()).isFalse();
    assertThat(none.forbids(Long.MAX_VALUE, Long.MAX_VALUE)).isFalse();
    assertThat(new SizeLimits(1, 0, 0).isAny()).isTrue();
    assertThat(new SizeLimits(0, 1, 0).isAny()).isTrue();
  }

  @Test
  void whatIsTooLargeIsRefusedWhenItIsSet() {
    SessionAccess access = node.create();
    set(access, "small", "1");

    assertThatThrownBy(() -> set(access, "giant", "x".repeat(ATTRIBUTE)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("giant")
        .hasMessageContaining("max-attribute-bytes is 1000")
        .hasMessageContaining("set carryover.max-attribute-bytes higher");
    end(access);

    SessionAccess next = other.open(access.id());
    assertThat(next.names()).containsExactly("small");
  }

  @Test
  void whatIsTooMuchForTheSessionIsRefusedUntilThereIsRoom() {
    SessionAccess access = node.create();
    set(access, "a", "x".repeat(900));
    set(access, "b", "x".repeat(900));
    end(access);
    SessionAccess next = other.open(access.id());
    set(next, "c", "x".repeat(900));

    assertThatThrownBy(() -> set(next, "d", "x".repeat(900)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("max-session-bytes is 3000")
        .hasMessageContaining("remove others first");
    set(next, "c", "y".repeat(900));
    end(next);
    SessionAccess last = other.open(access.id());
    last.remove("a");
    set(last, "d", "x".repeat(900));
    end(last);

    assertThat(node.open(access.id()).names()).containsExactlyInAnyOrder("b", "c", "d");
  }

  @Test
  void whatGrowsTooLargeInPlaceStaysAsItWasStored() {
    SessionAccess access = node.create();
    set(access, "list", list("apple"));
    set(access, "text", "old");
    end(access);

    for (int i = 0; i < 2; i++) {
      SessionAccess growing = node.open(access.id());
      items(growing).add("x".repeat(ATTRIBUTE));
      set(growing, "text", "new");
      end(growing);
    }

    for (LiveSessions each : List.of(node, other)) {
      SessionAccess next = each.open(access.id());
      assertThat(items(next)).containsExactly("apple");
      assertThat(next.get("text")).isEqualTo("new");
      end(next);
    }
    assertThat(metrics.total(Counter.ATTRIBUTES_OVERSIZED)).isEqualTo(2);
    assertThat(logged.lines()).hasSize(1);
    assertThat(logged.lines().get(0)).contains("grown too large").contains("list has 1");
  }

  @Test
  void whatGrowsAfterItWasSetIsAbsentIfItWasNeverStored() {
    SessionAccess access = node.create();
    List<String> list = list("apple");
    set(access, "list", list);
    set(access, "text", "1");
    list.add("x".repeat(ATTRIBUTE));
    end(access);

    assertThat(other.open(access.id()).names()).containsExactly("text");
    assertThat(node.open(access.id()).names()).containsExactly("text");
  }

  @Test
  void attributesThatGrowTogetherBeyondTheSessionsLimitStayAsTheyWere() {
    SessionAccess access = node.create();
    for (String name : List.of("a", "b", "c", "d")) {
      set(access, name, list("apple"));
    }
    end(access);
    SessionAccess growing = node.open(access.id());
    for (String name : List.of("a", "b", "c", "d")) {
      list(growing, name).add("x".repeat(700));
    }
    end(growing);

    SessionAccess next = other.open(access.id());
    long grown =
        List.of("a", "b", "c", "d").stream().filter(name -> list(next, name).size() == 2).count();
    assertThat(grown).isEqualTo(3);
  }

  @Test
  void inOneGraphTheLimitIsThatOfTheSession() {
    LiveSessions asGraph = node(RULES.inOneGraph());
    SessionAccess access = asGraph.create();
    set(access, "a", "x".repeat(900));
    set(access, "b", "x".repeat(900));
    assertThatThrownBy(() -> set(access, "giant", "x".repeat(ATTRIBUTE)))
        .hasMessageContaining("max-attribute-bytes");
    assertThatThrownBy(() -> set(access, "c", "x".repeat(900)))
        .hasMessageContaining("max-session-bytes");
    end(access);

    assertThat(asGraph.open(access.id()).names()).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void whatWasStoredBeforeThereWasALimitStaysAndMayShrink() {
    LiveSessions unlimited = node(RULES.withSizeLimits(0, 0, 0));
    SessionAccess access = unlimited.create();
    List<String> large = list("x".repeat(2 * ATTRIBUTE));
    large.add("y".repeat(2 * ATTRIBUTE));
    set(access, "list", large);
    end(access);

    SessionAccess shrinking = node.open(access.id());
    items(shrinking).remove(0);
    end(shrinking);

    assertThat(items(other.open(access.id()))).hasSize(1);
  }

  @Test
  void noMoreSessionsAreCreatedInASecondThanConfigured() {
    LiveSessions limited = node(RULES.creatingAtMost(3));
    for (int i = 0; i < 3; i++) {
      limited.create();
    }

    // However slow this is: three that are late leave room for no more than three.
    assertThatThrownBy(
            () -> {
              while (true) {
                limited.create();
              }
            })
        .isInstanceOf(SessionUnavailableException.class)
        .hasMessageContaining("max-new-sessions-per-second");
    assertThat(metrics.total(Counter.SESSIONS_REFUSED)).isEqualTo(1);
    assertThatCode(() -> node.create()).doesNotThrowAnyException();
  }

  private static void set(SessionAccess access, String name, Object value) {
    access.requireSettable(name, value);
    access.set(name, value);
  }

  private static List<String> items(SessionAccess access) {
    return list(access, "list");
  }

  @SuppressWarnings("unchecked")
  private static List<String> list(SessionAccess access, String name) {
    return (List<String>) access.get(name);
  }

  private static List<String> list(String item) {
    return new ArrayList<>(List.of(item));
  }

  private static void end(SessionAccess access) {
    access.commit();
    access.release();
  }
}
