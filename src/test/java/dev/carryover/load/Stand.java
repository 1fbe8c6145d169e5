package dev.carryover.load;

import dev.carryover.testing.FaultyProxy;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import loadapp.VisitServlet;

/**
 * A Redis that keeps what it has acknowledged, and two nodes, a Tomcat and a Jetty, each on a way
 * of its own to it.
 */
final class Stand implements AutoCloseable {

  static final int A = 0;
  static final int B = 1;

  private final Path directory;
  private final Path war;
  private final RedisServer redis;
  private final List<FaultyProxy> ways;
  private final List<WebContainer> nodes;
  private final StringBuilder logs = new StringBuilder();
  private volatile WebContainer b;

  private Stand(Path directory) {
    this.directory = directory;
    this.war =
        WarBuilder.war()
            .classesOfPackage(VisitServlet.class.getPackageName())
            .carryover()
            .build(directory.resolve("load.war"));
    // Redis writes to its file before it answers; what it wrote survives its process.
    redis = RedisServer.start("appendonly yes", "appendfsync no");
    ways = List.of(FaultyProxy.to(redis.port()), FaultyProxy.to(redis.port()));
    var first = CompletableFuture.supplyAsync(() -> node(A, WebContainer.Kind.TOMCAT_10, 0));
    b = node(B, WebContainer.Kind.JETTY_EE11, 0);
    nodes = List.of(first.join());
  }

  /**
   * Starts everything.
   *
   * @param directory where the WAR and at the end the nodes' logs are written
   */
  static Stand open(Path directory) {
    return new Stand(directory);
  }

  private WebContainer node(int which, WebContainer.Kind kind, int port) {
    return kind.node(war)
        .port(port)
        .contextParam("carryover.redis.url", ways.get(which).url())
        .contextParam("carryover.redis.timeout", "2s")
        .contextParam("carryover.timeout", "5m")
        .contextParam("carryover.lazy-above", "4KB")
        .contextParam("carryover.near-cache.sessions", "100")
        .start();
  }

  RedisServer redis() {
    return redis;
  }

  FaultyProxy way(int node) {
    return ways.get(node);
  }

  List<FaultyProxy> ways() {
    return ways;
  }

  URI uri(int node, String path) {
    return node(node).uri(path);
  }

  String nodeName(int node) {
    return node(node).name();
  }

  private WebContainer node(int node) {
    return node == A ? nodes.get(0) : b;
  }

  void killB() {
    b.kill();
    logs.append(b.log());
  }

  void restartB() {
    b = node(B, WebContainer.Kind.JETTY_EE11, b.port());
  }

  void signalRedis(String signal) {
    redis.signal(signal);
  }

  void command(String... words) {
    try (RedisProbe probe = RedisProbe.of(redis)) {
      probe.command(words);
    }
  }

  /** What the node's {@code /node} tells, in words. */
  String[] figures(int node) {
    try (InputStream in = uri(node, "/node").toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).split(" ");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      Files.writeString(directory.resolve("node-a.log"), node(A).log());
      Files.writeString(directory.resolve("node-b.log"), logs.append(b.log()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    node(A).close();
    b.close();
    ways.forEach(FaultyProxy::close);
    redis.close();
  }
}
