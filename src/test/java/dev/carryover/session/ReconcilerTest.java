package dev.carryover.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.metrics.SessionMetrics;
import dev.carryover.store.SessionDelta;
import dev.carryover.store.SessionStoreException;
import dev.carryover.testing.LoggedLines;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReconcilerTest {

  private static final SessionStoreException REFUSED = new SessionStoreException("refused");
  private static final SessionStoreException AWAY = new SessionStoreException("away", false);

  private final Journal journal = new Journal(1000, 1 << 20, SessionMetrics.NONE);

  @Test
  void aSessionThatCannotBeWrittenKeepsNobodyElse() {
    Set<UnsavedSession> damaged = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < 300; i++) {
      damaged.add(added("A"));
    }
    added("A");
    added("A");

    try (Reconciler reconciler =
        new Reconciler(
            journal,
            session -> {
              if (damaged.contains(session)) {
                throw REFUSED;
              }
              journal.remove(session, true);
            })) {
      reconciler.start();
      await().until(() -> journal.size() == damaged.size());
    }
  }

  @Test
  void aShardThatIsAwayIsAskedOnce() {
    List<UnsavedSession> asked = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      added("A");
      added("B");
    }

    new Reconciler(
            journal,
            session -> {
              asked.add(session);
              throw AWAY;
            })
        .close();

    assertThat(asked).extracting(UnsavedSession::shard).containsExactlyInAnyOrder('A', 'B');
  }

  @Test
  void whatCanNeverBeWrittenIsGivenUpAndSaid() {
    added("A");
    try (LoggedLines logged = LoggedLines.of(Reconciler.class)) {
      new Reconciler(
              journal,
              session -> {
                throw new IllegalStateException("a value");
              })
          .close();

      assertThat(journal.size()).isZero();
      assertThat(logged.lines()).hasSize(1).noneMatch(line -> line.contains("a value"));
    }
  }

  private UnsavedSession added(String shard) {
    SessionDelta delta = new SessionDelta(SessionId.rotated(shard));
    UnsavedSession session = UnsavedSession.changed(delta);
    assertThat(journal.add(session, AWAY)).isTrue();
    return session;
  }
}
