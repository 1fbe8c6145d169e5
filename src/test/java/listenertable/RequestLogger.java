package listenertable;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestAttributeEvent;
import jakarta.servlet.ServletRequestAttributeListener;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;

/** In web.xml: writes down requests, what session they have, and attributes named {@code x...}. */
public class RequestLogger implements ServletRequestListener, ServletRequestAttributeListener {

  private static volatile ServletRequest current;

  @Override
  public void requestInitialized(ServletRequestEvent event) {
    if (isLogged(event.getServletRequest())) {
      Events.requestBegins();
      current = event.getServletRequest();
      log("requests requestInitialized", event);
      Events.throwIfTold("requestInitialized");
    }
  }

  @Override
  public void requestDestroyed(ServletRequestEvent event) {
    if (isLogged(event.getServletRequest())) {
      log("requests requestDestroyed", event);
      Events.requestEnds();
      Events.throwIfTold("requestDestroyed");
    }
  }

  @Override
  public void attributeAdded(ServletRequestAttributeEvent event) {
    logAttribute("attributeAdded", event);
  }

  @Override
  public void attributeRemoved(ServletRequestAttributeEvent event) {
    logAttribute("attributeRemoved", event);
  }

  @Override
  public void attributeReplaced(ServletRequestAttributeEvent event) {
    logAttribute("attributeReplaced", event);
  }

  /** Whether the request is the very one that the listeners were told of last. */
  static boolean isCurrent(ServletRequest request) {
    return request == current;
  }

  static void log(String event, ServletRequestEvent from) {
    HttpServletRequest request = (HttpServletRequest) from.getServletRequest();
    if (isLogged(request)) {
      String who = request.getHeader("X-Who");
      HttpSession session = session(request);
      Events.add(
          event
              + " session="
              + Events.id(session)
              + (session == null ? "" : " a=" + Events.read(session, "a"))
              + (isCurrent(request) ? "" : " another request object")
              + (who == null ? "" : " who=" + who));
    }
  }

  private static HttpSession session(HttpServletRequest request) {
    try {
      return request.getSession(false);
    } catch (IllegalStateException e) {
      return null;
    }
  }

  private static void logAttribute(String event, ServletRequestAttributeEvent from) {
    if (from.getName().startsWith("x")) {
      Events.add("requests " + event + " " + from.getName() + "=" + from.getValue());
    }
  }

  /** Whether it is not one that only asks for the events. */
  static boolean isLogged(ServletRequest request) {
    return !((HttpServletRequest) request).getRequestURI().endsWith("/events");
  }
}
