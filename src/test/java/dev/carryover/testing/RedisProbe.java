package dev.carryover.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A raw look into one Redis, over a connection that shares no code with what is tested. Not
 * thread-safe.
 */
public final class RedisProbe implements AutoCloseable {

  private final int port;
  private final RespConnection connection;
  private final Map<String, Long> own = new HashMap<>();

  private RedisProbe(String host, int port) {
    try {
      this.port = port;
      this.connection = new RespConnection(host, port);
    } catch (IOException e) {
      throw new UncheckedIOException("No Redis at port " + port, e);
    }
  }

  /** Connects to the server. */
  public static RedisProbe of(RedisServer server) {
    return at(server.port());
  }

  /** Connects to whatever listens at the port on the loopback interface. */
  public static RedisProbe at(int port) {
    return at("127.0.0.1", port);
  }

  /** Connects to whatever listens at the port of an address of this machine. */
  public static RedisProbe at(String host, int port) {
    return new RedisProbe(host, port);
  }

  /**
   * Sends a command; strings go and come as UTF-8.
   *
   * @return a {@code String}, a {@code Long}, a {@code List} of these and of nulls, or null
   * @throws RedisError if Redis answers one
   */
  public Object command(String... args) {
    return text(commandBytes(bytes(args)));
  }

  /**
   * Sends a command byte by byte as it is.
   *
   * @return as {@link #command}, with {@code byte[]} for every bulk string
   * @throws RedisError if Redis answers one
   */
  public Object commandBytes(byte[]... args) {
    String name = new String(args[0], StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
    own.merge(name, 1L, Long::sum);
    try {
      connection.send(args);
      Object answer = connection.receive();
      if (answer instanceof RedisError error) {
        throw error;
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes everything in every database. */
  public void flushAll() {
    command("FLUSHALL");
  }

  /** Returns all keys but those that count events, which go by themselves. */
  public Set<String> keysOfSessions() {
    Set<String> keys = new HashSet<>(keys("*"));
    keys.removeIf(key -> key.endsWith("}:events"));
    return keys;
  }

  /** Returns the keys that match the pattern, sorted. */
  public Set<String> keys(String pattern) {
    return new TreeSet<>(strings(command("KEYS", pattern)));
  }

  /** Returns the fields of a hash with their values, sorted by field; empty if there is no hash. */
  public Map<String, byte[]> hgetall(String key) {
    List<?> flat = (List<?>) commandBytes(bytes("HGETALL", key));
    Map<String, byte[]> fields = new TreeMap<>();
    for (int i = 0; i < flat.size(); i += 2) {
      fields.put((String) text(flat.get(i)), (byte[]) flat.get(i + 1));
    }
    return fields;
  }

  /** Returns a field of a hash, or null. */
  public byte[] hget(String key, String field) {
    return (byte[]) commandBytes(bytes("HGET", key, field));
  }

  /** Sets a field of a hash. */
  public void hset(String key, String field, byte[] value) {
    byte[][] args = bytes("HSET", key, field, "");
    args[3] = value;
    commandBytes(args);
  }

  /** Deletes a field of a hash, and says whether it was there. */
  public boolean deleteField(String key, String field) {
    return command("HDEL", key, field).equals(1L);
  }

  /** Deletes a key, and says whether it was there. */
  public boolean delete(String key) {
    return command("DEL", key).equals(1L);
  }

  /** Says whether the key is there. */
  public boolean exists(String key) {
    return command("EXISTS", key).equals(1L);
  }

  /** Returns the milliseconds a key still has to live: -1 if for ever, -2 if there is no key. */
  public long pttl(String key) {
    return (Long) command("PTTL", key);
  }

  /** Returns how many connections the server has, this one among them. */
  public long clients() {
    return ((String) command("CLIENT", "LIST")).strip().lines().count();
  }

  /**
   * Returns how often Redis has run each command, by its name in lower case: those of all clients,
   * this one's too, and those that scripts ran.
   */
  public Map<String, Long> commandStats() {
    Map<String, Long> calls = new TreeMap<>();
    for (String line : ((String) command("INFO", "commandstats")).split("\r\n")) {
      if (line.startsWith("cmdstat_")) {
        String name = line.substring("cmdstat_".length(), line.indexOf(':'));
        calls.put(name, Long.valueOf(line.replaceFirst(".*:calls=(\\d+),.*", "$1")));
      }
    }
    return calls;
  }

  /** Begins to count commands. */
  public CommandCount counting() {
    return new CommandCount();
  }

  /** Begins to record the commands that clients send. */
  public Monitor monitor() {
    return new Monitor(port);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[][] bytes(String... args) {
    return Arrays.stream(args)
        .map(arg -> arg.getBytes(StandardCharsets.UTF_8))
        .toArray(byte[][]::new);
  }

  private static Object text(Object answer) {
    if (answer instanceof byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    if (answer instanceof List<?> elements) {
      return elements.stream().map(RedisProbe::text).toList();
    }
    return answer;
  }

  private static List<String> strings(Object answer) {
    return ((List<?>) answer).stream().map(String.class::cast).toList();
  }

  /** A count of the commands that Redis ran from a moment on, without those of this probe. */
  public final class CommandCount {

    // INFO is not in its own answer, so that both are taken before the other's INFO counts.
    private final Map<String, Long> ownAtStart = new HashMap<>(own);
    private final Map<String, Long> atStart = commandStats();

    private CommandCount() {}

    /** Returns the calls until now by command, without those that were not called. */
    public Map<String, Long> stop() {
      Map<String, Long> ownNow = new HashMap<>(own);
      Map<String, Long> calls = new TreeMap<>();
      commandStats()
          .forEach(
              (name, now) -> {
                long ours = ownNow.getOrDefault(name, 0L) - ownAtStart.getOrDefault(name, 0L);
                long theirs = now - atStart.getOrDefault(name, 0L) - ours;
                if (theirs != 0) {
                  calls.put(name, theirs);
                }
              });
      return calls;
    }
  }
}
