package dev.carryover.session;

import dev.carryover.store.SessionStore;
import dev.carryover.store.memory.MemorySessionStore;
import dev.carryover.testing.MutableClock;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class ConcurrentRequestsTest extends ConcurrentRequests {

  private final MutableClock clock = new MutableClock();
  private final SessionStore store = new MemorySessionStore(clock, true);

  @Override
  SessionStore store(int node) {
    return store;
  }

  @Override
  void expire(String id) {
    clock.advance(Duration.ofMinutes(11));
  }

  @Override
  List<Copies> copies() {
    return List.of(Copies.values());
  }

  @Property(tries = 2_000)
  void requestsDoWhatTheModelSays(@ForAll("steps") List<Step> steps) {
    check(steps);
  }

  @Example
  void threadsLoseNothing() throws Exception {
    checkThreads(2_000);
  }
}
