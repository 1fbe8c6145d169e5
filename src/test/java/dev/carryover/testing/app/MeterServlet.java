package dev.carryover.testing.app;

import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** An application's own Micrometer: a registry in its context, whose meters it lists. */
@WebServlet("/meters")
public class MeterServlet extends HttpServlet {

  private static final String REGISTRY = "registry";

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    MeterRegistry registry = (MeterRegistry) getServletContext().getAttribute(REGISTRY);
    for (Meter meter : registry.getMeters()) {
      for (Measurement value : meter.measure()) {
        response.getWriter().println(meter.getId() + " " + value);
      }
    }
  }

  /** Makes the registry. */
  @WebListener
  public static class Registry implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
      event.getServletContext().setAttribute(REGISTRY, new SimpleMeterRegistry());
    }
  }
}
