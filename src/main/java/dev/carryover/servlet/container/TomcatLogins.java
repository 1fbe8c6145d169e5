package dev.carryover.servlet.container;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.security.Principal;
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
  private final TomcatRequests requests;
  private final TomcatSessions sessions;
  private final TomcatConstraints constraints;
  private final TomcatUsers users;
  private @Nullable Object ownValve;
  private boolean changedIds;

  TomcatLogins(Live context) throws ReflectiveOperationException {
    this.context = context;
    authenticator = context.call("getAuthenticator").get();
    isForm = Containers.isForm(() -> context.call("getLoginConfig").callNullable("getAuthMethod"));
    savedRequests = new TomcatSavedRequest(context);
    requests = new TomcatRequests(context);
    sessions = new TomcatSessions(context);
    constraints = new TomcatConstraints(context);
    users = new TomcatUsers(context);
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

  /** Whether the authenticator keeps logins in sessions: with {@code cache="false"} it must not. */
  static boolean areKept(Live context) throws ReflectiveOperationException {
    return (Boolean) context.call("getAuthenticator").call("getCache").get();
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
        LiveMethod.passRequest(method, next, arguments);
        return;
      }
      LoginHook.Authentication authentication =
          new LoginHook.Authentication() {
            @Override
            public void run() throws IOException, ServletException {
              LiveMethod.passRequest(method, next, arguments);
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
    return users.ask(name, authType);
  }

  @Override
  public boolean isRealmAvailable() {
    return users.isRealmAvailable();
  }

  @Override
  public boolean hasPutOff(HttpServletRequest request) {
    return false;
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
}
