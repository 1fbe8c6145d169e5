package dev.carryover.servlet.container;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** A form that the application shows, see section 13.6.3 of the Servlet specification. */
final class FormLogin implements LoginMethod {

  private static final String ACTION = "/j_security_check";

  private final String loginPage;
  private final String errorPage;
  private final Traits traits;

  FormLogin(LoginConfig config, Traits traits) {
    loginPage = config.loginPage();
    errorPage = config.errorPage();
    this.traits = traits;
  }

  @Override
  public String name() {
    return LoginConfig.FORM;
  }

  @Override
  public boolean hasDetour() {
    return true;
  }

  @Override
  public void find(LoginExchange exchange) throws IOException {
    if (isAction(exchange.request()) && isLogin(exchange.request())) {
      logIn(exchange);
    } else if (exchange.user() != null) {
      exchange.restorePage(traits);
    } else if (exchange.isMandatory()) {
      if (traits.keepsLoginPage() || !isLoginPage(exchange.request())) {
        exchange.keepPage(traits);
      }
      exchange.answer(
          (request, response) ->
              show(loginPage, traits.showsPosted() ? exchange.asPosted() : request, response));
    }
  }

  /** Clients without cookies have the session's id behind it. */
  private static boolean isAction(HttpServletRequest request) {
    String uri = request.getRequestURI();
    int parameters = uri.indexOf(';', uri.lastIndexOf('/') + 1);
    return (parameters < 0 ? uri : uri.substring(0, parameters)).endsWith(ACTION);
  }

  /** With another method any page could log its visitors in, and passwords are in addresses. */
  private boolean isLogin(HttpServletRequest request) {
    return traits.takesAnyMethod() || request.getMethod().equals("POST");
  }

  private boolean isLoginPage(HttpServletRequest request) {
    return request.getRequestURI().equals(request.getContextPath() + loginPage);
  }

  /** The page that was asked for first is asked for again then. */
  private void logIn(LoginExchange exchange) {
    HttpServletRequest request = exchange.request();
    String name = request.getParameter("j_username");
    String password = request.getParameter("j_password");
    LoginUser user =
        name == null || password == null ? null : exchange.check(name, password, name());
    if (user == null) {
      exchange.answer((asked, response) -> show(errorPage, asked, response));
    } else {
      exchange.user(user);
      String page = exchange.pageToGoTo();
      exchange.answer((asked, response) -> response.sendRedirect(exchange.encoded(page)));
    }
  }

  /** A browser that kept it would show it in place of the page that was asked for. */
  private static void show(String page, HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    response.setHeader("Cache-Control", "no-cache, no-store, must-revalidate");
    response.setHeader("Pragma", "no-cache");
    response.setDateHeader("Expires", 0);
    RequestDispatcher dispatcher = request.getRequestDispatcher(page);
    if (dispatcher == null) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
    } else {
      dispatcher.forward(request, response);
    }
  }

  /** What the containers' own forms differ in. */
  interface Traits {

    /** Whether a user is taken to the login page after his login who has asked for that itself. */
    boolean keepsLoginPage();

    /** Whether the login page sees what was posted to the page that was asked for. */
    boolean showsPosted();

    /** Whether a request without a body keeps its method: a {@code DELETE}, for example. */
    boolean keepsEmpty();

    /** Whether a login may come by another method than POST. */
    boolean takesAnyMethod();

    /**
     * Has the container decide about its own request as about one of another method, before it
     * decides at all; false if that can't be done, and nothing has changed then.
     */
    boolean decideAs(HttpServletRequest request, String method);
  }
}
