package dev.carryover.bench.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carryover.config.SessionConfig;
import dev.carryover.session.SessionId;
import dev.carryover.store.NewSession;
import dev.carryover.store.OwnedSession;
import dev.carryover.store.redis.RedisSessionStore;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.redisson.Redisson;
import org.redisson.api.RBatch;
import org.redisson.api.RFuture;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.KeysScanOptions;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/**
 * What it costs, among a million sessions, to count them and to log a user out everywhere; and what
 * it costs by walking through all keys, as tutorials do.
 */
public final class SteeringBenchmark implements AutoCloseable {

  private static final int SESSIONS = Integer.getInteger("bench.sessions", 1_000_000);
  private static final int SESSIONS_OF_A_USER = 4;
  private static final int COUNTS = 500;
  private static final int USERS = 100;
  private static final int THREADS = 16;
  private static final int PAGE = 1_000;
  private static final String PATTERN = "carryover:{steering:*}:session:*";

  private final PrintStream out = System.out;
  private final RedisServer redis = RedisServer.start();
  private final RedisProbe probe = RedisProbe.of(redis);
  private final RedisSessionStore store =
      RedisSessionStore.connect(
          SessionConfig.builder()
              .redisUrl(redis.url())
              .redisTimeout(Duration.ofSeconds(30))
              .build(),
          "steering");
  private final RedissonClient redisson;
  private int nextUser;

  private SteeringBenchmark() {
    Config config = new Config();
    config.useSingleServer().setAddress(redis.url()).setTimeout(60_000);
    redisson = Redisson.create(config);
  }

  /** Measures, and prints what it found. */
  public static void run() throws Exception {
    try (SteeringBenchmark steering = new SteeringBenchmark()) {
      steering.fill();
      steering.compare();
    }
  }

  private void fill() throws ExecutionException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> all = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      all.add(
          threads.submit(
              () -> {
                for (int i = next.getAndIncrement(); i < SESSIONS; i = next.getAndIncrement()) {
                  create(user(i / SESSIONS_OF_A_USER));
                }
              }));
    }
    for (Future<?> each : all) {
      each.get();
    }
    threads.shutdown();
  }

  private static String user(int number) {
    return "user-" + number;
  }

  private void create(String user) {
    Map<String, byte[]> attributes = Map.of("cart", "-".repeat(100).getBytes(UTF_8));
    store.create(
        new NewSession(SessionId.create(), store.currentTimeMillis(), 1800, user, attributes));
  }

  private interface Work {
    long done();
  }

  private void compare() {
    Map<String, Long> before = probe.commandStats();
    long counted = store.index().count();
    out.printf("count of %d: %s%n", counted, since(before));
    Cost count = cost(COUNTS, () -> store.index().count());
    print("count", count, cost(1, this::scan), "SCAN");

    before = probe.commandStats();
    long ended = logOut(user(nextUser++));
    out.printf("log out everywhere of %d sessions: %s%n", ended, since(before));
    Cost logOut = cost(USERS, () -> logOut(user(nextUser++)));
    Cost theirs = cost(1, () -> scanAndGet(user(nextUser++)));
    print("log out everywhere", logOut, theirs, "SCAN and HGETs, a thousand at once,");
  }

  /** What a work took: time as the median, and processor time here and at Redis as the mean. */
  private record Cost(double millis, double cpuMillis) {}

  private void print(String what, Cost ours, Cost theirs, String how) {
    out.printf(
        "%s: %.2f ms, of the processors %.2f; by %s %.0f and %.0f: %.0f and %.0f times%n",
        what,
        ours.millis,
        ours.cpuMillis,
        how,
        theirs.millis,
        theirs.cpuMillis,
        theirs.millis / ours.millis,
        theirs.cpuMillis / ours.cpuMillis);
  }

  private Cost cost(int times, Work work) {
    double[] millis = new double[times];
    double cpu = cpuMillis();
    for (int i = 0; i < times; i++) {
      long start = System.nanoTime();
      if (work.done() <= 0) {
        throw new IllegalStateException("Nothing was found");
      }
      millis[i] = (System.nanoTime() - start) / 1e6;
    }
    double perTime = (cpuMillis() - cpu) / times;
    Arrays.sort(millis);
    return new Cost(millis[times / 2], perTime);
  }

  /** What this process and Redis have had of the processors. */
  private double cpuMillis() {
    return Stream.of(ProcessHandle.current().pid(), redis.pid())
        .mapToLong(
            pid ->
                ProcessHandle.of(pid)
                    .flatMap(process -> process.info().totalCpuDuration())
                    .orElseThrow()
                    .toMillis())
        .sum();
  }

  private long logOut(String user) {
    long ended = 0;
    for (OwnedSession session : store.index().ownedBy(user)) {
      ended += store.index().end(session, user, Duration.ZERO) == null ? 0 : 1;
    }
    return require(ended);
  }

  private static long require(long ended) {
    if (ended != SESSIONS_OF_A_USER) {
      throw new IllegalStateException(ended + " sessions were found");
    }
    return ended;
  }

  private long scan() {
    long count = 0;
    for (String key : keys()) {
      count += key.isEmpty() ? 0 : 1;
    }
    return count;
  }

  private Iterable<String> keys() {
    return redisson.getKeys().getKeys(KeysScanOptions.defaults().pattern(PATTERN).chunkSize(PAGE));
  }

  private long scanAndGet(String user) {
    List<String> found = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    for (String key : keys()) {
      keys.add(key);
      if (keys.size() == PAGE) {
        found.addAll(ofUser(user, keys));
        keys.clear();
      }
    }
    found.addAll(ofUser(user, keys));
    return require(redisson.getKeys().delete(found.toArray(new String[0])));
  }

  private List<String> ofUser(String user, List<String> keys) {
    if (keys.isEmpty()) {
      return List.of();
    }
    RBatch batch = redisson.createBatch();
    List<RFuture<String>> users = new ArrayList<>();
    keys.forEach(
        key ->
            users.add(
                batch.<String, String>getMap(key, StringCodec.INSTANCE).getAsync("~principal")));
    batch.execute();
    List<String> found = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      if (user.equals(users.get(i).toCompletableFuture().join())) {
        found.add(keys.get(i));
      }
    }
    return found;
  }

  private Map<String, Long> since(Map<String, Long> before) {
    Map<String, Long> now = new TreeMap<>(probe.commandStats());
    now.replaceAll((command, calls) -> calls - before.getOrDefault(command, 0L));
    now.values().removeIf(calls -> calls == 0);
    now.remove("info");
    return now;
  }

  @Override
  public void close() {
    redisson.shutdown();
    store.close();
    probe.close();
    redis.close();
  }
}
