package dev.carryover.servlet.container;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.EventListener;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Open Liberty's insides: the {@code WebApp} behind the context's facade. It has a list for each
 * role, and its requests read them where they lie: a listener is replaced in its place.
 */
final class LibertyAdapter implements ContainerAdapter {

  private static final Logger log = LoggerFactory.getLogger(LibertyAdapter.class);
  private static final String SESSION = "sessionListeners";
  private static final String ATTRIBUTE = "sessionAttrListeners";
  private static final String ID = "sessionIdListeners";
  private static final String REQUEST = "servletRequestListeners";

  private final Live webApp;
  private final boolean declaresForm;

  private LibertyAdapter(Live webApp, boolean declaresForm) {
    this.webApp = webApp;
    this.declaresForm = declaresForm;
  }

  static ContainerAdapter in(ServletContext facade) throws ReflectiveOperationException {
    Live webApp = Live.of(facade).field("context");
    webApp.field(REQUEST);
    return new LibertyAdapter(webApp, WebXmlText.isForm(facade));
  }

  @Override
  public String name() {
    return "Liberty";
  }

  @Override
  public List<HttpSessionListener> sessionListeners() {
    return Containers.ofKind(HttpSessionListener.class, live(SESSION));
  }

  @Override
  public List<HttpSessionAttributeListener> attributeListeners() {
    return Containers.ofKind(HttpSessionAttributeListener.class, live(ATTRIBUTE));
  }

  @Override
  public List<HttpSessionIdListener> idListeners() {
    return Containers.ofKind(HttpSessionIdListener.class, live(ID));
  }

  @Override
  public AttributeEventOrder attributeEventOrder() {
    return AttributeEventOrder.liberty();
  }

  @Override
  public boolean tellsIdChangesTwice() {
    return false;
  }

  @Override
  public synchronized boolean interceptRequestListeners(RequestListenerHook hook) {
    List<EventListener> all = live(REQUEST);
    List<ServletRequestListener> ours =
        new RequestListenerRounds(hook, RequestListenerRounds.Failure.DROPS_REQUEST)
            .before(Containers.ofKind(ServletRequestListener.class, all));
    for (int i = 0; i < ours.size(); i++) {
      all.set(i, ours.get(i));
    }
    return true;
  }

  @Override
  public FilterOrder filterOrder() throws ReflectiveOperationException {
    Live list = webApp.call("getConfiguration").call("getUriFilterMappings");
    return FilterOrder.of(new FilterOrder.Listed(list, null));
  }

  @Override
  public boolean keepsLogins() {
    return declaresForm;
  }

  @Override
  public boolean complainsOfForeignIds() {
    return true;
  }

  @Override
  public boolean presumesCookieOfWholeHost() {
    return true;
  }

  /** The context's is one for threads, which asks the application's. */
  @Override
  public ClassLoader applicationLoader(ServletContext context) {
    ClassLoader forThreads = context.getClassLoader();
    try {
      return (ClassLoader) Live.of(forThreads).field("appLoader").get();
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.debug("Open Liberty's class loader of the application can't be reached", e);
      return forThreads;
    }
  }

  @Override
  public @Nullable String route() {
    return Containers.routeOfSystem();
  }

  @Override
  public synchronized void close() {
    List<EventListener> all = live(REQUEST);
    for (int i = 0; i < all.size(); i++) {
      all.set(i, RequestListenerRounds.behind((ServletRequestListener) all.get(i)));
    }
  }

  private List<EventListener> live(String list) {
    try {
      return webApp.field(list).listOfListeners();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Open Liberty's listeners can't be read", e);
    }
  }
}
