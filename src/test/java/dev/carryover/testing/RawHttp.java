package dev.carryover.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One HTTP connection, byte by byte: it can send what no client would, and it returns at the moment
 * the first byte or the head of a response has arrived, while the body is still to come. Not
 * thread-safe.
 */
public final class RawHttp implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 30_000;

  private final Socket socket;
  private final PushbackInputStream in;
  private Head head;
  private boolean withoutBody;

  private RawHttp(int port) {
    try {
      socket = new Socket();
      socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.setTcpNoDelay(true);
      in = new PushbackInputStream(new BufferedInputStream(socket.getInputStream()));
    } catch (IOException e) {
      throw new UncheckedIOException("No server at port " + port, e);
    }
  }

  /** Connects to the port on the loopback interface. */
  public static RawHttp connect(int port) {
    return new RawHttp(port);
  }

  /** Connects, and sends a request without a body. */
  public static RawHttp get(URI uri, String... headerLines) {
    return connect(uri.getPort()).request("GET", uri, headerLines);
  }

  /**
   * Sends a request without a body.
   *
   * @param headerLines header lines as they go over the wire, such as {@code Cookie: a=b}
   */
  public RawHttp request(String method, URI uri, String... headerLines) {
    String target = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
    StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    request.append("Host: ").append(uri.getRawAuthority()).append("\r\n");
    for (String line : headerLines) {
      request.append(line).append("\r\n");
    }
    withoutBody = method.equals("HEAD");
    return send(request + "\r\n");
  }

  /** Sends the characters, each as one byte. */
  public RawHttp send(String text) {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends the bytes. */
  public RawHttp send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns as soon as one byte of the response has arrived. */
  public RawHttp awaitFirstByte() {
    try {
      int first = in.read();
      if (first < 0) {
        throw new EOFException("The server closed the connection without a response");
      }
      in.unread(first);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns as soon as the head of the response is complete. */
  public Head readHead() {
    try {
      String status = line();
      List<String> lines = new ArrayList<>();
      for (String line = line(); !line.isEmpty(); line = line()) {
        lines.add(line);
      }
      head = new Head(Integer.parseInt(status.split(" ")[1]), List.copyOf(lines));
      return head;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the body that follows the head read last, when it is complete. */
  public byte[] readBody() {
    try {
      if (withoutBody || head.status() == 204 || head.status() == 304) {
        return new byte[0];
      }
      if ("chunked".equalsIgnoreCase(head.header("Transfer-Encoding"))) {
        return chunks();
      }
      String length = head.header("Content-Length");
      return length == null ? in.readAllBytes() : exactly(Integer.parseInt(length));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the next line, after the head of an upgrade for example. */
  public String readLine() {
    try {
      return line();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      body.writeBytes(exactly(size));
      line();
    }
    while (!line().isEmpty()) {
      // Trailers are of no interest.
    }
    return body.toByteArray();
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line().split(";")[0].strip(), 16);
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("The body ended after " + bytes.length + " of " + length + " bytes");
    }
    return bytes;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("The server closed the connection in the middle of a response");
      }
      line.write(b);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  /** The head of a response: its status, and its header lines as they came. */
  public record Head(int status, List<String> lines) {

    /** Returns the first header of the name, or null. */
    public String header(String name) {
      List<String> values = headers(name);
      return values.isEmpty() ? null : values.get(0);
    }

    /** Returns all headers of the name. */
    public List<String> headers(String name) {
      String prefix = name.toLowerCase(Locale.ROOT) + ":";
      return lines.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
          .map(line -> line.substring(prefix.length()).strip())
          .toList();
    }

    /** Returns the value that a {@code Set-Cookie} header gives the cookie, or null. */
    public String cookie(String name) {
      return headers("Set-Cookie").stream()
          .filter(line -> line.startsWith(name + "="))
          .map(line -> line.substring(name.length() + 1).split(";", 2)[0])
          .findFirst()
          .orElse(null);
    }
  }
}
