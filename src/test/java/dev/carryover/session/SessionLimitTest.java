package dev.carryover.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.event.SessionEvents;
import dev.carryover.store.memory.MemorySessionStore;
import dev.carryover.testing.MutableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionLimitTest {

  private final MutableClock clock = new MutableClock();
  private final MemorySessionStore store = new MemorySessionStore(clock, true);
  private final List<String> ends = new ArrayList<>();
  private final LiveSessions node =
      new LiveSessions(
          store,
          new SerializationCodec(),
          new SessionRules(
              Duration.ofMinutes(10), true, Duration.ofMinutes(1), Duration.ofSeconds(30)),
          new SessionEvents<>() {
            @Override
            public void ended(SessionAccess session) {
              ends.add(session.id());
            }
          });

  private final SessionLimit evicting = new SessionLimit(node.directory(), 2, false);
  private final SessionLimit rejecting = new SessionLimit(node.directory(), 2, true);

  private SessionAccess login(String user) {
    SessionAccess access = node.create();
    access.setPrincipal(user);
    access.commit();
    clock.advance(Duration.ofMillis(1));
    return access;
  }

  @Test
  void theSessionThatLoggedInFirstMakesRoom() {
    SessionAccess loggedInLater = node.create();
    loggedInLater.commit();
    SessionAccess first = login("ann");
    login("bob");
    assertThat(evicting.admits(first)).isTrue();
    loggedInLater.setPrincipal("ann");
    loggedInLater.commit();
    assertThat(evicting.admits(loggedInLater)).isTrue();
    assertThat(ends).isEmpty();
    clock.advance(Duration.ofMillis(1));

    assertThat(evicting.admits(login("ann"))).isTrue();

    assertThat(ends).containsExactly(first.id());
    assertThat(node.directory().ownedBy("ann")).hasSize(2);
    assertThat(node.directory().ownedBy("bob")).hasSize(1);
  }

  @Test
  void theLoginThatIsOneTooManyEnds() {
    login("ann");
    login("ann");
    SessionAccess third = login("ann");

    assertThat(rejecting.admits(third)).isFalse();

    assertThat(ends).containsExactly(third.id());
    assertThat(third.isEnded()).isTrue();
    assertThat(rejecting.admits(login("bob"))).isTrue();
  }

  @Test
  void ofLoginsAtTheSameMomentSoManyAreLeftAsMayBe() {
    List<SessionAccess> logins = List.of(login("ann"), login("ann"), login("ann"), login("ann"));

    assertThat(logins.stream().map(evicting::admits))
        .as("the first that looks ends the first two")
        .containsExactly(false, true, true, true);
    assertThat(node.directory().ownedBy("ann")).hasSize(2);
  }

  @Test
  void whatHasExpiredTakesNobodysPlace() {
    SessionAccess expired = node.create();
    expired.setMaxInactiveInterval(60);
    expired.setPrincipal("ann");
    expired.commit();
    clock.advance(Duration.ofSeconds(61));
    SessionAccess second = login("ann");
    SessionAccess third = login("ann");

    assertThat(evicting.admits(third)).isTrue();

    assertThat(ends).isEmpty();
    assertThat(node.open(second.id())).isNotNull();
  }
}
