package dev.carryover.load;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Two nodes under load, with a fault every twenty seconds and another that nobody may notice in
 * between. Fails if any answer was wrong. Its system properties: {@code load.seconds}, {@code
 * load.clients}, {@code load.directory} for what it writes.
 */
public final class LoadRun {

  private static final long SLOT_MILLIS = 20_000;
  private static final long WARM_UP_MILLIS = 10_000;

  /** For so long after its end a fault excuses refused requests, and slow answers. */
  private static final long RECOVERY_MILLIS = 5_000;

  private static final long CALM_MILLIS = 3_000;

  /** How long connections that broke may take until they are closed. */
  private static final long PATIENCE_SECONDS = 30;

  private final Tally tally = new Tally();
  private final Announcements announcements = new Announcements();
  private final Stalls stalls = new Stalls(announcements);
  private final Report report = new Report(tally);
  private final List<Client> clients = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Set<Integer> restarted = new HashSet<>();
  private final Stand stand;
  private final Gate gate;
  private final long start = System.nanoTime();

  private LoadRun(Stand stand, int count) {
    this.stand = stand;
    this.gate = new Gate(count);
    for (int i = 1; i <= count; i++) {
      clients.add(new Client(i, stand, tally, announcements, gate));
    }
  }

  /** Runs it, prints and writes the report; exit code 1 if there was anything wrong. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(System.getProperty("load.directory"));
    Files.createDirectories(directory);
    Duration duration = Duration.ofSeconds(Integer.getInteger("load.seconds"));
    Report report;
    int violations;
    try (Stand stand = Stand.open(directory)) {
      LoadRun run = new LoadRun(stand, Integer.getInteger("load.clients"));
      run.go(duration);
      report = run.report;
      violations = run.tally.violations();
    }
    report.write(directory);
    System.out.println(report.text());
    System.exit(violations == 0 ? 0 : 1);
  }

  private void go(Duration duration) throws InterruptedException {
    Thread watch = daemon(stalls, "load-stalls");
    clients.forEach(client -> threads.add(daemon(client, "load-client")));
    Thread.sleep(WARM_UP_MILLIS);
    Growth before = quiet(Long.MAX_VALUE);
    report.add("before", before);
    long slots = Math.max(1, duration.toMillis() / SLOT_MILLIS);
    long beginning = System.nanoTime();
    Thread.sleep(CALM_MILLIS);
    for (int slot = 0; slot < slots; slot++) {
      slot(slot);
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - beginning);
    Growth after = quiet(before.connections());
    report.add("after", after);
    end();
    watch.interrupt();
    compare(before, after);
    report.about("nodes", stand.nodeName(Stand.A) + ", " + stand.nodeName(Stand.B));
    report.about("clients", clients.size());
    report.about("seconds", seconds);
    report.about("stalls", stalls.count());
    report.about("machine", announcements.byMachine + " refusals excused, as it was too busy");
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** A fault that is announced, and when that is over one that nobody may notice. */
  private void slot(int slot) throws InterruptedException {
    long begun = System.nanoTime();
    List<Fault> announced = Fault.announced();
    List<Fault> unannounced = Fault.unannounced();
    long calmSince = begun - TimeUnit.MILLISECONDS.toNanos(CALM_MILLIS);
    long recovered = strike(announced.get(slot % announced.size()), calmSince);
    sleepUntil(begun, SLOT_MILLIS / 2 + 2 * RECOVERY_MILLIS / 5);
    long again = strike(unannounced.get(slot % unannounced.size()), recovered);
    sleepUntil(begun, SLOT_MILLIS);
    tally.forgetBefore(again);
  }

  /** Returns when it is over, since when answers have to come as fast as before. */
  private long strike(Fault fault, long calmSince) throws InterruptedException {
    long struckAt = System.nanoTime();
    long medianBefore = tally.medianNanos(calmSince, struckAt);
    long refused = tally.refused.sum();
    long lost = tally.lost.sum();
    long unused = tally.takeLongestWait();
    tally.during(fault.title);
    Announcements.Window window = announcements.open(fault.refusing, fault.takesNodeDown());
    fault.strike(stand);
    Thread.sleep(fault.length().toMillis());
    fault.mend(stand);
    if (fault.takesNodeDown()) {
      restarted.addAll(fault.refusing);
    }
    long mendedAt = System.nanoTime();
    boolean noticed = !fault.refusing.isEmpty();
    Thread.sleep(noticed ? RECOVERY_MILLIS : CALM_MILLIS / 3);
    window.close();
    tally.during("after " + fault.title);
    long recovered = System.nanoTime();
    Thread.sleep(CALM_MILLIS);
    Episode episode =
        new Episode(
            fault,
            TimeUnit.NANOSECONDS.toSeconds(struckAt - start),
            tally.refused.sum() - refused,
            tally.lost.sum() - lost,
            TimeUnit.NANOSECONDS.toMillis(tally.takeLongestWait()),
            Math.max(0, TimeUnit.NANOSECONDS.toMillis(tally.lastFailure() - mendedAt)),
            TimeUnit.NANOSECONDS.toMicros(medianBefore),
            TimeUnit.NANOSECONDS.toMicros(tally.medianNanos(recovered, System.nanoTime())));
    report.add(episode);
    if (!episode.isBackToNormal() && !Announcements.isMachineBusy()) {
      tally.violation("answers do not come as fast as before: " + episode);
    }
    return recovered;
  }

  private static void sleepUntil(long begun, long millis) throws InterruptedException {
    long left = millis - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    Thread.sleep(Math.max(0, left));
  }

  /** What there is while all clients are held. */
  private Growth quiet(long connections) throws InterruptedException {
    gate.close();
    // All at once, so that the containers have as many threads as they will ever need.
    clients.forEach(Client::crowd);
    clients.forEach(Client::disperse);
    Growth growth = Growth.measure(stand);
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (growth.connections() > connections && System.nanoTime() - patience < 0) {
      Thread.sleep(CALM_MILLIS / 3);
      growth = Growth.measure(stand);
    }
    gate.open();
    return growth;
  }

  /** The last look at all sessions, and then their end. */
  private void end() throws InterruptedException {
    tally.during("at the end");
    gate.end();
    for (Thread thread : threads) {
      thread.join();
    }
    clients.forEach(Client::prove);
  }

  private void compare(Growth before, Growth after) throws InterruptedException {
    Set<Integer> nodes = new HashSet<>(Set.of(Stand.A, Stand.B));
    nodes.removeAll(restarted);
    long live = clients.stream().filter(client -> client.visit() != null).count();
    long abandoned = tally.abandoned.sum() + tally.unanswered.sum();
    for (String grown : after.grownSince(before, nodes, live, abandoned)) {
      tally.violation("grown: " + grown);
    }
    clients.forEach(Client::leave);
    clients.forEach(Client::close);
    Growth last = Growth.measure(stand);
    report.add("left", last);
    if (last.sessions() > abandoned) {
      tally.violation(last.sessions() + " records are left of sessions that have ended");
    }
  }
}
