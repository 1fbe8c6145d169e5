package dev.carryover.servlet.container;

import jakarta.servlet.ServletContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** After how much inactivity a web application's sessions end, if nobody says otherwise. */
public final class ContainerTimeout {

  private static final Logger log = LoggerFactory.getLogger(ContainerTimeout.class);

  /** What containers have in their default web.xml. */
  private static final int USUAL_MINUTES = 30;

  private ContainerTimeout() {}

  /**
   * The time-out that web.xml, the application or the container has set; zero or less for none.
   * {@code getSessionTimeout} came with Servlet 4.0: before, Tomcat's and Jetty's insides tell, and
   * web.xml elsewhere.
   */
  public static Duration of(ServletContext context) {
    try {
      return Duration.ofMinutes(context.getSessionTimeout());
    } catch (NoSuchMethodError | AbstractMethodError e) {
      return beforeServlet40(context);
    }
  }

  private static Duration beforeServlet40(ServletContext context) {
    try {
      return Duration.ofMinutes(
          (Integer)
              Live.of(context).field("context").field("context").call("getSessionTimeout").get());
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.debug("Not Tomcat: {}", e.toString());
    }
    try {
      return Duration.ofSeconds(
          (Integer)
              Live.of(context)
                  .call("getContextHandler")
                  .call("getSessionHandler")
                  .call("getMaxInactiveInterval")
                  .get());
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.debug("Not Jetty: {}", e.toString());
    }
    return Duration.ofMinutes(minutes(WebXmlText.of(context, "session-config", "session-timeout")));
  }

  private static int minutes(@Nullable String text) {
    try {
      return text == null ? USUAL_MINUTES : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return USUAL_MINUTES;
    }
  }
}
