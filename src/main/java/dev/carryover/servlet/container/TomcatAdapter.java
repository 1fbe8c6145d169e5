package dev.carryover.servlet.container;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextAttributeListener;
import jakarta.servlet.ServletRequestAttributeListener;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tomcat's insides: the {@code StandardContext} behind the context's two facades. It keeps
 * listeners in two lists, one by role: "lifecycle" for contexts and sessions, "event" for all else,
 * and both can be read and replaced as a whole.
 */
final class TomcatAdapter implements ContainerAdapter {

  private static final Logger log = LoggerFactory.getLogger(TomcatAdapter.class);
  private static final String EVENT = "ApplicationEventListeners";
  private static final String LIFECYCLE = "ApplicationLifecycleListeners";

  /** The roles that Tomcat looks for in the list of event listeners. */
  static final List<Class<?>> ROLES =
      List.of(
          ServletContextAttributeListener.class,
          ServletRequestListener.class,
          ServletRequestAttributeListener.class,
          HttpSessionAttributeListener.class,
          HttpSessionIdListener.class);

  private final Live context;

  private TomcatAdapter(Live context) {
    this.context = context;
  }

  static ContainerAdapter in(ServletContext facade) throws ReflectiveOperationException {
    Live context = Live.of(facade).field("context").field("context");
    context.call("getManager").call("getContext");
    return new TomcatAdapter(context);
  }

  @Override
  public String name() {
    return "Tomcat";
  }

  @Override
  public List<HttpSessionListener> sessionListeners() {
    return Containers.ofKind(HttpSessionListener.class, listeners(LIFECYCLE));
  }

  @Override
  public List<HttpSessionAttributeListener> attributeListeners() {
    return Containers.ofKind(HttpSessionAttributeListener.class, listeners(EVENT));
  }

  @Override
  public List<HttpSessionIdListener> idListeners() {
    return Containers.ofKind(HttpSessionIdListener.class, listeners(EVENT));
  }

  @Override
  public AttributeEventOrder attributeEventOrder() {
    return AttributeEventOrder.tomcat(
        managerSays("getNotifyBindingListenerOnUnchangedValue", false),
        managerSays("getNotifyAttributeListenerOnUnchangedValue", true));
  }

  @Override
  public boolean tellsIdChangesTwice() {
    return false;
  }

  @Override
  public boolean rotatedIdStaysValid() {
    return true;
  }

  @Override
  public boolean interceptRequestListeners(RequestListenerHook hook) {
    List<EventListener> all = listeners(EVENT);
    List<ServletRequestListener> own = Containers.ofKind(ServletRequestListener.class, all);
    List<ServletRequestListener> ours =
        new RequestListenerRounds(hook, RequestListenerRounds.Failure.DROPS_REQUEST).before(own);
    if (!own.isEmpty()) {
      List<Object> replaced = new ArrayList<>();
      int next = 0;
      for (EventListener listener : all) {
        boolean isOwn = listener instanceof ServletRequestListener;
        replaced.add(isOwn ? TwoInOne.of(ROLES, listener, ours.get(next++)) : listener);
      }
      setEventListeners(replaced);
    }
    return true;
  }

  /**
   * After a redirect or an error it lets applications set no fields, but its own cookies go out.
   */
  @Override
  public boolean isHeadGone(HttpServletResponse response) {
    HttpServletResponse own = behind(response);
    return own == response || own.isCommitted();
  }

  @Override
  public void setHeader(HttpServletResponse response, String name, List<String> values) {
    HttpServletResponse target = response.isCommitted() ? behind(response) : response;
    ContainerAdapter.super.setHeader(target, name, values);
  }

  /** The session goes on without its client then. */
  @Override
  public boolean refusesLateIdChanges() {
    return false;
  }

  /** Tomcat's own response; the same if it can't be reached. */
  private static HttpServletResponse behind(HttpServletResponse facade) {
    try {
      return (HttpServletResponse) Live.of(facade).field("response").get();
    } catch (ReflectiveOperationException | RuntimeException e) {
      return facade;
    }
  }

  @Override
  public FilterOrder filterOrder() {
    return FilterOrder.of(new FilterMaps());
  }

  @Override
  public boolean keepsLogins() {
    return Containers.isForm(() -> context.call("getLoginConfig").callNullable("getAuthMethod"));
  }

  @Override
  public @Nullable ContainerLogins logins() {
    try {
      if (TomcatLogins.isSingleSignOn(context)) {
        log.info("Tomcat's SingleSignOn keeps the logins");
        return null;
      }
      if (!TomcatLogins.areKept(context)) {
        log.info("Logins stay with Tomcat: its authenticator has cache=\"false\"");
        return null;
      }
      return new TomcatLogins(context);
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.info("Logins stay with Tomcat: {}", e.toString());
      return null;
    }
  }

  @Override
  public @Nullable String route() {
    try {
      Object route = context.call("getParent").call("getParent").callNullable("getJvmRoute");
      return route != null ? (String) route : Containers.routeOfSystem();
    } catch (ReflectiveOperationException e) {
      return Containers.routeOfSystem();
    }
  }

  /** Tomcat still has to call the listeners' {@code @PreDestroy}: it must find them. */
  @Override
  public void close() {
    if (raw(EVENT).stream().anyMatch(TwoInOne::isOne)) {
      setEventListeners(listeners(EVENT));
    }
  }

  /** The application's listeners, also where others stand before them. */
  private List<EventListener> listeners(String list) {
    List<EventListener> listeners = new ArrayList<>();
    raw(list).forEach(listener -> listeners.add(TwoInOne.behind(listener)));
    return listeners;
  }

  private List<EventListener> raw(String list) {
    try {
      return context.call("get" + list).listeners();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Tomcat's listeners can't be read", e);
    }
  }

  private void setEventListeners(List<?> listeners) {
    try {
      context.call("set" + EVENT, Object[].class, listeners.toArray());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Tomcat's listeners can't be replaced", e);
    }
  }

  private boolean managerSays(String question, boolean otherwise) {
    try {
      return (Boolean) context.call("getManager").call(question).get();
    } catch (ReflectiveOperationException e) {
      return otherwise;
    }
  }

  /**
   * Its mappings. They can only be added at the end, or behind those that were put first: so all
   * are added anew, and then taken away where they were. What fails halfway loses none.
   */
  private final class FilterMaps implements FilterOrder.Mappings {

    @Override
    public List<Object> all() throws ReflectiveOperationException {
      return List.of((Object[]) context.call("findFilterMaps").get());
    }

    @Override
    public boolean isToUrls(Object mapping) throws ReflectiveOperationException {
      Live map = Live.of(mapping);
      return (Boolean) map.call("getMatchAllUrlPatterns").get()
          || ((Object[]) map.call("getURLPatterns").get()).length > 0;
    }

    @Override
    public void arrange(List<Object> ordered) throws ReflectiveOperationException {
      if (!ordered.equals(all())) {
        Class<?> type = ordered.get(0).getClass();
        LiveMethod remove = LiveMethod.of(context.get().getClass(), "removeFilterMap", type);
        LiveMethod add = LiveMethod.of(context.get().getClass(), "addFilterMap", type);
        ordered.forEach(map -> add.on(context.get(), map));
        ordered.forEach(map -> remove.on(context.get(), map));
      }
    }
  }
}
