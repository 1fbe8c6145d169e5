package dev.carryover.session;

import dev.carryover.metrics.Counter;
import dev.carryover.metrics.SessionMetrics;
import dev.carryover.metrics.Timer;
import dev.carryover.store.DueSessions;
import dev.carryover.store.SessionRecord;
import dev.carryover.store.SessionStore;
import dev.carryover.store.SessionStoreException;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds sessions whose time is up, on a thread of its own: it asks the store which are due, claims
 * each, tells the listeners and lets the store forget it.
 *
 * <p>It sleeps until the earliest deadline it knows of, but never longer than the poll interval,
 * after which it hears of the sessions of other nodes. A little randomness keeps many nodes from
 * asking at the same moment.
 */
final class ExpirySweeper implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ExpirySweeper.class);
  private static final int SESSIONS_PER_SHARD = 100;

  /** The nodes take turns: so often one of them looks, however many there are. */
  private static final Duration TURN = Duration.ofSeconds(1);

  /** A listener that is being told is not interrupted earlier, and not waited for longer. */
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(10);

  private static final long JITTER_MILLIS = 300;

  private final SessionStore store;
  private final SessionRules rules;
  private final SessionMetrics metrics;
  private final Consumer<SessionRecord> listener;
  private final Runnable afterwards;
  private final Thread thread;
  private final Duration turn;

  /** Written under this object's lock; read without it by every request that opens a session. */
  private volatile long wakeAt;

  private volatile boolean closed;

  /**
   * @param listener told of each session that has expired, once in the cluster
   * @param afterwards run after each look at the store; may throw {@link SessionStoreException}
   */
  ExpirySweeper(
      SessionStore store,
      SessionRules rules,
      SessionMetrics metrics,
      Consumer<SessionRecord> listener,
      Runnable afterwards) {
    this.store = store;
    this.rules = rules;
    this.metrics = metrics;
    this.turn = TURN.compareTo(rules.pollInterval()) < 0 ? TURN : rules.pollInterval();
    this.listener = listener;
    this.afterwards = afterwards;
    thread = new Thread(this::run, "carryover-expiry");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Hears of a session that will expire, perhaps before all others. */
  void expect(LiveSession session) {
    long deadline =
        rules.deadline(
            session.createdAt(), store.currentTimeMillis(), session.maxInactiveInterval());
    if (deadline < wakeAt) {
      // One that has passed, as it may have while the store is away, is no reason to hurry.
      long now = store.currentTimeMillis();
      wakeBy(deadline > now ? deadline : now + turn.toMillis());
    }
  }

  private synchronized void wakeBy(long deadline) {
    if (deadline < wakeAt) {
      wakeAt = deadline;
      notifyAll();
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(ENDS_WITHIN.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      thread.interrupt();
    }
  }

  private void run() {
    try {
      while (sleepUntilDue()) {
        sweep();
      }
    } catch (InterruptedException e) {
      log.debug("Expiry thread ends", e);
    }
  }

  /** Waits for the next time to look; false if there will be none. */
  private synchronized boolean sleepUntilDue() throws InterruptedException {
    long pause = wakeAt - store.currentTimeMillis();
    while (pause > 0 && !closed) {
      wait(pause);
      pause = wakeAt - store.currentTimeMillis();
    }
    wakeAt = store.currentTimeMillis() + rules.pollInterval().toMillis();
    return !closed;
  }

  private void sweep() {
    long next = Long.MAX_VALUE;
    try {
      if (store.takeTurn(turn)) {
        metrics.count(Counter.EXPIRY_TURNS);
        DueSessions due = store.due(SESSIONS_PER_SHARD);
        for (Iterator<String> names = due.names().iterator(); names.hasNext() && !closed; ) {
          expire(names.next());
        }
        next = due.nextDeadline();
      } else {
        next = store.currentTimeMillis();
      }
      afterwards.run();
    } catch (SessionStoreException e) {
      metrics.count(Counter.EXPIRY_FAILURES);
      if (e.isDoubtful()) {
        log.warn("Expired sessions could not be looked for; trying again: {}", e.getMessage());
      } else {
        // It is away, and the log says so already.
        log.debug("Expired sessions could not be looked for; trying again", e);
      }
    } catch (RuntimeException | Error e) {
      // Whatever it is, expiry has to go on. No message: it may quote values.
      metrics.count(Counter.EXPIRY_FAILURES);
      log.warn(
          "Expired sessions could not be looked for; trying again: {}", e.getClass().getName());
    }
    long pause = Math.max(turn.toMillis(), next - store.currentTimeMillis());
    long jitter = ThreadLocalRandom.current().nextLong(JITTER_MILLIS);
    synchronized (this) {
      long now = store.currentTimeMillis();
      wakeAt = Math.min(wakeAt, now + Math.min(pause, rules.pollInterval().toMillis()) + jitter);
    }
  }

  /** One that can't be claimed does not keep the others. */
  private void expire(String name) {
    @Nullable SessionRecord record = null;
    try {
      record = store.claim(name, rules.expiryLease());
    } catch (RuntimeException e) {
      metrics.count(Counter.EXPIRY_FAILURES);
      log.warn("A session that is due could not be claimed: {}", e.getClass().getName());
    }
    if (record != null) {
      metrics.time(Timer.EXPIRY_LAG, TimeUnit.MILLISECONDS.toNanos(lag(record)));
      tell(record);
    }
  }

  /** How long its deadline has passed, in milliseconds of the store's clock. */
  private long lag(SessionRecord record) {
    long deadline =
        rules.deadline(record.createdAt(), record.lastAccessedAt(), record.maxInactiveInterval());
    return Math.max(0, store.currentTimeMillis() - deadline);
  }

  /** A session whose end could not be told is left: once the lease has passed, it is told again. */
  private void tell(SessionRecord record) {
    try {
      listener.accept(record);
      store.finish(record.id());
    } catch (RuntimeException | Error e) {
      // The exception's class only: its message may quote values.
      metrics.count(Counter.EXPIRY_FAILURES);
      log.warn(
          "The end of an expired session could not be told and will be tried again: {}",
          e.getClass().getName());
    }
  }
}
