package listenertable;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/**
 * Does with its session what the script says ({@code ?script=create;set:a=plain:v1}), and writes
 * each operation down before what it brings about.
 */
@WebServlet(urlPatterns = "/run", asyncSupported = true)
public class RunServlet extends HttpServlet {

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Events.add(
        "servlet dispatch="
            + request.getDispatcherType()
            + (RequestLogger.isCurrent(request) ? " the listeners' request" : " another request"));
    String script =
        request.getDispatcherType() == DispatcherType.ASYNC
            ? "get:a"
            : request.getParameter("script");
    HttpSession first = request.getSession(false);
    for (String operation : script.split(";")) {
      Events.add("> " + operation);
      try {
        run(operation.split("[:=]"), request, first);
      } catch (RuntimeException e) {
        Events.add("! " + e.getClass().getSimpleName());
      }
    }
    if (!request.isAsyncStarted()) {
      response.getWriter().write("done");
    }
  }

  private static void run(String[] words, HttpServletRequest request, HttpSession first) {
    HttpSession session = request.getSession(words[0].equals("create") || words[0].equals("set"));
    switch (words[0]) {
      case "create" -> Events.add("  " + Events.id(session) + " new=" + session.isNew());
      case "none" -> Events.add("  " + Events.id(session));
      case "get" -> Events.add("  " + (session == null ? "none" : Events.read(session, words[1])));
      case "set" -> session.setAttribute(words[1], Value.of(words[2], words[3]));
      case "same" -> session.setAttribute(words[1], session.getAttribute(words[1]));
      case "equal" ->
          session.setAttribute(words[1], ((Value) session.getAttribute(words[1])).copy());
      case "null" -> session.setAttribute(words[1], null);
      case "remove" -> session.removeAttribute(words[1]);
      case "rotate" -> request.changeSessionId();
      case "stale" -> stale(words[1], first);
      case "invalidate" -> session.invalidate();
      case "request" -> request.setAttribute(words[1], words[2]);
      case "throw" -> Events.throwIn(words[1]);
      case "dispatch" -> startAsync(request).dispatch();
      case "complete" -> startAsync(request).complete();
      default -> throw new IllegalArgumentException(words[0]);
    }
  }

  /** Uses the session that the request came with, though it has ended. */
  private static void stale(String operation, HttpSession session) {
    switch (operation) {
      case "id" -> Events.add("  " + Events.id(session));
      case "get" -> session.getAttribute("a");
      case "set" -> session.setAttribute("a", "late");
      case "new" -> session.isNew();
      case "created" -> session.getCreationTime();
      case "interval" -> session.setMaxInactiveInterval(session.getMaxInactiveInterval());
      case "accessed" -> session.getLastAccessedTime();
      case "names" -> session.getAttributeNames();
      case "invalidate" -> session.invalidate();
      default -> throw new IllegalArgumentException(operation);
    }
  }

  private static AsyncContext startAsync(HttpServletRequest request) {
    return request.startAsync();
  }
}
