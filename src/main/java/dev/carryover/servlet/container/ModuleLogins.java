package dev.carryover.servlet.container;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logins of containers that have modules for them ({@code jakarta.security.auth.message}): one of
 * ours is registered for this web application. It speaks FORM or BASIC in place of the container,
 * whose realm it asks; so nothing of a login is kept in the container.
 *
 * <p>The container asks the module before filters run, with each request. Whatever goes wrong there
 * leaves a request without a user, and the container then decides as it does about strangers.
 */
final class ModuleLogins implements ContainerLogins {

  private static final Logger log = LoggerFactory.getLogger(ModuleLogins.class);

  /** What this thread's request is in the middle of; empty between requests. */
  private static final ThreadLocal<LoginExchange> EXCHANGES = new ThreadLocal<>();

  private static final ThreadLocal<Attempt> ATTEMPTS = new ThreadLocal<>();

  private final ServletContext context;
  private final LoginMethod method;
  private final Traits traits;
  private @Nullable LoginHook hook;
  private @Nullable Runnable removal;

  /** Whether this container asks the module at all. */
  private volatile boolean isAsked;

  private ModuleLogins(ServletContext context, LoginMethod method, Traits traits) {
    this.context = context;
    this.method = method;
    this.traits = traits;
  }

  /**
   * The logins of a web application; null if it has others than by FORM or BASIC, or the container
   * no modules, or one that speaks for this application already.
   */
  static @Nullable ContainerLogins of(ServletContext context, LoginConfig config, Traits traits) {
    LoginMethod method = null;
    if (config.isForm()) {
      method = traits.form(config);
    } else if (config.isBasic()) {
      method = traits.basic(config.realmName());
    }
    try {
      if (method == null) {
        return null;
      }
      if (!LoginModule.isFree(context)) {
        log.info("Logins stay with a module for them that there is already");
        return null;
      }
    } catch (LinkageError | RuntimeException e) {
      log.info(
          "Logins stay with the container, which has no modules for them as they are known here: {}",
          e.toString());
      return null;
    }
    return new ModuleLogins(context, method, traits);
  }

  // ---- the module

  @Override
  public void around(LoginHook around) {
    hook = around;
    removal = LoginModule.register(context, this);
  }

  @Override
  public void close() {
    Runnable known = removal;
    removal = null;
    if (known != null) {
      known.run();
    }
  }

  /**
   * The container asks who the user of a request is.
   *
   * @return whether the request goes on; else it is answered
   */
  boolean goesOn(
      HttpServletRequest request,
      HttpServletResponse response,
      boolean isMandatory,
      LoginExchange.Realm realm)
      throws IOException, ServletException {
    isAsked = true;
    LoginHook known = hook;
    Attempt attempt = ATTEMPTS.get();
    if (attempt != null) {
      return attempt.succeeds(realm, method.name());
    }
    if (known == null) {
      return true;
    }
    LoginExchange exchange =
        new LoginExchange(request, response, isMandatory, method, realm, known);
    LoginExchange outer = EXCHANGES.get();
    EXCHANGES.set(exchange);
    try {
      known.decide(request, response, isMandatory, new Decision(exchange));
      if (!exchange.isAnswered() && (isMandatory || exchange.user() != null)) {
        traits.tellCaches(request, response);
      }
      return !exchange.isAnswered();
    } finally {
      if (outer == null) {
        EXCHANGES.remove();
      } else {
        EXCHANGES.set(outer);
      }
    }
  }

  /**
   * What the exchange decides. The login or error page is the application's, which may log somebody
   * in: whom the container has counts there, not whom the exchange has found.
   */
  private static final class Decision implements LoginHook.Decision {
    private final LoginExchange exchange;

    private Decision(LoginExchange exchange) {
      this.exchange = exchange;
    }

    @Override
    public void find() throws IOException {
      exchange.find();
    }

    @Override
    public boolean goesOn() {
      return exchange.goesOn();
    }

    @Override
    public void answer() throws IOException, ServletException {
      EXCHANGES.remove();
      exchange.answer();
    }

    @Override
    public void refuse(int status) throws IOException {
      exchange.refuse(status);
    }
  }

  // ---- users

  @Override
  public @Nullable Principal principal(HttpServletRequest request) {
    LoginExchange exchange = EXCHANGES.get();
    return exchange != null ? exchange.principal() : request.getUserPrincipal();
  }

  @Override
  public LoginUser user(HttpServletRequest request, Principal principal) {
    LoginExchange exchange = EXCHANGES.get();
    LoginUser known = exchange == null ? null : exchange.user();
    if (known != null) {
      return known;
    }
    List<String> groups = traits.groupsOf(principal.getName());
    return new LoginUser(
        principal.getName(), request.getAuthType(), groups == null ? List.of() : groups, null);
  }

  @Override
  public void logIn(HttpServletRequest request, LoginUser user) {
    LoginExchange exchange = EXCHANGES.get();
    if (exchange != null && !exchange.establish(user)) {
      log.debug("The container's realm does not know the user of a session");
    }
  }

  @Override
  public @Nullable LoginUser ask(String name, @Nullable String authType) {
    LoginExchange exchange = EXCHANGES.get();
    List<String> groups = null;
    if (!traits.refusesStrangers()) {
      groups = traits.groupsOf(name);
    } else if (exchange == null) {
      throw new IllegalStateException("The container's realm can be asked through its module only");
    } else if (exchange.knows(name)) {
      groups = List.of();
    }
    return groups == null ? null : new LoginUser(name, authType, groups, null);
  }

  @Override
  public boolean isRealmAvailable() {
    return true;
  }

  @Override
  public boolean hasPutOff(HttpServletRequest request) {
    return false;
  }

  @Override
  public boolean makesSessionForLogin() {
    return traits.makesSessionForLogin();
  }

  @Override
  public boolean findsUserFirst() {
    return true;
  }

  /** The container refuses it where there is a module: the module does it, asked once more. */
  @Override
  public @Nullable LoginUser logIn(
      HttpServletRequest request, HttpServletResponse response, String name, String password)
      throws ServletException {
    if (!isAsked) {
      return null;
    }
    if (request.getUserPrincipal() != null) {
      throw new ServletException("The user has logged in already");
    }
    Attempt attempt = new Attempt(name, password, traits.authTypeOfLogin());
    ATTEMPTS.set(attempt);
    try {
      request.authenticate(response);
    } catch (IOException | ServletException e) {
      log.debug("The container was not content with a login: {}", e.toString());
    } finally {
      ATTEMPTS.remove();
    }
    LoginUser user = attempt.user;
    if (user == null) {
      throw new ServletException("Login failed");
    }
    return user;
  }

  // ---- what is kept during a login

  @Override
  public @Nullable LoginDetour detour(
      HttpServletRequest request,
      byte @Nullable [] known,
      boolean hasSession,
      int maxInactiveInterval) {
    LoginExchange exchange = EXCHANGES.get();
    if (exchange != null && !method.hasDetour()) {
      return null;
    }
    if (exchange != null) {
      exchange.page(known == null ? null : SavedPage.decode(known));
    }
    return new Detour(exchange, maxInactiveInterval);
  }

  /** The page that was asked for first. */
  private static final class Detour implements LoginDetour {
    private final @Nullable LoginExchange exchange;
    private final @Nullable SavedPage before;
    private final int maxInactiveInterval;

    private Detour(@Nullable LoginExchange exchange, int maxInactiveInterval) {
      this.exchange = exchange;
      this.maxInactiveInterval = maxInactiveInterval;
      before = page();
    }

    private @Nullable SavedPage page() {
      return exchange == null ? null : exchange.page();
    }

    @Override
    public boolean isChanged() {
      return page() != before;
    }

    @Override
    public byte @Nullable [] state() {
      SavedPage page = page();
      return page == null ? null : page.encode();
    }

    @Override
    public int maxInactiveInterval() {
      return maxInactiveInterval;
    }

    @Override
    public void end() {}
  }

  /** The application logs somebody in. */
  private static final class Attempt {
    private final String name;
    private final String password;
    private final @Nullable String authType;
    private @Nullable LoginUser user;

    private Attempt(String name, String password, @Nullable String authType) {
      this.name = name;
      this.password = password;
      this.authType = authType;
    }

    private boolean succeeds(LoginExchange.Realm realm, String method) {
      LoginUser found = realm.check(name, password, authType == null ? method : authType);
      user = found != null && realm.establish(found) ? found : null;
      return user != null;
    }

    /** Tells nothing. */
    @Override
    public String toString() {
      return "Attempt";
    }
  }

  /** What containers with modules differ in. */
  interface Traits {

    /** This container's FORM. */
    FormLogin form(LoginConfig config);

    /** This container's BASIC. */
    BasicLogin basic(String realmName);

    /**
     * Whether its realm is asked whenever a user is established, and refuses whom it does not know;
     * the roles are the realm's then.
     */
    boolean refusesStrangers();

    /** Those of a user; null if the realm does not know him, or can't tell without a password. */
    @Nullable List<String> groupsOf(String user);

    /**
     * Tells caches on the way to keep nothing of a user's page, as the container's own
     * authenticators do, where it leaves that to them.
     */
    void tellCaches(HttpServletRequest request, HttpServletResponse response);

    /** See {@link ContainerLogins#makesSessionForLogin}. */
    boolean makesSessionForLogin();

    /** What {@code getAuthType} says after {@code request.login}; null for the method. */
    @Nullable String authTypeOfLogin();
  }
}
