package dev.carryover.bench.store;

import dev.carryover.config.SessionConfig;
import dev.carryover.session.SessionId;
import dev.carryover.store.Commit;
import dev.carryover.store.NewSession;
import dev.carryover.store.SessionDelta;
import dev.carryover.store.SessionRecord;
import dev.carryover.store.redis.RedisSessionStore;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The store's calls that requests wait for, over a real Redis, beside one that is next to nothing:
 * a script of three commands over a plain socket for each thread.
 */
public class StoreBenchmark {

  private static final int SESSIONS = 64;
  private static final byte[] VALUE = "-".repeat(100).getBytes(StandardCharsets.US_ASCII);
  private static final String YARDSTICK =
      "redis.call('PEXPIRE', KEYS[1], ARGV[1]) redis.call('ZADD', KEYS[2], ARGV[1], KEYS[1]) "
          + "return redis.call('HGET', KEYS[1], 'count')";

  /** A Redis and the store over it, shared by all threads. */
  @State(Scope.Benchmark)
  public static class Shared {

    private RedisServer redis;
    private RedisSessionStore store;

    @Setup
    public void start() {
      redis = RedisServer.start();
      // A machine that is busy otherwise must not look like a Redis that is away.
      SessionConfig config =
          SessionConfig.builder()
              .redisUrl(redis.url())
              .redisTimeout(Duration.ofSeconds(30))
              .build();
      store = RedisSessionStore.connect(config, "bench");
    }

    @TearDown
    public void stop() {
      store.close();
      redis.close();
    }
  }

  /** The sessions that one thread visits in turn. */
  @State(Scope.Thread)
  public static class Own {

    private final List<String> ids = new ArrayList<>();
    private RedisProbe socket;
    private String script;
    private int next;

    @Setup
    public void create(Shared shared) {
      socket = RedisProbe.of(shared.redis);
      script = (String) socket.command("SCRIPT", "LOAD", YARDSTICK);
      for (int i = 0; i < SESSIONS; i++) {
        String id = SessionId.create();
        shared.store.create(newSession(shared, id));
        socket.command("HSET", "yardstick:" + id, "count", "1");
        ids.add(id);
      }
    }

    @TearDown
    public void close() {
      socket.close();
    }

    private String id() {
      next = (next + 1) % SESSIONS;
      return ids.get(next);
    }
  }

  @Benchmark
  public Object yardstick(Own own) {
    String id = own.id();
    return Objects.requireNonNull(
        own.socket.command("EVALSHA", own.script, "2", "yardstick:" + id, "yardsticks", "1800000"));
  }

  @Benchmark
  public SessionRecord openUnchanged(Shared shared, Own own) {
    return Objects.requireNonNull(shared.store.open(own.id(), 1));
  }

  @Benchmark
  public SessionRecord openWhole(Shared shared, Own own) {
    return Objects.requireNonNull(shared.store.open(own.id(), 0));
  }

  @Benchmark
  public Commit commitOneAttribute(Shared shared, Own own) {
    SessionDelta delta = new SessionDelta(own.id());
    delta.write("attribute-1", VALUE);
    return shared.store.commit(delta);
  }

  @Benchmark
  public Commit create(Shared shared) {
    return shared.store.create(newSession(shared, SessionId.create()));
  }

  private static NewSession newSession(Shared shared, String id) {
    Map<String, byte[]> attributes =
        Map.of("attribute-1", VALUE, "attribute-2", VALUE, "attribute-3", VALUE);
    return new NewSession(id, shared.store.currentTimeMillis(), 1800, null, attributes);
  }
}
