package dev.carryover.servlet;

import dev.carryover.event.SessionEvents;
import dev.carryover.servlet.container.AttributeEventOrder;
import dev.carryover.servlet.container.AttributeEventOrder.Step;
import dev.carryover.servlet.container.ContainerAdapter;
import dev.carryover.servlet.container.NullNames;
import dev.carryover.session.SessionAccess;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.EventListener;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells the application's listeners what happens to its sessions, on the instances the container
 * made, in the container's order (Jakarta Servlet 6.0, chapter 11). A listener that throws hurts
 * neither the request nor the others; the servlet context logs it, as containers do.
 *
 * <p>Thread-safe. Off a request's thread, listeners have the web application's class loader as
 * context class loader too.
 */
public final class ListenerBridge implements SessionEvents<SessionAccess> {

  private final ServletContext context;
  private final ContainerAdapter container;
  private final List<HttpSessionListener> sessionListeners;
  private final List<HttpSessionAttributeListener> attributeListeners;
  private final List<HttpSessionIdListener> idListeners;
  private final SessionIdentities identities = new SessionIdentities();

  public ListenerBridge(ServletContext context, ContainerAdapter container) {
    this.context = context;
    this.container = container;
    sessionListeners = List.copyOf(container.sessionListeners());
    attributeListeners = List.copyOf(container.attributeListeners());
    idListeners = List.copyOf(container.idListeners());
  }

  /** Where the web application is, as others reach it. */
  String contextPath() {
    return context.getContextPath();
  }

  /** The session as the application sees it: one object for one request. */
  HttpSessionAdapter session(SessionAccess access) {
    return access.companion(
        HttpSessionAdapter.class, () -> new HttpSessionAdapter(access, this, context));
  }

  /** What the session objects of all requests for this session have in common. */
  Object identity(SessionAccess access) {
    return identities.of(access.id());
  }

  /** What the application's container makes of attributes without a name. */
  NullNames nullNames() {
    return container.nullNames();
  }

  @Override
  public boolean isListening() {
    return !sessionListeners.isEmpty() || !attributeListeners.isEmpty();
  }

  @Override
  public void created(SessionAccess access) {
    HttpSessionEvent event = new HttpSessionEvent(session(access).face());
    Consumer<HttpSessionListener> created = tell(listener -> listener.sessionCreated(event));
    if (container.tellsCreationInReverse()) {
      inReverse(sessionListeners, created);
    } else {
      sessionListeners.forEach(created);
    }
  }

  @Override
  public void idChanged(SessionAccess access, String oldId) {
    identities.moved(oldId, access.id());
    tellIdChanged(access, oldId);
  }

  private void tellIdChanged(SessionAccess access, String oldId) {
    HttpSessionEvent event = new HttpSessionEvent(session(access).face());
    idListeners.forEach(tell(listener -> listener.sessionIdChanged(event, oldId)));
  }

  /** {@code changeSessionId} has been called; what it does has been told once. */
  void idChangedByApplication(SessionAccess access, String oldId) {
    if (container.tellsIdChangesTwice()) {
      tellIdChanged(access, oldId);
    }
  }

  /** Whether the id that a request came with counts as valid once it has changed it. */
  boolean rotatedIdStaysValid() {
    return container.rotatedIdStaysValid();
  }

  @Override
  public void ended(SessionAccess access) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(context.getClassLoader());
    try {
      destroyed(session(access).face());
      unbind(access);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** An attribute is set; {@code store} makes it readable. */
  void set(
      HttpSession session, String name, @Nullable Object oldValue, Object value, Runnable store) {
    boolean binding = value instanceof HttpSessionBindingListener;
    List<Step> steps = container.attributeEventOrder().onSet(oldValue, value, binding);
    new Change(session, name, oldValue, value, store).run(steps);
  }

  /** An attribute is removed, if it was there; {@code store} makes it absent. */
  void remove(HttpSession session, String name, @Nullable Object oldValue, Runnable store) {
    AttributeEventOrder order = container.attributeEventOrder();
    new Change(session, name, oldValue, null, store)
        .run(oldValue == null ? order.onRemoveOfNothing() : order.onRemove());
  }

  private void destroyed(HttpSession session) {
    HttpSessionEvent event = new HttpSessionEvent(session);
    inReverse(sessionListeners, tell(listener -> listener.sessionDestroyed(event)));
  }

  private static <L> void inReverse(List<L> listeners, Consumer<L> event) {
    for (int i = listeners.size() - 1; i >= 0; i--) {
      event.accept(listeners.get(i));
    }
  }

  private void unbind(SessionAccess access) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (String name : access.names()) {
      Object value = access.get(name);
      if (value != null) {
        values.put(name, value);
      }
    }
    if (!container.attributeEventOrder().isReadableAtTheEnd()) {
      access.closeBeforeUnbinding();
    }
    HttpSession face = session(access).face();
    List<Step> first = container.attributeEventOrder().onEnd();
    values.forEach((name, value) -> new Change(face, name, value, null, () -> {}).run(first));
    values.forEach((name, value) -> remove(face, name, value, () -> access.remove(name)));
  }

  private <L extends EventListener> Consumer<L> tell(Consumer<L> event) {
    return listener -> guard(() -> event.accept(listener));
  }

  private void guard(Runnable event) {
    try {
      event.run();
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      context.log("A session listener has failed", e);
    }
  }

  /** Which listeners it has found, for the log. */
  @Override
  public String toString() {
    return "session listeners "
        + names(sessionListeners)
        + ", attribute listeners "
        + names(attributeListeners)
        + ", id listeners "
        + names(idListeners);
  }

  private static List<String> names(List<? extends EventListener> listeners) {
    return listeners.stream()
        .map(listener -> listener.getClass().getName())
        .collect(Collectors.toList());
  }

  /** One change of an attribute, told step by step. */
  private final class Change {
    private final HttpSession session;
    private final String name;
    private final @Nullable Object oldValue;
    private final @Nullable Object newValue;
    private final Runnable store;

    private Change(
        HttpSession session,
        String name,
        @Nullable Object oldValue,
        @Nullable Object newValue,
        Runnable store) {
      this.session = session;
      this.name = name;
      this.oldValue = oldValue;
      this.newValue = newValue;
      this.store = store;
    }

    private void run(List<Step> steps) {
      steps.forEach(this::run);
    }

    private void run(Step step) {
      HttpSessionBindingEvent event =
          new HttpSessionBindingEvent(session, name, step.value(oldValue, newValue));
      switch (step) {
        case STORE:
          store.run();
          break;
        case BOUND:
        case BOUND_WITHOUT_VALUE:
          ifBinding(newValue, value -> value.valueBound(event));
          break;
        case UNBOUND:
        case UNBOUND_WITHOUT_VALUE:
          ifBinding(oldValue, value -> value.valueUnbound(event));
          break;
        case ADDED:
          attributeListeners.forEach(tell(listener -> listener.attributeAdded(event)));
          break;
        case REPLACED:
        case REPLACED_WITH_NEW_VALUE:
          attributeListeners.forEach(tell(listener -> listener.attributeReplaced(event)));
          break;
        case REMOVED:
          attributeListeners.forEach(tell(listener -> listener.attributeRemoved(event)));
          break;
      }
    }

    private void ifBinding(@Nullable Object value, Consumer<HttpSessionBindingListener> event) {
      if (value instanceof HttpSessionBindingListener) {
        guard(() -> event.accept((HttpSessionBindingListener) value));
      }
    }
  }
}
