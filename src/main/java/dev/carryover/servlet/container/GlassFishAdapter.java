package dev.carryover.servlet.container;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.EventListener;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * GlassFish's insides: a {@code StandardContext} that it took from Tomcat long ago. It keeps
 * session listeners in one list and all others in another, and its requests read both where they
 * lie: a listener is replaced in its place.
 */
final class GlassFishAdapter implements ContainerAdapter {

  private static final String EVENT = "getApplicationEventListeners";
  private static final String SESSION = "getSessionListeners";

  private final Live context;

  private GlassFishAdapter(Live context) {
    this.context = context;
  }

  static ContainerAdapter in(ServletContext facade) throws ReflectiveOperationException {
    Live context = Live.of(facade).field("context").field("context");
    context.call(EVENT);
    return new GlassFishAdapter(context);
  }

  @Override
  public String name() {
    return "GlassFish";
  }

  @Override
  public List<HttpSessionListener> sessionListeners() {
    return Containers.ofKind(HttpSessionListener.class, live(SESSION));
  }

  @Override
  public List<HttpSessionAttributeListener> attributeListeners() {
    return Containers.ofKind(HttpSessionAttributeListener.class, eventListeners());
  }

  @Override
  public List<HttpSessionIdListener> idListeners() {
    return Containers.ofKind(HttpSessionIdListener.class, eventListeners());
  }

  @Override
  public AttributeEventOrder attributeEventOrder() {
    return AttributeEventOrder.tomcat(true, true);
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
  public synchronized boolean interceptRequestListeners(RequestListenerHook hook) {
    List<EventListener> all = live(EVENT);
    List<ServletRequestListener> ours =
        new RequestListenerRounds(hook, RequestListenerRounds.Failure.GOES_ON)
            .before(Containers.ofKind(ServletRequestListener.class, all));
    int next = 0;
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i) instanceof ServletRequestListener) {
        all.set(i, TwoInOne.of(TomcatAdapter.ROLES, all.get(i), ours.get(next++)));
      }
    }
    return true;
  }

  @Override
  public FilterOrder filterOrder() throws ReflectiveOperationException {
    return FilterOrder.of(new FilterOrder.Listed(context.call("findFilterMaps"), "getURLPattern"));
  }

  @Override
  public boolean keepsLogins() {
    return Containers.isForm(() -> context.call("getLoginConfig").callNullable("getAuthMethod"));
  }

  @Override
  public @Nullable String route() {
    return Containers.routeOfSystem();
  }

  @Override
  public synchronized void close() {
    List<EventListener> all = live(EVENT);
    for (int i = 0; i < all.size(); i++) {
      if (TwoInOne.isOne(all.get(i))) {
        all.set(i, TwoInOne.behind(all.get(i)));
      }
    }
  }

  /** The application's, also where others stand before them. */
  private List<EventListener> eventListeners() {
    return live(EVENT).stream().map(TwoInOne::behind).collect(Collectors.toList());
  }

  private List<EventListener> live(String list) {
    try {
      return context.call(list).listOfListeners();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("GlassFish's listeners can't be read", e);
    }
  }
}
