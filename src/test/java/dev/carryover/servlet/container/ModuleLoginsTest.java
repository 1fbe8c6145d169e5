package dev.carryover.servlet.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carryover.testing.Stub;
import jakarta.security.auth.message.AuthException;
import jakarta.security.auth.message.AuthStatus;
import jakarta.security.auth.message.MessageInfo;
import jakarta.security.auth.message.callback.CallerPrincipalCallback;
import jakarta.security.auth.message.callback.PasswordValidationCallback;
import jakarta.security.auth.message.config.AuthConfigFactory;
import jakarta.security.auth.message.config.AuthConfigProvider;
import jakarta.security.auth.message.config.RegistrationListener;
import jakarta.security.auth.message.config.ServerAuthContext;
import jakarta.security.auth.message.module.ServerAuthModule;
import jakarta.servlet.ReadListener;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Our module for logins, in a container whose realm knows ann alone. */
class ModuleLoginsTest {

  private static final LoginConfig FORM =
      new LoginConfig("FORM", null, "/login.html", "/failed.html");
  private static final LoginConfig BASIC = new LoginConfig("BASIC", "test", null, null);
  private static final String APPLICATION = "server /app";

  private final Registrations registrations = new Registrations();
  private final List<String> sent = new ArrayList<>();
  private final Map<String, String> parameters = new HashMap<>();
  private final Map<String, String> headers = new HashMap<>();
  private String uri = "/app/secured/page";
  private String body = "";
  private String requestMethod = "GET";
  private String established;
  private HttpServletRequest passedOn;
  private String decidedAs;
  private boolean canDecideAnew = true;
  private Principal ofContainer;
  private boolean isRealmAway;
  private Runnable whileForwarded = () -> {};

  @BeforeEach
  void setFactory() {
    AuthConfigFactory.setFactory(registrations);
  }

  @AfterEach
  void removeFactory() {
    AuthConfigFactory.setFactory(null);
  }

  @Test
  void isRegisteredForOneApplicationAndTakenAwayWithIt() {
    ContainerLogins logins = logins(FORM);
    logins.around(new Hook());
    assertThat(registrations.known.keySet()).containsExactly(APPLICATION);

    logins.close();
    logins.close();

    assertThat(registrations.known).isEmpty();
  }

  @Test
  void isNoneWhereTheApplicationHasItsOwn() {
    AuthConfigProvider own = Stub.of(AuthConfigProvider.class, (proxy, method, arguments) -> null);
    registrations.known.put(APPLICATION, own);

    assertThat(logins(FORM)).isNull();
    assertThat(registrations.known).containsValue(own);
  }

  @Test
  void isNoneForOtherWaysToLogIn() {
    assertThat(logins(new LoginConfig("CLIENT-CERT", null, null, null))).isNull();
    assertThat(logins(new LoginConfig(null, null, null, null))).isNull();
    assertThat(logins(new LoginConfig("FORM", null, null, null))).as("without a page").isNull();
  }

  @Test
  void sendsStrangersToTheLoginPageAndLetsThemSeeWhatIsOpen() throws AuthException {
    assertThat(ask(FORM, new Hook(), true)).isEqualTo(AuthStatus.SEND_CONTINUE);
    assertThat(sent).containsExactly("forward /login.html");

    assertThat(ask(FORM, new Hook(), false)).isEqualTo(AuthStatus.SUCCESS);
    assertThat(sent).hasSize(1);
    assertThat(established).isNull();
  }

  @Test
  void takesARightPasswordAndNoOther() throws AuthException {
    uri = "/app/j_security_check";
    requestMethod = "POST";
    parameters.put("j_username", "ann");
    parameters.put("j_password", "wrong");
    assertThat(ask(FORM, new Hook(), false)).isEqualTo(AuthStatus.SEND_CONTINUE);
    assertThat(sent).containsExactly("forward /failed.html");

    parameters.put("j_password", "secret");
    Hook hook = new Hook();
    assertThat(ask(FORM, hook, false)).isEqualTo(AuthStatus.SEND_CONTINUE);
    assertThat(sent).hasSize(2).last().isEqualTo("redirect /app/");
    assertThat(hook.found).isEqualTo("ann");
  }

  @Test
  void asksForAPasswordInEachRequest() throws AuthException {
    assertThat(ask(BASIC, new Hook(), true)).isEqualTo(AuthStatus.SEND_CONTINUE);
    headers.put("Authorization", "Basic " + base64("ann:wrong"));
    assertThat(ask(BASIC, new Hook(), true)).isEqualTo(AuthStatus.SEND_CONTINUE);
    headers.put("Authorization", "Basic nothing at all");
    assertThat(ask(BASIC, new Hook(), true)).isEqualTo(AuthStatus.SEND_CONTINUE);
    assertThat(sent).containsExactly("401", "401", "401");
    assertThat(established).isNull();

    headers.put("Authorization", "basic " + base64("ann:secret"));
    assertThat(ask(BASIC, new Hook(), true)).isEqualTo(AuthStatus.SUCCESS);
    assertThat(established).isEqualTo("ann");
  }

  /** A session may note somebody whom this node's realm has lost. */
  @Test
  void strangersOfTheRealmAreNobody() throws AuthException {
    Hook hook = new Hook();
    hook.noted = new LoginUser("bob", "FORM", List.of(), null);

    assertThat(ask(FORM, hook, true)).isEqualTo(AuthStatus.SEND_CONTINUE);
    assertThat(sent).containsExactly("forward /login.html");

    hook.noted = new LoginUser("ann", "FORM", List.of(), null);
    assertThat(ask(FORM, hook, true)).isEqualTo(AuthStatus.SUCCESS);
    assertThat(established).isEqualTo("ann");
  }

  @Test
  void nothingThatFailsLetsAnybodyIn() {
    Hook hook = new Hook();
    hook.failure = new IllegalStateException("something of ours");
    assertThatThrownBy(() -> ask(FORM, hook, true)).isInstanceOf(AuthException.class);
    assertThatThrownBy(() -> ask(BASIC, hook, true)).isInstanceOf(AuthException.class);
    assertThatThrownBy(() -> ask(FORM, hook, false)).isInstanceOf(AuthException.class);
    assertThat(established).isNull();
  }

  /** Containers look up who may do so with the method that a request has then. */
  @Test
  void whatWasPostedIsSeenAgainOnlyIfTheContainerDecidesAboutIt() throws AuthException {
    Hook hook = new Hook();
    post(hook);
    byte[] loggedIn = logIn(hook);

    canDecideAnew = false;
    assertThat(ask(FORM, hook, false)).isEqualTo(AuthStatus.SUCCESS);
    assertThat(decidedAs).isEqualTo("POST");
    assertThat(passedOn).isNull();
    assertThat(hook.kept).isNull();

    hook.kept = loggedIn;
    canDecideAnew = true;
    assertThat(ask(FORM, hook, false)).isEqualTo(AuthStatus.SUCCESS);
    assertThat(passedOn.getMethod()).isEqualTo("POST");
  }

  @Test
  void anAddressAloneLogsNobodyIn() throws AuthException {
    uri = "/app/j_security_check";
    parameters.put("j_username", "ann");
    parameters.put("j_password", "secret");
    Hook hook = new Hook();

    assertThat(ask(FORM, hook, false)).isEqualTo(AuthStatus.SUCCESS);

    assertThat(sent).isEmpty();
    assertThat(hook.found).isNull();
  }

  /** The application may have logged him in by itself before he came back. */
  @Test
  void aPageOfWhichTheAddressIsAllKeepsItsHeaders() throws AuthException {
    Hook hook = new Hook();
    ask(FORM, hook, true);
    hook.noted = new LoginUser("ann", "FORM", List.of(), null);

    assertThat(ask(FORM, hook, true)).isEqualTo(AuthStatus.SUCCESS);

    assertThat(passedOn).isNull();
    assertThat(hook.kept).isNull();
  }

  /** Somebody unknown posts to a page that needs a login. */
  private void post(Hook hook) throws AuthException {
    requestMethod = "POST";
    body = "item=pears";
    ask(FORM, hook, true);
    body = "";
  }

  /** Ann does so, and asks for the page again next. */
  private byte[] logIn(Hook hook) throws AuthException {
    String page = uri;
    requestMethod = "POST";
    uri = "/app/j_security_check";
    parameters.put("j_username", "ann");
    parameters.put("j_password", "secret");
    ask(FORM, hook, false);
    uri = page;
    requestMethod = "GET";
    hook.noted = new LoginUser("ann", "FORM", List.of(), null);
    return hook.kept;
  }

  @Test
  void aRefusedRequestGoesNoFurther() throws AuthException {
    Hook hook = new Hook();
    hook.refuses = true;

    assertThat(ask(FORM, hook, true)).isEqualTo(AuthStatus.SEND_CONTINUE);
    assertThat(sent).containsExactly("503");
  }

  /** As by itself, a container makes no session for who sends his password each time. */
  @Test
  void keepsNothingWhereNobodyIsSentElsewhereToLogIn() throws AuthException {
    AtomicReference<LoginDetour> detour = new AtomicReference<>();
    Hook hook = new Hook();
    hook.meanwhile = logins -> detour.set(logins.detour(request(), null, false, 60));
    headers.put("Authorization", "Basic " + base64("ann:secret"));

    assertThat(ask(BASIC, hook, true)).isEqualTo(AuthStatus.SUCCESS);
    assertThat(detour).hasValue(null);

    ask(FORM, hook, true);
    assertThat(detour).doesNotHaveValue(null);
  }

  /** With {@code request.login}. */
  @Test
  void theLoginPageMayLogSomebodyIn() throws AuthException {
    Hook hook = new Hook();
    Principal ann = () -> "ann";
    AtomicReference<Principal> seen = new AtomicReference<>();
    whileForwarded =
        () -> {
          ofContainer = ann;
          seen.set(hook.logins.principal(request()));
        };

    assertThat(ask(FORM, hook, true)).isEqualTo(AuthStatus.SEND_CONTINUE);

    assertThat(sent).containsExactly("forward /login.html");
    assertThat(seen).hasValue(ann);
  }

  @Test
  void tellsARealmThatIsAwayFromOneThatDoesNotKnowTheUser() throws AuthException {
    Hook hook = new Hook();
    List<Object> answers = new ArrayList<>();
    hook.meanwhile =
        logins -> {
          answers.add(logins.ask("bob", "FORM"));
          answers.add(logins.ask("ann", "FORM").name());
          isRealmAway = true;
          assertThatThrownBy(() -> logins.ask("ann", "FORM"))
              .isInstanceOf(IllegalStateException.class);
        };

    ask(FORM, hook, false);

    assertThat(answers).containsExactly(null, "ann");
  }

  /** As where another web application has dispatched a request here. */
  @Test
  void nobodyIsUnknownOnlyBecauseTheRealmCannotBeAsked() {
    ContainerLogins logins = logins(FORM);

    assertThatThrownBy(() -> logins.ask("ann", "FORM")).isInstanceOf(IllegalStateException.class);
  }

  // ---- the container

  private ContainerLogins logins(LoginConfig config) {
    return ModuleLogins.of(context(), config, new SimpleTraits());
  }

  private AuthStatus ask(LoginConfig config, Hook hook, boolean isMandatory) throws AuthException {
    registrations.known.clear();
    hook.logins = logins(config);
    hook.logins.around(hook);
    AuthConfigProvider provider = registrations.known.get(APPLICATION);
    Map<Object, Object> message = new HashMap<>();
    message.put(
        "jakarta.security.auth.message.MessagePolicy.isMandatory", String.valueOf(isMandatory));
    HttpServletRequest request = request();
    HttpServletResponse response = response();
    MessageInfo info =
        Stub.of(
            MessageInfo.class,
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getRequestMessage" -> request;
                  case "getResponseMessage" -> response;
                  case "getMap" -> message;
                  case "setRequestMessage" -> passOn((HttpServletRequest) arguments[0]);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
    ServerAuthContext module =
        provider
            .getServerAuthConfig("HttpServlet", APPLICATION, this::handle)
            .getAuthContext("id", null, Map.of());
    return module.validateRequest(info, new Subject(), null);
  }

  private Object passOn(HttpServletRequest request) {
    passedOn = request;
    return null;
  }

  private void handle(Callback[] callbacks) throws IOException {
    if (isRealmAway) {
      throw new IOException(new RealmUnavailableException());
    }
    for (Callback callback : callbacks) {
      if (callback instanceof PasswordValidationCallback password) {
        password.setResult(
            password.getUsername().equals("ann")
                && Arrays.equals(password.getPassword(), "secret".toCharArray()));
      } else if (callback instanceof CallerPrincipalCallback caller) {
        if (!caller.getName().equals("ann")) {
          throw new IOException("A stranger");
        }
        established = caller.getName();
      }
    }
  }

  private static ServletContext context() {
    return Stub.of(
        ServletContext.class,
        (proxy, method, arguments) ->
            method.getName().equals("getContextPath") ? "/app" : "server");
  }

  private HttpServletRequest request() {
    return Stub.of(
        HttpServletRequest.class,
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "getRequestURI" -> uri;
              case "getContextPath" -> "/app";
              case "getMethod" -> requestMethod;
              case "getUserPrincipal" -> ofContainer;
              case "getParameter" -> parameters.get(arguments[0]);
              case "getHeader" -> headers.get(arguments[0]);
              case "getContentLengthLong" -> (long) body.length();
              case "getInputStream" -> body();
              case "getHeaderNames" -> Collections.enumeration(headers.keySet());
              case "getHeaders" -> headersOf((String) arguments[0]);
              case "getRequestDispatcher" -> forwardTo((String) arguments[0]);
              default -> null;
            });
  }

  private Enumeration<String> headersOf(String name) {
    return Collections.enumeration(
        headers.containsKey(name) ? List.of(headers.get(name)) : List.of());
  }

  private ServletInputStream body() {
    InputStream bytes = new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8));
    return new ServletInputStream() {
      @Override
      public int read() throws IOException {
        return bytes.read();
      }

      @Override
      public boolean isFinished() {
        return false;
      }

      @Override
      public boolean isReady() {
        return true;
      }

      @Override
      public void setReadListener(ReadListener listener) {}
    };
  }

  private RequestDispatcher forwardTo(String page) {
    return Stub.of(
        RequestDispatcher.class,
        (proxy, method, arguments) -> {
          sent.add(method.getName() + ' ' + page);
          whileForwarded.run();
          return null;
        });
  }

  private HttpServletResponse response() {
    return Stub.of(
        HttpServletResponse.class,
        (proxy, method, arguments) -> {
          if (method.getName().equals("sendError")) {
            sent.add("" + arguments[0]);
          } else if (method.getName().equals("sendRedirect")) {
            sent.add("redirect " + arguments[0]);
          }
          return null;
        });
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Elytron's has this name. */
  private static final class RealmUnavailableException extends IOException {}

  /** What would keep logins in sessions. */
  private static final class Hook implements LoginHook {
    private ContainerLogins logins;
    private byte[] kept;
    private LoginUser noted;
    private String found;
    private boolean refuses;
    private RuntimeException failure;
    private Consumer<ContainerLogins> meanwhile = logins -> {};

    @Override
    public void authenticate(
        HttpServletRequest request,
        HttpServletResponse response,
        boolean asksForUser,
        Authentication authentication) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void decide(
        HttpServletRequest request,
        HttpServletResponse response,
        boolean asksForUser,
        Decision decision)
        throws IOException, ServletException {
      if (failure != null) {
        throw failure;
      }
      if (refuses) {
        decision.refuse(503);
        return;
      }
      LoginDetour detour = logins.detour(request, kept, true, 60);
      if (noted != null) {
        logins.logIn(request, noted);
      }
      meanwhile.accept(logins);
      decision.find();
      if (logins.principal(request) != null) {
        found = logins.user(request, logins.principal(request)).name();
      }
      kept = detour == null ? null : detour.state();
      decision.answer();
    }

    @Override
    public String redirects(HttpServletRequest request, String url) {
      return url;
    }
  }

  private final class SimpleTraits implements ModuleLogins.Traits, FormLogin.Traits {
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
      return true;
    }

    @Override
    public boolean takesAnyMethod() {
      return false;
    }

    @Override
    public boolean decideAs(HttpServletRequest request, String method) {
      decidedAs = method;
      return canDecideAnew;
    }

    @Override
    public BasicLogin basic(String realmName) {
      return new BasicLogin(realmName, StandardCharsets.UTF_8, false);
    }

    @Override
    public boolean refusesStrangers() {
      return true;
    }

    @Override
    public List<String> groupsOf(String user) {
      return null;
    }

    @Override
    public void tellCaches(HttpServletRequest request, HttpServletResponse response) {
      response.setHeader("Cache-Control", "no-cache");
    }

    @Override
    public boolean makesSessionForLogin() {
      return false;
    }

    @Override
    public String authTypeOfLogin() {
      return null;
    }
  }

  /** One provider an application. */
  private static final class Registrations extends AuthConfigFactory {
    private final Map<String, AuthConfigProvider> known = new HashMap<>();

    @Override
    public AuthConfigProvider getConfigProvider(
        String layer, String application, RegistrationListener listener) {
      return known.get(application);
    }

    @Override
    public String registerConfigProvider(
        String className,
        Map<String, String> properties,
        String layer,
        String application,
        String description) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String registerConfigProvider(
        AuthConfigProvider provider, String layer, String application, String description) {
      known.put(application, provider);
      return application;
    }

    @Override
    public String registerServerAuthModule(ServerAuthModule module, Object context) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void removeServerAuthModule(Object context) {}

    @Override
    public boolean removeRegistration(String id) {
      return known.remove(id) != null;
    }

    @Override
    public String[] detachListener(
        RegistrationListener listener, String layer, String application) {
      return new String[0];
    }

    @Override
    public String[] getRegistrationIDs(AuthConfigProvider provider) {
      return known.keySet().toArray(new String[0]);
    }

    @Override
    public RegistrationContext getRegistrationContext(String id) {
      return null;
    }

    @Override
    public void refresh() {}
  }
}
