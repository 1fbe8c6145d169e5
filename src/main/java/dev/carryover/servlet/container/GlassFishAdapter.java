package dev.carryover.servlet.container;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.EventListener;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * GlassFish's insides: a {@code StandardContext} that it took from Tomcat long ago. It keeps
 * session listeners in one list and all others in another, and its requests read both where they
 * lie: a listener is replaced in its place.
 */
final class GlassFishAdapter implements ContainerAdapter {

  private static final Logger log = LoggerFactory.getLogger(GlassFishAdapter.class);
  private static final String EVENT = "getApplicationEventListeners";
  private static final String SESSION = "getSessionListeners";

  private static final String REALM = "com.sun.enterprise.security.auth.realm.Realm";

  /** Of the same bundle, in a package that the web container's has access to. */
  private static final String BESIDE_REALM = "com.sun.enterprise.security.SecurityContext";

  private final ServletContext facade;
  private final Live context;

  private GlassFishAdapter(ServletContext facade, Live context) {
    this.facade = facade;
    this.context = context;
  }

  static ContainerAdapter in(ServletContext facade) throws ReflectiveOperationException {
    Live context = Live.of(facade).field("context").field("context");
    context.call(EVENT);
    return new GlassFishAdapter(facade, context);
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
  public boolean requestIdsRecur() {
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
  public @Nullable ContainerLogins logins() {
    try {
      Object config = context.callNullable("getLoginConfig");
      return config == null ? null : ModuleLogins.of(facade, config(Live.of(config)), new Traits());
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.info("Logins stay with GlassFish: {}", e.toString());
      return null;
    }
  }

  private static LoginConfig config(Live config) throws ReflectiveOperationException {
    return new LoginConfig(
        (String) config.callNullable("getAuthMethod"),
        (String) config.callNullable("getRealmName"),
        (String) config.callNullable("getLoginPage"),
        (String) config.callNullable("getErrorPage"));
  }

  /** Its modules, and its realms behind them. */
  private final class Traits implements ModuleLogins.Traits, FormLogin.Traits {
    private final AtomicBoolean toldNotAsked = new AtomicBoolean();

    @Override
    public FormLogin form(LoginConfig config) {
      return new FormLogin(config, this);
    }

    @Override
    public boolean keepsLoginPage() {
      return false;
    }

    @Override
    public boolean showsPosted() {
      return true;
    }

    @Override
    public boolean keepsEmpty() {
      return true;
    }

    @Override
    public boolean takesAnyMethod() {
      return true;
    }

    /** Its own form does the same. */
    @Override
    public boolean decideAs(HttpServletRequest request, String method) {
      try {
        Live.of(request).call("getUnwrappedCoyoteRequest").call("setMethod", String.class, method);
        return true;
      } catch (ReflectiveOperationException | RuntimeException e) {
        log.warn("What was posted before a login is lost: {}", e.toString());
        return false;
      }
    }

    @Override
    public BasicLogin basic(String realmName) {
      return new BasicLogin(realmName, StandardCharsets.ISO_8859_1, false);
    }

    @Override
    public boolean refusesStrangers() {
      return false;
    }

    /** All realms but that of files know groups only of users who have logged in on this node. */
    @Override
    public @Nullable List<String> groupsOf(String user) {
      try {
        Object realm = realm(context.call("getRealm"));
        if (realm == null || !realm.getClass().getSimpleName().equals("FileRealm")) {
          tellNotAsked(realm);
          return null;
        }
        return groups(Live.of(realm).ask("getGroupNames", String.class, user));
      } catch (InvocationTargetException e) {
        if (String.valueOf(e.getCause()).contains("NoSuchUserException")) {
          return null;
        }
        throw new IllegalStateException("GlassFish's realm can't be asked", e);
      } catch (ReflectiveOperationException e) {
        log.debug("GlassFish's realm is out of reach: {}", e.toString());
        return null;
      }
    }

    private void tellNotAsked(@Nullable Object realm) {
      if (!toldNotAsked.getAndSet(true)) {
        log.info(
            "Users keep the roles of their login: GlassFish's {} tells none without a password",
            realm == null ? "realm" : realm.getClass().getSimpleName());
      }
    }

    /** The one that is named in web.xml, else the server's. */
    private @Nullable Object realm(Live adapter) throws ReflectiveOperationException {
      ClassLoader security = adapter.type(BESIDE_REALM).getClassLoader();
      Class<?> type = Class.forName(REALM, true, security);
      Object name = adapter.callNullable("getRealmName");
      return name != null
              && Boolean.TRUE.equals(
                  LiveMethod.of(type, "isValidRealm", String.class).onStatic(name))
          ? LiveMethod.of(type, "getInstance", String.class).onStatic(name)
          : LiveMethod.of(type, "getDefaultInstance").onStatic();
    }

    private List<String> groups(Live names) {
      List<String> groups = new ArrayList<>();
      Collections.list((Enumeration<?>) names.get()).forEach(name -> groups.add((String) name));
      return groups;
    }

    @Override
    public void tellCaches(HttpServletRequest request, HttpServletResponse response) {
      if (!request.isSecure() && !request.getMethod().equalsIgnoreCase("POST")) {
        response.setHeader("Pragma", "No-cache");
        response.setHeader("Cache-Control", "no-cache");
        response.setDateHeader("Expires", 0);
      }
    }

    @Override
    public boolean makesSessionForLogin() {
      return false;
    }

    @Override
    public @Nullable String authTypeOfLogin() {
      return null;
    }
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
