package dev.carryover.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * What clients have sent to one Redis and what they have got from it, as Redis itself counts it,
 * without what it costs to ask. Needs Redis 6.0. Not thread-safe.
 */
public final class Traffic implements AutoCloseable {

  private static final byte[] INFO = ascii("INFO");
  private static final byte[] STATS = ascii("stats");
  private static final int QUESTION = "*2\r\n$4\r\nINFO\r\n$5\r\nstats\r\n".length();
  private static final long QUIET_MILLIS = 20;

  private final RespConnection connection;
  private long questions;
  private long bytesAnswered;

  private Traffic(int port) {
    try {
      connection = new RespConnection(port);
    } catch (IOException e) {
      throw new UncheckedIOException("No Redis at port " + port, e);
    }
  }

  /** Connects to the server. */
  public static Traffic of(RedisServer server) {
    return new Traffic(server.port());
  }

  /** Returns what there has been so far. */
  public Count soFar() {
    String stats = stats();
    // Redis has read this question, and has not sent the answer yet.
    questions++;
    Count count =
        new Count(
            figure(stats, "total_net_input_bytes") - questions * QUESTION,
            figure(stats, "total_net_output_bytes") - bytesAnswered,
            figure(stats, "total_reads_processed") - questions);
    bytesAnswered += ("$" + stats.length() + "\r\n\r\n").length() + stats.length();
    return count;
  }

  /** Returns what there has been, as soon as no client sends more, as what nobody waits for. */
  public Count whenQuiet() {
    Count before = soFar();
    pause();
    Count count = soFar();
    // What Redis sends is no sign: a monitor is told of these very questions.
    while (count.bytesIn() != before.bytesIn()) {
      before = count;
      pause();
      count = soFar();
    }
    return count;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String stats() {
    try {
      connection.send(INFO, STATS);
      return new String((byte[]) connection.receive(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(QUIET_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long figure(String stats, String name) {
    return stats
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("This Redis does not count " + name));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Sums since Redis started.
   *
   * @param bytesIn sent to Redis
   * @param bytesOut sent by Redis
   * @param reads how often Redis has read from a socket: commands that come in one flight, and
   *     together are no longer than 16 KB, count once
   */
  public record Count(long bytesIn, long bytesOut, long reads) {

    /** Returns what has been added since an earlier one. */
    public Count since(Count earlier) {
      return new Count(
          bytesIn - earlier.bytesIn, bytesOut - earlier.bytesOut, reads - earlier.reads);
    }
  }
}
