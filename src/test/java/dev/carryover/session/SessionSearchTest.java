package dev.carryover.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.event.SessionEvents;
import dev.carryover.store.SessionSummary;
import dev.carryover.store.memory.MemorySessionStore;
import dev.carryover.testing.MutableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionSearchTest {

  private final MemorySessionStore store = new MemorySessionStore(new MutableClock(), true);
  private final SessionRules rules =
      new SessionRules(Duration.ofMinutes(10), true, Duration.ofMinutes(1), Duration.ofSeconds(30));
  private final LiveSessions sessions = node(rules);
  private final SessionSearch search = sessions.search();

  private LiveSessions node(SessionRules chosen) {
    return new LiveSessions(store, new SerializationCodec(), chosen, SessionEvents.none());
  }

  @AfterEach
  void close() {
    sessions.close();
  }

  private static String create(LiveSessions at, String name, Object value) {
    SessionAccess access = at.create();
    access.set(name, value);
    access.commit();
    access.release();
    return access.id();
  }

  @Test
  void findsSessionsByTheBeginningOfTheirIdsAndATest() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      made.add(create(sessions, "name", "value"));
    }
    String id = made.get(0);

    String shard = id.substring(0, 1);
    List<String> alike = made.stream().filter(other -> other.startsWith(shard)).toList();
    assertThat(ids(shard, 1_000)).containsExactlyInAnyOrderElementsOf(alike);
    assertThat(ids(id.substring(0, 12), 1_000)).containsExactly(id);
    assertThat(ids(id, 1_000)).containsExactly(id);
    assertThat(ids(shard, 1)).hasSize(1).isSubsetOf(alike);
    assertThat(search.find(shard, other -> other.equals(id), 1_000))
        .extracting(SessionSummary::id)
        .containsExactly(id);
    assertThat(search.find(shard, other -> false, 1_000)).isEmpty();
  }

  private List<String> ids(String beginning, int most) {
    return search.find(beginning, id -> true, most).stream().map(SessionSummary::id).toList();
  }

  @Test
  void showsTheAttributesThatTheApplicationHasSet() {
    String id = create(sessions, "~carryover.name", "value");
    SessionAccess access = sessions.open(id);
    access.note("login", "ours");
    access.set("b", 1);
    access.commit();
    access.release();

    assertThat(search.attributes(id)).containsOnlyKeys("~carryover.name", "b");
    assertThat(search.attributes(id).get("b"))
        .isEqualTo(new SerializationCodec().encode("b", 1, null));
    assertThat(search.attributes(SessionId.create())).isNull();
  }

  @Test
  void aSessionThatIsWrittenAsOneHasOne() {
    LiveSessions whole = node(rules.inOneGraph());
    String id = create(whole, "name", "value");

    assertThat(search.attributes(id)).containsOnlyKeys(SessionSearch.ALL_IN_ONE);
    whole.close();
  }
}
