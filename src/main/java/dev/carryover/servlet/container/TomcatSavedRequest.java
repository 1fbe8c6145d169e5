package dev.carryover.servlet.container;

import jakarta.servlet.http.Cookie;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's {@code SavedRequest} as bytes and back: the request that was asked for before the login,
 * which Tomcat answers once the user has logged in.
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
    return LoginBytes.write(FORMAT, out -> write(out, Live.of(savedRequest)));
  }

  private static void write(LoginBytes.Out out, Live saved)
      throws IOException, ReflectiveOperationException {
    for (String text : TEXTS) {
      out.text((String) saved.callNullable("get" + text));
    }
    boolean hasInterval = saved.has("get" + INTERVAL);
    out.writeInt(hasInterval ? (Integer) saved.call("get" + INTERVAL).get() : -1);
    writeCookies(out, list(saved.call("getCookies")));
    writeHeaders(out, saved);
    List<Object> locales = list(saved.call("getLocales"));
    out.writeInt(locales.size());
    for (Object locale : locales) {
      out.text(((Locale) locale).toLanguageTag());
    }
    Object body = saved.callNullable("getBody");
    out.bytes(body == null ? null : bytes(Live.of(body)));
  }

  private static void writeCookies(LoginBytes.Out out, List<Object> cookies) throws IOException {
    out.writeInt(cookies.size());
    for (Object each : cookies) {
      Cookie cookie = (Cookie) each;
      out.text(cookie.getName());
      out.text(cookie.getValue());
    }
  }

  private static void writeHeaders(LoginBytes.Out out, Live saved)
      throws IOException, ReflectiveOperationException {
    List<Object> names = list(saved.call("getHeaderNames"));
    out.writeInt(names.size());
    for (Object name : names) {
      out.text((String) name);
      List<Object> values = list(saved.ask("getHeaderValues", String.class, name));
      out.writeInt(values.size());
      for (Object value : values) {
        out.text((String) value);
      }
    }
  }

  /** Null if the bytes are of another format, or damaged. */
  @Nullable Object decode(byte[] bytes) {
    return LoginBytes.read(bytes, FORMAT, this::read);
  }

  private Object read(LoginBytes.In in) throws IOException, ReflectiveOperationException {
    Live saved = context.make(CLASS, new Class<?>[0]);
    for (String text : TEXTS) {
      saved.call("set" + text, String.class, in.textOrNull());
    }
    int interval = in.readInt();
    if (saved.has("get" + INTERVAL)) {
      saved.call("set" + INTERVAL, int.class, interval);
    }
    for (int left = in.readInt(); left > 0; left--) {
      saved.call("addCookie", Cookie.class, new Cookie(in.textOrNull(), in.textOrNull()));
    }
    for (int left = in.readInt(); left > 0; left--) {
      String name = in.textOrNull();
      for (int values = in.readInt(); values > 0; values--) {
        saved.call("addHeader", new Class<?>[] {String.class, String.class}, name, in.textOrNull());
      }
    }
    for (int left = in.readInt(); left > 0; left--) {
      saved.call("addLocale", Locale.class, Locale.forLanguageTag(String.valueOf(in.textOrNull())));
    }
    byte[] body = in.bytes();
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
}
