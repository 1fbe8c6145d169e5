package dev.carryover.config;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which route, if any, follows the session id in cookies and URLs, as sticky load balancers want
 * it: the key {@code carryover.cookie.route}. Immutable.
 */
public final class CookieRoute {
  /** No route: the id stands alone. */
  public static final CookieRoute OFF = new CookieRoute("off");

  /** The route the container was given, such as Tomcat's {@code jvmRoute}. */
  public static final CookieRoute AUTO = new CookieRoute("auto");

  static final String EXPECTED =
      "off, auto, or a route of 1 to 64 characters of A-Z a-z 0-9 _ -, such as node1";
  private static final Pattern LITERAL = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private final String text;

  private CookieRoute(String text) {
    this.text = text;
  }

  /**
   * Reads {@code off}, {@code auto} or a literal route.
   *
   * @throws IllegalArgumentException if the text is none of them
   */
  public static CookieRoute parse(String text) {
    switch (text.toLowerCase(Locale.ROOT)) {
      case "off":
        return OFF;
      case "auto":
        return AUTO;
      default:
        return literal(text);
    }
  }

  private static CookieRoute literal(String text) {
    if (!LITERAL.matcher(text).matches()) {
      throw new IllegalArgumentException("expected " + EXPECTED);
    }
    return new CookieRoute(text);
  }

  /**
   * The route to append.
   *
   * @param jvmRoute the container's own route, null if it has none or does not tell
   * @return empty if nothing is to be appended
   */
  public Optional<String> resolve(@Nullable String jvmRoute) {
    if (equals(OFF)) {
      return Optional.empty();
    }
    return equals(AUTO) ? Optional.ofNullable(jvmRoute) : Optional.of(text);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CookieRoute && text.equals(((CookieRoute) other).text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The route as it is written in a configuration. */
  @Override
  public String toString() {
    return text;
  }
}
