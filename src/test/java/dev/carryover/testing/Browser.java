package dev.carryover.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A user's browser: it keeps cookies and sends them to every port of the host, as browsers do, so
 * that what node A sets goes to node B. It follows redirects only when told to. Thread-safe.
 */
public final class Browser {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(PATIENCE)
          .build();

  private final List<Cookie> cookies = new ArrayList<>();

  private Browser() {}

  /** Returns a browser without cookies. */
  public static Browser browser() {
    return new Browser();
  }

  /**
   * Gets a page.
   *
   * @param headers names and values in turn
   */
  public Response get(URI uri, String... headers) {
    return send(request(uri, headers).GET());
  }

  /**
   * Posts a form.
   *
   * @param headers names and values in turn
   */
  public Response post(URI uri, Map<String, String> form, String... headers) {
    String body =
        form.entrySet().stream()
            .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    return send(
        request(uri, headers)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Sends a request without a body. */
  public Response send(String method, URI uri) {
    return send(request(uri).method(method, HttpRequest.BodyPublishers.noBody()));
  }

  /** Gets the page that a response redirects to. */
  public Response follow(Response redirect) {
    return get(redirect.location());
  }

  /** Returns the value of the cookie, or null; of several with that name, the newest. */
  public String cookie(String name) {
    synchronized (cookies) {
      String value = null;
      for (Cookie cookie : cookies) {
        value = cookie.name().equals(name) ? cookie.value() : value;
      }
      return value;
    }
  }

  /** Plants a cookie that goes to every path. */
  public void setCookie(String name, String value) {
    keep(new Cookie(name, value, "/", false), false);
  }

  /** Forgets all cookies. */
  public void clearCookies() {
    synchronized (cookies) {
      cookies.clear();
    }
  }

  private HttpRequest.Builder request(URI uri, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(PATIENCE);
    String cookieHeader = cookieHeader(uri);
    if (!cookieHeader.isEmpty()) {
      request.header("Cookie", cookieHeader);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request;
  }

  private Response send(HttpRequest.Builder builder) {
    HttpRequest request = builder.build();
    try {
      HttpResponse<String> answer =
          HTTP.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      Response response =
          new Response(request.uri(), answer.statusCode(), answer.headers().map(), answer.body());
      response.setCookies().forEach(line -> keep(line, request.uri()));
      return response;
    } catch (IOException e) {
      throw new UncheckedIOException(request.method() + " " + request.uri() + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  /** The cookies for an address, those with the longest path first (RFC 6265, section 5.4). */
  private String cookieHeader(URI uri) {
    synchronized (cookies) {
      return cookies.stream()
          .filter(cookie -> cookie.goesTo(uri))
          .sorted(Comparator.comparingInt((Cookie cookie) -> -cookie.path().length()))
          .map(cookie -> cookie.name() + "=" + cookie.value())
          .collect(Collectors.joining("; "));
    }
  }

  private void keep(String setCookie, URI uri) {
    String[] parts = setCookie.split(";");
    String[] pair = parts[0].split("=", 2);
    String path = defaultPath(uri);
    boolean secure = false;
    boolean expiredByDate = false;
    Boolean expiredByAge = null;
    for (String part : List.of(parts).subList(1, parts.length)) {
      String[] attribute = part.strip().split("=", 2);
      String value = attribute.length == 2 ? attribute[1] : "";
      switch (attribute[0].toLowerCase(Locale.ROOT)) {
        case "path" -> path = value.startsWith("/") ? value : path;
        case "secure" -> secure = true;
        case "max-age" -> expiredByAge = Long.parseLong(value) <= 0;
        case "expires" -> expiredByDate = isPast(value);
        default -> {}
      }
    }
    Cookie cookie = new Cookie(pair[0].strip(), pair.length == 2 ? pair[1] : "", path, secure);
    // Max-Age is the stronger of the two (RFC 6265, section 5.3).
    keep(cookie, expiredByAge == null ? expiredByDate : expiredByAge);
  }

  private void keep(Cookie cookie, boolean expired) {
    synchronized (cookies) {
      cookies.removeIf(old -> old.name().equals(cookie.name()) && old.path().equals(cookie.path()));
      if (!expired) {
        cookies.add(cookie);
      }
    }
  }

  private static boolean isPast(String date) {
    try {
      return DateTimeFormatter.RFC_1123_DATE_TIME
          .parse(date.replace('-', ' '), Instant::from)
          .isBefore(Instant.now());
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static String defaultPath(URI uri) {
    int slash = uri.getRawPath().lastIndexOf('/');
    return slash <= 0 ? "/" : uri.getRawPath().substring(0, slash);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** A cookie as the browser keeps it. */
  private record Cookie(String name, String value, String path, boolean secure) {

    boolean goesTo(URI uri) {
      String requested = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
      boolean below =
          requested.equals(path) || requested.startsWith(path.endsWith("/") ? path : path + "/");
      return below && (!secure || uri.getScheme().equals("https"));
    }
  }

  /** A page as it came, with the headers by their names in lower case. */
  public record Response(URI uri, int status, Map<String, List<String>> headers, String body) {

    /** Returns the first header of the name, or null. */
    public String header(String name) {
      List<String> values = headers(name);
      return values.isEmpty() ? null : values.get(0);
    }

    /** Returns all headers of the name. */
    public List<String> headers(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /** Returns all {@code Set-Cookie} headers as they came. */
    public List<String> setCookies() {
      return headers("set-cookie");
    }

    /** Returns where the response redirects to. */
    public URI location() {
      String location = header("location");
      if (location == null) {
        throw new IllegalStateException("No redirect, but " + status + " from " + uri);
      }
      return uri.resolve(location);
    }
  }
}
