package dev.carryover.load;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * When and where it is excused that a request was refused, or that no answer came: while a fault
 * lasts, and five seconds longer. Thread-safe.
 */
final class Announcements {

  private static final long AFTER_A_STALL_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long STALL_IS_KNOWN_MILLIS = 300;

  /** So many threads for each processor want to run: then nobody can answer in time. */
  private static final int BUSY = 4;

  private static final OperatingSystemMXBean MACHINE = ManagementFactory.getOperatingSystemMXBean();

  private final List<Window> windows = new CopyOnWriteArrayList<>();

  /** Refusals for which no fault is an excuse, but that the machine had too much to do. */
  final LongAdder byMachine = new LongAdder();

  /** A time in which failures are excused; open until it is closed. */
  static final class Window {
    private final Set<Integer> nodes;
    private final boolean down;
    private final long from;
    private volatile boolean closed;
    private volatile long until;

    private Window(Set<Integer> nodes, boolean down, long from) {
      this.nodes = nodes;
      this.down = down;
      this.from = from;
    }

    void close() {
      closeAt(System.nanoTime());
    }

    private void closeAt(long moment) {
      until = moment;
      closed = true;
    }

    private boolean covers(int node, boolean lost, long sentAt, long answeredAt) {
      return nodes.contains(node)
          && (down || !lost)
          && answeredAt - from >= 0
          && (!closed || until - sentAt >= 0);
    }
  }

  /**
   * Opens one for these nodes.
   *
   * @param down whether the nodes themselves may be away, not only their Redis
   */
  Window open(Set<Integer> nodes, boolean down) {
    Window window = new Window(nodes, down, System.nanoTime());
    windows.add(window);
    return window;
  }

  /** The machine has not run any thread since then. */
  void stalledSince(long moment) {
    Window window = new Window(Set.of(Stand.A, Stand.B), false, moment);
    window.closeAt(System.nanoTime() + AFTER_A_STALL_NANOS);
    windows.add(window);
  }

  /**
   * Whether it is excused that a node has just refused a request, or, if lost, has not answered it.
   */
  boolean excuse(int node, boolean lost, long sentAt) throws InterruptedException {
    long now = System.nanoTime();
    if (isCovered(node, lost, sentAt, now)) {
      return true;
    }
    // A stall ends for all threads at the same time, also for the one that announces it.
    Thread.sleep(STALL_IS_KNOWN_MILLIS);
    if (isCovered(node, lost, sentAt, now)) {
      return true;
    }
    boolean excused = !lost && isMachineBusy();
    byMachine.add(excused ? 1 : 0);
    return excused;
  }

  /** Whether others keep this machine from running us, over the last minute. */
  static boolean isMachineBusy() {
    return MACHINE.getSystemLoadAverage() > BUSY * MACHINE.getAvailableProcessors();
  }

  private boolean isCovered(int node, boolean lost, long sentAt, long answeredAt) {
    return windows.stream().anyMatch(window -> window.covers(node, lost, sentAt, answeredAt));
  }
}
