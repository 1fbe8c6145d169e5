package dev.carryover.testing;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.webapp.WebAppContext;

/**
 * How many sessions a node holds for requests under way, read from inside the deployed jar: what no
 * request uses any more must not be held.
 */
public final class LiveSessionCount {

  private static final String FILTER = "dev.carryover.SessionFilter";

  private LiveSessionCount() {}

  /** Returns the number of sessions held by a web application with our jar in it. */
  public static int of(WebAppContext context) {
    Object sessions = field(field(filter(context), "dispatch"), "sessions");
    return ((Map<?, ?>) field(sessions, "byId")).size();
  }

  /** Returns the number of requests that wait for another dispatch. */
  public static int parked(WebAppContext context) {
    Object parked = field(field(filter(context), "dispatch"), "parked");
    return ((Map<?, ?>) field(parked, "asynchronous")).size();
  }

  /** Returns the number of requests that listeners have seen and that have not ended. */
  public static int early(WebAppContext context) {
    Object early = field(field(filter(context), "dispatch"), "early");
    return ((Map<?, ?>) field(early, "known")).size();
  }

  private static Object filter(WebAppContext context) {
    return Stream.of(context.getServletHandler().getFilters())
        .filter(holder -> FILTER.equals(holder.getClassName()))
        .map(FilterHolder::getFilter)
        .findFirst()
        .orElseThrow();
  }

  private static Object field(Object owner, String name) {
    try {
      Field field = owner.getClass().getDeclaredField(name);
      field.setAccessible(true);
      return field.get(owner);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
