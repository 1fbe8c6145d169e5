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
  private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
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
    double count = millis(() -> store.index().count());
    double scan = millis(this::scan);
    print("count", count, scan, "SCAN");

    before = probe.commandStats();
    long ended = logOut(user(nextUser++));
    out.printf("log out everywhere of %d sessions: %s%n", ended, since(before));
    double logOut = millis(() -> logOut(user(nextUser++)));
    double gathered = millis(() -> scanAndGet(user(nextUser++), PAGE));
    print("log out everywhere", logOut, gathered, "SCAN and HGETs, a thousand at once");
    double single = millisOnce(() -> scanAndGet(user(nextUser++), 1));
    print("log out everywhere", logOut, single, "SCAN and a HGET for each, once");
  }

  private void print(String what, double ours, double theirs, String how) {
    out.printf("%s: %.2f ms; by %s %.0f ms: %.0f times%n", what, ours, how, theirs, theirs / ours);
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

  private long scanAndGet(String user, int page) {
    List<String> found = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    for (String key : keys()) {
      keys.add(key);
      if (keys.size() == page) {
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

  /** The median of some rounds, after one that does not count. */
  private static double millis(Work work) {
    millisOnce(work);
    double[] rounds = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      rounds[i] = millisOnce(work);
    }
    Arrays.sort(rounds);
    return rounds[ROUNDS / 2];
  }

  private static double millisOnce(Work work) {
    long start = System.nanoTime();
    long done = work.done();
    if (done <= 0) {
      throw new IllegalStateException("Nothing was found");
    }
    return (System.nanoTime() - start) / 1e6;
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
