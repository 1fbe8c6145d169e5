package dev.carryover.servlet.container;

import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.security.Principal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/**
 * The logins by a form of Jetty 12, ee10 and newer. The security handler lies in a chain of
 * handlers: the hook is one in front of it. While it runs, the request has a session of Jetty's
 * class whose manager is a proxy, so that no listener hears of it; what the form's authenticator
 * puts there is what has to be kept. All other ways to log in leave nothing in sessions.
 */
final class JettyLogins implements ContainerLogins {

  private static final String FORM = "org.eclipse.jetty.security.authentication.FormAuthenticator";
  private static final String AUTHENTICATED = "org.eclipse.jetty.security.UserIdentity";
  private static final String ID_IS_CHANGED = "org.eclipse.jetty.security.sessionAuthenticated";
  private static final String URI = "org.eclipse.jetty.security.form_URI";
  private static final String METHOD = "org.eclipse.jetty.security.form_METHOD";
  private static final String POST = "org.eclipse.jetty.security.form_POST";
  private static final String NO_CLASS_OF_OURS = "org.eclipse.jetty.";

  private final Live context;
  private final Live security;
  private final Live authenticator;
  private final Object identities;
  private final Requests requests;
  private final Sessions sessions;
  private final Users users;
  private final JettySavedRequest savedRequests;
  private final LiveMethod getConstraint;
  private final LiveMethod isLoginAction;

  /** The handler before the security handler, while ours is there too. */
  private @Nullable Live before;

  private @Nullable LoginHook hook;

  JettyLogins(Live context) throws ReflectiveOperationException {
    this.context = context;
    security = context.call("getSecurityHandler");
    authenticator = security.call("getAuthenticator");
    if (!context.type(FORM).isInstance(authenticator.get())) {
      throw new NoSuchMethodException("it keeps only those by FORM in sessions");
    }
    identities = security.call("getIdentityService").get();
    requests = new Requests(context);
    sessions = new Sessions(context);
    users = new Users(context, authenticator.call("getLoginService"));
    savedRequests = new JettySavedRequest(context);
    getConstraint =
        LiveMethod.declared(
            security.get().getClass(), "getConstraint", String.class, requests.type);
    isLoginAction = LiveMethod.of(authenticator.get().getClass(), "isJSecurityCheck", String.class);
  }

  // ---- the handler

  @Override
  public void around(LoginHook around) {
    try {
      Live handler = context;
      while (handler.call("getHandler").get() != security.get()) {
        handler = handler.call("getHandler");
      }
      Class<?> type = security.get().getClass();
      handler.setField(
          "_handler",
          Proxy.newProxyInstance(
              type.getClassLoader(), interfaces(type), new OwnHandler(around, security.get())));
      hook = around;
      before = handler;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Jetty's security handler can't be reached", e);
    }
  }

  private static Class<?>[] interfaces(Class<?> type) {
    Set<Class<?>> interfaces = new LinkedHashSet<>();
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      interfaces.addAll(List.of(each.getInterfaces()));
    }
    return interfaces.toArray(new Class<?>[0]);
  }

  @Override
  public void close() {
    Live handler = before;
    before = null;
    if (handler != null) {
      try {
        handler.setField("_handler", security.get());
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("Jetty's security handler can't be put back", e);
      }
    }
  }

  /** Where Jetty would have its security handler, and all that this one is but for requests. */
  private final class OwnHandler implements InvocationHandler {
    private final LoginHook around;
    private final Object next;

    private OwnHandler(LoginHook around, Object next) {
      this.around = around;
      this.next = next;
    }

    @Override
    public @Nullable Object invoke(
        Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
      if (method.getName().equals("handle") && arguments != null && arguments.length == 3) {
        return handle(method, arguments);
      }
      if (method.getName().equals("getHandlers") && arguments == null) {
        return List.of(next);
      }
      if (method.getName().equals("equals") && arguments != null) {
        return proxy == arguments[0] || next == arguments[0];
      }
      return call(method, arguments);
    }

    private @Nullable Object call(Method method, @Nullable Object @Nullable [] arguments)
        throws Throwable {
      try {
        return method.invoke(next, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause() != null ? e.getCause() : e;
      }
    }

    private @Nullable Object handle(Method method, @Nullable Object[] arguments) throws Throwable {
      Object request = Objects.requireNonNull(arguments[0]);
      Object ofServlets = requests.servletRequest(request);
      if (ofServlets == null) {
        return call(method, arguments);
      }
      Handling handling = new Handling(this, method, arguments);
      around.authenticate(
          (HttpServletRequest) requests.getApiRequest.ask(ofServlets),
          requests.apiResponse(ofServlets),
          asksForUser(request),
          handling);
      return handling.result;
    }
  }

  /** One request's way through the security handler. */
  private final class Handling implements LoginHook.Authentication {
    private final OwnHandler handler;
    private final Method method;
    private final @Nullable Object[] arguments;
    private @Nullable Object result = true;

    private Handling(OwnHandler handler, Method method, @Nullable Object[] arguments) {
      this.handler = handler;
      this.method = method;
      this.arguments = arguments;
    }

    @Override
    public void run() throws IOException, ServletException {
      try {
        result = handler.call(method, arguments);
      } catch (IOException | ServletException | RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new ServletException(e);
      }
    }

    @Override
    public void refuse(int status) {
      requests.writeError.onStatic(arguments[0], arguments[1], arguments[2], status);
    }
  }

  private boolean asksForUser(Object request) {
    String path = (String) requests.getPathInContext.onStatic(request);
    if ((Boolean) isLoginAction.ask(authenticator.get(), path)) {
      return true;
    }
    Object constraint = getConstraint.on(security.get(), path, request);
    String authorization =
        constraint == null ? "ALLOWED" : String.valueOf(requests.getAuthorization.on(constraint));
    return !authorization.equals("ALLOWED") && !authorization.equals("INHERIT");
  }

  // ---- users

  @Override
  public @Nullable Principal principal(HttpServletRequest request) {
    Object state = state(requests.info(request));
    return state == null ? null : users.principal(users.getUserIdentity.ask(state));
  }

  /** How the user of a request has logged in, if a session is to remember it. */
  private @Nullable Object state(Object ofServlets) {
    Object session = requests.getManagedSession.on(ofServlets);
    Object state =
        session == null
            ? requests.getState.onStatic(ofServlets)
            : sessions.getAttribute.on(session, AUTHENTICATED);
    return users.sessionState.isInstance(state) ? state : null;
  }

  @Override
  public LoginUser user(HttpServletRequest request, Principal principal) {
    Object state = Objects.requireNonNull(state(requests.info(request)));
    Object identity = users.getUserIdentity.ask(state);
    return new LoginUser(
        principal.getName(),
        (String) users.getAuthType.on(state),
        users.roles(identity),
        own(principal));
  }

  /** The principal if it is of a class of the application's. */
  private static @Nullable Principal own(Principal principal) {
    return principal.getClass().getName().startsWith(NO_CLASS_OF_OURS) ? null : principal;
  }

  @Override
  public void logIn(HttpServletRequest request, LoginUser user) {
    requests.setState.onStatic(requests.info(request), users.state(identities, user));
  }

  @Override
  public @Nullable LoginUser ask(String name, @Nullable String authType) {
    return users.ask(name, authType);
  }

  @Override
  public boolean isRealmAvailable() {
    return true;
  }

  // ---- the session of one authentication

  @Override
  public boolean makesSessionForLogin() {
    return true;
  }

  @Override
  public boolean findsUserFirst() {
    return false;
  }

  @Override
  public LoginDetour detour(
      HttpServletRequest request,
      byte @Nullable [] known,
      boolean hasSession,
      int maxInactiveInterval) {
    Object ofServlets = requests.info(request);
    Object state = state(ofServlets);
    Object session = sessions.create(this, request);
    sessions.setAttribute.on(session, ID_IS_CHANGED, true);
    sessions.setAttribute.on(session, AUTHENTICATED, state);
    if (known != null) {
      savedRequests.decode(
          known,
          requests.getHttpUri.ask(ofServlets),
          (name, value) -> sessions.setAttribute.on(session, name, value));
    }
    requests.setManagedSession.on(ofServlets, session);
    return new Detour(ofServlets, session, maxInactiveInterval);
  }

  private String redirects(HttpServletRequest request, String url) {
    LoginHook known = hook;
    return known == null ? url : known.redirects(request, url);
  }

  /** What Jetty's form keeps in a session. */
  private final class Detour implements LoginDetour {
    private final Object ofServlets;
    private final Object session;
    private final int maxInactiveInterval;
    private final List<@Nullable Object> before;

    private Detour(Object ofServlets, Object session, int maxInactiveInterval) {
      this.ofServlets = ofServlets;
      this.session = session;
      this.maxInactiveInterval = maxInactiveInterval;
      before = kept();
    }

    private List<@Nullable Object> kept() {
      List<@Nullable Object> kept = new ArrayList<>();
      for (String name : List.of(URI, METHOD, POST)) {
        kept.add(sessions.getAttribute.on(session, name));
      }
      return kept;
    }

    @Override
    public boolean isChanged() {
      return !kept().equals(before);
    }

    @Override
    public byte @Nullable [] state() {
      List<@Nullable Object> kept = kept();
      Object uri = kept.get(0);
      return uri == null ? null : savedRequests.encode(uri, (String) kept.get(1), kept.get(2));
    }

    @Override
    public int maxInactiveInterval() {
      return maxInactiveInterval;
    }

    @Override
    public void end() {
      requests.setManagedSession.on(ofServlets, (Object) null);
    }
  }

  // ---- Jetty's classes

  /** Requests, of the core and of servlets, and what is said of them. */
  private static final class Requests {
    private final Class<?> type;
    private final Class<?> ofServlets;
    private final LiveMethod as;
    private final LiveMethod getPathInContext;
    private final LiveMethod getHttpUri;
    private final LiveMethod writeError;
    private final LiveMethod getApiRequest;
    private final LiveMethod getResponse;
    private final LiveMethod getApiResponse;
    private final LiveMethod getInfo;
    private final LiveMethod getManagedSession;
    private final LiveMethod setManagedSession;
    private final LiveMethod getState;
    private final LiveMethod setState;
    private final LiveMethod getAuthorization;

    private Requests(Live context) throws ReflectiveOperationException {
      type = context.type("org.eclipse.jetty.server.Request");
      Class<?> handler = context.get().getClass();
      while (!handler.getSimpleName().equals("ServletContextHandler")) {
        handler = handler.getSuperclass();
      }
      String servlets = handler.getPackage().getName();
      ofServlets = context.type(servlets + ".ServletContextRequest");
      Class<?> response = context.type("org.eclipse.jetty.server.Response");
      Class<?> callback = context.type("org.eclipse.jetty.util.Callback");
      Class<?> session = context.type("org.eclipse.jetty.session.ManagedSession");
      Class<?> state = context.type("org.eclipse.jetty.security.AuthenticationState");
      as = LiveMethod.of(type, "as", type, Class.class);
      getPathInContext = LiveMethod.of(type, "getPathInContext", type);
      getHttpUri = LiveMethod.of(type, "getHttpURI");
      writeError = LiveMethod.of(response, "writeError", type, response, callback, int.class);
      getApiRequest = LiveMethod.of(ofServlets, "getServletApiRequest");
      getResponse = LiveMethod.of(ofServlets, "getServletContextResponse");
      getApiResponse =
          LiveMethod.of(
              context.type(servlets + ".ServletContextResponse"), "getServletApiResponse");
      getInfo =
          LiveMethod.of(context.type(servlets + ".ServletApiRequest"), "getServletRequestInfo");
      getManagedSession = LiveMethod.of(ofServlets, "getManagedSession");
      setManagedSession = LiveMethod.of(ofServlets, "setManagedSession", session);
      getState = LiveMethod.of(state, "getAuthenticationState", type);
      setState = LiveMethod.of(state, "setAuthenticationState", type, state);
      getAuthorization =
          LiveMethod.of(context.type("org.eclipse.jetty.security.Constraint"), "getAuthorization");
    }

    /** The request as servlets have it; null if it is none of theirs. */
    private @Nullable Object servletRequest(Object request) {
      return as.onStatic(request, ofServlets);
    }

    private HttpServletResponse apiResponse(Object ofServlets) {
      return (HttpServletResponse) getApiResponse.ask(getResponse.ask(ofServlets));
    }

    private Object info(HttpServletRequest request) {
      ServletRequest innermost = request;
      while (innermost instanceof ServletRequestWrapper) {
        innermost = ((ServletRequestWrapper) innermost).getRequest();
      }
      return getInfo.ask(innermost);
    }
  }

  /** {@code org.eclipse.jetty.session.ManagedSession}. */
  private static final class Sessions {
    private final Live context;
    private final Class<?> manager;
    private final Constructor<?> data;
    private final Constructor<?> session;
    private final LiveMethod getManager;
    private final LiveMethod setResident;
    private final LiveMethod getAttribute;
    private final LiveMethod setAttribute;

    private Sessions(Live context) throws ReflectiveOperationException {
      manager = context.type("org.eclipse.jetty.session.SessionManager");
      Class<?> dataType = context.type("org.eclipse.jetty.session.SessionData");
      Class<?> type = context.type("org.eclipse.jetty.session.ManagedSession");
      data =
          dataType.getConstructor(
              String.class,
              String.class,
              String.class,
              long.class,
              long.class,
              long.class,
              long.class);
      session = type.getConstructor(manager, dataType);
      getManager = LiveMethod.of(context.get().getClass(), "getSessionHandler");
      setResident = LiveMethod.of(type, "setResident", boolean.class);
      getAttribute = LiveMethod.of(type, "getAttribute", String.class);
      setAttribute = LiveMethod.of(type, "setAttribute", String.class, Object.class);
      this.context = context;
    }

    private Object create(JettyLogins owner, HttpServletRequest request) {
      long now = System.currentTimeMillis();
      try {
        Object record = data.newInstance(UUID.randomUUID().toString(), "", "", now, now, now, -1L);
        Object created = session.newInstance(silent(owner, request), record);
        setResident.on(created, true);
        return created;
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("Jetty's session can't be made", e);
      }
    }

    /** The context's manager, but that it tells nobody, and us of redirects. */
    private Object silent(JettyLogins owner, HttpServletRequest request) {
      Object real = getManager.ask(context.get());
      InvocationHandler handler =
          (proxy, method, arguments) -> {
            if (method.getName().equals("encodeURI") && arguments != null) {
              return owner.redirects(request, (String) arguments[1]);
            }
            if (method.getName().startsWith("onSession")) {
              return null;
            }
            try {
              return method.invoke(real, arguments);
            } catch (InvocationTargetException e) {
              throw e.getCause() != null ? e.getCause() : e;
            }
          };
      return Proxy.newProxyInstance(manager.getClassLoader(), new Class<?>[] {manager}, handler);
    }
  }

  /** Users, and how they are remembered. */
  private static final class Users {
    private final Class<?> sessionState;
    private final Constructor<?> newState;
    private final LiveMethod getUserIdentity;
    private final LiveMethod getAuthType;
    private final LiveMethod getUserPrincipal;
    private final LiveMethod newIdentity;
    private final Constructor<?> newPrincipal;
    private final Live service;
    private final @Nullable LiveMethod loadUser;
    private final @Nullable LiveMethod loadRoles;

    private Users(Live context, Live service) throws ReflectiveOperationException {
      this.service = service;
      Class<?> identity = context.type("org.eclipse.jetty.security.UserIdentity");
      sessionState =
          context.type("org.eclipse.jetty.security.authentication.SessionAuthentication");
      newState = sessionState.getConstructor(String.class, identity, Object.class);
      getUserIdentity = LiveMethod.of(sessionState, "getUserIdentity");
      getAuthType = LiveMethod.of(sessionState, "getAuthenticationType");
      getUserPrincipal = LiveMethod.of(identity, "getUserPrincipal");
      newIdentity =
          LiveMethod.of(
              context.type("org.eclipse.jetty.security.IdentityService"),
              "newUserIdentity",
              Subject.class,
              Principal.class,
              String[].class);
      Class<?> principal = context.type("org.eclipse.jetty.security.UserPrincipal");
      newPrincipal =
          principal.getConstructor(
              String.class, context.type("org.eclipse.jetty.util.security.Credential"));
      boolean tells =
          context.type("org.eclipse.jetty.security.AbstractLoginService").isInstance(service.get());
      Class<?> type = service.get().getClass();
      loadUser = tells ? LiveMethod.declared(type, "loadUserInfo", String.class) : null;
      loadRoles = tells ? LiveMethod.declared(type, "loadRoleInfo", principal) : null;
    }

    private Principal principal(Object identity) {
      return (Principal) getUserPrincipal.ask(identity);
    }

    private List<String> roles(Object identity) {
      try {
        return List.of((String[]) Live.of(identity).field("_roles").get());
      } catch (ReflectiveOperationException e) {
        return List.of();
      }
    }

    private Object state(Object identities, LoginUser user) {
      try {
        Principal own = user.own();
        Object principal = own == null ? newPrincipal.newInstance(user.name(), null) : own;
        Subject subject = new Subject();
        subject.getPrincipals().add((Principal) principal);
        String[] roles = user.roles().toArray(new String[0]);
        Object identity = newIdentity.ask(identities, subject, principal, roles);
        return newState.newInstance(user.authType(), identity, null);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("Jetty's user can't be made", e);
      }
    }

    private @Nullable LoginUser ask(String name, @Nullable String authType) {
      LiveMethod user = loadUser;
      LiveMethod roles = loadRoles;
      Object principal = user == null ? null : user.on(service.get(), name);
      if (principal == null || roles == null) {
        return null;
      }
      List<String> names = new ArrayList<>();
      Object found = roles.on(service.get(), principal);
      if (found != null) {
        ((List<?>) found).forEach(role -> names.add(((Principal) role).getName()));
      }
      return new LoginUser(name, authType, names, own((Principal) principal));
    }
  }
}
