package dev.carryover.session;

import dev.carryover.metrics.SessionMetrics;
import dev.carryover.store.Attachment;
import dev.carryover.store.Commit;
import dev.carryover.store.DueSessions;
import dev.carryover.store.Hold;
import dev.carryover.store.NewSession;
import dev.carryover.store.SessionDelta;
import dev.carryover.store.SessionIndex;
import dev.carryover.store.SessionRecord;
import dev.carryover.store.SessionStore;
import dev.carryover.store.SessionStoreException;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store that goes on while the one behind it can't be asked, for the sessions that this node
 * knows. Thread-safe.
 */
final class BridgingStore implements SessionStore {

  /*
   * A node that knows a version of a session has all of it: it is told that nothing has changed.
   * What it writes meanwhile goes into the journal, and it goes on knowing the version that the
   * store has, so that it will hear of everything that other nodes have written since, and of its
   * own writes once more.
   *
   * Whoever wants a session that is in the journal writes it to the store first, and is answered
   * from here only if that fails. So nobody sees the store's record as it was before, and changes
   * of a session reach the store in the order in which they were made.
   *
   * Each session's changes are sent as one commit. The store judges whether the session still lives:
   * if it has ended there, or expired, nothing is written.
   */

  private final SessionStore store;
  private final Journal journal;
  private final Reconciler reconciler;

  BridgingStore(SessionStore store, SessionRules rules, SessionMetrics metrics) {
    this.store = store;
    this.journal = new Journal(rules.journalSessions(), rules.journalBytes(), metrics);
    this.reconciler = new Reconciler(journal, this::write);
  }

  /** Starts writing what could not be written, as soon as there is something. */
  void start() {
    reconciler.start();
  }

  @Override
  public @Nullable SessionRecord open(String id, long knownVersion) {
    return answer(id, knownVersion, () -> store.open(id, knownVersion), unsaved -> id, () -> {});
  }

  @Override
  public @Nullable SessionRecord open(String id, long knownVersion, Hold hold) {
    return answer(
        id, knownVersion, () -> store.open(id, knownVersion, hold), unsaved -> id, hold::lose);
  }

  @Override
  public @Nullable SessionRecord look(String id, long knownVersion) {
    // Who looks has the session, and may not have heard yet that its id was changed meanwhile.
    return answer(
        id, knownVersion, () -> store.look(id, knownVersion), UnsavedSession::id, () -> {});
  }

  /**
   * @param asked by what id a session in the journal is asked for
   * @param alone run before this node answers by itself
   */
  private @Nullable SessionRecord answer(
      String id,
      long knownVersion,
      Supplier<@Nullable SessionRecord> question,
      Function<UnsavedSession, String> asked,
      Runnable alone) {
    UnsavedSession unsaved = journal.find(id);
    if (unsaved != null) {
      synchronized (unsaved) {
        try {
          write(unsaved);
        } catch (SessionStoreException e) {
          alone.run();
          return unsaved.answer(asked.apply(unsaved), knownVersion, e);
        }
      }
    }
    try {
      return question.get();
    } catch (SessionStoreException e) {
      alone.run();
      return UnsavedSession.unchanged(id, knownVersion, e);
    }
  }

  @Override
  public @Nullable SessionRecord load(String id, String name) {
    UnsavedSession unsaved = journal.find(id);
    if (unsaved != null) {
      write(unsaved);
    }
    return store.load(id, name);
  }

  @Override
  public void touch(String id) {
    store.touch(id);
  }

  @Override
  public void touch(String id, Hold hold) {
    store.touch(id, hold);
  }

  /**
   * One that the store may have got is not kept here too: other nodes could find it, and end it.
   */
  @Override
  public Commit create(NewSession session) {
    try {
      return store.create(session);
    } catch (SessionStoreException e) {
      if (e.isDoubtful() || !journal.add(UnsavedSession.created(session), e)) {
        throw e;
      }
      return UnsavedSession.commit(session);
    }
  }

  @Override
  public Commit commit(SessionDelta delta) {
    UnsavedSession unsaved = journal.find(delta.id());
    if (unsaved != null) {
      synchronized (unsaved) {
        try {
          write(unsaved);
        } catch (SessionStoreException e) {
          return unsaved.isEnded() ? Commit.gone() : add(unsaved, delta, e);
        }
      }
    }
    try {
      return store.commit(delta);
    } catch (SessionStoreException e) {
      UnsavedSession changed = UnsavedSession.changed(delta);
      return journal.add(changed, e) ? deferred(changed, delta) : commit(delta);
    }
  }

  private Commit add(UnsavedSession unsaved, SessionDelta delta, SessionStoreException failure) {
    journal.change(unsaved, delta, failure);
    return deferred(unsaved, delta);
  }

  private static Commit deferred(UnsavedSession unsaved, SessionDelta delta) {
    Commit deferred = Commit.deferred(unsaved.id());
    Attachment attachment = delta.attachment();
    return attachment == null ? deferred : deferred.with(attachment);
  }

  @Override
  public @Nullable SessionRecord end(String id, long knownVersion, Duration lease) {
    UnsavedSession unsaved = journal.find(id);
    if (unsaved != null) {
      synchronized (unsaved) {
        try {
          write(unsaved);
        } catch (SessionStoreException e) {
          return unsaved.end(id, knownVersion);
        }
      }
    }
    try {
      return store.end(id, knownVersion, lease);
    } catch (SessionStoreException e) {
      UnsavedSession ending = UnsavedSession.changed(new SessionDelta(id));
      // Before it has ended, nobody may write it.
      synchronized (ending) {
        if (journal.add(ending, e)) {
          return ending.end(id, knownVersion);
        }
      }
      return end(id, knownVersion, lease);
    }
  }

  /**
   * Ends a session that this node need not know.
   *
   * @throws SessionStoreException if the store can't be asked whether there is one
   */
  @Nullable SessionRecord endUnknown(String id, Duration lease) {
    UnsavedSession unsaved = journal.find(id);
    if (unsaved != null) {
      write(unsaved);
    }
    return store.end(id, 0, lease);
  }

  /** Tells the store what it lacks of a session, if anything. */
  private void write(UnsavedSession unsaved) {
    synchronized (unsaved) {
      if (unsaved.isSettled()) {
        return;
      }
      Commit commit = unsaved.writeTo(store);
      journal.remove(unsaved, commit.id() != null || unsaved.isEnded());
    }
  }

  @Override
  public boolean takeTurn(Duration turn) {
    return store.takeTurn(turn);
  }

  @Override
  public DueSessions due(int limit) {
    return store.due(limit);
  }

  @Override
  public @Nullable SessionRecord claim(String name, Duration lease) {
    return store.claim(name, lease);
  }

  @Override
  public boolean exists(String id) {
    return journal.find(id) != null || store.exists(id);
  }

  /** Not yet, if the store does not know of the end: it will be told both at once. */
  @Override
  public void finish(String id) {
    UnsavedSession unsaved = journal.find(id);
    if (unsaved == null || !unsaved.isEnded()) {
      store.finish(id);
    }
  }

  /** As far as it is in the store: what is to be written is in it later. */
  @Override
  public SessionIndex index() {
    return store.index();
  }

  @Override
  public long currentTimeMillis() {
    return store.currentTimeMillis();
  }

  /** What is still unsaved then is lost. */
  @Override
  public void close() {
    reconciler.close();
    store.close();
  }
}
