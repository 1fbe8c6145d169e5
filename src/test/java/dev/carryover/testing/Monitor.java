package dev.carryover.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A record of the commands that clients send to one Redis, in the order it takes them. What a
 * script runs is not in it: the script's own command is. Not thread-safe.
 */
public final class Monitor implements AutoCloseable {

  // 1700000000.123456 [0 127.0.0.1:50000] "GET" "key"; a script's commands come from "lua".
  private static final Pattern LINE = Pattern.compile("\\+?[0-9.]+ \\[\\d+ (\\S+)] (.*)");

  private final RespConnection monitor;
  private final RespConnection marker;

  Monitor(int port) {
    try {
      monitor = new RespConnection(port);
      marker = new RespConnection(port);
      monitor.send("MONITOR".getBytes(StandardCharsets.US_ASCII));
      monitor.line();
    } catch (IOException e) {
      throw new UncheckedIOException("No Redis to monitor at port " + port, e);
    }
  }

  /**
   * Returns the commands, with their arguments, that Redis took since the last call of this method,
   * or since the monitor began. All those are in it whose answer a client had before this call.
   */
  public List<List<String>> commandsUntilNow() {
    try {
      String mark = "mark-" + UUID.randomUUID();
      marker.send(
          "ECHO".getBytes(StandardCharsets.US_ASCII), mark.getBytes(StandardCharsets.UTF_8));
      marker.receive();
      List<List<String>> commands = new ArrayList<>();
      for (String line = monitor.line(); !line.contains(mark); line = monitor.line()) {
        record(line, commands);
      }
      return commands;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try (monitor;
        marker) {
      // Nothing more to do: Redis forgets a monitor that hung up.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void record(String line, List<List<String>> commands) throws IOException {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw new IOException("Not a line of MONITOR: " + line);
    }
    if (!matcher.group(1).equals("lua")) {
      commands.add(arguments(matcher.group(2)));
    }
  }

  /** Reads arguments as Redis prints them: in quotes, with the escapes of C. */
  private static List<String> arguments(String printed) {
    List<String> arguments = new ArrayList<>();
    int at = printed.indexOf('"');
    while (at >= 0) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      int i = at + 1;
      while (printed.charAt(i) != '"') {
        i = unescape(printed, i, bytes);
      }
      arguments.add(bytes.toString(StandardCharsets.UTF_8));
      at = printed.indexOf('"', i + 1);
    }
    return arguments;
  }

  /** Appends the character at {@code i}, and returns the index of the next. */
  private static int unescape(String printed, int i, ByteArrayOutputStream bytes) {
    char c = printed.charAt(i);
    if (c != '\\') {
      bytes.write(c);
      return i + 1;
    }
    char escaped = printed.charAt(i + 1);
    if (escaped == 'x') {
      bytes.write(Integer.parseInt(printed.substring(i + 2, i + 4), 16));
      return i + 4;
    }
    int control = "nrtab".indexOf(escaped);
    bytes.write(control < 0 ? escaped : "\n\r\t\u0007\b".charAt(control));
    return i + 2;
  }
}
