package dev.carryover.load;

import dev.carryover.testing.RawHttp;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A client's connection to one node, made anew where it has broken. Not thread-safe. */
final class Line implements AutoCloseable {

  private final Stand stand;
  private final int node;
  private RawHttp http;
  private UncheckedIOException failure;
  private long sentAt;

  Line(Stand stand, int node) {
    this.stand = stand;
    this.node = node;
  }

  int node() {
    return node;
  }

  long sentAt() {
    return sentAt;
  }

  /**
   * Sends a request; {@link #receive} has to follow.
   *
   * @param cookie null for none
   */
  void send(String path, String cookie) {
    sentAt = System.nanoTime();
    failure = null;
    try {
      URI uri = stand.uri(node, path);
      http = http == null ? RawHttp.connect(uri.getPort()) : http;
      if (cookie == null) {
        http.request("GET", uri);
      } else {
        http.request("GET", uri, "Cookie: " + cookie);
      }
    } catch (UncheckedIOException e) {
      failure = e;
    }
  }

  /**
   * Waits for the answer.
   *
   * @throws UncheckedIOException if none came
   */
  Answer receive() {
    try {
      if (failure != null) {
        throw failure;
      }
      RawHttp.Head head = http.readHead();
      String body = new String(http.readBody(), StandardCharsets.ISO_8859_1);
      if ("close".equalsIgnoreCase(head.header("Connection"))) {
        close();
      }
      return new Answer(head, body);
    } catch (UncheckedIOException e) {
      close();
      throw e;
    }
  }

  @Override
  public void close() {
    if (http != null) {
      http.close();
      http = null;
    }
  }

  /** What came. */
  record Answer(RawHttp.Head head, String body) {

    int status() {
      return head.status();
    }

    /** The session cookie that it sets, as it is sent back, or null. */
    String cookie() {
      String value = head.cookie("JSESSIONID");
      return value == null ? null : "JSESSIONID=" + value;
    }
  }
}
