package dev.carryover.bench.store;

import dev.carryover.config.SessionConfig;
import dev.carryover.session.SessionId;
import dev.carryover.store.NewSession;
import dev.carryover.store.redis.RedisSessionStore;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a million sessions cost: memory at Redis for each, and whether a read is slower among a
 * million than among a thousand.
 */
public final class GrowthBenchmark implements AutoCloseable {

  private static final int FEW = 1_000;
  private static final int MANY = Integer.getInteger("bench.sessions", 1_000_000);
  private static final int ATTRIBUTES = 10;
  private static final int ATTRIBUTE_BYTES = 100;
  private static final int THREADS = 16;
  private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
  private static final Duration TIME = Duration.ofSeconds(1);

  private final PrintStream out = System.out;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final Map<String, byte[]> attributes = new TreeMap<>();

  private GrowthBenchmark() {
    for (int i = 0; i < ATTRIBUTES; i++) {
      attributes.put(
          "attribute-" + i, "-".repeat(ATTRIBUTE_BYTES).getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Measures, and prints what it found. */
  public static void run() throws Exception {
    try (GrowthBenchmark growth = new GrowthBenchmark();
        Crowd few = growth.crowd(FEW);
        Crowd many = growth.crowd(MANY)) {
      growth.compare(few, many);
    }
  }

  private Crowd crowd(int sessions) throws ExecutionException, InterruptedException {
    Crowd crowd = new Crowd(sessions);
    out.printf("%d sessions: %d bytes of Redis's memory for each%n", sessions, crowd.fill());
    return crowd;
  }

  private void compare(Crowd few, Crowd many) throws ExecutionException, InterruptedException {
    print("Reads of " + FEW + " of them", () -> few.readsOf(FEW), () -> many.readsOf(FEW));
    print("Reads of any of them", () -> few.readsOf(FEW), () -> many.readsOf(MANY));
    // What is not in the processor's caches costs Redis more, whatever the command.
    print("HGETALL of any of them", () -> few.plainReadsOf(FEW), () -> many.plainReadsOf(MANY));
  }

  private interface Reading {
    Rate measure() throws ExecutionException, InterruptedException;
  }

  /** Reads a second, and Redis's processor time for each. */
  private record Rate(double perSecond, double redisMicros) {}

  private void print(String title, Reading few, Reading many)
      throws ExecutionException, InterruptedException {
    few.measure();
    many.measure();
    double[] shares = new double[ROUNDS];
    double[] microsOfFew = new double[ROUNDS];
    double[] microsOfMany = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      Rate ofFew = few.measure();
      Rate ofMany = many.measure();
      shares[round] = ofMany.perSecond / ofFew.perSecond;
      microsOfFew[round] = ofFew.redisMicros;
      microsOfMany[round] = ofMany.redisMicros;
    }
    out.printf(
        "%s, in a second, as a share of those among %d: %.2f; Redis takes %.1f us, instead of"
            + " %.1f%n",
        title, FEW, median(shares), median(microsOfMany), median(microsOfFew));
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  @Override
  public void close() {
    threads.shutdown();
  }

  /** A Redis with so many sessions, and the store over it. */
  private final class Crowd implements AutoCloseable {

    private final RedisServer redis = RedisServer.start();
    private final RedisProbe probe = RedisProbe.of(redis);
    private final RedisSessionStore store =
        RedisSessionStore.connect(
            SessionConfig.builder()
                .redisUrl(redis.url())
                .redisTimeout(Duration.ofSeconds(30))
                .build(),
            "growth");
    private final String[] ids;
    private final Queue<RedisProbe> open = new ConcurrentLinkedQueue<>();

    Crowd(int sessions) {
      ids = new String[sessions];
    }

    /** Makes the sessions, and returns the bytes that each takes with all that belongs to it. */
    long fill() throws ExecutionException, InterruptedException {
      long before = usedMemory();
      AtomicInteger next = new AtomicInteger();
      onAllThreads(
          () -> {
            for (int i = next.getAndIncrement(); i < ids.length; i = next.getAndIncrement()) {
              ids[i] = SessionId.create();
              store.create(
                  new NewSession(ids[i], store.currentTimeMillis(), 1800, null, attributes));
            }
            return 0;
          });
      return (usedMemory() - before) / ids.length;
    }

    /** Opens some of the sessions at random, as a node that knows nothing of them. */
    Rate readsOf(int some) throws ExecutionException, InterruptedException {
      return rateOf(
          () -> {
            if (store.open(random(some), 0).attributes().size() != ATTRIBUTES) {
              throw new IllegalStateException("A session was lost");
            }
          });
    }

    /** Fetches their records without a script, over a plain socket for each thread. */
    Rate plainReadsOf(int some) throws ExecutionException, InterruptedException {
      ThreadLocal<RedisProbe> sockets = ThreadLocal.withInitial(this::socket);
      try {
        return rateOf(
            () -> {
              String id = random(some);
              sockets
                  .get()
                  .command("HGETALL", "carryover:{growth:" + id.charAt(0) + "}:session:" + id);
            });
      } finally {
        open.forEach(RedisProbe::close);
        open.clear();
      }
    }

    private RedisProbe socket() {
      RedisProbe socket = RedisProbe.of(redis);
      open.add(socket);
      return socket;
    }

    private String random(int some) {
      return ids[ThreadLocalRandom.current().nextInt(some)];
    }

    private Rate rateOf(Runnable read) throws ExecutionException, InterruptedException {
      long start = System.nanoTime();
      long end = start + TIME.toNanos();
      long cpu = redisNanos();
      int reads =
          onAllThreads(
              () -> {
                int done = 0;
                for (; System.nanoTime() < end; done++) {
                  read.run();
                }
                return done;
              });
      return new Rate(
          reads * 1e9 / (System.nanoTime() - start), (redisNanos() - cpu) / 1e3 / reads);
    }

    private long redisNanos() {
      return ProcessHandle.of(redis.pid())
          .flatMap(process -> process.info().totalCpuDuration())
          .orElseThrow()
          .toNanos();
    }

    private int onAllThreads(Callable<Integer> work)
        throws ExecutionException, InterruptedException {
      List<Future<Integer>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        all.add(threads.submit(work));
      }
      int sum = 0;
      for (Future<Integer> one : all) {
        sum += one.get();
      }
      return sum;
    }

    private long usedMemory() {
      return ((String) probe.command("INFO", "memory"))
          .lines()
          .filter(line -> line.startsWith("used_memory:"))
          .mapToLong(line -> Long.parseLong(line.substring("used_memory:".length())))
          .findFirst()
          .orElseThrow();
    }

    @Override
    public void close() {
      store.close();
      probe.close();
      redis.close();
    }
  }
}
