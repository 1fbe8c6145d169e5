package dev.carryover.servlet.container;

import jakarta.servlet.ServletContext;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an application has said of its session cookie, apart from what the container presumes. */
public final class ContainerCookie {

  private static final Logger log = LoggerFactory.getLogger(ContainerCookie.class);
  private static final String HTTP_ONLY = "HttpOnly";

  private ContainerCookie() {}

  /**
   * The path that the application has given the cookie; null if it has given none. Of one that the
   * container presumes, only web.xml tells whether it has.
   */
  public static @Nullable String path(ServletContext context, ContainerAdapter container) {
    String path = context.getSessionCookieConfig().getPath();
    return container.presumesCookieOfWholeHost() && "/".equals(path)
        ? WebXmlText.of(context, "cookie-config", "path")
        : path;
  }

  /**
   * Whether the application has said that scripts may see the cookie. {@code isHttpOnly} is false
   * too where nobody has said anything; the attributes, which Servlet 6.0 brought, tell the
   * difference, but Jetty lists its presumptions there: its own map has only what was said. Before,
   * only web.xml tells.
   */
  public static boolean isOpenToScripts(ServletContext context) {
    Map<String, String> said = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    Map<?, ?> jetty = jetty(context);
    if (jetty == null) {
      said.putAll(attributes(context));
    } else {
      jetty.forEach((name, value) -> said.put(String.valueOf(name), String.valueOf(value)));
    }
    return "false".equalsIgnoreCase(said.get(HTTP_ONLY));
  }

  private static @Nullable Map<?, ?> jetty(ServletContext context) {
    try {
      return (Map<?, ?>)
          Live.of(context)
              .call("getContextHandler")
              .call("getSessionHandler")
              .callNullable("getSessionCookieAttributes");
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.debug("Not Jetty: {}", e.toString());
      return null;
    }
  }

  private static Map<String, String> attributes(ServletContext context) {
    try {
      return context.getSessionCookieConfig().getAttributes();
    } catch (NoSuchMethodError | AbstractMethodError e) {
      String httpOnly = WebXmlText.of(context, "cookie-config", "http-only");
      return httpOnly == null ? Map.of() : Map.of(HTTP_ONLY, httpOnly);
    }
  }
}
