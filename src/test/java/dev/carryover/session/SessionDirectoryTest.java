package dev.carryover.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.event.SessionEvents;
import dev.carryover.store.SessionSummary;
import dev.carryover.store.memory.MemorySessionStore;
import dev.carryover.testing.MutableClock;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SessionDirectoryTest {

  private final MutableClock clock = new MutableClock();
  private final ObservedStore store = new ObservedStore(new MemorySessionStore(clock, true));
  private final List<String> ends = new ArrayList<>();
  private final LiveSessions node = node();
  private final LiveSessions other = node();
  private final SessionDirectory directory = node.directory();

  private LiveSessions node() {
    SessionRules rules =
        new SessionRules(
                Duration.ofMinutes(10), true, Duration.ofMinutes(1), Duration.ofSeconds(30))
            .withNearCache(100, 1_000_000);
    SessionEvents<SessionAccess> events =
        new SessionEvents<>() {
          @Override
          public void ended(SessionAccess session) {
            ends.add(session.id() + " " + session.get("name"));
          }
        };
    return new LiveSessions(store, new SerializationCodec(), rules, events);
  }

  private String loggedIn(LiveSessions at, String user, Object value) {
    SessionAccess access = at.create();
    access.setPrincipal(user);
    access.set("name", value);
    access.commit();
    access.release();
    clock.advance(Duration.ofMillis(1));
    return access.id();
  }

  @Test
  void theSessionsOfAUserComeInTheOrderOfTheirLogins() {
    String first = loggedIn(node, "ann", "1");
    String second = loggedIn(other, "ann", "2");
    loggedIn(other, "bob", "3");

    assertThat(directory.ownedBy("ann"))
        .extracting(SessionSummary::id)
        .containsExactly(first, second);
    assertThat(directory.count()).isEqualTo(3);
    assertThat(directory.all()).hasSize(3);
  }

  @Test
  void findsNothingByWhatIsNoId() {
    assertThat(directory.find("../etc")).isNull();
    assertThat(directory.find("")).isNull();
    assertThat(directory.invalidate("*")).isFalse();
  }

  @Test
  void aSessionOfAnotherNodeIsEndedAndTheListenersHearOfItOnce() {
    String id = loggedIn(other, "ann", "1");

    assertThat(directory.invalidate(id)).isTrue();

    assertThat(ends).containsExactly(id + " 1");
    assertThat(other.open(id)).isNull();
    assertThat(node.open(id)).isNull();
    assertThat(directory.invalidate(id)).isFalse();
    assertThat(store.exists(id)).isFalse();
    assertThat(ends).hasSize(1);
  }

  @Test
  void listenersSeeTheObjectsThatTheNodeHas() {
    Local local = new Local();
    String id = loggedIn(node, "ann", local);
    String idle = loggedIn(node, "ann", "idle");

    assertThat(directory.invalidateAll("ann", null)).isEqualTo(2);

    assertThat(ends).containsExactlyInAnyOrder(id + " " + local, idle + " idle");
    assertThat(node.open(id)).isNull();
    assertThat(node.open(idle)).isNull();
    assertThat(node.size()).isZero();
  }

  @Test
  void aRequestThatIsUsingAnEndedSessionSeesThatItHasEnded() {
    String id = loggedIn(node, "ann", "1");
    SessionAccess using = node.open(id);

    directory.invalidate(id);

    assertThat(using.isEnded()).isTrue();
    using.set("name", "late");
    using.commit();
    assertThat(node.open(id)).isNull();
    assertThat(ends).containsExactly(id + " 1");
  }

  @Test
  void allSessionsOfAUserAreEndedButOne() {
    String here = loggedIn(node, "ann", "here");
    String there = loggedIn(other, "ann", "there");
    String bobs = loggedIn(other, "bob", "bob");

    assertThat(directory.invalidateAll("ann", here)).isEqualTo(1);

    assertThat(ends).containsExactly(there + " there");
    assertThat(node.open(here)).isNotNull();
    assertThat(node.open(bobs)).isNotNull();
  }

  @Test
  void theOneThatGoesOnMayHaveAnIdThatTheStoreDoesNotKnowYet() {
    String before = loggedIn(node, "ann", "here");
    SessionAccess using = node.open(before);
    using.rotate();

    assertThat(directory.invalidateAll("ann", using.id())).isZero();

    using.commit();
    assertThat(other.open(using.id())).isNotNull();
  }

  @Test
  void aSessionThatIsRotatedMeanwhileIsEndedToo() {
    String id = loggedIn(other, "ann", "1");
    List<String> rotated = new ArrayList<>();
    store.beforeNextOwnedEnd(
        () -> {
          SessionAccess access = other.open(id);
          access.rotate();
          access.commit();
          access.release();
          rotated.add(access.id());
        });

    assertThat(directory.invalidateAll("ann", null)).isEqualTo(1);

    assertThat(other.open(rotated.get(0))).isNull();
    assertThat(ends).containsExactly(rotated.get(0) + " 1");
  }

  @Test
  void theIdThatAnotherNodeHasJustTakenAwayLeadsToTheSession() {
    String id = loggedIn(other, "ann", "1");
    SessionAccess access = other.open(id);
    access.rotate();
    access.commit();

    assertThat(directory.invalidate(id)).isTrue();

    assertThat(node.open(access.id())).isNull();
  }

  /** Can't be carried to another node. */
  private static final class Local implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Thread thread = Thread.currentThread();

    @Override
    public String toString() {
      return "local to " + thread.getName();
    }
  }
}
