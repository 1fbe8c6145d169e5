package dev.carryover;

import dev.carryover.servlet.container.ContainerAdapter;
import dev.carryover.servlet.container.FilterOrder;
import jakarta.servlet.ServletContext;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The place of our filter among those of the web application: first, since whoever comes before it
 * sees the container's session. Only web.xml can put others before it, or code that registers it in
 * place of our initializer.
 */
final class FilterPlace {

  private static final Logger log = LoggerFactory.getLogger(FilterPlace.class);

  private final ContainerAdapter container;
  private final String filterName;
  private final List<String> declared;

  FilterPlace(ServletContext context, ContainerAdapter container, String filterName) {
    this.container = container;
    this.filterName = filterName;
    this.declared = ContainerAdapter.filtersOfWebXml(context);
  }

  /** Takes it. To be called when the filter is initialized: others that want it are there then. */
  void take(ServletContext context, String namespace) {
    try {
      FilterOrder order = container.filterOrder();
      if (isForUsToSay() && order.before(filterName).stream().noneMatch(declared::contains)) {
        order.putFirst(filterName);
      } else {
        container.putBeforeContainerFilters(filterName);
      }
      List<String> before = order.before(filterName);
      if (!before.isEmpty()) {
        log.info(
            "Carryover[{}] comes after the filters {}: they see the container's session; if they"
                + " should not, declare them after it in web.xml",
            namespace,
            before);
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.debug("This container's order of filters is out of reach", e);
      warn(context, namespace);
    }
  }

  /** Filters of web.xml can't have been put before ours by code. */
  private void warn(ServletContext context, String namespace) {
    Set<String> others = new TreeSet<>(context.getFilterRegistrations().keySet());
    others.remove(filterName);
    others.removeAll(declared);
    if (!others.isEmpty()) {
      log.warn(
          "Carryover[{}] can't tell the order of this container's filters: those of {} that code has"
              + " put before it see the container's session; declare them in web.xml",
          namespace,
          others);
    }
  }

  private boolean isForUsToSay() {
    return filterName.equals(CarryoverInitializer.FILTER_NAME) || declared.contains(filterName);
  }
}
