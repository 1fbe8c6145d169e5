package dev.carryover.servlet.container;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Undertow's insides: the deployment's {@code ApplicationListeners}, which has a private array of
 * {@code ManagedListener}s for each role. A managed listener stands for one instance; for a request
 * listener another one, of the same class for the log, takes its place in the array of that role.
 */
final class UndertowAdapter implements ContainerAdapter {

  private static final Logger log = LoggerFactory.getLogger(UndertowAdapter.class);
  private static final String PACKAGE = "io.undertow.servlet.";
  private static final String HTTP_STRING = "io.undertow.util.HttpString";
  private static final String REQUEST_LISTENERS = "servletRequestListeners";

  private final ServletContext context;
  private final Live deployment;
  private final Live listeners;
  private List<Object> replaced = List.of();

  private UndertowAdapter(ServletContext context, Live deployment)
      throws ReflectiveOperationException {
    this.context = context;
    this.deployment = deployment;
    this.listeners = deployment.call("getApplicationListeners");
  }

  static ContainerAdapter in(ServletContext context) throws ReflectiveOperationException {
    return new UndertowAdapter(context, Live.of(context).call("getDeployment"));
  }

  static void initializeFiltersEarly(ServletContext context) {
    try {
      Live.of(context)
          .call("getDeployment")
          .call("getDeploymentInfo")
          .call("setEagerFilterInit", boolean.class, true);
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.debug("Not Undertow: {}", e.toString());
    }
  }

  @Override
  public String name() {
    return "Undertow";
  }

  @Override
  public List<HttpSessionListener> sessionListeners() {
    return instances("httpSessionListeners", HttpSessionListener.class);
  }

  @Override
  public List<HttpSessionAttributeListener> attributeListeners() {
    return instances("httpSessionAttributeListeners", HttpSessionAttributeListener.class);
  }

  @Override
  public List<HttpSessionIdListener> idListeners() {
    return instances("httpSessionIdListeners", HttpSessionIdListener.class);
  }

  @Override
  public AttributeEventOrder attributeEventOrder() {
    return AttributeEventOrder.undertow();
  }

  @Override
  public boolean tellsIdChangesTwice() {
    return true;
  }

  @Override
  public boolean keepsWrappersWhenAsync() {
    return true;
  }

  @Override
  public void setHeader(HttpServletResponse response, String name, List<String> values) {
    try {
      Live headers = Live.of(response).call("getExchange").call("getResponseHeaders");
      Live typed = headers.make(HTTP_STRING, new Class<?>[] {String.class}, name);
      headers.call("remove", typed.get().getClass(), typed.get());
      for (String value : values) {
        headers.call(
            "add", new Class<?>[] {typed.get().getClass(), String.class}, typed.get(), value);
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.debug("Undertow's headers can't be reached", e);
      ContainerAdapter.super.setHeader(response, name, values);
    }
  }

  @Override
  public NullNames nullNames() {
    return NullNames.REFUSED_FIRST;
  }

  @Override
  public synchronized boolean interceptRequestListeners(RequestListenerHook hook) {
    try {
      List<ServletRequestListener> ours =
          new RequestListenerRounds(hook, RequestListenerRounds.Failure.UNWINDS)
              .before(instances(REQUEST_LISTENERS, ServletRequestListener.class));
      List<Object> own = managed(REQUEST_LISTENERS);
      List<Object> managed = new ArrayList<>();
      for (int i = 0; i < ours.size(); i++) {
        managed.add(managed(Live.of(own.get(i)), ours.get(i)));
      }
      replace(managed);
      replaced = own;
      return true;
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.debug("Undertow's request listeners can't be reached", e);
      return false;
    }
  }

  /** A filter that is mapped to a URL twice runs twice: so nothing is added to the list. */
  @Override
  public FilterOrder filterOrder() throws ReflectiveOperationException {
    Live list = deployment.call("getDeploymentInfo").field("filterUrlMappings");
    // What it has made of it already, if anything, is made anew.
    deployment.call("getServletPaths").callNullable("invalidate");
    return FilterOrder.of(new FilterOrder.Listed(list, null));
  }

  /** {@code request.login} makes a session whatever the method is. */
  @Override
  public boolean keepsLogins() {
    try {
      return deployment.call("getDeploymentInfo").callNullable("getLoginConfig") != null;
    } catch (ReflectiveOperationException e) {
      log.debug("Undertow's login configuration can't be read", e);
      return false;
    }
  }

  /** WildFly has modules for logins; Undertow by itself has none. */
  @Override
  public @Nullable ContainerLogins logins() {
    try {
      Object config = deployment.call("getDeploymentInfo").callNullable("getLoginConfig");
      return config == null
          ? null
          : ModuleLogins.of(context, config(Live.of(config)), new WildFlyTraits());
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.info("Logins stay with Undertow: {}", e.toString());
      return null;
    }
  }

  /** With several methods, or some with options, it is none that others know. */
  private static LoginConfig config(Live config) throws ReflectiveOperationException {
    String method = null;
    for (Object each : config.call("getAuthMethods").elements()) {
      Live one = Live.of(each);
      boolean isPlain = ((Map<?, ?>) one.call("getProperties").get()).isEmpty();
      method = method == null && isPlain ? (String) one.call("getName").get() : "several";
    }
    return new LoginConfig(
        method,
        (String) config.callNullable("getRealmName"),
        (String) config.callNullable("getLoginPage"),
        (String) config.callNullable("getErrorPage"));
  }

  /** Its security domain finds users and their roles by name, with each request. */
  private final class WildFlyTraits implements ModuleLogins.Traits, FormLogin.Traits {
    @Override
    public FormLogin form(LoginConfig config) {
      return new FormLogin(config, this);
    }

    @Override
    public boolean keepsLoginPage() {
      return true;
    }

    @Override
    public boolean showsPosted() {
      return false;
    }

    @Override
    public boolean keepsEmpty() {
      return false;
    }

    @Override
    public boolean takesAnyMethod() {
      return false;
    }

    @Override
    public boolean decideAs(HttpServletRequest request, String method) {
      try {
        return UndertowAdapter.this.decideAs(request, method);
      } catch (ReflectiveOperationException | RuntimeException e) {
        log.warn("What was posted before a login is lost: {}", e.toString());
        return false;
      }
    }

    @Override
    public BasicLogin basic(String realmName) {
      return new BasicLogin(realmName, StandardCharsets.UTF_8, true);
    }

    @Override
    public boolean refusesStrangers() {
      return true;
    }

    @Override
    public @Nullable List<String> groupsOf(String user) {
      return null;
    }

    /** Undertow does it before it asks. */
    @Override
    public void tellCaches(HttpServletRequest request, HttpServletResponse response) {}

    @Override
    public boolean makesSessionForLogin() {
      return true;
    }

    @Override
    public String authTypeOfLogin() {
      return "Programmatic";
    }
  }

  /** It has looked up who may ask before it asks who it is: with the method that it had then. */
  private boolean decideAs(HttpServletRequest request, String method)
      throws ReflectiveOperationException {
    Class<?> type = deployment.type(PACKAGE + "handlers.ServletRequestContext");
    Live known = Live.of(Objects.requireNonNull(LiveMethod.of(type, "requireCurrent").onStatic()));
    Live exchange = known.call("getExchange");
    Live match = constraints((String) exchange.call("getRelativePath").get(), method);
    boolean isForAnyTransport =
        ((Enum<?>) match.field("transportGuaranteeType").get()).name().equals("NONE");
    if (!isForAnyTransport && !request.isSecure()) {
      return false;
    }
    List<Object> constraints = new ArrayList<>(List.of(match.field("mergedConstraint").get()));
    Live name = exchange.make(HTTP_STRING, new Class<?>[] {String.class}, method);
    known.call("setRequiredConstrains", List.class, constraints);
    exchange.call("setRequestMethod", name.get().getClass(), name.get());
    return true;
  }

  /** What its deployment has made of the descriptors is kept where nobody reaches: so once more. */
  private Live constraints(String path, String method) throws ReflectiveOperationException {
    Live manager =
        deployment
            .call("getServletContainer")
            .ask(
                "getDeployment",
                String.class,
                deployment.call("getDeploymentInfo").call("getDeploymentName").get());
    Object all =
        LiveMethod.declared(manager.get().getClass(), "buildSecurityConstraints")
            .ask(manager.get());
    return Live.of(
        LiveMethod.of(all.getClass(), "getSecurityInfo", String.class, String.class)
            .ask(all, path, method));
  }

  /** Undertow knows no route of its own: whoever embeds it decides. */
  @Override
  public @Nullable String route() {
    return Containers.routeOfSystem();
  }

  @Override
  public synchronized void close() {
    try {
      replace(replaced);
      replaced = List.of();
    } catch (ReflectiveOperationException e) {
      log.debug("Undertow's request listeners can't be put back", e);
    }
  }

  private void replace(List<Object> managed) throws ReflectiveOperationException {
    Live array = listeners.field(REQUEST_LISTENERS);
    for (int i = 0; i < managed.size(); i++) {
      array.set(i, managed.get(i));
    }
  }

  private List<Object> managed(String array) throws ReflectiveOperationException {
    List<Object> managed = new ArrayList<>();
    listeners.field(array).elements().forEach(managed::add);
    return managed;
  }

  private <T> List<T> instances(String array, Class<T> kind) {
    try {
      List<EventListener> instances = new ArrayList<>();
      for (Object managed : managed(array)) {
        instances.add((EventListener) Live.of(managed).call("instance").get());
      }
      return Containers.ofKind(kind, instances);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Undertow's listeners can't be read", e);
    }
  }

  /** A started managed listener that looks like the given one and has another instance. */
  private static Object managed(Live like, ServletRequestListener instance)
      throws ReflectiveOperationException {
    Live factory =
        like.make(
            PACKAGE + "util.ImmediateInstanceFactory", new Class<?>[] {Object.class}, instance);
    Live info =
        like.make(
            PACKAGE + "api.ListenerInfo",
            new Class<?>[] {Class.class, like.type(PACKAGE + "api.InstanceFactory")},
            like.call("getListenerInfo").call("getListenerClass").get(),
            factory.get());
    Live managed =
        like.make(
            PACKAGE + "core.ManagedListener",
            new Class<?>[] {info.get().getClass(), boolean.class},
            info.get(),
            like.call("isProgramatic").get());
    managed.callNullable("start");
    return managed.get();
  }
}
