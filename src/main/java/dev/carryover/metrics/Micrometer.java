package dev.carryover.metrics;

import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to Micrometer, where the application has it. Refers to none of its classes, so that
 * nothing is looked for where there are none.
 */
public final class Micrometer {

  private static final Logger log = LoggerFactory.getLogger(Micrometer.class);
  private static final String REGISTRY = "io.micrometer.core.instrument.MeterRegistry";

  private Micrometer() {}

  /**
   * Shows the figures in the registries among the given objects; in Micrometer's global registry if
   * there is none among them; nowhere if there is no Micrometer.
   *
   * @param tags put on each meter, to tell web applications apart
   * @return what takes the meters away again; to be run when the web application ends
   */
  public static Runnable show(
      NodeMetrics metrics, Map<String, String> tags, Iterable<?> candidates) {
    try {
      Class.forName(REGISTRY, false, Micrometer.class.getClassLoader());
      return Meters.register(metrics, tags, candidates);
    } catch (ClassNotFoundException e) {
      log.debug("There is no Micrometer");
    } catch (LinkageError e) {
      log.warn(
          "This version of Micrometer is not understood, it shows no figures: {}", e.toString());
    } catch (RuntimeException e) {
      log.warn("Micrometer does not take the figures, it shows none: {}", e.toString());
    }
    return () -> {};
  }
}
