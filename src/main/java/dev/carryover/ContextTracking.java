package dev.carryover;

import dev.carryover.config.CookieSecure;
import dev.carryover.config.SameSite;
import dev.carryover.config.SessionConfig;
import dev.carryover.servlet.SessionCookie;
import dev.carryover.servlet.container.ContainerCookie;
import jakarta.servlet.ServletContext;
import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.SessionTrackingMode;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a web application's session ids travel: our configuration first, then what the application
 * said in web.xml or to {@link SessionCookieConfig}, then the specification's defaults.
 */
final class ContextTracking {

  private static final String DEFAULT_COOKIE = "JSESSIONID";
  private static final String DEFAULT_PARAMETER = "jsessionid";
  private static final String SAME_SITE = "SameSite";

  /** Attributes that have settings of their own, or that are not sent. */
  private static final Set<String> OWN_SETTINGS =
      Set.of(
          "name",
          "domain",
          "path",
          "max-age",
          "httponly",
          "secure",
          "comment",
          "expires",
          "version");

  private ContextTracking() {}

  /**
   * Reads them; to be called once the context listeners have run, who may still change them.
   *
   * @param containerRoute what the container puts behind its own ids, or null
   */
  static SessionCookie read(
      ServletContext context, SessionConfig config, @Nullable String containerRoute) {
    SessionCookieConfig declared = context.getSessionCookieConfig();
    Set<SessionTrackingMode> modes = context.getEffectiveSessionTrackingModes();
    String declaredName = config.cookieName().orElse(declared.getName());
    return SessionCookie.builder(
            declaredName == null ? DEFAULT_COOKIE : declaredName, path(context, config, declared))
        .domain(config.cookieDomain().orElse(declared.getDomain()))
        .maxAge(
            config
                .cookieMaxAge()
                .map(Duration::toSeconds)
                .map(Long::intValue)
                .orElse(declared.getMaxAge()))
        .httpOnly(
            config.cookieHttpOnly().orElseGet(() -> !ContainerCookie.isOpenToScripts(context)))
        .secure(secure(config.cookieSecure(), declared.isSecure()))
        .attributes(attributes(config, declared))
        .route(config.cookieRoute().resolve(containerRoute).orElse(null))
        .inCookies(modes.contains(SessionTrackingMode.COOKIE))
        .urlParameter(modes.contains(SessionTrackingMode.URL) ? parameter(declaredName) : null)
        .build();
  }

  private static String parameter(@Nullable String declaredName) {
    return declaredName == null || declaredName.equals(DEFAULT_COOKIE)
        ? DEFAULT_PARAMETER
        : declaredName;
  }

  private static String path(
      ServletContext context, SessionConfig config, SessionCookieConfig declared) {
    Optional<String> path = config.cookiePath().or(() -> Optional.ofNullable(declared.getPath()));
    return path.orElseGet(() -> encoded(context.getContextPath()));
  }

  private static String encoded(String contextPath) {
    if (contextPath.isEmpty()) {
      return "/";
    }
    try {
      return new URI(null, null, contextPath, null).toASCIIString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("The context path can't be part of a URL", e);
    }
  }

  private static SessionCookie.Secure secure(CookieSecure configured, boolean declared) {
    if (configured == CookieSecure.FALSE) {
      return SessionCookie.Secure.NEVER;
    }
    return configured == CookieSecure.TRUE || declared
        ? SessionCookie.Secure.ALWAYS
        : SessionCookie.Secure.AUTO;
  }

  private static Map<String, String> attributes(
      SessionConfig config, SessionCookieConfig declared) {
    Map<String, String> attributes = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    declaredAttributes(declared)
        .forEach(
            (name, value) -> {
              if (!OWN_SETTINGS.contains(name.toLowerCase(Locale.ROOT))) {
                attributes.put(name, value);
              }
            });
    SameSite sameSite = config.cookieSameSite();
    if (sameSite != SameSite.OFF) {
      attributes.putIfAbsent(SAME_SITE, sameSite.toString());
    }
    return attributes;
  }

  /** Servlet 5.0 has no attributes. */
  private static Map<String, String> declaredAttributes(SessionCookieConfig declared) {
    try {
      return declared.getAttributes();
    } catch (NoSuchMethodError | AbstractMethodError e) {
      return Map.of();
    }
  }
}
