package dev.carryover.bench.web;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of one answer as they come in, with no object made of them unless it is asked for. */
final class Answer {

  private static final byte[] OK = Request.ascii("HTTP/1.1 200");
  private static final byte[] END = Request.ascii("\r\n\r\n");
  private static final byte[] LENGTH = Request.ascii("\r\nContent-Length: ");
  private static final byte[] SET_COOKIE = Request.ascii("\r\nSet-Cookie: ");

  private final byte[] bytes = new byte[16_384];
  private int length;
  private int body;

  void clear() {
    length = 0;
    body = 0;
  }

  /** Takes what has come, and says whether the answer is complete. */
  boolean take(ByteBuffer buffer) {
    int more = buffer.remaining();
    buffer.get(bytes, length, more);
    length += more;
    if (body == 0) {
      int end = find(END, 0, length);
      if (end < 0) {
        return false;
      }
      body = end;
      if (!Arrays.equals(bytes, 0, OK.length, OK, 0, OK.length)) {
        throw new LostSession("answered " + this);
      }
    }
    return length == body + numberAt(find(LENGTH, 0, body));
  }

  int number() {
    return numberAt(body);
  }

  /** Says whether the body is this number and nothing else. */
  boolean is(int expected) {
    return length - body == digits(expected) && numberAt(body) == expected;
  }

  /** Says whether the body is two numbers with a point between. */
  boolean is(int first, int second) {
    int point = body + digits(first);
    return length - body == digits(first) + 1 + digits(second)
        && numberAt(body) == first
        && bytes[point] == '.'
        && numberAt(point + 1) == second;
  }

  boolean is(byte[] text) {
    return Arrays.equals(bytes, body, length, text, 0, text.length);
  }

  /** The cookie that the answer sets, as it is sent back; null if it sets none. */
  byte[] cookie() {
    int from = find(SET_COOKIE, 0, body);
    if (from < 0) {
      return null;
    }
    int to = from;
    while (bytes[to] != ';' && bytes[to] != '\r') {
      to++;
    }
    return Arrays.copyOfRange(bytes, from, to);
  }

  @Override
  public String toString() {
    return new String(bytes, 0, Math.min(length, 6000), StandardCharsets.ISO_8859_1)
        .replaceAll("(?i)(Set-Cookie: )[^\r]*", "$1...");
  }

  private int numberAt(int from) {
    int number = 0;
    for (int at = from; at < length && bytes[at] >= '0' && bytes[at] <= '9'; at++) {
      number = number * 10 + bytes[at] - '0';
    }
    return number;
  }

  private static int digits(int number) {
    int digits = 1;
    for (int rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    return digits;
  }

  /** Where the text ends that is looked for, or -1. */
  private int find(byte[] text, int from, int to) {
    for (int at = from; at <= to - text.length; at++) {
      if (bytes[at] == text[0]
          && Arrays.equals(bytes, at, at + text.length, text, 0, text.length)) {
        return at + text.length;
      }
    }
    return -1;
  }
}
