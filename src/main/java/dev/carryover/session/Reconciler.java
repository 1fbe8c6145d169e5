package dev.carryover.session;

import dev.carryover.store.SessionStoreException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what is in the journal as soon as the store takes it, on a thread of its own. */
final class Reconciler implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Reconciler.class);

  /** Between two attempts. */
  private static final Duration PAUSE = Duration.ofMillis(250);

  /** In one attempt. */
  private static final int MOST_FAILURES = 100;

  /** The longest that the end of the thread is waited for. */
  private static final Duration LONGEST_END = Duration.ofSeconds(10);

  private final Journal journal;
  private final Consumer<UnsavedSession> writer;
  private final Thread thread;
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * @param writer tells the store what it lacks of a session, or throws {@link
   *     SessionStoreException}
   */
  Reconciler(Journal journal, Consumer<UnsavedSession> writer) {
    this.journal = journal;
    this.writer = writer;
    thread = new Thread(this::run, "carryover-reconcile");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Tries a last time; what can't be written then is lost. */
  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
    try {
      thread.join(LONGEST_END.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    writeAll();
    if (journal.size() > 0) {
      log.warn("Changes to {} sessions could not be stored, and are lost", journal.size());
    }
  }

  private void run() {
    try {
      do {
        journal.awaitOne();
        writeAll();
      } while (!closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      log.debug("The thread ends");
    }
  }

  /** Tries each, but does not besiege a store that is away, or refuses. */
  private void writeAll() {
    Set<Character> away = new HashSet<>();
    int failures = 0;
    for (UnsavedSession session : journal.all()) {
      if (failures < MOST_FAILURES && !away.contains(session.shard()) && !write(session, away)) {
        failures++;
        journal.postpone(session);
      }
    }
  }

  /**
   * @param away takes its shard, if that was not even asked
   */
  private boolean write(UnsavedSession session, Set<Character> away) {
    try {
      writer.accept(session);
      return true;
    } catch (SessionStoreException e) {
      if (!e.isDoubtful()) {
        away.add(session.shard());
      }
      return false;
    } catch (RuntimeException | Error e) {
      // It would fail again. The exception's class only: its message may quote values.
      log.warn(
          "Changes to a session could not be stored, and are lost: {}", e.getClass().getName());
      journal.giveUp(session);
      return true;
    }
  }
}
