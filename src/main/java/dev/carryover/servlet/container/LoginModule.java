package dev.carryover.servlet.container;

import jakarta.security.auth.message.AuthException;
import jakarta.security.auth.message.AuthStatus;
import jakarta.security.auth.message.MessageInfo;
import jakarta.security.auth.message.callback.CallerPrincipalCallback;
import jakarta.security.auth.message.callback.GroupPrincipalCallback;
import jakarta.security.auth.message.callback.PasswordValidationCallback;
import jakarta.security.auth.message.config.AuthConfigFactory;
import jakarta.security.auth.message.config.AuthConfigProvider;
import jakarta.security.auth.message.config.ClientAuthConfig;
import jakarta.security.auth.message.config.ServerAuthConfig;
import jakarta.security.auth.message.config.ServerAuthContext;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.UnsupportedCallbackException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our module as Jakarta Authentication wants it, the one class that knows that API: not to be
 * touched where there is none. Thread-safe.
 */
final class LoginModule implements ServerAuthContext {

  private static final Logger log = LoggerFactory.getLogger(LoginModule.class);
  private static final String LAYER = "HttpServlet";
  private static final String MANDATORY = "jakarta.security.auth.message.MessagePolicy.isMandatory";
  private static final String AWAY = "RealmUnavailableException";
  private static final int MOST_CAUSES = 50;
  private static final String AUTH_TYPE = "jakarta.servlet.http.authType";

  private final ModuleLogins logins;
  private final CallbackHandler handler;

  private LoginModule(ModuleLogins logins, CallbackHandler handler) {
    this.logins = logins;
    this.handler = handler;
  }

  /** Whether nobody speaks for the web application yet: its own module, or the operator's. */
  static boolean isFree(ServletContext context) {
    AuthConfigFactory factory = AuthConfigFactory.getFactory();
    return factory != null && factory.getConfigProvider(LAYER, name(context), null) == null;
  }

  /** Registers it for one web application; what is returned takes it away again. */
  static Runnable register(ServletContext context, ModuleLogins logins) {
    AuthConfigFactory factory = AuthConfigFactory.getFactory();
    String id =
        factory.registerConfigProvider(
            new Provider(logins), LAYER, name(context), "Carryover carries logins");
    return () -> {
      if (!factory.removeRegistration(id)) {
        log.debug("The module of {} was not registered any more", name(context));
      }
    };
  }

  /** How the specification's Servlet profile names a web application. */
  private static String name(ServletContext context) {
    return context.getVirtualServerName() + ' ' + context.getContextPath();
  }

  @Override
  public AuthStatus validateRequest(MessageInfo message, Subject client, @Nullable Subject service)
      throws AuthException {
    HttpServletRequest request = (HttpServletRequest) message.getRequestMessage();
    HttpServletResponse response = (HttpServletResponse) message.getResponseMessage();
    boolean isMandatory = Boolean.parseBoolean((String) message.getMap().get(MANDATORY));
    try {
      boolean goesOn =
          logins.goesOn(request, response, isMandatory, new Asked(handler, message, client));
      return goesOn ? AuthStatus.SUCCESS : AuthStatus.SEND_CONTINUE;
    } catch (IOException e) {
      log.debug("A client did not wait to hear who its user is: {}", e.toString());
      throw failure(e);
    } catch (ServletException | RuntimeException e) {
      log.error("Who the user of a request is could not be found out", e);
      throw failure(e);
    }
  }

  private static AuthException failure(Exception cause) {
    AuthException failure = new AuthException("Carryover could not find out who the user is");
    failure.initCause(cause);
    return failure;
  }

  @Override
  public AuthStatus secureResponse(MessageInfo message, @Nullable Subject service) {
    return AuthStatus.SEND_SUCCESS;
  }

  /** {@code request.logout}: our request forgets who has logged in. */
  @Override
  public void cleanSubject(MessageInfo message, @Nullable Subject subject) {
    if (subject != null) {
      subject.getPrincipals().clear();
    }
  }

  /** The container's realm, behind its callbacks. */
  private static final class Asked implements LoginExchange.Realm {
    private final CallbackHandler handler;
    private final MessageInfo message;
    private final Subject client;

    private Asked(CallbackHandler handler, MessageInfo message, Subject client) {
      this.handler = handler;
      this.message = message;
      this.client = client;
    }

    @Override
    public @Nullable LoginUser check(String name, String password, String authType) {
      Subject subject = new Subject();
      PasswordValidationCallback callback =
          new PasswordValidationCallback(subject, name, password.toCharArray());
      boolean isRight = handles(callback) && callback.getResult();
      callback.clearPassword();
      return isRight ? new LoginUser(name, authType, groups(subject), null) : null;
    }

    /** GlassFish says so, others take them from the realm each time. */
    private static List<String> groups(Subject subject) {
      List<String> groups = new ArrayList<>();
      for (Principal principal : subject.getPrincipals()) {
        if (principal.getClass().getSimpleName().equals("Group")) {
          groups.add(principal.getName());
        }
      }
      return groups;
    }

    @Override
    public boolean knows(String name) {
      try {
        handler.handle(new Callback[] {new CallerPrincipalCallback(new Subject(), name)});
        return true;
      } catch (IOException | UnsupportedCallbackException | RuntimeException e) {
        if (isAway(e)) {
          throw new IllegalStateException("The container's realm is away", e);
        }
        log.debug("The container's realm does not know a user: {}", e.toString());
        return false;
      }
    }

    /** WildFly says so, where others do not tell it from a user whom they do not know. */
    private static boolean isAway(Throwable refusal) {
      return Stream.iterate(refusal, Objects::nonNull, Throwable::getCause)
          .limit(MOST_CAUSES)
          .anyMatch(cause -> cause.getClass().getSimpleName().equals(AWAY));
    }

    @Override
    public boolean establish(LoginUser user) {
      List<Callback> callbacks = new ArrayList<>();
      callbacks.add(new CallerPrincipalCallback(client, user.name()));
      if (!user.roles().isEmpty()) {
        callbacks.add(new GroupPrincipalCallback(client, user.roles().toArray(new String[0])));
      }
      if (!handles(callbacks.toArray(new Callback[0]))) {
        return false;
      }
      message.getMap().put(AUTH_TYPE, user.authType());
      return true;
    }

    private boolean handles(Callback... callbacks) {
      try {
        handler.handle(callbacks);
        return true;
      } catch (IOException | UnsupportedCallbackException | RuntimeException e) {
        log.debug("The container's realm refuses: {}", e.toString());
        return false;
      }
    }

    @Override
    public void passOn(HttpServletRequest request) {
      message.setRequestMessage(request);
    }
  }

  /** Finds the module for the container. */
  private static final class Provider implements AuthConfigProvider {
    private final ModuleLogins logins;

    private Provider(ModuleLogins logins) {
      this.logins = logins;
    }

    @Override
    @SuppressWarnings("NullAway") // The API is not annotated: there is none for clients.
    public ClientAuthConfig getClientAuthConfig(
        String layer, String application, CallbackHandler handler) {
      return null;
    }

    @Override
    public ServerAuthConfig getServerAuthConfig(
        String layer, String application, CallbackHandler handler) {
      return new Config(layer, application, new LoginModule(logins, handler));
    }

    @Override
    public void refresh() {}
  }

  /** The same module for all requests. */
  private static final class Config implements ServerAuthConfig {
    private final String layer;
    private final String application;
    private final LoginModule module;

    private Config(String layer, String application, LoginModule module) {
      this.layer = layer;
      this.application = application;
      this.module = module;
    }

    @Override
    public ServerAuthContext getAuthContext(
        String id, @Nullable Subject service, @Nullable Map<String, Object> properties) {
      return module;
    }

    @Override
    public String getMessageLayer() {
      return layer;
    }

    @Override
    public String getAppContext() {
      return application;
    }

    @Override
    public String getAuthContextID(MessageInfo message) {
      return application;
    }

    @Override
    public void refresh() {}

    @Override
    public boolean isProtected() {
      return true;
    }
  }
}
