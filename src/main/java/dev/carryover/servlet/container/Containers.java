package dev.carryover.servlet.container;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EventListener;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The containers that there are adapters for, tried one after the other. */
final class Containers {

  private static final Logger log = LoggerFactory.getLogger(Containers.class);
  private static final List<Attempt> ATTEMPTS =
      List.of(
          TomcatAdapter::in,
          JettyAdapter::in,
          UndertowAdapter::in,
          GlassFishAdapter::in,
          LibertyAdapter::in);

  /** Methods of authentication that need a session; Jetty names OpenID so. */
  private static final Set<String> KEPT = Set.of("FORM", "OPENID");

  private Containers() {}

  static ContainerAdapter adapter(
      ServletContext context, Collection<Class<? extends EventListener>> declaredClasses) {
    List<String> failures = new ArrayList<>();
    for (Attempt attempt : ATTEMPTS) {
      try {
        ContainerAdapter adapter = attempt.in(context);
        // What can't be read now could not be read later.
        adapter.sessionListeners();
        adapter.attributeListeners();
        adapter.idListeners();
        return adapter;
      } catch (ReflectiveOperationException | RuntimeException e) {
        failures.add(e.toString());
      }
    }
    log.debug("{} is none of the known containers: {}", context.getServerInfo(), failures);
    return PortableAdapter.in(context, declaredClasses);
  }

  /** The request that all wrappers are around. */
  static ServletRequest innermost(ServletRequest request) {
    ServletRequest innermost = request;
    while (innermost instanceof ServletRequestWrapper) {
      innermost = ((ServletRequestWrapper) innermost).getRequest();
    }
    return innermost;
  }

  /** Whether a way to authenticate users is one for which containers keep a session. */
  static boolean isForm(Question authentication) {
    try {
      return KEPT.contains(String.valueOf(authentication.ask()).toUpperCase(Locale.ROOT));
    } catch (ReflectiveOperationException e) {
      log.debug("No authentication is configured: {}", e.toString());
      return false;
    }
  }

  /** The route that some containers and their starters take from this property of the system. */
  static @Nullable String routeOfSystem() {
    return System.getProperty("jvmRoute");
  }

  /** The listeners of one kind, in their order. */
  static <T> List<T> ofKind(Class<T> kind, Iterable<? extends EventListener> listeners) {
    List<T> result = new ArrayList<>();
    for (EventListener listener : listeners) {
      if (kind.isInstance(listener)) {
        result.add(kind.cast(listener));
      }
    }
    return result;
  }

  /** Asks a container. */
  interface Question {
    @Nullable Object ask() throws ReflectiveOperationException;
  }

  /** Finds out whether the context belongs to one container. */
  private interface Attempt {
    ContainerAdapter in(ServletContext context) throws ReflectiveOperationException;
  }
}
