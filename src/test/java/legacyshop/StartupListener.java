package legacyshop;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;

/** Creates what the whole application shares. */
public class StartupListener implements ServletContextListener {

  @Override
  public void contextInitialized(ServletContextEvent event) {
    EventLog.createIn(event.getServletContext());
    event.getServletContext().setAttribute("node", NodeName.of(event.getServletContext()));
  }
}
