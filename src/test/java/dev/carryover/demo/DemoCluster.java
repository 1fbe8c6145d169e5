package dev.carryover.demo;

import dev.carryover.testing.RedisServer;
import dev.carryover.testing.SampleWar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/** All that the demo runs: a Redis, the nodes A and B, and the front before them. */
final class DemoCluster implements AutoCloseable {

  private final RedisServer redis;
  private final NodeProcess a;
  private final NodeProcess b;
  private Front front;

  /**
   * Builds the WAR; nothing but Redis is started.
   *
   * @param directory where everything goes that is written; emptied
   */
  DemoCluster(Path directory, boolean withCarryover) {
    empty(directory);
    Path war = SampleWar.build(directory.resolve("shop.war"), withCarryover);
    redis = RedisServer.start();
    List<String> options =
        List.of("-Dcarryover.redis.url=" + redis.url(), "-Xmx256m", "-XX:TieredStopAtLevel=1");
    a = new NodeProcess("A", directory, options, war, redis.pid());
    b = new NodeProcess("B", directory, options, war, redis.pid());
  }

  /** Starts the nodes, at the same time, and then the front. */
  void start(int port) {
    try {
      CompletableFuture.allOf(
              CompletableFuture.runAsync(a::start), CompletableFuture.runAsync(b::start))
          .join();
    } catch (CompletionException e) {
      throw new IllegalStateException(e.getCause().getMessage(), e);
    }
    front = frontAt(port);
  }

  RedisServer redis() {
    return redis;
  }

  NodeProcess a() {
    return a;
  }

  NodeProcess b() {
    return b;
  }

  Front front() {
    return front;
  }

  /** Ends everything, whatever has been started. */
  @Override
  public void close() {
    if (front != null) {
      front.close();
    }
    a.close();
    b.close();
    redis.close();
  }

  private Front frontAt(int port) {
    List<Front.Target> targets =
        List.of(new Front.Target("A", a::uri), new Front.Target("B", b::uri));
    try {
      return Front.start(port, targets);
    } catch (BindException taken) {
      System.out.printf("Port %d is taken: using a free one (-Ddemo.port=... to choose).%n", port);
      return atFreePort(targets);
    }
  }

  private static Front atFreePort(List<Front.Target> targets) {
    try {
      return Front.start(0, targets);
    } catch (BindException e) {
      throw new IllegalStateException("No free port at 127.0.0.1", e);
    }
  }

  private static void empty(Path directory) {
    try {
      Files.createDirectories(directory);
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
          if (!path.equals(directory)) {
            Files.delete(path);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
