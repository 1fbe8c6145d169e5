package loadapp;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Does with its session what the path names, and answers with all that is in it: {@code owner count
 * basket's-owner basket page}. The parameter {@code to} is the value to write. Who has no session
 * is answered 410.
 */
@WebServlet(urlPatterns = "/", asyncSupported = true)
public final class VisitServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  /** Longer than what comes with a session, so that it is fetched by a call of its own. */
  private static final String FILLING = "0123456789abcdef".repeat(320);

  /** So long that the requests of all clients are there at the same time. */
  private static final int CROWD_MILLIS = 500;

  /** Most requests have left their servlet by then. */
  private static final int LATER_MILLIS = 50;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = request.getServletPath();
    if (path.equals("/none") || path.equals("/crowd")) {
      rest(path.equals("/crowd") ? CROWD_MILLIS : 0);
      print(response, "none");
      return;
    }
    HttpSession session = request.getSession(path.equals("/begin"));
    if (session == null) {
      response.sendError(HttpServletResponse.SC_GONE);
      return;
    }
    switch (path) {
      case "/logout":
        session.invalidate();
        print(response, "ended");
        break;
      case "/redirect":
        change("/write", request, session);
        response.sendRedirect("read");
        break;
      case "/async":
        AsyncContext async = request.startAsync();
        async.start(() -> finish(async, "/write", request, session));
        break;
      case "/later":
        change("/write", request, session);
        AsyncContext later = request.startAsync();
        later.start(() -> finish(later, "/read", request, session));
        break;
      default:
        change(path, request, session);
        print(response, content(session));
    }
  }

  private static void rest(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void finish(
      AsyncContext async, String path, HttpServletRequest request, HttpSession session) {
    try {
      rest(path.equals("/read") ? LATER_MILLIS : 0);
      change(path, request, session);
      print((HttpServletResponse) async.getResponse(), content(session));
    } catch (IOException | RuntimeException e) {
      // Thrown on, it would reach the container after the end, in Tomcat the next request's.
      request.getServletContext().log("Not answered: " + e.getMessage());
      HttpServletResponse response = (HttpServletResponse) async.getResponse();
      response.setHeader("Retry-After", "2");
      response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    }
    async.complete();
  }

  private static void change(String path, HttpServletRequest request, HttpSession session) {
    int to = request.getParameter("to") == null ? 0 : Integer.parseInt(request.getParameter("to"));
    switch (path) {
      case "/begin":
        String owner = request.getParameter("owner");
        session.setAttribute("owner", owner);
        session.setAttribute("count", to);
        session.setAttribute("basket", new Basket(owner, to));
        session.setAttribute("page", to + " " + FILLING);
        break;
      case "/write":
        session.setAttribute("count", to);
        break;
      case "/mutate":
        ((Basket) session.getAttribute("basket")).put(to);
        break;
      case "/page":
        session.setAttribute("page", to + " " + FILLING);
        break;
      case "/login":
        request.changeSessionId();
        session.setAttribute("count", to);
        break;
      case "/read":
        break;
      default:
        throw new IllegalArgumentException(path);
    }
  }

  private static String content(HttpSession session) {
    String page = (String) session.getAttribute("page");
    return session.getAttribute("owner")
        + " "
        + session.getAttribute("count")
        + " "
        + session.getAttribute("basket")
        + " "
        + (page == null ? null : page.substring(0, page.indexOf(' ')));
  }

  private static void print(HttpServletResponse response, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    response.setContentLength(bytes.length);
    response.getOutputStream().write(bytes);
  }
}
