package dev.carryover.servlet.container;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequestListener;
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
 * Jetty's insides, of whichever of its environments: the context handler, and its session handler,
 * which has the session listeners, also those that an embedding program gave it.
 *
 * <p>A request listener can't be replaced by public methods: {@code removeEventListener} takes away
 * all roles that a listener has, and Jetty warns when context listeners are added to a started
 * context. So it is done in the private list that holds them by this role only.
 */
final class JettyAdapter implements ContainerAdapter {

  private static final Logger log = LoggerFactory.getLogger(JettyAdapter.class);
  private static final String WEB_SOCKET_FILTER = ".WebSocketUpgradeFilter";
  private static final String REQUEST_LISTENERS = "_servletRequestListeners";

  private final Live context;
  private final Live sessions;

  private JettyAdapter(Live context, Live sessions) {
    this.context = context;
    this.sessions = sessions;
  }

  static ContainerAdapter in(ServletContext api) throws ReflectiveOperationException {
    Live context = Live.of(api).call("getContextHandler");
    return new JettyAdapter(context, context.call("getSessionHandler"));
  }

  @Override
  public String name() {
    return "Jetty";
  }

  @Override
  public List<HttpSessionListener> sessionListeners() {
    return sessionListeners(HttpSessionListener.class, "_sessionListeners");
  }

  @Override
  public boolean tellsCreationInReverse() {
    return isJetty9();
  }

  @Override
  public List<HttpSessionAttributeListener> attributeListeners() {
    return sessionListeners(HttpSessionAttributeListener.class, "_sessionAttributeListeners");
  }

  @Override
  public List<HttpSessionIdListener> idListeners() {
    return sessionListeners(HttpSessionIdListener.class, "_sessionIdListeners");
  }

  @Override
  public AttributeEventOrder attributeEventOrder() {
    return AttributeEventOrder.jetty();
  }

  @Override
  public boolean tellsIdChangesTwice() {
    return false;
  }

  @Override
  public boolean expiresResponsesWithCookie() {
    return true;
  }

  @Override
  public NullNames nullNames() {
    return NullNames.REFUSED;
  }

  @Override
  public boolean interceptRequestListeners(RequestListenerHook hook) {
    try {
      Live list = context.field(REQUEST_LISTENERS);
      List<ServletRequestListener> own =
          Containers.ofKind(ServletRequestListener.class, list.listeners());
      replace(
          list,
          new RequestListenerRounds(hook, RequestListenerRounds.Failure.ENDS_ROUND).before(own));
      return true;
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.debug("Jetty's request listeners can't be reached", e);
      return false;
    }
  }

  @Override
  public @Nullable ContainerLogins logins() {
    try {
      return new JettyLogins(context);
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.info("Logins stay with Jetty: {}", e.toString());
      return null;
    }
  }

  @Override
  public FilterOrder filterOrder() throws ReflectiveOperationException {
    return FilterOrder.of(new FilterMappings(context.call("getServletHandler")));
  }

  /** Its handshake is to see our request; and our response, so that the session goes first. */
  @Override
  public void putBeforeContainerFilters(String filterName) {
    try {
      FilterMappings mappings = new FilterMappings(context.call("getServletHandler"));
      List<Object> ordered = new ArrayList<>();
      List<Object> webSocket = new ArrayList<>();
      int behindOurs = 0;
      for (Object mapping : mappings.all()) {
        String name = FilterOrder.filterOf(mapping);
        (name.endsWith(WEB_SOCKET_FILTER) ? webSocket : ordered).add(mapping);
        behindOurs = name.equals(filterName) ? ordered.size() : behindOurs;
      }
      ordered.addAll(behindOurs, webSocket);
      mappings.arrange(ordered);
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.warn("Jetty's filter for WebSocket can't be reached: handshakes see no session", e);
    }
  }

  /** Of its own methods, OpenID keeps a session too. */
  @Override
  public boolean keepsLogins() {
    return Containers.isForm(this::authentication);
  }

  private @Nullable Object authentication() throws ReflectiveOperationException {
    Live security = context.call("getSecurityHandler");
    try {
      return authentication(security.call("getAuthenticator"));
    } catch (ReflectiveOperationException e) {
      log.debug("No authenticator yet: {}", e.toString());
      return authentication(security);
    }
  }

  /** Jetty's older environments have another name for it. */
  private static @Nullable Object authentication(Live security)
      throws ReflectiveOperationException {
    try {
      return security.callNullable("getAuthenticationType");
    } catch (NoSuchMethodException e) {
      return security.callNullable("getAuthMethod");
    }
  }

  @Override
  public @Nullable String route() {
    try {
      Object name = sessions.call("getSessionIdManager").callNullable("getWorkerName");
      return name != null ? (String) name : Containers.routeOfSystem();
    } catch (ReflectiveOperationException e) {
      return Containers.routeOfSystem();
    }
  }

  /**
   * When it stops, Jetty removes the listeners that came with the application: it must find them.
   */
  @Override
  public void close() {
    try {
      Live list = context.field(REQUEST_LISTENERS);
      int index = 0;
      for (ServletRequestListener listener :
          Containers.ofKind(ServletRequestListener.class, list.listeners())) {
        list.set(index++, RequestListenerRounds.behind(listener));
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.debug("Jetty's request listeners can't be put back", e);
    }
  }

  private static void replace(Live list, List<ServletRequestListener> listeners) {
    for (int i = 0; i < listeners.size(); i++) {
      list.set(i, listeners.get(i));
    }
  }

  private <T> List<T> sessionListeners(Class<T> kind, String fieldInJetty9) {
    try {
      return Containers.ofKind(kind, sessionListeners(fieldInJetty9));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Jetty's listeners can't be read", e);
    }
  }

  private List<EventListener> sessionListeners(String fieldInJetty9)
      throws ReflectiveOperationException {
    return isJetty9()
        ? sessions.field(fieldInJetty9).listeners()
        : sessions.call("getEventListeners").listeners();
  }

  /** Its session handler keeps no list of all listeners. */
  private boolean isJetty9() {
    return !sessions.has("getEventListeners");
  }

  /** Its mappings, an array that is replaced as a whole. */
  private static final class FilterMappings implements FilterOrder.Mappings {

    private final Live handler;

    FilterMappings(Live handler) {
      this.handler = handler;
    }

    @Override
    public List<Object> all() throws ReflectiveOperationException {
      return List.of(array());
    }

    @Override
    public boolean isToUrls(Object mapping) throws ReflectiveOperationException {
      return Live.of(mapping).callNullable("getPathSpecs") != null;
    }

    @Override
    public void arrange(List<Object> ordered) throws ReflectiveOperationException {
      Object[] array = ordered.toArray(array());
      handler.call("setFilterMappings", array.getClass(), array);
    }

    private Object[] array() throws ReflectiveOperationException {
      return (Object[]) handler.call("getFilterMappings").get();
    }
  }
}
