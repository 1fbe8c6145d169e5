package dev.carryover.session;

import static org.assertj.core.api.Assertions.assertThat;

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
}
