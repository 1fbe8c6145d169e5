package dev.carryover.servlet.container;

import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.security.Principal;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's logins. Its authenticators are valves of the context's pipeline: the hook is a valve in
 * front of them. They take a user whom the request has already for logged in, and look for all else
 * in the notes of the request's session. So a request gets its user before, and where the
 * authenticator needs a session, one that ends with the authentication.
 */
final class TomcatLogins implements ContainerLogins {

  private static final String REQUEST_NOTE = "org.apache.catalina.authenticator.REQUEST";
  private static final String LOGIN_ACTION = "/j_security_check";

  private final Live context;
  private final Object authenticator;
  private final boolean isForm;
  private final TomcatSavedRequest savedRequests;
  private final Requests requests;
  private final Sessions sessions;
  private final Constraints constraints;
  private final UserClass users;
  private @Nullable Object ownValve;
  private boolean changedIds;

  TomcatLogins(Live context) throws ReflectiveOperationException {
    this.context = context;
    authenticator = context.call("getAuthenticator").get();
    isForm = Containers.isForm(() -> context.call("getLoginConfig").callNullable("getAuthMethod"));
    savedRequests = new TomcatSavedRequest(context);
    requests = new Requests(context);
    sessions = new Sessions(context);
    constraints = new Constraints(context);
    users = new UserClass(context);
  }

  /** Whether a valve of the host or the engine keeps logins for several web applications. */
  static boolean isSingleSignOn(Live context) throws ReflectiveOperationException {
    Class<?> type = context.type("org.apache.catalina.authenticator.SingleSignOn");
    for (Live parent :
        List.of(context.call("getParent"), context.call("getParent").call("getParent"))) {
      for (Object valve : parent.call("getPipeline").call("getValves").elements()) {
        if (type.isInstance(valve)) {
          return true;
        }
      }
    }
    return false;
  }

  // ---- the valve

  @Override
  public void around(LoginHook hook) {
    try {
      Class<?> valve = context.type("org.apache.catalina.Valve");
      ownValve =
          Proxy.newProxyInstance(
              valve.getClassLoader(), new Class<?>[] {valve}, new OwnValve(hook, authenticator));
      Live live = Live.of(authenticator);
      changedIds = (Boolean) live.call("getChangeSessionIdOnAuthentication").get();
      link(authenticator, ownValve);
      // Ours changes its id. The container's session of one request has none that anyone knows.
      live.call("setChangeSessionIdOnAuthentication", boolean.class, false);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Tomcat's authenticator can't be reached", e);
    }
  }

  @Override
  public void close() {
    Object valve = ownValve;
    if (valve == null) {
      return;
    }
    ownValve = null;
    try {
      link(valve, authenticator);
      Live.of(authenticator).call("setChangeSessionIdOnAuthentication", boolean.class, changedIds);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Tomcat's authenticator can't be put back", e);
    }
  }

  /** Puts a valve into a pipeline where another one is. */
  private void link(Object old, Object valve) throws ReflectiveOperationException {
    Live pipeline = context.call("getPipeline");
    Class<?> type = context.type("org.apache.catalina.Valve");
    Live before = null;
    for (Object each : pipeline.call("getValves").elements()) {
      if (each == old) {
        if (before == null) {
          pipeline.setField("first", valve);
        } else {
          before.call("setNext", type, valve);
        }
        return;
      }
      before = Live.of(each);
    }
    throw new NoSuchFieldException("The pipeline has no such valve");
  }

  /** Where Tomcat would have its authenticator. */
  private final class OwnValve implements InvocationHandler {
    private final LoginHook hook;
    private volatile Object next;

    private OwnValve(LoginHook hook, Object next) {
      this.hook = hook;
      this.next = next;
    }

    @Override
    public @Nullable Object invoke(
        Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
      switch (method.getName()) {
        case "invoke":
          passOn(method, arguments);
          return null;
        case "getNext":
          return next;
        case "setNext":
          next = argument(arguments, 0);
          return null;
        case "isAsyncSupported":
          return true;
        case "equals":
          return proxy == argument(arguments, 0);
        case "hashCode":
          return System.identityHashCode(proxy);
        case "toString":
          return "Carryover's valve";
        default:
          return null;
      }
    }

    private void passOn(Method method, @Nullable Object @Nullable [] arguments)
        throws IOException, ServletException {
      Object request = argument(arguments, 0);
      HttpServletResponse response = (HttpServletResponse) argument(arguments, 1);
      if ((Boolean) requests.isAsync.ask(request)) {
        runNext(method, arguments);
        return;
      }
      LoginHook.Authentication authentication =
          new LoginHook.Authentication() {
            @Override
            public void run() throws IOException, ServletException {
              runNext(method, arguments);
            }

            @Override
            public void refuse(int status) throws IOException {
              response.sendError(status);
            }
          };
      hook.authenticate(
          (HttpServletRequest) requests.getRequest.ask(request),
          response,
          asksForUser(request),
          authentication);
    }

    private void runNext(Method method, @Nullable Object @Nullable [] arguments)
        throws IOException, ServletException {
      try {
        method.invoke(next, arguments);
      } catch (InvocationTargetException e) {
        Throwable cause = e.getCause();
        if (cause instanceof IOException) {
          throw (IOException) cause;
        }
        if (cause instanceof ServletException) {
          throw (ServletException) cause;
        }
        if (cause instanceof RuntimeException) {
          throw (RuntimeException) cause;
        }
        if (cause instanceof Error) {
          throw (Error) cause;
        }
        throw new ServletException(e);
      } catch (IllegalAccessException e) {
        throw new ServletException(e);
      }
    }
  }

  private static Object argument(@Nullable Object @Nullable [] arguments, int index) {
    Object argument = arguments == null ? null : arguments[index];
    if (argument == null) {
      throw new IllegalArgumentException("A valve needs what it is called with");
    }
    return argument;
  }

  private boolean asksForUser(Object request) {
    String uri = (String) requests.getDecodedUri.on(request);
    return (isForm && uri != null && uri.endsWith(LOGIN_ACTION))
        || constraints.apply(request, isForm);
  }

  // ---- users

  @Override
  public @Nullable Principal principal(HttpServletRequest request) {
    return (Principal) requests.getPrincipal.on(requests.behind(request));
  }

  @Override
  public LoginUser user(HttpServletRequest request, Principal principal) {
    String authType = (String) requests.getAuthType.on(requests.behind(request));
    return users.user(principal, authType);
  }

  @Override
  public void logIn(HttpServletRequest request, LoginUser user) {
    Object own = requests.behind(request);
    requests.setUserPrincipal.on(own, users.principal(user));
    requests.setAuthType.on(own, user.authType());
  }

  @Override
  public @Nullable LoginUser ask(String name, @Nullable String authType) {
    Object principal = users.authenticate.on(constraints.realm(), name);
    return principal == null ? null : users.user((Principal) principal, authType);
  }

  @Override
  public boolean isRealmAvailable() {
    Live realm = Live.of(constraints.realm());
    try {
      return !realm.has("isAvailable") || (Boolean) realm.call("isAvailable").get();
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  // ---- the session of one authentication

  @Override
  public boolean makesSessionForLogin() {
    return false;
  }

  @Override
  public boolean findsUserFirst() {
    return true;
  }

  @Override
  public @Nullable LoginDetour detour(
      HttpServletRequest request,
      byte @Nullable [] known,
      boolean hasSession,
      int maxInactiveInterval) {
    Object own = requests.behind(request);
    boolean isDone = known == null && requests.getPrincipal.on(own) != null;
    if (isDone || (!isForm && !alwaysUsesSession())) {
      return null;
    }
    String uri = (String) requests.getDecodedUri.on(own);
    Detour detour = new Detour(own, maxInactiveInterval);
    // A login that no login page came before is an error of its own, as one without a session is.
    if (known != null || uri == null || !uri.endsWith(LOGIN_ACTION)) {
      detour.begin(!hasSession, known == null ? null : savedRequests.decode(known));
    }
    return detour;
  }

  private boolean alwaysUsesSession() {
    try {
      return (Boolean) Live.of(authenticator).call("getAlwaysUseSession").get();
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  /** A session that Tomcat's manager finds while the authenticator runs. */
  private final class Detour implements LoginDetour {
    private final Object request;
    private final int intervalBefore;
    private final @Nullable Object idBefore;
    private final boolean idWasCookie;
    private final boolean idWasInUrl;
    private @Nullable Object savedBefore;

    private Detour(Object request, int maxInactiveInterval) {
      this.request = request;
      intervalBefore = maxInactiveInterval;
      idBefore = requests.getRequestedSessionId.on(request);
      idWasCookie = (Boolean) requests.isIdFromCookie.ask(request);
      idWasInUrl = (Boolean) requests.isIdFromUrl.ask(request);
    }

    private void begin(boolean isNew, @Nullable Object saved) {
      savedBefore = saved;
      String id = UUID.randomUUID().toString();
      Object session = sessions.create(id, isNew, intervalBefore);
      if (saved != null) {
        sessions.setNote.on(session, REQUEST_NOTE, saved);
      }
      sessions.setPrincipal.on(session, requests.getPrincipal.on(request));
      sessions.setAuthType.on(session, requests.getAuthType.on(request));
      requests.setRequestedId(request, id, true, false);
    }

    private @Nullable Object session() {
      return requests.getSession.on(request, false);
    }

    private @Nullable Object saved() {
      Object session = session();
      return session == null ? null : sessions.getNote.on(session, REQUEST_NOTE);
    }

    @Override
    public boolean isChanged() {
      return saved() != savedBefore;
    }

    @Override
    public byte @Nullable [] state() {
      Object saved = saved();
      return saved == null ? null : savedRequests.encode(saved);
    }

    @Override
    public int maxInactiveInterval() {
      Object session = session();
      return session == null
          ? intervalBefore
          : (Integer) sessions.getMaxInactiveInterval.ask(session);
    }

    @Override
    public void end() {
      Object session = session();
      if (session != null) {
        sessions.remove(session);
      }
      requests.setRequestedId(request, idBefore, idWasCookie, idWasInUrl);
    }
  }

  // ---- Tomcat's classes

  /** {@code org.apache.catalina.connector.Request}. */
  private static final class Requests {
    private final Class<?> type;
    private final LiveMethod isAsync;
    private final LiveMethod getRequest;
    private final LiveMethod getDecodedUri;
    private final LiveMethod getPrincipal;
    private final LiveMethod getAuthType;
    private final LiveMethod setUserPrincipal;
    private final LiveMethod setAuthType;
    private final LiveMethod getSession;
    private final LiveMethod getRequestedSessionId;
    private final LiveMethod isIdFromCookie;
    private final LiveMethod isIdFromUrl;
    private final LiveMethod setRequestedSessionId;
    private final LiveMethod setIdFromCookie;
    private final LiveMethod setIdFromUrl;
    private final Field behindFacade;

    private Requests(Live context) throws ReflectiveOperationException {
      type = context.type("org.apache.catalina.connector.Request");
      isAsync = LiveMethod.of(type, "isAsync");
      getRequest = LiveMethod.of(type, "getRequest");
      getDecodedUri = LiveMethod.of(type, "getDecodedRequestURI");
      getPrincipal = LiveMethod.of(type, "getPrincipal");
      getAuthType = LiveMethod.of(type, "getAuthType");
      setUserPrincipal = LiveMethod.of(type, "setUserPrincipal", Principal.class);
      setAuthType = LiveMethod.of(type, "setAuthType", String.class);
      getSession = LiveMethod.of(type, "getSessionInternal", boolean.class);
      getRequestedSessionId = LiveMethod.of(type, "getRequestedSessionId");
      isIdFromCookie = LiveMethod.of(type, "isRequestedSessionIdFromCookie");
      isIdFromUrl = LiveMethod.of(type, "isRequestedSessionIdFromURL");
      setRequestedSessionId = LiveMethod.of(type, "setRequestedSessionId", String.class);
      setIdFromCookie = LiveMethod.of(type, "setRequestedSessionCookie", boolean.class);
      setIdFromUrl = LiveMethod.of(type, "setRequestedSessionURL", boolean.class);
      behindFacade =
          context.type("org.apache.catalina.connector.RequestFacade").getDeclaredField("request");
      behindFacade.setAccessible(true);
    }

    private void setRequestedId(Object request, @Nullable Object id, boolean cookie, boolean url) {
      setRequestedSessionId.on(request, id);
      setIdFromCookie.on(request, cookie);
      setIdFromUrl.on(request, url);
    }

    private Object behind(HttpServletRequest request) {
      ServletRequest innermost = Containers.innermost(request);
      try {
        return type.isInstance(innermost) ? innermost : behindFacade.get(innermost);
      } catch (IllegalAccessException e) {
        throw new IllegalStateException("Tomcat's request is out of reach", e);
      }
    }
  }

  /** The context's manager, and {@code org.apache.catalina.Session}. */
  private static final class Sessions {
    private final Live context;
    private final LiveMethod getManager;
    private final LiveMethod createEmptySession;
    private final LiveMethod remove;
    private final LiveMethod setValid;
    private final LiveMethod setNew;
    private final LiveMethod setCreationTime;
    private final LiveMethod setId;
    private final LiveMethod setPrincipal;
    private final LiveMethod setAuthType;
    private final LiveMethod getNote;
    private final LiveMethod setNote;
    private final LiveMethod getMaxInactiveInterval;
    private final LiveMethod setMaxInactiveInterval;

    private Sessions(Live context) throws ReflectiveOperationException {
      this.context = context;
      Class<?> session = context.type("org.apache.catalina.Session");
      Class<?> manager = context.type("org.apache.catalina.Manager");
      getManager = LiveMethod.of(context.get().getClass(), "getManager");
      createEmptySession = LiveMethod.of(manager, "createEmptySession");
      remove = LiveMethod.of(manager, "remove", session, boolean.class);
      setValid = LiveMethod.of(session, "setValid", boolean.class);
      setNew = LiveMethod.of(session, "setNew", boolean.class);
      setCreationTime = LiveMethod.of(session, "setCreationTime", long.class);
      setId = LiveMethod.of(session, "setId", String.class, boolean.class);
      setPrincipal = LiveMethod.of(session, "setPrincipal", Principal.class);
      setAuthType = LiveMethod.of(session, "setAuthType", String.class);
      getNote = LiveMethod.of(session, "getNote", String.class);
      setNote = LiveMethod.of(session, "setNote", String.class, Object.class);
      getMaxInactiveInterval = LiveMethod.of(session, "getMaxInactiveInterval");
      setMaxInactiveInterval = LiveMethod.of(session, "setMaxInactiveInterval", int.class);
    }

    /** As the manager's {@code createSession}, but that no listener is told. */
    private Object create(String id, boolean isNew, int maxInactiveInterval) {
      Object session = createEmptySession.ask(getManager.ask(context.get()));
      setNew.on(session, isNew);
      setValid.on(session, true);
      setCreationTime.on(session, System.currentTimeMillis());
      setMaxInactiveInterval.on(session, maxInactiveInterval);
      setId.on(session, id, false);
      return session;
    }

    /** As if it had never been. */
    private void remove(Object session) {
      remove.on(getManager.ask(context.get()), session, false);
      setValid.on(session, false);
    }
  }

  /** What the application's {@code <security-constraint>}s say of requests. */
  private static final class Constraints {
    private final Live context;
    private final LiveMethod getRealm;
    private final LiveMethod findConstraints;
    private final LiveMethod findForRequest;
    private final LiveMethod getAuthConstraint;
    private final LiveMethod findCollections;
    private final LiveMethod findMethods;
    private final LiveMethod findOmittedMethods;
    private final boolean preemptive;
    private volatile ByMethod last = new ByMethod(new Object[0], false);

    private Constraints(Live context) throws ReflectiveOperationException {
      this.context = context;
      Class<?> type = context.get().getClass();
      Class<?> constraint =
          context.type("org.apache.tomcat.util.descriptor.web.SecurityConstraint");
      Class<?> collection =
          context.type("org.apache.tomcat.util.descriptor.web.SecurityCollection");
      getRealm = LiveMethod.of(type, "getRealm");
      findConstraints = LiveMethod.of(type, "findConstraints");
      findForRequest =
          LiveMethod.of(
              context.type("org.apache.catalina.Realm"),
              "findSecurityConstraints",
              context.type("org.apache.catalina.connector.Request"),
              context.type("org.apache.catalina.Context"));
      getAuthConstraint = LiveMethod.of(constraint, "getAuthConstraint");
      findCollections = LiveMethod.of(constraint, "findCollections");
      findMethods = LiveMethod.of(collection, "findMethods");
      findOmittedMethods = LiveMethod.of(collection, "findOmittedMethods");
      preemptive = (Boolean) context.call("getPreemptiveAuthentication").get();
    }

    private Object realm() {
      return getRealm.ask(context.get());
    }

    /**
     * Whether the authenticator looks for the user.
     *
     * @param continues whether it may do so for the sake of an earlier request of another method
     */
    private boolean apply(Object request, boolean continues) {
      if (preemptive || (continues && areByMethod())) {
        return true;
      }
      Object found = findForRequest.on(realm(), request, context.get());
      return found != null
          && Arrays.stream((Object[]) found)
              .anyMatch(constraint -> (Boolean) getAuthConstraint.ask(constraint));
    }

    /**
     * Whether any is for some methods only. Servlets may bring constraints when they are loaded.
     */
    private boolean areByMethod() {
      Object[] all = (Object[]) findConstraints.ask(context.get());
      ByMethod known = last;
      if (known.all != all) {
        known = new ByMethod(all, Arrays.stream(all).anyMatch(this::isByMethod));
        last = known;
      }
      return known.any;
    }

    private boolean isByMethod(Object constraint) {
      return Arrays.stream((Object[]) findCollections.ask(constraint))
          .anyMatch(
              collection ->
                  ((String[]) findMethods.ask(collection)).length > 0
                      || ((String[]) findOmittedMethods.ask(collection)).length > 0);
    }
  }

  /** What was found out of a list of constraints. */
  private static final class ByMethod {
    private final Object[] all;
    private final boolean any;

    private ByMethod(Object[] all, boolean any) {
      this.all = all;
      this.any = any;
    }
  }

  /** {@code org.apache.catalina.realm.GenericPrincipal}. */
  private static final class UserClass {
    private final Class<?> type;
    private final LiveMethod authenticate;
    private final LiveMethod getRoles;
    private final LiveMethod getUserPrincipal;
    private final Constructor<?> constructor;

    /** Tomcat up to 10.0 wants a password too. */
    private final boolean wantsPassword;

    private UserClass(Live context) throws ReflectiveOperationException {
      type = context.type("org.apache.catalina.realm.GenericPrincipal");
      authenticate =
          LiveMethod.of(context.type("org.apache.catalina.Realm"), "authenticate", String.class);
      getRoles = LiveMethod.of(type, "getRoles");
      getUserPrincipal = LiveMethod.of(type, "getUserPrincipal");
      Class<?>[] withPassword = {String.class, String.class, List.class, Principal.class};
      Class<?>[] without = {String.class, List.class, Principal.class};
      wantsPassword =
          Arrays.stream(type.getConstructors())
              .noneMatch(known -> Arrays.equals(known.getParameterTypes(), without));
      constructor = type.getConstructor(wantsPassword ? withPassword : without);
    }

    private LoginUser user(Principal principal, @Nullable String authType) {
      if (!type.isInstance(principal)) {
        return new LoginUser(principal.getName(), authType, List.of(), principal);
      }
      Principal shown = (Principal) getUserPrincipal.ask(principal);
      return new LoginUser(
          principal.getName(),
          authType,
          List.of((String[]) getRoles.ask(principal)),
          shown == principal ? null : shown);
    }

    private Object principal(LoginUser user) {
      try {
        return wantsPassword
            ? constructor.newInstance(user.name(), null, user.roles(), user.own())
            : constructor.newInstance(user.name(), user.roles(), user.own());
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("Tomcat's principal can't be made", e);
      }
    }
  }
}
