package dev.carryover.servlet.container;

import jakarta.servlet.http.Cookie;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's {@code SavedRequest} as bytes and back: the request that was asked for before the login,
 * which Tomcat answers once the user has logged in. Its bytes have a number for their format, so
 * that a node of another version takes none of another format for its own.
 */
final class TomcatSavedRequest {

  private static final int FORMAT = 1;
  private static final String CLASS = "org.apache.catalina.authenticator.SavedRequest";
  private static final String CHUNK = "org.apache.tomcat.util.buf.ByteChunk";

  /** In the order in which they are written. */
  private static final List<String> TEXTS =
      List.of("Method", "QueryString", "RequestURI", "DecodedRequestURI", "ContentType");

  private static final String INTERVAL = "OriginalMaxInactiveInterval";

  private final Live context;

  TomcatSavedRequest(Live context) {
    this.context = context;
  }

  byte[] encode(Object savedRequest) {
    Live saved = Live.of(savedRequest);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      for (String text : TEXTS) {
        write(out, (String) saved.callNullable("get" + text));
      }
      boolean hasInterval = saved.has("get" + INTERVAL);
      out.writeInt(hasInterval ? (Integer) saved.call("get" + INTERVAL).get() : -1);
      writeCookies(out, list(saved.call("getCookies")));
      writeHeaders(out, saved);
      List<Object> locales = list(saved.call("getLocales"));
      out.writeInt(locales.size());
      for (Object locale : locales) {
        write(out, ((Locale) locale).toLanguageTag());
      }
      Object body = saved.callNullable("getBody");
      write(out, body == null ? null : bytes(Live.of(body)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Tomcat's saved request can't be read", e);
    }
    return bytes.toByteArray();
  }

  private static void writeCookies(DataOutputStream out, List<Object> cookies) throws IOException {
    out.writeInt(cookies.size());
    for (Object each : cookies) {
      Cookie cookie = (Cookie) each;
      write(out, cookie.getName());
      write(out, cookie.getValue());
    }
  }

  private static void writeHeaders(DataOutputStream out, Live saved)
      throws IOException, ReflectiveOperationException {
    List<Object> names = list(saved.call("getHeaderNames"));
    out.writeInt(names.size());
    for (Object name : names) {
      write(out, (String) name);
      List<Object> values = list(saved.ask("getHeaderValues", String.class, name));
      out.writeInt(values.size());
      for (Object value : values) {
        write(out, (String) value);
      }
    }
  }

  /** Null if the bytes are of another format, or damaged. */
  @Nullable Object decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return in.readByte() == FORMAT ? read(in) : null;
    } catch (IOException e) {
      return null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Tomcat's saved request can't be made", e);
    }
  }

  private Object read(DataInputStream in) throws IOException, ReflectiveOperationException {
    Live saved = context.make(CLASS, new Class<?>[0]);
    for (String text : TEXTS) {
      saved.call("set" + text, String.class, readText(in));
    }
    int interval = in.readInt();
    if (saved.has("get" + INTERVAL)) {
      saved.call("set" + INTERVAL, int.class, interval);
    }
    for (int left = in.readInt(); left > 0; left--) {
      saved.call("addCookie", Cookie.class, new Cookie(readText(in), readText(in)));
    }
    for (int left = in.readInt(); left > 0; left--) {
      String name = readText(in);
      for (int values = in.readInt(); values > 0; values--) {
        saved.call("addHeader", new Class<?>[] {String.class, String.class}, name, readText(in));
      }
    }
    for (int left = in.readInt(); left > 0; left--) {
      saved.call("addLocale", Locale.class, Locale.forLanguageTag(String.valueOf(readText(in))));
    }
    byte[] body = readBytes(in);
    if (body != null) {
      Live chunk = context.make(CHUNK, new Class<?>[0]);
      Class<?>[] range = {byte[].class, int.class, int.class};
      chunk.call("setBytes", range, body, 0, body.length);
      saved.call("setBody", context.type(CHUNK), chunk.get());
    }
    return saved.get();
  }

  private static byte[] bytes(Live chunk) throws ReflectiveOperationException {
    byte[] buffer = (byte[]) chunk.call("getBytes").get();
    int start = (Integer) chunk.call("getStart").get();
    int end = (Integer) chunk.call("getEnd").get();
    return Arrays.copyOfRange(buffer, start, end);
  }

  private static List<Object> list(Live iterator) {
    List<Object> elements = new ArrayList<>();
    ((Iterator<?>) iterator.get()).forEachRemaining(elements::add);
    return elements;
  }

  private static void write(DataOutputStream out, @Nullable String text) throws IOException {
    write(out, text == null ? null : text.getBytes(StandardCharsets.UTF_8));
  }

  private static void write(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
    out.writeInt(bytes == null ? -1 : bytes.length);
    if (bytes != null) {
      out.write(bytes);
    }
  }

  private static @Nullable String readText(DataInputStream in) throws IOException {
    byte[] bytes = readBytes(in);
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte @Nullable [] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      return null;
    }
    if (length > in.available()) {
      throw new IOException("Longer than what there is");
    }
    return in.readNBytes(length);
  }
}
