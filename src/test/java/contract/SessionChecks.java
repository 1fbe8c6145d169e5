package contract;

import static contract.Seen.attempt;
import static contract.Seen.see;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.TreeSet;

/** The session, alive and invalidated, and the ids that requests come with. */
@WebServlet("/session")
public final class SessionChecks extends Checks {

  @Override
  public void init() {
    alive();
    invalidated();
    ids();
    legacy();
  }

  private void alive() {
    check("create", (request, response) -> request.getSession().setAttribute("a", "1"));
    check(
        "look",
        (request, response) -> {
          HttpSession session = request.getSession(false);
          see("session", session != null);
          if (session != null) {
            see("names", names(session));
            see("new", session.isNew());
          }
        });
    check(
        "sameObject",
        (request, response) -> {
          see("none", request.getSession(false));
          HttpSession session = request.getSession(true);
          see("same", session == request.getSession());
          see("same", session == request.getSession(false));
          see("new", session.isNew());
          see("context", session.getServletContext() == getServletContext());
          see("of the request", session.getServletContext() == request.getServletContext());
        });
    check(
        "attributes",
        (request, response) -> {
          HttpSession session = request.getSession();
          see("none", names(session));
          see("absent", session.getAttribute("absent"));
          Object value = new StringBuilder("value");
          session.setAttribute("a", value);
          see("same", session.getAttribute("a") == value);
          session.setAttribute("b", "2");
          session.setAttribute("a", null);
          see("names", names(session));
          session.removeAttribute("absent");
          session.removeAttribute("b");
          see("names", names(session));
        });
    check(
        "nothing",
        (request, response) -> {
          HttpSession session = request.getSession();
          attempt("null set to null", () -> set(session, null, null));
          attempt("null set", () -> set(session, null, "x"));
          attempt("null got", () -> session.getAttribute(null));
          attempt(
              "null removed",
              () -> {
                session.removeAttribute(null);
                return "removed";
              });
          attempt("empty name", () -> set(session, "", "x"));
          attempt("empty name got", () -> session.getAttribute(""));
        });
    check(
        "strangeNames",
        (request, response) -> {
          HttpSession session = request.getSession();
          for (String name : List.of("~tilde", "~~", "with space", "\u00e4\u20ac", "a.b[0]")) {
            session.setAttribute(name, name);
          }
        });
    check("lookAtStrangeNames", (request, response) -> see("names", names(request.getSession())));
    check(
        "namesWhileChanging",
        (request, response) -> {
          HttpSession session = request.getSession();
          session.setAttribute("a", "1");
          session.setAttribute("b", "2");
          Enumeration<String> names = session.getAttributeNames();
          while (names.hasMoreElements()) {
            session.removeAttribute(names.nextElement());
          }
          attempt("beyond", names::nextElement);
          see("left", names(session));
        });
    check(
        "times",
        (request, response) -> {
          HttpSession session = request.getSession();
          long accessed = session.getLastAccessedTime();
          session.setAttribute("b", "2");
          see("unchanged", accessed == session.getLastAccessedTime());
          see("not ahead", accessed <= System.currentTimeMillis());
          see("after the creation", accessed >= session.getCreationTime());
          see("interval", session.getMaxInactiveInterval());
          session.setMaxInactiveInterval(500_000);
          see("interval", session.getMaxInactiveInterval());
        });
    check(
        "rotate",
        (request, response) -> {
          HttpSession session = request.getSession(false);
          String before = session.getId();
          String after = request.changeSessionId();
          see("changed", !after.equals(before));
          see("told", after.equals(session.getId()));
          see("same object", session == request.getSession(false));
          see("new", session.isNew());
          see("names", names(session));
          see("valid", request.isRequestedSessionIdValid());
        });
    check(
        "rotateNothing",
        (request, response) -> {
          attempt("rotation", request::changeSessionId);
          see("session", request.getSession(false));
        });
    check(
        "rotateTheInvalidated",
        (request, response) -> {
          request.getSession().invalidate();
          attempt("rotation", request::changeSessionId);
        });
  }

  private void invalidated() {
    check(
        "invalidate",
        (request, response) -> {
          HttpSession session = request.getSession();
          session.setAttribute("a", "of the end");
          String id = session.getId();
          session.invalidate();
          attempt("id", () -> session.getId().equals(id));
          attempt("creation", session::getCreationTime);
          attempt("access", session::getLastAccessedTime);
          attempt("context", () -> session.getServletContext() == getServletContext());
          attempt("interval", session::getMaxInactiveInterval);
          attempt(
              "interval set",
              () -> {
                session.setMaxInactiveInterval(5);
                return "set";
              });
          attempt("new", session::isNew);
          attempt("get", () -> session.getAttribute("a"));
          attempt("get null", () -> session.getAttribute(null));
          attempt("names", session::getAttributeNames);
          attempt("set", () -> set(session, "a", "2"));
          attempt("set to null", () -> set(session, "a", null));
          attempt("set null", () -> set(session, null, "2"));
          attempt(
              "remove",
              () -> {
                session.removeAttribute("a");
                return "removed";
              });
          attempt(
              "remove null",
              () -> {
                session.removeAttribute(null);
                return "removed";
              });
          attempt(
              "invalidate",
              () -> {
                session.invalidate();
                return "invalidated";
              });
          see("valid", request.isRequestedSessionIdValid());
          see("session", request.getSession(false));
          HttpSession next = request.getSession();
          see("next is new", next.isNew());
          see("next is another", next != session && !next.getId().equals(id));
          see("next is equal", next.equals(session));
        });
    check("end", (request, response) -> request.getSession().invalidate());
  }

  private void ids() {
    check(
        "ids",
        (request, response) -> {
          see("requested", request.getRequestedSessionId());
          see("valid", request.isRequestedSessionIdValid());
          see("from a cookie", request.isRequestedSessionIdFromCookie());
          see("from the URL", request.isRequestedSessionIdFromURL());
          see("session", request.getSession(false) != null);
          see("uri", request.getRequestURI());
          see("path", request.getServletPath() + " " + request.getPathInfo());
        });
    check(
        "idsOfANewOne",
        (request, response) -> {
          see("before", request.getRequestedSessionId());
          HttpSession session = request.getSession();
          see("after", request.getRequestedSessionId());
          see(
              "is its",
              String.valueOf(request.getRequestedSessionId()).startsWith(session.getId()));
          see("valid", request.isRequestedSessionIdValid());
        });
  }

  /** What Servlet 6.0 has removed, where it still is. */
  private void legacy() {
    check(
        "legacy",
        (request, response) -> {
          HttpSession session = request.getSession();
          attempt("put", () -> call(session, "putValue", "old", "1"));
          attempt("get", () -> call(session, "getValue", "old"));
          attempt("remove", () -> call(session, "removeValue", "old"));
          attempt(
              "from the URL",
              () ->
                  HttpServletRequest.class
                      .getMethod("isRequestedSessionIdFromUrl")
                      .invoke(request));
        });
  }

  private static Object call(HttpSession session, String method, Object... arguments)
      throws ReflectiveOperationException {
    Class<?>[] types =
        arguments.length == 1
            ? new Class<?>[] {String.class}
            : new Class<?>[] {String.class, Object.class};
    return HttpSession.class.getMethod(method, types).invoke(session, arguments);
  }

  private static Object set(HttpSession session, String name, Object value) {
    session.setAttribute(name, value);
    return "set";
  }

  private static Object names(HttpSession session) {
    return new TreeSet<>(Collections.list(session.getAttributeNames()));
  }
}
