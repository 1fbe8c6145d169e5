package dev.carryover.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carryover.event.SessionEvents;
import dev.carryover.store.memory.MemorySessionStore;
import dev.carryover.testing.LoggedLines;
import dev.carryover.testing.MutableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GranularityTest {

  private static final SessionRules RULES =
      new SessionRules(Duration.ofMinutes(10), true, Duration.ofMinutes(1), Duration.ofSeconds(30));

  private final ObservedStore store =
      new ObservedStore(new MemorySessionStore(new MutableClock(), true));
  private final LiveSessions byAttribute = node(RULES);
  private final LiveSessions asGraph = node(RULES.inOneGraph());
  private final LiveSessions alsoAsGraph = node(RULES.inOneGraph());

  @Test
  void inOneGraphAttributesShareTheirObjects() {
    String id = stored(asGraph);

    SessionAccess access = alsoAsGraph.open(id);

    assertThat(listIn(access, "one")).isSameAs(listIn(access, "other")).containsExactly("shared");
    assertThat(access.names()).containsExactlyInAnyOrder("one", "other");
  }

  @Test
  void inOneGraphTheAttributeThatKeepsAllBackIsNamed() {
    try (LoggedLines logged = LoggedLines.of(AttributeValues.class)) {
      SessionAccess access = asGraph.create();
      access.set("good", "1");
      access.set("bad", new Object());
      end(access);

      assertThat(logged.lines()).hasSize(1);
      assertThat(logged.lines().get(0)).contains("bad: can't be serialised");
    }
  }

  @Test
  void byAttributeEachHasItsOwn() {
    String id = stored(byAttribute);

    SessionAccess access = node(RULES).open(id);

    assertThat(listIn(access, "one"))
        .isNotSameAs(listIn(access, "other"))
        .isEqualTo(listIn(access, "other"));
  }

  @Test
  void inOneGraphChangesInPlaceAreFound() {
    String id = stored(asGraph);
    SessionAccess access = asGraph.open(id);
    listIn(access, "one").add("more");
    end(access);

    assertThat(listIn(alsoAsGraph.open(id), "other")).containsExactly("shared", "more");
  }

  @Test
  void inOneGraphReadingWritesNothing() {
    String id = stored(asGraph);

    SessionAccess access = alsoAsGraph.open(id);
    listIn(access, "one");
    end(access);

    assertThat(store.calls()).containsExactly("create[~carryover.graph]", "open");
  }

  @Test
  void inOneGraphAttributesAreRemoved() {
    String id = stored(asGraph);
    SessionAccess access = asGraph.open(id);
    access.remove("one");
    end(access);

    SessionAccess next = alsoAsGraph.open(id);
    assertThat(next.names()).containsExactly("other");
    assertThat(next.get("one")).isNull();
  }

  @Test
  void aSessionMovesFromOneGranularityToTheOther() {
    String id = stored(byAttribute);
    end(touched(asGraph.open(id)));

    SessionAccess there = alsoAsGraph.open(id);
    assertThat(there.names()).containsExactlyInAnyOrder("one", "other", "touched");
    end(there);

    SessionAccess back = byAttribute.open(id);
    assertThat(listIn(back, "one")).containsExactly("shared");
    end(back);
    assertThat(listIn(node(RULES).open(id), "one")).containsExactly("shared");
  }

  @Test
  void aSessionWhoseAttributesCannotBeFetchedNowIsNotHeldByANodeForEver() {
    String id = stored(asGraph);
    store.defer(SessionAccess.GRAPH);
    store.failOnceBefore("load[" + SessionAccess.GRAPH + "]");

    assertThatThrownBy(() -> byAttribute.open(id)).isInstanceOf(SessionUnavailableException.class);
    assertThat(byAttribute.size()).isZero();

    SessionAccess later = byAttribute.open(id);
    assertThat(listIn(later, "one")).containsExactly("shared");
    end(later);
    assertThat(byAttribute.size()).isZero();
  }

  @Test
  void anEmptySessionHasNoGraph() {
    SessionAccess access = asGraph.create();
    assertThat(access.names()).isEmpty();
    assertThat(access.get("one")).isNull();
    end(access);

    assertThat(store.open(access.id(), 0).attributes()).isEmpty();
  }

  @Test
  void whatIsNotedOfOtherApplicationsIsNoAttribute() {
    String id = stored(byAttribute);
    SessionAccess access = byAttribute.open(id);
    access.noteSessionElsewhere("/other", "id");
    end(access);

    for (LiveSessions node : List.of(node(RULES), asGraph, alsoAsGraph, byAttribute)) {
      SessionAccess found = node.open(id);
      assertThat(found.sessionElsewhere("/other")).isEqualTo("id");
      assertThat(found.sessionElsewhere("/unknown")).isNull();
      assertThat(found.names()).containsExactlyInAnyOrder("one", "other");
      end(found);
    }
  }

  /** Names come from users now and then: what is noted, a login for example, must not be theirs. */
  @Test
  void anAttributeCanNotBeWhatIsNoted() {
    SessionAccess access = byAttribute.create();
    access.note("login", "ann");
    access.set("~carryover.login", "root");
    access.set("~~carryover.login", "twice");
    access.set("~carryover.graph", "no graph");
    String id = access.id();
    end(access);

    for (LiveSessions node : List.of(node(RULES), asGraph, alsoAsGraph, byAttribute)) {
      SessionAccess found = node.open(id);
      assertThat(found.note("login")).isEqualTo("ann");
      assertThat(found.get("~carryover.login")).isEqualTo("root");
      assertThat(found.names())
          .containsExactlyInAnyOrder("~carryover.login", "~~carryover.login", "~carryover.graph");
      end(found);
    }
    SessionAccess last = byAttribute.open(id);
    last.remove("~carryover.login");
    assertThat(last.note("login")).isEqualTo("ann");
    assertThat(last.get("~carryover.login")).isNull();
    assertThat(last.get("~~carryover.login")).isEqualTo("twice");
  }

  private LiveSessions node(SessionRules rules) {
    return new LiveSessions(store, new SerializationCodec(), rules, SessionEvents.none());
  }

  private static String stored(LiveSessions node) {
    SessionAccess access = node.create();
    List<String> shared = new ArrayList<>(List.of("shared"));
    access.set("one", shared);
    access.set("other", shared);
    end(access);
    return access.id();
  }

  private static SessionAccess touched(SessionAccess access) {
    access.set("touched", "yes");
    return access;
  }

  @SuppressWarnings("unchecked")
  private static List<String> listIn(SessionAccess access, String name) {
    return (List<String>) access.get(name);
  }

  private static void end(SessionAccess access) {
    access.commit();
    access.release();
  }
}
