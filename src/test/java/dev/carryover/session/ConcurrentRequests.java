package dev.carryover.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.event.SessionEvents;
import dev.carryover.store.SessionRecord;
import dev.carryover.store.SessionStore;
import java.time.Duration;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Random requests on two nodes, with their steps mixed at random, against {@link RequestsModel};
 * and the same with threads.
 */
abstract class ConcurrentRequests {

  private static final int REQUESTS = 4;
  private static final int WRITERS = 6;
  private static final SessionRules RULES =
      new SessionRules(Duration.ofMinutes(10), true, Duration.ofMinutes(1), Duration.ofSeconds(30));

  /** A node's way to the records. */
  abstract SessionStore store(int node);

  /** Lets the session's time run out. */
  abstract void expire(String id);

  /** What a node does with what it has of a session, once no request has it. */
  enum Copies {
    DROPPED,
    VALIDATED,
    TRUSTED;

    SessionRules rules() {
      return switch (this) {
        case DROPPED -> RULES;
        case VALIDATED -> RULES.withNearCache(100, 1 << 20);
        case TRUSTED -> RULES.withNearCache(100, 1 << 20).trustingCopies();
      };
    }
  }

  /** Those to test with: trust takes a moment to be lost where it is lost by a message. */
  List<Copies> copies() {
    return List.of(Copies.DROPPED, Copies.VALIDATED);
  }

  enum Operation {
    OPEN,
    OPEN_WITH_OLD_ID,
    READ,
    SET,
    SET_SAME,
    REMOVE,
    CHANGE,
    CHANGE_HELD,
    ROTATE,
    INVALIDATE,
    EXPIRE,
    COMMIT,
    RELEASE
  }

  /** A step of one of the requests. */
  record Step(Operation operation, int request, int node, String name) {
    @Override
    public String toString() {
      return operation
          + "("
          + request
          + (operation == Operation.OPEN ? "@" + node : "")
          + name
          + ")";
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Operation> operations =
        Arbitraries.frequency(
            Tuple.of(12, Operation.OPEN),
            Tuple.of(1, Operation.OPEN_WITH_OLD_ID),
            Tuple.of(4, Operation.READ),
            Tuple.of(6, Operation.SET),
            Tuple.of(2, Operation.SET_SAME),
            Tuple.of(3, Operation.REMOVE),
            Tuple.of(6, Operation.CHANGE),
            Tuple.of(4, Operation.CHANGE_HELD),
            Tuple.of(3, Operation.ROTATE),
            Tuple.of(1, Operation.INVALIDATE),
            Tuple.of(1, Operation.EXPIRE),
            Tuple.of(8, Operation.COMMIT),
            Tuple.of(6, Operation.RELEASE));
    return Combinators.combine(
            operations,
            Arbitraries.integers().between(0, REQUESTS - 1),
            Arbitraries.integers().between(0, 1),
            Arbitraries.of("a", "b", "c"))
        .as(Step::new)
        .list()
        .ofMinSize(20)
        .ofMaxSize(80);
  }

  void check(List<Step> steps) {
    for (Copies copies : copies()) {
      check(steps, copies);
    }
  }

  private void check(List<Step> steps, Copies copies) {
    Run run = new Run(copies);
    for (Step step : steps) {
      run.perform(step);
    }
    run.finish();
  }

  /** One run: the requests, and the model beside them. */
  private final class Run {

    private final SessionStore observer = store(0);
    private final List<LiveSessions> nodes;
    private final Map<Integer, Open> requests = new HashMap<>();
    private final RequestsModel model;
    private int lastValue;

    private Run(Copies copies) {
      nodes = List.of(node(observer, copies), node(store(1), copies));
      model = new RequestsModel(copies != Copies.DROPPED);
      SessionAccess created = nodes.get(0).create();
      requests.put(0, new Open(created, model.create(0, created.id())));
    }

    private void perform(Step step) {
      Open request = requests.get(step.request());
      if (step.operation() == Operation.OPEN) {
        if (request == null && model.stored) {
          open(step);
        }
      } else if (step.operation() == Operation.OPEN_WITH_OLD_ID) {
        checkDeadIds();
      } else if (step.operation() == Operation.EXPIRE) {
        expireNow();
      } else if (request != null) {
        performIn(request, step);
      }
    }

    private void open(Step step) {
      SessionAccess access = nodes.get(step.node()).open(model.id);
      assertThat(access != null).as("opened").isEqualTo(model.isAlive());
      if (access != null) {
        requests.put(step.request(), new Open(access, model.open(step.node())));
      }
    }

    private void expireNow() {
      if (model.isAlive()) {
        expire(model.id);
        model.dead = true;
      }
    }

    private void performIn(Open request, Step step) {
      String name = step.name();
      if (request.isOver() && step.operation() != Operation.RELEASE) {
        return;
      }
      switch (step.operation()) {
        case READ -> request.read(name);
        case SET -> request.set(name, ++lastValue);
        case SET_SAME -> request.setSame(name, ++lastValue);
        case REMOVE -> request.remove(name);
        case CHANGE -> {
          request.read(name);
          request.change(name, ++lastValue);
        }
        case CHANGE_HELD -> request.change(name, ++lastValue);
        case ROTATE -> request.rotate();
        case INVALIDATE -> request.invalidate();
        case COMMIT -> commit(request);
        case RELEASE -> {
          commit(request);
          release(step.request());
        }
        default -> throw new AssertionError(step);
      }
    }

    private void commit(Open request) {
      request.access.commit();
      model.commit(request.twin);
      checkStore();
    }

    private void release(int number) {
      Open request = requests.remove(number);
      request.access.release();
      model.release(request.twin);
    }

    private void checkStore() {
      if (model.isAlive()) {
        SessionRecord record = observer.open(model.id, 0);
        assertThat(record).as("the session").isNotNull();
        Map<String, Integer> values = new TreeMap<>();
        record
            .attributes()
            .forEach(
                (name, bytes) -> values.put(name, ((Box) Box.CODEC.decode("box", bytes)).value()));
        assertThat(values).isEqualTo(model.store);
      } else if (model.stored) {
        assertThat(observer.open(model.id, 0)).isNull();
      }
      checkDeadIds();
    }

    private void checkDeadIds() {
      for (String dead : model.deadIds) {
        assertThat(nodes.get(0).open(dead)).isNull();
        assertThat(nodes.get(1).open(dead)).isNull();
      }
    }

    /** All requests end; both nodes then have what the model has, and no live session is left. */
    private void finish() {
      for (int number : List.copyOf(requests.keySet())) {
        commit(requests.get(number));
        release(number);
      }

      for (int node = 0; node < 2; node++) {
        if (model.stored) {
          open(new Step(Operation.OPEN, node, node, ""));
        }
      }
      requests.values().forEach(request -> List.of("a", "b", "c").forEach(request::read));
      List.copyOf(requests.keySet()).forEach(this::release);
      assertThat(nodes).extracting(LiveSessions::size).containsOnly(0);
    }

    /** A request under way, and the model's beside it. */
    private final class Open {

      private final SessionAccess access;
      private final RequestsModel.Request twin;
      private final Map<String, Box> held = new HashMap<>();

      private Open(SessionAccess access, RequestsModel.Request twin) {
        this.access = access;
        this.twin = twin;
      }

      private void read(String name) {
        Box actual = (Box) access.get(name);
        RequestsModel.Obj expected = model.get(twin, name);
        assertThat(actual == null ? null : actual.value())
            .as(name)
            .isEqualTo(expected == null ? null : expected.value);
        if (actual != null) {
          held.put(name, actual);
        }
      }

      private void set(String name, int value) {
        put(name, new Box(value), new RequestsModel.Obj(value));
      }

      private void setSame(String name, int value) {
        if (held.containsKey(name)) {
          change(name, value);
          put(name, held.get(name), twin.held.get(name));
        }
      }

      private void put(String name, Box box, RequestsModel.Obj object) {
        access.set(name, box);
        held.put(name, box);
        model.set(twin, name, object);
      }

      private void remove(String name) {
        access.remove(name);
        model.remove(twin, name);
      }

      private void change(String name, int value) {
        if (held.containsKey(name)) {
          held.get(name).change(value);
          twin.held.get(name).value = value;
        }
      }

      private void rotate() {
        access.rotate();
        model.rotate(twin, access.id());
      }

      private void invalidate() {
        access.invalidate();
        model.invalidate(twin);
        checkStore();
      }

      private boolean isOver() {
        assertThat(access.isEnded() || access.isGone()).as("over").isEqualTo(twin.live.over);
        return twin.live.over;
      }
    }
  }

  /**
   * Threads on both nodes, each with an attribute of its own: each finds what it wrote last
   * wherever its next request comes, while others write beside it and rotate the session.
   */
  void checkThreads(int rounds) throws Exception {
    for (Copies copies : copies()) {
      checkThreads(rounds, copies);
    }
  }

  private void checkThreads(int rounds, Copies copies) throws Exception {
    List<LiveSessions> nodes = List.of(node(store(0), copies), node(store(1), copies));
    SessionAccess created = nodes.get(0).create();
    created.commit();
    created.release();
    Deque<String> ids = new ConcurrentLinkedDeque<>(List.of(created.id()));
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    try {
      List<Future<Integer>> writers =
          IntStream.range(0, WRITERS)
              .mapToObj(i -> threads.submit(() -> write(nodes, ids, "n" + i, rounds)))
              .toList();
      Map<String, Integer> expected = new TreeMap<>();
      for (int i = 0; i < WRITERS; i++) {
        expected.put("n" + i, writers.get(i).get());
      }
      for (LiveSessions node : nodes) {
        SessionAccess access = openAny(node, ids);
        Map<String, Integer> values = new TreeMap<>();
        access.names().forEach(name -> values.put(name, ((Box) access.get(name)).value()));
        access.release();
        assertThat(values).isEqualTo(expected);
        assertThat(node.size()).isZero();
      }
      assertThat(ids.stream().distinct().filter(id -> store(0).open(id, 0) != null)).hasSize(1);
    } finally {
      threads.shutdownNow();
    }
  }

  private static int write(List<LiveSessions> nodes, Deque<String> ids, String name, int rounds) {
    Random random = new Random(name.hashCode());
    int last = 0;
    for (int round = 1; round <= rounds; round++) {
      SessionAccess access = openAny(nodes.get(random.nextInt(2)), ids);
      Box box = (Box) access.get(name);
      assertThat(box == null ? 0 : box.value()).as("%s in round %d", name, round).isEqualTo(last);
      last = round;
      if (box == null || random.nextBoolean()) {
        access.set(name, new Box(last));
      } else {
        box.change(last);
      }
      boolean rotates = random.nextInt(8) == 0;
      if (rotates) {
        access.rotate();
      }
      access.commit();
      if (rotates) {
        ids.addFirst(access.id());
      }
      access.release();
    }
    return last;
  }

  /** Opens the session by the newest id that works; those rotated away do not. */
  private static SessionAccess openAny(LiveSessions node, Deque<String> ids) {
    long patience = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (System.nanoTime() < patience) {
      for (String id : ids) {
        SessionAccess access = node.open(id);
        if (access != null) {
          return access;
        }
      }
    }
    throw new AssertionError("The session has been lost");
  }

  private static LiveSessions node(SessionStore store, Copies copies) {
    return new LiveSessions(store, Box.CODEC, copies.rules(), SessionEvents.none());
  }
}
