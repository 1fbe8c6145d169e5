package dev.carryover.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carryover.metrics.SessionMetrics;
import dev.carryover.store.SessionDelta;
import dev.carryover.store.SessionStoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JournalTest {

  private static final SessionStoreException AWAY = new SessionStoreException("away", false);

  /** Who does not find it would read, or write, what the store has without it. */
  @Test
  void aSessionIsFoundAtEveryMomentWhileItChanges() {
    Journal journal = new Journal(10, 1 << 20, SessionMetrics.NONE);
    String id = SessionId.create();
    UnsavedSession session = UnsavedSession.changed(new SessionDelta(id));
    assertThat(journal.add(session, AWAY)).isTrue();
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Boolean> alwaysFound =
        CompletableFuture.supplyAsync(
            () -> {
              boolean found = true;
              while (!over.get()) {
                found &= journal.find(id) == session;
              }
              return found;
            });

    for (int i = 0; i < 100_000; i++) {
      SessionDelta delta = new SessionDelta(id);
      delta.write("a", new byte[1]);
      journal.change(session, delta, AWAY);
    }
    over.set(true);

    assertThat(alwaysFound.join()).isTrue();
  }

  @Test
  void whatWasWrittenMakesRoomForAsMuch() {
    Journal journal = new Journal(2, 20_000, SessionMetrics.NONE);
    for (int round = 0; round < 10; round++) {
      UnsavedSession large = changed(12_000);
      assertThat(journal.add(large, AWAY)).isTrue();
      assertThatThrownBy(() -> journal.add(changed(12_000), AWAY)).isSameAs(AWAY);
      assertThatThrownBy(() -> journal.change(large, delta(large.id(), "b", 12_000), AWAY))
          .isSameAs(AWAY);
      UnsavedSession small = changed(100);
      assertThat(journal.add(small, AWAY)).isTrue();
      assertThatThrownBy(() -> journal.add(changed(100), AWAY)).isSameAs(AWAY);

      journal.remove(large, true);
      assertThat(journal.find(large.id())).isNull();
      assertThat(journal.find(small.id())).isSameAs(small);
      // Whoever comes second to say so changes nothing.
      journal.remove(large, true);
      journal.giveUp(small);
      journal.giveUp(small);
      assertThat(journal.size()).isZero();
    }
  }

  /** The same attribute again takes the place of what there was. */
  @Test
  void aSessionThatKeepsChangingTakesNoMoreRoomThanItHas() {
    Journal journal = new Journal(2, 20_000, SessionMetrics.NONE);
    UnsavedSession session = changed(6_000);
    assertThat(journal.add(session, AWAY)).isTrue();
    for (int i = 0; i < 10; i++) {
      journal.change(session, delta(session.id(), "a", 6_000), AWAY);
    }
    assertThat(journal.add(changed(6_000), AWAY)).isTrue();
  }

  private static UnsavedSession changed(int bytes) {
    return UnsavedSession.changed(delta(SessionId.create(), "a", bytes));
  }

  private static SessionDelta delta(String id, String name, int bytes) {
    SessionDelta delta = new SessionDelta(id);
    delta.write(name, new byte[bytes]);
    return delta;
  }
}
