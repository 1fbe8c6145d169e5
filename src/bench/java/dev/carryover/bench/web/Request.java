package dev.carryover.bench.web;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A request in the making, written into one array that is used again for each. */
final class Request {

  private static final byte[] GET = ascii("GET ");
  private static final byte[] VERSION = ascii(" HTTP/1.1\r\nHost: b\r\n");
  private static final byte[] COOKIE = ascii("Cookie: ");
  private static final byte[] LINE = ascii("\r\n");

  private final byte[] bytes = new byte[2048];
  private int length;

  Request get(byte[] path) {
    length = 0;
    return append(GET).append(path);
  }

  Request append(byte[] text) {
    System.arraycopy(text, 0, bytes, length, text.length);
    length += text.length;
    return this;
  }

  Request append(int number) {
    int digits = 1;
    for (int rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    length += digits;
    for (int at = length - 1, rest = number; digits > 0; digits--, rest /= 10) {
      bytes[at--] = (byte) ('0' + rest % 10);
    }
    return this;
  }

  void end(byte[] cookie) {
    append(VERSION);
    if (cookie != null) {
      append(COOKIE).append(cookie).append(LINE);
    }
    append(LINE);
  }

  void copyTo(ByteBuffer buffer) {
    buffer.put(bytes, 0, length);
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
