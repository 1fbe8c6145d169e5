package dev.carryover.store.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** A Redisson client with its threads, of which nothing is left when it is closed. */
final class OwnRedisson {

  private static final Duration GLOBAL_THREAD_ENDS_WITHIN = Duration.ofSeconds(3);

  /** In the self-contained jar, which has its own Netty, this is renamed as Netty is. */
  private static final String FLIGHT_RECORDER = "io.netty.jfr.enabled";

  static {
    // Each deployment would register Netty's events with the JVM's flight recorder, for ever.
    if (FLIGHT_RECORDER.startsWith("dev.") && System.getProperty(FLIGHT_RECORDER) == null) {
      System.setProperty(FLIGHT_RECORDER, "false");
    }
  }

  private final RedissonClient client;
  private final RedisThreads threads;

  private OwnRedisson(RedissonClient client, RedisThreads threads) {
    this.client = client;
    this.threads = threads;
  }

  /** Makes a client that connects when it is first used. */
  static OwnRedisson create(Config config) {
    RedisThreads threads = RedisThreads.of(config);
    return new OwnRedisson(NettyTraces.without(() -> Redisson.create(config)), threads);
  }

  RedissonClient client() {
    return client;
  }

  /**
   * Closes the connections and ends the threads.
   *
   * @param most how long what is under way may take
   */
  void close(Duration most) {
    NettyTraces.without(() -> client.shutdown(0, most.toMillis(), TimeUnit.MILLISECONDS));
    threads.close(most);
    if (goesBeforeTheProcess()) {
      NettyTraces.awaitGlobalThread(GLOBAL_THREAD_ENDS_WITHIN);
    }
  }

  /**
   * A web application does. Netty's global thread, which is idle for a second first, must not
   * outlive it.
   */
  private static boolean goesBeforeTheProcess() {
    return OwnRedisson.class.getClassLoader() != ClassLoader.getSystemClassLoader();
  }
}
