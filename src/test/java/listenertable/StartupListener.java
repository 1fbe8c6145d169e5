package listenertable;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;

/** In web.xml: adds a listener when the application starts. */
public class StartupListener implements ServletContextListener {

  @Override
  public void contextInitialized(ServletContextEvent event) {
    event.getServletContext().addListener(new ProgrammaticListener());
  }
}
