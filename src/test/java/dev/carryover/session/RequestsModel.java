package dev.carryover.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one session's attributes have to be, for requests whose steps come one after the other.
 *
 * <p>It says precisely what S4 to S6 mean. Attributes hold a {@link Box}, here an {@link Obj}.
 *
 * <ul>
 *   <li>With a near cache, a node keeps what it has of a session between its requests, unless
 *       something of it was left unsaved. That changes nothing that a request could see but the
 *       identity of objects.
 *   <li>All requests of a node that have the session share one {@link Live}: one object an
 *       attribute. The first open of a node takes everything from the store; each further one takes
 *       what other nodes have committed since, attribute by attribute.
 *   <li>What this node has pending for an attribute (set, removed, or its object changed in place)
 *       is kept by an open, and committed after what the other node has committed: the last commit
 *       wins.
 *   <li>A commit writes all that was set or removed on its node since the last commit, and those
 *       objects changed in place that its own request has got, and not removed since.
 *   <li>An object that a request holds, and whose place another node's value has taken, comes back
 *       with the request's commit if it was changed in place since: it is the later write. Not so
 *       if an application set or removed the attribute on this node since: then the object has left
 *       the session, as in any container.
 *   <li>A commit that finds the session ended writes nothing, and the node's requests go on with
 *       what they have.
 *   <li>A rotation is done by the next commit of its node; the old id is dead then. A node whose
 *       session another node rotated follows with its next commit.
 * </ul>
 */
final class RequestsModel {

  /** The object an application holds. */
  static final class Obj {
    int value;

    Obj(int value) {
      this.value = value;
    }
  }

  private record Displaced(Obj object, Integer stored) {}

  /** An attribute on one node. */
  private static final class Cell {
    private Obj object;
    private Integer stored;
    private boolean written;
    private boolean unsettled;
    private final List<Displaced> displaced = new ArrayList<>();

    private boolean isChanged() {
      return object != null && !Objects.equals(object.value, stored);
    }
  }

  /** The session on one node. */
  static final class Live {
    final Map<String, Cell> cells = new TreeMap<>();
    String storedId;
    String nextId;
    long known;
    int uses;
    boolean over;

    private boolean isSettled() {
      return !over
          && known > 0
          && nextId == null
          && cells.values().stream().noneMatch(cell -> cell.written || cell.unsettled);
    }
  }

  /** One request. */
  static final class Request {
    final int node;
    final Live live;
    final Map<String, Obj> held = new HashMap<>();

    /** Of those the ones that it has removed: what becomes of them is not its affair any more. */
    private final Set<String> removed = new HashSet<>();

    private Request(int node, Live live) {
      this.node = node;
      this.live = live;
    }
  }

  final Map<String, Integer> store = new TreeMap<>();
  final List<String> deadIds = new ArrayList<>();
  String id;
  boolean stored;
  boolean dead;
  private final Map<String, Long> changedIn = new HashMap<>();
  private final List<Map<String, Live>> nodes = List.of(new HashMap<>(), new HashMap<>());
  private final boolean nearCache;
  private long version;

  RequestsModel(boolean nearCache) {
    this.nearCache = nearCache;
  }

  boolean isAlive() {
    return stored && !dead;
  }

  Request create(int node, String newId) {
    Live live = new Live();
    live.storedId = newId;
    live.uses = 1;
    id = newId;
    return new Request(node, live);
  }

  Request open(int node) {
    Live live = nodes.get(node).computeIfAbsent(id, key -> new Live());
    live.storedId = id;
    live.uses++;
    changedIn.forEach(
        (name, changed) -> {
          if (changed > live.known) {
            refresh(live.cells.computeIfAbsent(name, key -> new Cell()), store.get(name));
          }
        });
    live.known = version;
    return new Request(node, live);
  }

  private static void refresh(Cell cell, Integer newer) {
    if (Objects.equals(newer, cell.stored)) {
      return;
    }
    boolean changedInPlace = cell.isChanged();
    Integer before = cell.stored;
    cell.stored = newer;
    if (changedInPlace) {
      cell.unsettled = true;
    } else if (!cell.written) {
      if (cell.object != null) {
        cell.displaced.add(new Displaced(cell.object, before));
      }
      cell.object = newer == null ? null : new Obj(newer);
      cell.unsettled = false;
    }
  }

  Obj get(Request request, String name) {
    Cell cell = request.live.cells.get(name);
    if (cell != null && cell.object != null) {
      request.held.put(name, cell.object);
      request.removed.remove(name);
      return cell.object;
    }
    return null;
  }

  void set(Request request, String name, Obj object) {
    Cell cell = request.live.cells.computeIfAbsent(name, key -> new Cell());
    if (object == cell.object) {
      cell.unsettled = true;
    } else {
      write(cell, object);
    }
    request.held.put(name, object);
    request.removed.remove(name);
  }

  void remove(Request request, String name) {
    request.removed.add(name);
    Cell cell = request.live.cells.get(name);
    if (cell != null && (cell.object != null || cell.stored != null)) {
      write(cell, null);
    }
  }

  private static void write(Cell cell, Obj object) {
    cell.object = object;
    cell.written = true;
    cell.displaced.clear();
  }

  void rotate(Request request, String newId) {
    if (request.live.over) {
      return;
    }
    if (stored) {
      request.live.nextId = newId;
    } else {
      deadIds.add(id);
      id = newId;
      request.live.storedId = newId;
    }
  }

  void invalidate(Request request) {
    dead = true;
    end(request);
  }

  private void end(Request request) {
    request.live.over = true;
    nodes.get(request.node).values().remove(request.live);
  }

  void commit(Request request) {
    Live live = request.live;
    if (live.over) {
      return;
    }
    Map<String, Integer> changes = pending(request);
    if (stored && changes.isEmpty() && live.nextId == null) {
      return;
    }
    if (dead) {
      end(request);
      return;
    }
    apply(live, changes);
    follow(request);
  }

  private Map<String, Integer> pending(Request request) {
    Map<String, Integer> changes = new HashMap<>();
    request.live.cells.forEach(
        (name, cell) -> {
          Obj held = request.removed.contains(name) ? null : request.held.get(name);
          readopt(cell, held);
          boolean looked = cell.written || cell.unsettled || held != null;
          if (cell.object == null && cell.written && cell.stored != null) {
            changes.put(name, null);
          } else if (cell.object != null && looked && (cell.written || cell.isChanged())) {
            changes.put(name, cell.object.value);
          }
          cell.written &= changes.containsKey(name);
          cell.unsettled &= changes.containsKey(name) || !looked;
        });
    return changes;
  }

  private static void readopt(Cell cell, Obj held) {
    for (Displaced displaced : List.copyOf(cell.displaced)) {
      if (displaced.object == held && !Objects.equals(held.value, displaced.stored)) {
        write(cell, held);
        return;
      }
    }
  }

  private void apply(Live live, Map<String, Integer> changes) {
    long previous = version;
    if (!stored) {
      version = 1;
    } else if (!changes.isEmpty()) {
      version++;
    }
    changes.forEach(
        (name, value) -> {
          Cell cell = live.cells.get(name);
          cell.stored = value;
          cell.written = false;
          cell.unsettled = false;
          changedIn.put(name, version);
          if (value == null) {
            store.remove(name);
          } else {
            store.put(name, value);
          }
        });
    if (previous == live.known) {
      live.known = version;
    }
  }

  /** The node learns the session's present id, which may be its own doing. */
  private void follow(Request request) {
    Live live = request.live;
    Map<String, Live> node = nodes.get(request.node);
    if (!stored) {
      stored = true;
      put(node, live);
    }
    if (live.nextId != null) {
      deadIds.add(id);
      id = live.nextId;
      live.nextId = null;
    }
    if (!id.equals(live.storedId)) {
      if (node.remove(live.storedId, live)) {
        put(node, live);
      }
      live.storedId = id;
    }
  }

  /** Requests to come find it, unless they find another that is in use. */
  private void put(Map<String, Live> node, Live live) {
    Live other = node.get(id);
    if (other == null || other.uses == 0) {
      node.put(id, live);
    }
  }

  void release(Request request) {
    Live live = request.live;
    live.uses--;
    if (live.uses == 0 && !(nearCache && live.isSettled())) {
      nodes.get(request.node).remove(live.storedId, live);
    } else if (live.uses == 0) {
      live.cells.values().forEach(cell -> cell.displaced.clear());
    }
  }
}
