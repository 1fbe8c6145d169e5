package dev.carryover.store.redis;

import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Netty would leave behind in a container that stays when its web application goes: values in
 * the thread-locals of the container's threads, which hold our class loader, and a thread that ends
 * when it has had nothing to do for a while.
 *
 * <p>A call over a connection that is there leaves nothing in the thread that makes it. Making the
 * client, a connection, or an end of both does.
 */
final class NettyTraces {

  private static final Logger log = LoggerFactory.getLogger(NettyTraces.class);

  private NettyTraces() {}

  /** Runs a task and takes away what it left in this thread, unless there was something before. */
  static <T> T without(Supplier<T> task) {
    boolean isForeign = FastThreadLocal.size() == 0;
    try {
      return task.get();
    } finally {
      if (isForeign) {
        FastThreadLocal.removeAll();
      }
    }
  }

  static void without(Runnable task) {
    without(
        () -> {
          task.run();
          return "";
        });
  }

  /** Waits for the one thread that all clients share, which runs what they do when they end. */
  static void awaitGlobalThread(Duration most) {
    try {
      if (!GlobalEventExecutor.INSTANCE.awaitInactivity(most.toMillis(), TimeUnit.MILLISECONDS)) {
        log.debug("{} is still at work", GlobalEventExecutor.INSTANCE);
      }
    } catch (IllegalStateException e) {
      log.debug("It has never run: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
