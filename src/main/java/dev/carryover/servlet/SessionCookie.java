package dev.carryover.servlet;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the session's id travels: the cookie with its attributes, the parameter in URLs, and the
 * route that some load balancers want behind the id. Immutable.
 */
public final class SessionCookie {

  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final String name;
  private final String path;
  private final @Nullable String domain;
  private final int maxAge;
  private final boolean httpOnly;
  private final Secure secure;
  private final Map<String, String> attributes;
  private final String suffix;
  private final boolean inCookies;
  private final @Nullable String urlParameter;

  /** When the cookie is sent over TLS only. */
  public enum Secure {
    ALWAYS,
    NEVER,
    /** If the request that made the session came over TLS. */
    AUTO
  }

  private SessionCookie(Builder builder) {
    name = builder.name;
    path = builder.path;
    domain = builder.domain;
    maxAge = builder.maxAge;
    httpOnly = builder.httpOnly;
    secure = builder.secure;
    attributes = Map.copyOf(builder.attributes);
    suffix = builder.route == null ? "" : '.' + builder.route;
    inCookies = builder.inCookies;
    urlParameter = builder.urlParameter;
  }

  public static Builder builder(String name, String path) {
    return new Builder(name, path);
  }

  String name() {
    return name;
  }

  /** True if the id travels in cookies. */
  boolean inCookies() {
    return inCookies;
  }

  /** The path parameter that holds the id where cookies do not, or null if URLs never do. */
  @Nullable String urlParameter() {
    return urlParameter;
  }

  /** What the client is told for an id: the id, and the route if there is one. */
  String clientValue(String id) {
    return id + suffix;
  }

  /** The value of the {@code Set-Cookie} field (RFC 6265) that gives a client its id. */
  String setting(String id, boolean secureRequest) {
    return field(clientValue(id), maxAge, secureRequest);
  }

  /** The value of the {@code Set-Cookie} field that takes the id from the client. */
  String removal(boolean secureRequest) {
    return field("", 0, secureRequest);
  }

  private String field(String value, int age, boolean secureRequest) {
    StringBuilder field = new StringBuilder(128).append(name).append('=').append(value);
    field.append("; Path=").append(path);
    if (domain != null) {
      field.append("; Domain=").append(domain);
    }
    if (age >= 0) {
      // Clients from before Max-Age know the date only (RFC 6265, section 4.1.2.2).
      field.append("; Max-Age=").append(age).append("; Expires=").append(expires(age));
    }
    if (secure == Secure.ALWAYS || (secure == Secure.AUTO && secureRequest)) {
      field.append("; Secure");
    }
    if (httpOnly) {
      field.append("; HttpOnly");
    }
    attributes.forEach(
        (key, text) -> field.append("; ").append(key).append(text.isEmpty() ? "" : '=' + text));
    return field.toString();
  }

  private static String expires(int age) {
    Instant end = age == 0 ? Instant.EPOCH : Instant.now().plusSeconds(age);
    return HTTP_DATE.format(end);
  }

  @Override
  public String toString() {
    return field("...", maxAge, false) + (urlParameter == null ? "" : ", URL ;" + urlParameter);
  }

  /** Collects the settings. Not thread-safe. */
  public static final class Builder {

    private final String name;
    private final String path;
    private @Nullable String domain;
    private int maxAge = -1;
    private boolean httpOnly = true;
    private Secure secure = Secure.AUTO;
    private Map<String, String> attributes = Map.of();
    private @Nullable String route;
    private boolean inCookies = true;
    private @Nullable String urlParameter;

    private Builder(String name, String path) {
      this.name = Objects.requireNonNull(name);
      this.path = Objects.requireNonNull(path);
    }

    public Builder domain(@Nullable String domain) {
      this.domain = domain;
      return this;
    }

    /** In seconds; negative for a cookie that ends with the browser. */
    public Builder maxAge(int maxAge) {
      this.maxAge = maxAge;
      return this;
    }

    public Builder httpOnly(boolean httpOnly) {
      this.httpOnly = httpOnly;
      return this;
    }

    public Builder secure(Secure secure) {
      this.secure = secure;
      return this;
    }

    /** Attributes such as {@code SameSite}. */
    public Builder attributes(Map<String, String> attributes) {
      this.attributes = attributes;
      return this;
    }

    /** The suffix for load balancers that stick by it, or null. */
    public Builder route(@Nullable String route) {
      this.route = route;
      return this;
    }

    public Builder inCookies(boolean inCookies) {
      this.inCookies = inCookies;
      return this;
    }

    public Builder urlParameter(@Nullable String urlParameter) {
      this.urlParameter = urlParameter;
      return this;
    }

    public SessionCookie build() {
      return new SessionCookie(this);
    }
  }
}
