package dev.carryover.servlet.container;

import static dev.carryover.servlet.container.LiveObjects.call;
import static dev.carryover.servlet.container.LiveObjects.field;
import static dev.carryover.servlet.container.LiveObjects.jettySessions;

import jakarta.servlet.ServletContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The route that the container puts behind its own session ids, for load balancers that stick by
 * it: Tomcat's {@code jvmRoute}, Jetty's worker name. Read by reflection on live objects, because
 * containers hide their classes from web applications.
 */
public final class ContainerRoute {

  private static final Logger log = LoggerFactory.getLogger(ContainerRoute.class);

  private ContainerRoute() {}

  /** The route, or null if the container has none, or keeps it where we do not look. */
  public static @Nullable String of(ServletContext context) {
    String route = tomcat(context);
    if (route == null) {
      route = jetty(context);
    }
    return route != null ? route : System.getProperty("jvmRoute");
  }

  private static @Nullable String tomcat(ServletContext facade) {
    try {
      Object host = call(field(field(facade, "context"), "context"), "getParent");
      return (String) call(call(host, "getParent"), "getJvmRoute");
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.debug("Not Tomcat: {}", e.toString());
      return null;
    }
  }

  private static @Nullable String jetty(ServletContext context) {
    try {
      return (String) call(call(jettySessions(context), "getSessionIdManager"), "getWorkerName");
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.debug("Not Jetty: {}", e.toString());
      return null;
    }
  }
}
