package dev.carryover.store.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.store.SessionStore;
import dev.carryover.store.SessionStoreContract;
import dev.carryover.testing.MutableClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemorySessionStoreTest extends SessionStoreContract {

  private final MutableClock clock = new MutableClock();
  private final SessionStore store = new MemorySessionStore(clock, true);
  private final SessionStore fixedStore = new MemorySessionStore(clock, false);
  private final SessionStore agingStore = new MemorySessionStore(clock, true, MAX_AGE);

  @Override
  protected SessionStore store() {
    return store;
  }

  @Override
  protected SessionStore fixedStore() {
    return fixedStore;
  }

  @Override
  protected SessionStore agingStore() {
    return agingStore;
  }

  @Override
  protected void elapse(String id, Duration time) {
    clock.advance(time);
  }

  @Override
  protected void elapseAll(List<String> ids, Duration time) {
    clock.advance(time);
  }

  @Test
  void followsARotationNoLongerThanItPromises() {
    String id = create(store, 100_000, Map.of());
    rotate(id);

    clock.advance(SessionStore.FORWARDING.plusSeconds(1));

    assertThat(store.commit(write(id, "late", "1")).id()).isNull();
  }

  @Test
  void aNewSessionThatIsSentTwiceIsAsItWasSentLast() {
    String id = create(Map.of("a", "1"));

    create(store, id, INTERVAL, Map.of("b", "2"));

    assertThat(store.open(id, 0).attributes()).containsOnlyKeys("b");
  }
}
