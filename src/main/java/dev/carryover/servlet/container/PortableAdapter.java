package dev.carryover.servlet.container;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EventListener;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Any container: tells instances of its own, made by the container of the classes that the
 * application has. One instance for all roles of a class, in an order of chance.
 */
final class PortableAdapter implements ContainerAdapter {

  private static final Logger log = LoggerFactory.getLogger(PortableAdapter.class);
  private static final List<Class<? extends EventListener>> ROLES =
      List.of(
          HttpSessionListener.class,
          HttpSessionAttributeListener.class,
          HttpSessionIdListener.class);

  private final List<EventListener> listeners;
  private final boolean declaresForm;

  private PortableAdapter(List<EventListener> listeners, boolean declaresForm) {
    this.listeners = listeners;
    this.declaresForm = declaresForm;
  }

  static ContainerAdapter in(
      ServletContext context, Collection<Class<? extends EventListener>> declaredClasses) {
    List<EventListener> listeners = new ArrayList<>();
    for (Class<? extends EventListener> type : declaredClasses) {
      if (isSessionListener(type)) {
        try {
          listeners.add(context.createListener(type));
        } catch (ServletException | RuntimeException | LinkageError e) {
          log.warn("No listener could be made of {}: {}", type.getName(), e.toString());
        }
      }
    }
    return new PortableAdapter(List.copyOf(listeners), WebXmlText.isForm(context));
  }

  @Override
  public String name() {
    return "portable";
  }

  @Override
  public List<HttpSessionListener> sessionListeners() {
    return Containers.ofKind(HttpSessionListener.class, listeners);
  }

  @Override
  public List<HttpSessionAttributeListener> attributeListeners() {
    return Containers.ofKind(HttpSessionAttributeListener.class, listeners);
  }

  @Override
  public List<HttpSessionIdListener> idListeners() {
    return Containers.ofKind(HttpSessionIdListener.class, listeners);
  }

  @Override
  public AttributeEventOrder attributeEventOrder() {
    return AttributeEventOrder.specified();
  }

  @Override
  public boolean tellsIdChangesTwice() {
    return false;
  }

  @Override
  public boolean interceptRequestListeners(RequestListenerHook hook) {
    return false;
  }

  @Override
  public boolean keepsLogins() {
    return declaresForm;
  }

  @Override
  public @Nullable String route() {
    return Containers.routeOfSystem();
  }

  @Override
  public void close() {}

  private static boolean isSessionListener(Class<?> type) {
    return !type.isInterface()
        && !Modifier.isAbstract(type.getModifiers())
        && ROLES.stream().anyMatch(role -> role.isAssignableFrom(type));
  }
}
