package contract;

import static contract.Seen.see;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestAttributeEvent;
import jakarta.servlet.ServletRequestAttributeListener;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.SessionTrackingMode;
import jakarta.servlet.annotation.WebListener;
import java.util.EnumSet;

/** Sets the context up as its path says, and watches requests. */
@WebListener
public final class Listeners
    implements ServletContextListener, ServletRequestListener, ServletRequestAttributeListener {

  static final ThreadLocal<ServletRequest> current = new ThreadLocal<>();

  @Override
  public void contextInitialized(ServletContextEvent event) {
    ServletContext context = event.getServletContext();
    SessionCookieConfig cookie = context.getSessionCookieConfig();
    switch (context.getContextPath()) {
      case "/url" -> context.setSessionTrackingModes(EnumSet.of(SessionTrackingMode.URL));
      case "/config" -> {
        context.setSessionTrackingModes(EnumSet.of(SessionTrackingMode.COOKIE));
        context.setSessionTimeout(17);
        cookie.setName("CONTRACT");
        cookie.setDomain("example.org");
        cookie.setPath("/config/session");
        cookie.setHttpOnly(false);
        cookie.setSecure(true);
        cookie.setMaxAge(50_000);
        cookie.setAttribute("a1", "b2");
        cookie.setAttribute("Priority", "High");
      }
      default -> context.addListener(new SessionLog("of the context listener"));
    }
  }

  @Override
  public void requestInitialized(ServletRequestEvent event) {
    current.set(event.getServletRequest());
  }

  @Override
  public void attributeAdded(ServletRequestAttributeEvent event) {
    told("added", event);
  }

  @Override
  public void attributeReplaced(ServletRequestAttributeEvent event) {
    told("replaced", event);
  }

  @Override
  public void attributeRemoved(ServletRequestAttributeEvent event) {
    told("removed", event);
  }

  private static void told(String what, ServletRequestAttributeEvent event) {
    if (!event.getName().startsWith("org.")) {
      see("request attribute " + what, event.getName());
    }
  }
}
