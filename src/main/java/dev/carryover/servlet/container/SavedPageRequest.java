package dev.carryover.servlet.container;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request for a page again, which the application sees as it was asked for before the login. */
@SuppressWarnings("NullAway") // The API is not annotated: it returns null where there is none.
final class SavedPageRequest extends HttpServletRequestWrapper {

  private static final String CONTENT_TYPE = "Content-Type";
  private static final String FORM = "application/x-www-form-urlencoded";

  private final SavedPage page;
  private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private @Nullable Map<String, String[]> parameters;
  private @Nullable ServletInputStream stream;
  private @Nullable BufferedReader reader;

  SavedPageRequest(HttpServletRequest request, SavedPage page) {
    super(request);
    this.page = page;
    for (int i = 0; i < page.headers().size(); i += 2) {
      headers
          .computeIfAbsent(page.headers().get(i), name -> new ArrayList<>())
          .add(page.headers().get(i + 1));
    }
    headers.putIfAbsent("Cookie", Collections.list(request.getHeaders("Cookie")));
    headers.putIfAbsent("Host", Collections.list(request.getHeaders("Host")));
    headers.values().removeIf(List::isEmpty);
  }

  @Override
  public String getMethod() {
    return page.method();
  }

  // ---- headers

  @Override
  public String getHeader(String name) {
    List<String> values = headers.get(name);
    return values == null ? null : values.get(0);
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    return Collections.enumeration(headers.getOrDefault(name, List.of()));
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    return Collections.enumeration(headers.keySet());
  }

  @Override
  public int getIntHeader(String name) {
    String value = getHeader(name);
    return value == null ? -1 : Integer.parseInt(value.strip());
  }

  @Override
  public long getDateHeader(String name) {
    String value = getHeader(name);
    if (value == null) {
      return -1;
    }
    try {
      return ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
          .toInstant()
          .toEpochMilli();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("No date: " + name, e);
    }
  }

  // ---- the body

  @Override
  public String getContentType() {
    return getHeader(CONTENT_TYPE);
  }

  @Override
  public int getContentLength() {
    return page.body().length;
  }

  @Override
  public long getContentLengthLong() {
    return page.body().length;
  }

  /** What the application has set, else what the body's type says. */
  @Override
  public String getCharacterEncoding() {
    String known = super.getCharacterEncoding();
    return known == null ? charsetOfType() : known;
  }

  private @Nullable String charsetOfType() {
    String type = getContentType();
    int at = type == null ? -1 : type.toLowerCase(Locale.ROOT).indexOf("charset=");
    return type == null || at < 0
        ? null
        : type.substring(at + "charset=".length()).replaceAll("[\";].*|^\"", "").strip();
  }

  private Charset charset() {
    String name = getCharacterEncoding();
    try {
      return name == null ? StandardCharsets.ISO_8859_1 : Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return StandardCharsets.ISO_8859_1;
    }
  }

  @Override
  public ServletInputStream getInputStream() {
    if (reader != null) {
      throw new IllegalStateException("The body is read as text already");
    }
    if (stream == null) {
      stream = new Body(parameters != null && isForm() ? new byte[0] : page.body());
    }
    return stream;
  }

  @Override
  public BufferedReader getReader() {
    if (stream != null) {
      throw new IllegalStateException("The body is read as bytes already");
    }
    if (reader == null) {
      reader =
          new BufferedReader(
              new InputStreamReader(new ByteArrayInputStream(page.body()), charset()));
    }
    return reader;
  }

  // ---- parameters

  @Override
  public String getParameter(String name) {
    String[] values = parameters().get(name);
    return values == null ? null : values[0];
  }

  @Override
  public String[] getParameterValues(String name) {
    String[] values = parameters().get(name);
    return values == null ? null : values.clone();
  }

  @Override
  public Enumeration<String> getParameterNames() {
    return Collections.enumeration(parameters().keySet());
  }

  @Override
  public Map<String, String[]> getParameterMap() {
    return Collections.unmodifiableMap(parameters());
  }

  /** Those of the address come first, see section 3.1 of the specification. */
  private Map<String, String[]> parameters() {
    Map<String, String[]> known = parameters;
    if (known == null) {
      known = new LinkedHashMap<>(super.getParameterMap());
      if (isForm() && stream == null && reader == null) {
        addFields(known);
      }
      parameters = known;
    }
    return known;
  }

  private boolean isForm() {
    String type = getContentType();
    return type != null && type.toLowerCase(Locale.ROOT).startsWith(FORM);
  }

  private void addFields(Map<String, String[]> all) {
    for (String field : new String(page.body(), StandardCharsets.ISO_8859_1).split("&", -1)) {
      int equals = field.indexOf('=');
      if (!field.isEmpty()) {
        String name = decoded(equals < 0 ? field : field.substring(0, equals));
        String value = equals < 0 ? "" : decoded(field.substring(equals + 1));
        all.merge(name, new String[] {value}, SavedPageRequest::joined);
      }
    }
  }

  private String decoded(String text) {
    try {
      return URLDecoder.decode(text, charset());
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  private static String[] joined(String[] first, String[] second) {
    String[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  /** All of it is there. */
  private static final class Body extends ServletInputStream {
    private final ByteArrayInputStream bytes;

    private Body(byte[] bytes) {
      this.bytes = new ByteArrayInputStream(bytes);
    }

    @Override
    public int read() {
      return bytes.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      return bytes.read(buffer, offset, length);
    }

    @Override
    public boolean isFinished() {
      return bytes.available() == 0;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new IllegalStateException("The body is there already, and is not read asynchronously");
    }
  }
}
