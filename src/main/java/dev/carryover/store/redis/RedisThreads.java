package dev.carryover.store.redis;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ThreadPerTaskExecutor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.redisson.config.Config;

/**
 * The threads of one Redisson client: daemons, of which those that do nothing but wait end by
 * themselves, and which all have ended when this is closed.
 */
final class RedisThreads {

  private static final long IDLE_SECONDS = 10;

  private final ThreadFactory factory = new DefaultThreadFactory("carryover-redis", true);
  private final List<Thread> running = new CopyOnWriteArrayList<>();
  private final ThreadPoolExecutor executor;

  private RedisThreads(int most) {
    executor =
        new ThreadPoolExecutor(
            most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::thread);
    executor.allowCoreThreadTimeOut(true);
  }

  /** Gives a client that is to be made its threads, as many as its configuration says. */
  static RedisThreads of(Config config) {
    RedisThreads threads = new RedisThreads(Math.max(1, config.getThreads()));
    config.setExecutor(threads.executor);
    config.setNettyExecutor(new ThreadPerTaskExecutor(threads::thread));
    return threads;
  }

  private Thread thread(Runnable task) {
    Thread thread = factory.newThread(task);
    running.removeIf(known -> known.getState() == Thread.State.TERMINATED);
    running.add(thread);
    return thread;
  }

  /** Ends them, once the client has been shut down, and waits for that. */
  void close(Duration most) {
    executor.shutdownNow();
    long end = System.nanoTime() + most.toNanos();
    try {
      for (Thread thread : running) {
        // At least a millisecond: none would be for ever.
        thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
