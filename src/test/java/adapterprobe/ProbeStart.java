package adapterprobe;

import dev.carryover.servlet.container.ContainerAdapter;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;

/** What Carryover's initializer does for the filter. */
@WebListener
public class ProbeStart implements ServletContextListener {

  @Override
  public void contextInitialized(ServletContextEvent event) {
    ContainerAdapter.initializeFiltersEarly(event.getServletContext());
  }
}
