package loginflow;

import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import loginflow.jaas.OwnUser;

/** Answers all that an application can ask about its user, and does what it is told before. */
@WebServlet({
  "/open",
  "/posted",
  "/ordered",
  "/secured/page",
  "/secured/admin/page",
  UserServlet.LOGIN_PAGE
})
public class UserServlet extends HttpServlet {

  /** A login page that needs a login. */
  static final String LOGIN_PAGE = "/secured/login.html";

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    String[] tasks = request.getParameterValues("do");
    for (String task : tasks == null ? new String[0] : tasks) {
      if (!perform(task, request, response)) {
        return;
      }
    }
    response.setContentType("text/plain");
    if (request.getServletPath().equals(LOGIN_PAGE)) {
      response.getWriter().print("please log in\n");
    }
    response.getWriter().print(describe(request));
  }

  /** False if the response is somebody else's affair. */
  private static boolean perform(
      String task, HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    String[] words = task.split(":");
    switch (words[0]) {
      case "cart" -> request.getSession().setAttribute("cart", words[1]);
      case "attribute" -> request.getSession().setAttribute(words[1], words[2]);
      case "login" -> request.login(words[1], "secret");
      case "logout" -> request.logout();
      case "invalidate" -> request.getSession().invalidate();
      case "verify" -> {
        request.login(words[1], "secret");
        return authenticate(request, response);
      }
      case "authenticate" -> {
        return authenticate(request, response);
      }
      default -> throw new ServletException(task);
    }
    return true;
  }

  /**
   * Jetty's ee8 throws where it has sent the client to the login page, and closes the connection.
   */
  private static boolean authenticate(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    try {
      return request.authenticate(response);
    } catch (ServletException e) {
      if (response.isCommitted()) {
        return false;
      }
      throw e;
    }
  }

  private static String describe(HttpServletRequest request) {
    Principal principal = request.getUserPrincipal();
    HttpSession session = request.getSession(false);
    Map<String, List<String>> parameters = new TreeMap<>();
    request.getParameterMap().forEach((name, values) -> parameters.put(name, List.of(values)));
    String own = principal instanceof OwnUser user ? user.department() : "no department";
    return request.getMethod()
        + " "
        + request.getRequestURI().replaceFirst(";.*", "")
        + "\nquery: "
        + request.getQueryString()
        + "\nparameters: "
        + parameters
        + "\nuser: "
        + (principal == null ? null : principal.getName())
        + " "
        + request.getRemoteUser()
        + " "
        + request.getAuthType()
        + "\nprincipal: "
        + (principal == null ? null : principal.getClass().getSimpleName() + " of " + own)
        + "\ncustomer: "
        + request.isUserInRole("customer")
        + "\nadmin: "
        + request.isUserInRole("admin")
        + "\ncart: "
        + (session == null ? "no session" : session.getAttribute("cart"))
        + "\nheader: "
        + request.getHeader("X-Test")
        + "\n";
  }
}
