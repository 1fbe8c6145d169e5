package dev.carryover.servlet.container;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The request that a user is sent to log in for, to be seen by the application later. Immutable.
 */
final class SavedPage {

  /** As much of a body as Undertow keeps; of what is longer, only the address. */
  static final int MOST_BYTES = 16 * 1024;

  /** As much of address and headers together; of an address that is longer, nothing. */
  static final int MOST_CHARS = 8 * 1024;

  private static final int FORMAT = 1;
  private static final String GET = "GET";

  /** Methods of which the address is all. */
  private static final Set<String> WITHOUT_BODY = Set.of(GET, "HEAD");

  /** A session's id, as clients without cookies have it in addresses. */
  private static final Pattern ID = Pattern.compile(";[^/;=]+=[A-Za-z0-9_-]{43}(\\.[^/;]*)?");

  /** Browsers do not tell them apart. */
  private static final Pattern SLASHES = Pattern.compile("^[/\\\\]+");

  /** Headers that are of the request that comes later. */
  private static final Set<String> OF_THE_LATER_ONE =
      Set.of(
          "authorization",
          "connection",
          "cookie",
          "expect",
          "host",
          "if-match",
          "if-modified-since",
          "if-none-match",
          "if-range",
          "if-unmodified-since",
          "proxy-authorization",
          "range",
          "te",
          "transfer-encoding",
          "upgrade");

  private final String method;
  private final String path;
  private final @Nullable String query;

  /** Names and values in turn. */
  private final List<String> headers;

  private final byte[] body;

  private SavedPage(
      String method, String path, @Nullable String query, List<String> headers, byte[] body) {
    this.method = method;
    this.path = path;
    this.query = query;
    this.headers = headers;
    this.body = body;
  }

  /**
   * The request as far as it is kept; reads its body.
   *
   * @param keepsEmpty whether its method is kept also where it has no body
   * @return null if nothing is kept
   */
  static @Nullable SavedPage of(HttpServletRequest request, boolean keepsEmpty) throws IOException {
    SavedPage page =
        new SavedPage(GET, path(request), request.getQueryString(), List.of(), new byte[0]);
    int left = MOST_CHARS - page.address().length();
    if (left < 0) {
      return null;
    }
    List<String> headers = headers(request);
    boolean isShort = headers.stream().mapToInt(String::length).sum() <= left;
    byte[] body = isShort && isKept(request) ? read(request) : null;
    return body == null || (body.length == 0 && !keepsEmpty)
        ? page
        : new SavedPage(request.getMethod(), page.path, page.query, headers, body);
  }

  /** With two slashes before it, browsers would take it for the name of another server. */
  private static String path(HttpServletRequest request) {
    String path = ID.matcher(request.getRequestURI()).replaceFirst("");
    return SLASHES.matcher(path).replaceFirst("/");
  }

  private static boolean isKept(HttpServletRequest request) {
    String type = request.getContentType();
    boolean hasParts = type != null && type.toLowerCase(Locale.ROOT).startsWith("multipart/");
    return !WITHOUT_BODY.contains(request.getMethod())
        && !hasParts
        && request.getContentLengthLong() <= MOST_BYTES;
  }

  private static byte @Nullable [] read(HttpServletRequest request) throws IOException {
    try (InputStream in = request.getInputStream()) {
      byte[] body = in.readNBytes(MOST_BYTES + 1);
      return body.length > MOST_BYTES ? null : body;
    } catch (IllegalStateException e) {
      // Somebody reads it as text already.
      return null;
    }
  }

  private static List<String> headers(HttpServletRequest request) {
    List<String> headers = new ArrayList<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      if (!OF_THE_LATER_ONE.contains(name.toLowerCase(Locale.ROOT))) {
        for (String value : Collections.list(request.getHeaders(name))) {
          headers.add(name);
          headers.add(value);
        }
      }
    }
    return headers;
  }

  String method() {
    return method;
  }

  List<String> headers() {
    return headers;
  }

  byte[] body() {
    return body.clone();
  }

  /** Path and query. */
  String address() {
    return query == null ? path : path + '?' + query;
  }

  /** Whether a browser that asks for the address does not ask for all of it. */
  boolean hasMoreThanAddress() {
    return !GET.equals(method);
  }

  boolean isAskedForBy(HttpServletRequest request) {
    return GET.equals(request.getMethod())
        && path.equals(path(request))
        && Objects.equals(query, request.getQueryString());
  }

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      write(out, method);
      write(out, path);
      out.writeBoolean(query != null);
      write(out, query == null ? "" : query);
      out.writeInt(headers.size());
      for (String text : headers) {
        write(out, text);
      }
      out.writeInt(body.length);
      out.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** What {@link #encode} wrote; null if it is nothing that was written so. */
  static @Nullable SavedPage decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return in.readByte() == FORMAT ? read(in) : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static SavedPage read(DataInputStream in) throws IOException {
    String method = readText(in);
    String path = readText(in);
    boolean hasQuery = in.readBoolean();
    String query = readText(in);
    List<String> headers = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      headers.add(readText(in));
    }
    return new SavedPage(method, path, hasQuery ? query : null, headers, readBytes(in));
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String readText(DataInputStream in) throws IOException {
    return new String(readBytes(in), StandardCharsets.UTF_8);
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("Longer than what there is");
    }
    return in.readNBytes(length);
  }
}
