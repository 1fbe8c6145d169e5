package dev.carryover.testing.app;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.SessionTrackingMode;
import java.util.EnumSet;

/**
 * Says in code how sessions are tracked, as late as the specification allows. To be declared in
 * web.xml.
 */
public class CookieListener implements ServletContextListener {

  @Override
  public void contextInitialized(ServletContextEvent event) {
    SessionCookieConfig cookie = event.getServletContext().getSessionCookieConfig();
    cookie.setName("BYCODE");
    cookie.setDomain("example.org");
    cookie.setPath("/by/code");
    cookie.setHttpOnly(false);
    cookie.setSecure(true);
    cookie.setMaxAge(77);
    cookie.setAttribute("SameSite", "Strict");
    event
        .getServletContext()
        .setSessionTrackingModes(EnumSet.of(SessionTrackingMode.COOKIE, SessionTrackingMode.URL));
  }
}
