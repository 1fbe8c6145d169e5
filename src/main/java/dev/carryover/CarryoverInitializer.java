package dev.carryover;

import dev.carryover.admin.ConsoleServlet;
import dev.carryover.config.ConfigKey;
import dev.carryover.config.SessionConfig;
import dev.carryover.servlet.container.ContainerAdapter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.annotation.HandlesTypes;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.EventListener;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers {@link SessionFilter} in every web application that has the jar, for all requests and
 * dispatches. A declaration in {@code web.xml} takes precedence. Other initializers may put their
 * filters before it: when it is initialized, it takes the first place.
 */
@HandlesTypes({
  HttpSessionListener.class,
  HttpSessionAttributeListener.class,
  HttpSessionIdListener.class
})
public final class CarryoverInitializer implements ServletContainerInitializer {

  private static final Logger log = LoggerFactory.getLogger(CarryoverInitializer.class);
  static final String FILTER_NAME = "carryover";
  private static final String CONSOLE_NAME = "carryover-console";

  /** Listener classes of web applications that are starting; the filter takes them. */
  private static final Map<ClassLoader, Collection<Class<? extends EventListener>>> STARTING =
      Collections.synchronizedMap(new WeakHashMap<>());

  /**
   * Registers the filter, unless it is declared or switched off.
   *
   * @throws ServletException if the container refuses the registration
   * @throws dev.carryover.config.ConfigException if the configuration is wrong; says what and where
   */
  @Override
  public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context)
      throws ServletException {
    Optional<? extends FilterRegistration> declared = declared(context);
    Map<String, String> initParams =
        declared.map(FilterRegistration::getInitParameters).orElse(Map.of());
    SessionConfig config = ContextSettings.read(context, initParams);
    STARTING.put(context.getClassLoader(), listeners(classes));
    ContainerAdapter.initializeFiltersEarly(context);
    if (!config.enabled()) {
      log.info("Carryover is switched off: the container keeps the sessions");
    } else if (declared.isPresent()) {
      extend(declared.get());
    } else {
      register(context);
    }
    if (config.enabled() && config.console()) {
      registerConsole(context, config);
    }
  }

  /** The listener classes the container found in a web application. The second time: none. */
  static Collection<Class<? extends EventListener>> takeListenerClasses(ServletContext context) {
    Collection<Class<? extends EventListener>> classes = STARTING.remove(context.getClassLoader());
    return classes == null ? List.of() : classes;
  }

  private static Collection<Class<? extends EventListener>> listeners(
      @Nullable Set<Class<?>> classes) {
    List<Class<? extends EventListener>> listeners = new ArrayList<>();
    if (classes != null) {
      for (Class<?> type : classes) {
        if (EventListener.class.isAssignableFrom(type) && !type.isInterface()) {
          listeners.add(type.asSubclass(EventListener.class));
        }
      }
    }
    return listeners;
  }

  private static Optional<? extends FilterRegistration> declared(ServletContext context) {
    return context.getFilterRegistrations().values().stream()
        .filter(filter -> SessionFilter.class.getName().equals(filter.getClassName()))
        .findFirst();
  }

  private static void register(ServletContext context) throws ServletException {
    FilterRegistration.Dynamic filter = context.addFilter(FILTER_NAME, SessionFilter.class);
    if (filter == null) {
      throw new ServletException(
          "The name '"
              + FILTER_NAME
              + "' is taken by another filter of this web application:"
              + " declare "
              + SessionFilter.class.getName()
              + " in web.xml under another name");
    }
    filter.setAsyncSupported(true);
    filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
  }

  /** Unless the application has declared it. */
  private static void registerConsole(ServletContext context, SessionConfig config) {
    ServletRegistration.Dynamic console = context.addServlet(CONSOLE_NAME, ConsoleServlet.class);
    if (console != null && !console.addMapping(config.consolePath() + "/*").isEmpty()) {
      throw config.refuse(
          ConfigKey.CONSOLE_PATH, "expected a path that no servlet of the web application has");
    }
  }

  /**
   * Gives a declared filter the dispatchers that its patterns may lack, so that a response which
   * ends in a forward, an error page or an asynchronous dispatch does not leave before its session.
   */
  private static void extend(FilterRegistration declared) {
    // Jetty has not yet joined filters and mappings when it calls us, and then tells none.
    Collection<String> known = declared.getUrlPatternMappings();
    Collection<String> patterns = known.isEmpty() ? Set.of("/*") : known;
    declared.addMappingForUrlPatterns(
        EnumSet.complementOf(EnumSet.of(DispatcherType.REQUEST)),
        false,
        patterns.toArray(new String[0]));
    if (declared instanceof FilterRegistration.Dynamic) {
      ((FilterRegistration.Dynamic) declared).setAsyncSupported(true);
    }
  }
}
