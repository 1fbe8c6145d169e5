package dev.carryover.servlet.container;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.Collection;
import java.util.EventListener;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What makes one container's insides reachable: the live listeners of a web application, and how
 * this container tells them. To be made once the context listeners have run: listeners may be added
 * until then. Thread-safe.
 */
public interface ContainerAdapter {

  /**
   * The adapter for the container that the context lives in. Never fails: where no adapter reaches,
   * it is the portable one, which has its own instances of the listeners.
   *
   * @param declaredClasses the application's listener classes, as {@code @HandlesTypes} gave them;
   *     only the portable adapter needs them
   */
  static ContainerAdapter of(
      ServletContext context, Collection<Class<? extends EventListener>> declaredClasses) {
    return Containers.adapter(context, declaredClasses);
  }

  /**
   * Has the container initialize filters when it starts, as the specification wants. Undertow does
   * it with the first request otherwise: once its request listeners have been told of it. To be
   * called by an initializer or a context listener.
   */
  static void initializeFiltersEarly(ServletContext context) {
    UndertowAdapter.initializeFiltersEarly(context);
  }

  /** The names of the filters that web.xml maps, in its order; none if it can't be read. */
  static List<String> filtersOfWebXml(ServletContext context) {
    return WebXmlText.all(context, "filter-mapping", "filter-name");
  }

  /** The container's name, for the log: {@code Tomcat}, or {@code portable} if it is unknown. */
  String name();

  /** The container's own instances, in its order. */
  List<HttpSessionListener> sessionListeners();

  /**
   * Whether the last session listener hears {@code sessionCreated} first, as it hears {@code
   * sessionDestroyed} first in all containers: so in Jetty 9.
   */
  default boolean tellsCreationInReverse() {
    return false;
  }

  /** The container's own instances, in its order. */
  List<HttpSessionAttributeListener> attributeListeners();

  /** The container's own instances, in its order. */
  List<HttpSessionIdListener> idListeners();

  /** In what order this container tells of changed attributes. */
  AttributeEventOrder attributeEventOrder();

  /**
   * Whether {@code changeSessionId} tells all id listeners twice, one round after the other:
   * Undertow does, but not for a login.
   */
  boolean tellsIdChangesTwice();

  /**
   * Whether {@code isRequestedSessionIdValid} stays true in a request that has changed the id of
   * its session: Tomcat then takes the new id for the requested one. It turns false if another
   * request has.
   */
  default boolean rotatedIdStaysValid() {
    return false;
  }

  /**
   * Whether a {@code startAsync} without arguments goes on with the request and the response as the
   * application's filters have wrapped them; elsewhere it leaves their wrappers out.
   */
  default boolean keepsWrappersWhenAsync() {
    return false;
  }

  /**
   * Sets all fields of a name in a response, also where the container takes none from applications,
   * as Undertow while something is included. Where only some have to be added, those that are there
   * stay: in Tomcat they may have a charset that is theirs alone.
   */
  default void setHeader(HttpServletResponse response, String name, List<String> values) {
    Collection<String> present = response.getHeaders(name);
    int first = present == null ? 0 : present.size();
    if (first == 0
        || first > values.size()
        || !values.subList(0, first).equals(List.copyOf(present))) {
      response.setHeader(name, values.isEmpty() ? null : values.get(0));
      first = 1;
    }
    values.stream().skip(first).forEach(value -> response.addHeader(name, value));
  }

  /**
   * Whether the head of a committed response has gone, so that not even the container can set a
   * field of it.
   */
  default boolean isHeadGone(HttpServletResponse response) {
    return true;
  }

  /** Whether {@code changeSessionId} fails if the client can't be given the new id any more. */
  default boolean refusesLateIdChanges() {
    return true;
  }

  /** Whether a response that sets the session's cookie is told to caches as expired. */
  default boolean expiresResponsesWithCookie() {
    return false;
  }

  /**
   * Whether the id of a request, and the object that stands for it, are those of later requests
   * too: GlassFish has a few of both, and gives each thread the same ones all the time.
   */
  default boolean requestIdsRecur() {
    return false;
  }

  /** What this container makes of attributes without a name. */
  default NullNames nullNames() {
    return NullNames.IGNORED;
  }

  /**
   * Has every {@code ServletRequestListener} of the application see the requests that the hook
   * gives, from now on. Their order stays, and so do other roles that they have. To be called once,
   * before the first request.
   *
   * @return false if this container's request listeners can't be reached: they see the container's
   *     requests; true if they can, or if there are none
   */
  boolean interceptRequestListeners(RequestListenerHook hook);

  /**
   * The order in which this container runs filters.
   *
   * @throws ReflectiveOperationException if it can't be reached
   */
  default FilterOrder filterOrder() throws ReflectiveOperationException {
    throw new NoSuchMethodException("No adapter knows the filters of this container");
  }

  /**
   * Has our filter run before a filter of the container's own that answers requests by itself:
   * Jetty's for WebSocket puts itself before all others. To be called when the filter is
   * initialized.
   *
   * @param filterName the name our filter is registered by
   */
  default void putBeforeContainerFilters(String filterName) {}

  /**
   * Whether the container keeps a session of its own, with a cookie, for users that have logged in:
   * after a login by a form, which happens before any filter.
   */
  boolean keepsLogins();

  /** This container's logins; null if they can't be reached. */
  default @Nullable ContainerLogins logins() {
    return null;
  }

  /**
   * Whether the container complains, with each request, of ids in its session cookie that it has
   * not made itself: Open Liberty does.
   */
  default boolean complainsOfForeignIds() {
    return false;
  }

  /**
   * Whether the container has {@code /} for its session cookie's path where nobody has said
   * anything: Open Liberty has.
   */
  default boolean presumesCookieOfWholeHost() {
    return false;
  }

  /**
   * The class loader of the application's own classes. The context's, if the container does not put
   * another one before it.
   */
  default ClassLoader applicationLoader(ServletContext context) {
    return context.getClassLoader();
  }

  /** The route that the container puts behind its own session ids; null if it has none. */
  @Nullable String route();

  /** Puts back what it replaced. Does nothing the second time. */
  void close();
}
