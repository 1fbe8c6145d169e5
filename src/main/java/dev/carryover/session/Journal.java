package dev.carryover.session;

import dev.carryover.metrics.Counter;
import dev.carryover.metrics.Gauge;
import dev.carryover.metrics.SessionMetrics;
import dev.carryover.store.SessionDelta;
import dev.carryover.store.SessionStoreException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of which the store lacks something, found by each id that the store may know and by
 * the one that this node does. Bounded by sessions and by bytes. Thread-safe.
 */
final class Journal {

  private static final Logger log = LoggerFactory.getLogger(Journal.class);

  private final int mostSessions;
  private final long mostBytes;
  private final ConcurrentMap<String, UnsavedSession> byId = new ConcurrentHashMap<>();
  private final SessionMetrics metrics;

  // Guarded by this.
  private final Set<UnsavedSession> sessions = new LinkedHashSet<>();
  private long bytes;
  private boolean overflowed;
  private int written;
  private int gone;

  Journal(int mostSessions, long mostBytes, SessionMetrics metrics) {
    this.mostSessions = mostSessions;
    this.mostBytes = mostBytes;
    this.metrics = metrics;
    metrics.watch(Gauge.SESSIONS_UNSAVED, this::size);
  }

  @Nullable UnsavedSession find(String id) {
    return byId.get(id);
  }

  synchronized int size() {
    return sessions.size();
  }

  /** All of them, for now; those that could not be written when that was tried come last. */
  synchronized List<UnsavedSession> all() {
    return List.copyOf(sessions);
  }

  /** Returns once there is one. */
  synchronized void awaitOne() throws InterruptedException {
    while (sessions.isEmpty()) {
      wait();
    }
  }

  /**
   * Adds a session, unless there is something of it already.
   *
   * @param failure why the store can't be told; thrown if there is no room
   */
  synchronized boolean add(UnsavedSession session, SessionStoreException failure) {
    if (session.ids().stream().anyMatch(byId::containsKey)) {
      return false;
    }
    admit(sessions.size() + 1, bytes + session.size(), failure);
    if (sessions.isEmpty()) {
      log.warn("Changes to sessions can't be stored; this node keeps them until they can");
    }
    sessions.add(session);
    bytes += session.size();
    index(session);
    notifyAll();
    return true;
  }

  /** Adds changes to a session that is here, and whose monitor the caller holds. */
  synchronized void change(
      UnsavedSession session, SessionDelta delta, SessionStoreException failure) {
    admit(sessions.size(), bytes + UnsavedSession.size(delta.written()), failure);
    bytes -= session.size();
    session.change(delta);
    bytes += session.size();
    index(session);
  }

  /**
   * Removes a session that the store has been told of.
   *
   * @param lived whether the store had it
   */
  synchronized void remove(UnsavedSession session, boolean lived) {
    if (!sessions.remove(session)) {
      return;
    }
    unindex(session);
    bytes -= session.size();
    written += lived ? 1 : 0;
    gone += lived ? 0 : 1;
    if (sessions.isEmpty()) {
      log.info(
          "Changes to sessions are stored again: {} written, {} of sessions that have ended",
          written,
          gone);
      overflowed = false;
      written = 0;
      gone = 0;
    }
  }

  /** Others come before this one from now on. */
  synchronized void postpone(UnsavedSession session) {
    if (sessions.remove(session)) {
      sessions.add(session);
    }
  }

  /** Removes a session that can't be written at all. */
  void giveUp(UnsavedSession session) {
    synchronized (session) {
      session.giveUp();
      remove(session, false);
    }
  }

  private void admit(int wantedSessions, long wantedBytes, SessionStoreException failure) {
    if (wantedSessions <= mostSessions && wantedBytes <= mostBytes) {
      return;
    }
    metrics.count(Counter.COMMITS_REFUSED);
    if (!overflowed) {
      overflowed = true;
      log.warn(
          "There is no room for more changes that can't be stored: {} sessions, {} bytes; requests"
              + " that change others fail",
          sessions.size(),
          bytes);
    }
    throw failure;
  }

  private void index(UnsavedSession session) {
    session.ids().forEach(id -> byId.put(id, session));
  }

  private void unindex(UnsavedSession session) {
    session.ids().forEach(id -> byId.remove(id, session));
  }
}
