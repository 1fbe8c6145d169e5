package dev.carryover.store.redis;

import static java.util.Objects.requireNonNull;

import dev.carryover.config.ReadMode;
import dev.carryover.config.SessionConfig;
import dev.carryover.metrics.SessionMetrics;
import dev.carryover.store.SessionStoreException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.client.RedisConnection;
import org.redisson.client.RedisException;
import org.redisson.client.RedisOutOfMemoryException;
import org.redisson.client.codec.StringCodec;
import org.redisson.client.protocol.RedisCommand;
import org.redisson.client.protocol.decoder.ObjectListReplayDecoder;
import org.redisson.command.CommandAsyncExecutor;
import org.redisson.connection.MasterSlaveEntry;
import org.redisson.misc.RedisURI;

/**
 * A look at the Redis that a configuration leads to, over the connections that the store would
 * have. Leaves nothing there. Not thread-safe.
 */
public final class RedisCheckup implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String CHANNEL = "carryover:doctor";
  private static final Duration SOON = Duration.ofMinutes(10);

  /**
   * What the scripts, the sweeper and Redisson's connections use. Where some of it is not allowed,
   * the rest leaves nothing, or nothing for long.
   */
  private static final List<String> TRIALS =
      List.of(
          "EVALSHA 0000000000000000000000000000000000000000 1 KEY",
          "PING",
          "TIME",
          "HSET KEY a 1",
          "HGET KEY a",
          "HMGET KEY a",
          "HGETALL KEY",
          "HLEN KEY",
          "HKEYS KEY",
          "HSTRLEN KEY a",
          "HINCRBY KEY a 1",
          "EXISTS KEY",
          "PERSIST KEY",
          "PEXPIREAT KEY SOON",
          "RENAME KEY KEY:renamed",
          "HDEL KEY a",
          "HDEL KEY:renamed a",
          "SET KEY:text a PX 60000",
          "GET KEY:text",
          "ZADD KEY:index 1 a",
          "ZRANGEBYSCORE KEY:index 0 0",
          "ZRANGEBYLEX KEY:index - +",
          "ZRANGE KEY:index 0 0",
          "ZRANDMEMBER KEY:index 1",
          "ZSCAN KEY:index 0",
          "ZCOUNT KEY:index 0 0",
          "ZREM KEY:index a",
          "DEL KEY KEY:renamed KEY:text KEY:index");

  private final OwnRedisson own;
  private final CommandAsyncExecutor executor;
  private final RedisKeys keys;
  private final boolean trusted;
  private final boolean waitsForReplicas;

  private RedisCheckup(OwnRedisson own, SessionConfig config, String namespace) {
    this.own = own;
    this.executor = ((Redisson) own.client()).getCommandExecutor();
    this.keys = new RedisKeys(namespace);
    this.trusted = config.read() == ReadMode.TRUSTED;
    this.waitsForReplicas = config.minReplicaAcks() > 0;
  }

  /** A look at the Redis of the configuration's URL; does not connect yet. */
  public static RedisCheckup of(SessionConfig config, String namespace) {
    return new RedisCheckup(RedisClients.connect(config, SessionMetrics.NONE), config, namespace);
  }

  /**
   * A look at the Redis that a Redisson YAML file describes; does not connect yet.
   *
   * @throws IllegalArgumentException if the text is no such description; says why
   */
  public static RedisCheckup fromYaml(String yaml, SessionConfig config, String namespace) {
    return new RedisCheckup(RedisClients.fromYaml(yaml, SessionMetrics.NONE), config, namespace);
  }

  /**
   * Connects, and tells the masters that sessions would be on.
   *
   * @throws SessionStoreException if that fails; the message says why
   */
  public List<Server> masters() {
    try {
      answer(() -> own.client().getKeys().countExistsAsync(keys.indexes().get(0)));
    } catch (Refused e) {
      if (!e.isForLackOfRights()) {
        throw new SessionStoreException(e.reason);
      }
    }
    try {
      return inCharge();
    } catch (RedisException e) {
      throw new SessionStoreException(reason(e));
    }
  }

  /** The masters of the shards' slots. */
  private List<Server> inCharge() {
    Map<MasterSlaveEntry, String> shards = new LinkedHashMap<>();
    for (String index : keys.indexes()) {
      int slot = executor.getConnectionManager().calcSlot(index);
      MasterSlaveEntry entry = executor.getConnectionManager().getEntry(slot);
      if (entry == null) {
        throw new SessionStoreException("no server is in charge of slot " + slot);
      }
      shards.putIfAbsent(entry, index);
    }
    List<Server> servers = new ArrayList<>();
    shards.forEach((entry, index) -> servers.add(new Server(entry, index)));
    servers.sort(Comparator.comparing(Server::toString));
    return servers;
  }

  @Override
  public void close() {
    own.close(Duration.ofSeconds(1));
  }

  private @Nullable Object answer(Supplier<CompletionStage<?>> question) throws Refused {
    try {
      return question.get().toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new Refused(reason(requireNonNull(e.getCause())));
    } catch (TimeoutException e) {
      throw new Refused("no answer within " + PATIENCE.toSeconds() + " seconds");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused("interrupted");
    } catch (RedisException e) {
      // Of a connection that is made with the first question.
      throw new Refused(reason(e));
    }
  }

  /** What is at the bottom of a failure, without what was sent. */
  private static String reason(Throwable failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest instanceof RedisOutOfMemoryException
        ? "OOM"
        : WhatRedissonSays.withoutCommand(deepest);
  }

  /** One master. */
  public final class Server {
    private final MasterSlaveEntry entry;
    private final String index;

    private Server(MasterSlaveEntry entry, String index) {
      this.entry = entry;
      this.index = index;
    }

    /** What {@code INFO} tells; empty if that is not allowed. */
    public Map<String, String> info() {
      Map<String, String> info = new LinkedHashMap<>();
      try {
        for (String line : String.valueOf(ask("INFO")).split("\r?\n", -1)) {
          int colon = line.indexOf(':');
          if (colon > 0 && !line.startsWith("#")) {
            info.put(line.substring(0, colon), line.substring(colon + 1));
          }
        }
      } catch (Refused e) {
        info.clear();
      }
      return info;
    }

    /**
     * Redis's clock minus this machine's, within a call's duration; null if it may not be asked.
     */
    public @Nullable Duration clockOffset() {
      try {
        List<?> time = requireNonNull((List<?>) ask("TIME"));
        long seconds = Long.parseLong(String.valueOf(time.get(0)));
        long micros = Long.parseLong(String.valueOf(time.get(1)));
        long millis = TimeUnit.SECONDS.toMillis(seconds) + TimeUnit.MICROSECONDS.toMillis(micros);
        return Duration.ofMillis(millis - System.currentTimeMillis());
      } catch (Refused e) {
        return null;
      }
    }

    /** How long each of some calls took, the shortest first. */
    public List<Duration> latencies(int calls) {
      List<Duration> latencies = new ArrayList<>(calls);
      for (int i = 0; i < calls; i++) {
        long start = System.nanoTime();
        try {
          ask("EXISTS", index);
        } catch (Refused e) {
          // A refusal takes as long as an answer.
          if (!e.isForLackOfRights()) {
            throw new SessionStoreException(e.reason);
          }
        }
        latencies.add(Duration.ofNanos(System.nanoTime() - start));
      }
      latencies.sort(Comparator.naturalOrder());
      return latencies;
    }

    /**
     * Tries the commands that the store needs. Each is tried on keys of its own, like those of
     * sessions, so that this needs no rights to ask for rights.
     */
    public Trials tryCommands() {
      Trials trials = new Trials();
      CompletionStage<RedisConnection> connection = entry.getClient().connectAsync();
      String key = index.substring(0, index.lastIndexOf(':') + 1) + "doctor:" + nonce();
      for (String[] command : commands(key)) {
        try {
          tell(connection, command[0], Arrays.copyOfRange(command, 1, command.length));
        } catch (Refused e) {
          trials.refused(command[0], e);
        }
      }
      close(connection);
      if (trusted && !maySubscribe()) {
        trials.missingRights.add("SUBSCRIBE");
      }
      return trials;
    }

    /** Over a connection of its own: one that listens to a channel is for nothing else. */
    private boolean maySubscribe() {
      CompletionStage<RedisConnection> connection = entry.getClient().connectAsync();
      try {
        tell(connection, "SUBSCRIBE", CHANNEL);
        return true;
      } catch (Refused e) {
        return !e.isForLackOfRights();
      } finally {
        close(connection);
      }
    }

    /**
     * Asks once: what is refused for now, as without replicas, Redisson would ask again and again.
     */
    private void tell(
        CompletionStage<RedisConnection> connection, String command, String... arguments)
        throws Refused {
      answer(
          () ->
              connection.thenCompose(
                  open ->
                      open.async(
                          StringCodec.INSTANCE,
                          new RedisCommand<>(command, new ObjectListReplayDecoder<Object>()),
                          (Object[]) arguments)));
    }

    private void close(CompletionStage<RedisConnection> connection) {
      var unused = connection.thenApply(RedisConnection::closeAsync);
    }

    private List<String[]> commands(String key) {
      String soon = String.valueOf(System.currentTimeMillis() + SOON.toMillis());
      List<String[]> commands = new ArrayList<>();
      commands.add(new String[] {"EVAL", "return 0", "1", key});
      for (String line : TRIALS) {
        commands.add(line.replace(" KEY", " " + key).replace("SOON", soon).split(" ", -1));
      }
      if (trusted) {
        commands.add(new String[] {"PUBLISH", CHANNEL, "0"});
      }
      if (waitsForReplicas) {
        commands.add(new String[] {"WAIT", "0", "1"});
      }
      return commands;
    }

    private @Nullable Object ask(String command, Object... arguments) throws Refused {
      return answer(
          () ->
              executor.writeAsync(
                  entry,
                  StringCodec.INSTANCE,
                  new RedisCommand<>(command, new ObjectListReplayDecoder<Object>()),
                  arguments));
    }

    /** The host that it was found at. */
    public String host() {
      RedisURI uri = entry.getClient().getConfig().getAddress();
      return uri == null ? entry.getClient().getAddr().getHostString() : uri.getHost();
    }

    /** Its address, as {@code host:port}. */
    @Override
    public String toString() {
      InetSocketAddress address = entry.getClient().getAddr();
      RedisURI uri = entry.getClient().getConfig().getAddress();
      return uri == null ? address.toString() : uri.getHost() + ':' + uri.getPort();
    }
  }

  /** What came of trying the commands that the store needs. */
  public static final class Trials {
    private final Set<String> missingRights = new LinkedHashSet<>();
    private @Nullable String refusal;

    private void refused(String command, Refused why) {
      if (why.isForLackOfRights()) {
        missingRights.add(command);
      } else if (refusal == null && !why.isAnAnswer()) {
        refusal = command + ": " + why.reason;
      }
    }

    /** The commands that the user may not use, on keys like those of sessions. */
    public Set<String> missingRights() {
      return missingRights;
    }

    /** The first command that Redis refuses whoever asks, and why; null if there is none. */
    public @Nullable String refusal() {
      return refusal;
    }
  }

  private static String nonce() {
    return Long.toHexString(new SecureRandom().nextLong());
  }

  /** Redis has not done what it was asked to. */
  private static final class Refused extends Exception {
    private final String reason;

    Refused(String reason) {
      super(reason);
      this.reason = reason;
    }

    boolean isForLackOfRights() {
      return reason.contains("NOPERM");
    }

    /** What a Redis that is well says of a script, or a key, that is not there. */
    boolean isAnAnswer() {
      return reason.contains("NOSCRIPT") || reason.contains("no such key");
    }
  }
}
