package dev.carryover;

import dev.carryover.config.ConfigKey;
import dev.carryover.config.CookieSecure;
import dev.carryover.config.SameSite;
import dev.carryover.config.SessionConfig;
import dev.carryover.servlet.SessionCookie;
import dev.carryover.servlet.container.ContainerAdapter;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a web application's session ids travel: our configuration first, then what the application
 * said in web.xml or to {@link SessionCookieConfig}, then the specification's defaults.
 */
final class ContextTracking {

  private static final Logger log = LoggerFactory.getLogger(ContextTracking.class);
  private static final String DEFAULT_COOKIE = "JSESSIONID";

  /** Our cookie's name where the container has a session, with a cookie, of its own. */
  private static final String COOKIE_BESIDE_CONTAINER = "CARRYOVERID";

  /** Those that another web application may have as well. */
  private static final Set<String> DEFAULT_COOKIES =
      Set.of(DEFAULT_COOKIE, COOKIE_BESIDE_CONTAINER);

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
   * @throws dev.carryover.config.ConfigException if our cookie was given the name of one that the
   *     container sets itself
   */
  static SessionCookie read(
      ServletContext context, SessionConfig config, ContainerAdapter container) {
    SessionCookieConfig declared = context.getSessionCookieConfig();
    Set<SessionTrackingMode> modes = context.getEffectiveSessionTrackingModes();
    String name = name(config, declared.getName(), container);
    String path = path(context, config, container);
    if (config.namespace().isEmpty() && DEFAULT_COOKIES.contains(name)) {
      warnOfOthers(context, name, path);
    }
    return SessionCookie.builder(name, path)
        .domain(config.cookieDomain().orElseGet(() -> domain(declared)))
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
        .route(config.cookieRoute().resolve(container.route()).orElse(null))
        .inCookies(modes.contains(SessionTrackingMode.COOKIE))
        .urlParameter(modes.contains(SessionTrackingMode.URL) ? parameter(name) : null)
        .build();
  }

  private static String name(
      SessionConfig config, @Nullable String declaredName, ContainerAdapter container) {
    String containers = declaredName == null ? DEFAULT_COOKIE : declaredName;
    if (container.keepsLogins()) {
      return nameBeside(config, containers);
    }
    return config
        .cookieName()
        .orElse(container.complainsOfForeignIds() ? COOKIE_BESIDE_CONTAINER : containers);
  }

  /** Another name than that of the cookie in which the container keeps its logins. */
  private static String nameBeside(SessionConfig config, String containers) {
    String ours = config.cookieName().orElse(COOKIE_BESIDE_CONTAINER);
    if (ours.equals(containers)) {
      throw config.refuse(
          ConfigKey.COOKIE_NAME,
          "another name than that of the cookie in which the container keeps its logins");
    }
    log.info(
        "There is a login by a form: {} is left to what the container keeps, Carryover's cookie is {}",
        containers,
        ours);
    return ours;
  }

  /** Open Liberty says nothing in so many words. */
  private static @Nullable String domain(SessionCookieConfig declared) {
    String domain = declared.getDomain();
    return domain == null || domain.isEmpty() ? null : domain;
  }

  private static String parameter(String cookieName) {
    return cookieName.equals(DEFAULT_COOKIE) ? DEFAULT_PARAMETER : cookieName;
  }

  private static String path(
      ServletContext context, SessionConfig config, ContainerAdapter container) {
    return config
        .cookiePath()
        .or(() -> Optional.ofNullable(ContainerCookie.path(context, container)))
        .orElseGet(() -> encoded(context.getContextPath()));
  }

  /** Containers give the sessions of both one id. Here the cookie of one replaces the other's. */
  private static void warnOfOthers(ServletContext context, String name, String path) {
    String own = encoded(context.getContextPath());
    if (own.length() > path.length() && own.startsWith(path.endsWith("/") ? path : path + '/')) {
      log.warn(
          "The cookie {} of {} is sent to all of {}: another web application there whose cookie has"
              + " the same name and path takes this one's sessions away. Give each a cookie.name of"
              + " its own, or all one namespace if they are to share their sessions",
          name,
          own,
          path);
    }
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
    attributes.putIfAbsent(SAME_SITE, SameSite.LAX.toString());
    config.cookieSameSite().ifPresent(value -> attributes.put(SAME_SITE, value.toString()));
    if (config.cookieSameSite().filter(value -> value == SameSite.OFF).isPresent()) {
      attributes.remove(SAME_SITE);
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
