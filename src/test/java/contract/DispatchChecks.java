package contract;

import static contract.Seen.attempt;
import static contract.Seen.outcome;
import static contract.Seen.see;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** Forwards, includes and error pages, in this web application and in another. */
@WebServlet(urlPatterns = {"/dispatch", "/dispatch/*"})
public final class DispatchChecks extends Checks {

  /** What a target compares its own with. */
  static final ThreadLocal<ServletRequest> REQUEST = new ThreadLocal<>();

  static final ThreadLocal<ServletResponse> RESPONSE = new ThreadLocal<>();
  static final ThreadLocal<Set<Object>> KNOWN = new ThreadLocal<>();

  @Override
  public void init() {
    for (String way : new String[] {"forward", "include"}) {
      targets(way);
      failures(way);
    }
    responses();
    errors();
    otherContext();
  }

  private void targets(String way) {
    check(way, dispatch(way, "/target/info?does=look&added=1"));
    check(way + "Relative", dispatch(way, "target?does=look"));
    check(way + "Static", dispatch(way, "/static.txt"));
    check(way + "Missing", dispatch(way, "/missing"));
    check(
        way + "Named",
        (request, response) -> {
          request.setAttribute("does", "look");
          remember(request, response);
          run(way, getServletContext().getNamedDispatcher("target"), request, response);
        });
    check(
        way + "NoSuchName",
        (request, response) -> see("none", getServletContext().getNamedDispatcher("none")));
    check(
        way + "Wrapped",
        (request, response) -> {
          HttpServletRequest wrapped = new HttpServletRequestWrapper(request);
          HttpServletResponse wrappedResponse = new HttpServletResponseWrapper(response);
          remember(wrapped, wrappedResponse);
          run(way, request.getRequestDispatcher("/target?does=look"), wrapped, wrappedResponse);
        });
    check(way + "Session", dispatch(way, "/target?does=session"));
    check(way + "SessionAndFlush", dispatch(way, "/target?does=sessionAndFlush"));
    check(way + "Headers", dispatch(way, "/target?does=headers"));
    check(way + "Flush", dispatch(way, "/target?does=flush"));
    check(way + "Close", dispatch(way, "/target?does=close"));
    check(way + "Reset", dispatch(way, "/target?does=reset"));
    check(way + "Length", dispatch(way, "/target?does=length"));
    check(way + "Error", dispatch(way, "/target?does=error"));
    check(way + "Redirect", dispatch(way, "/target?does=redirect"));
    check(way + "Stream", dispatch(way, "/target?does=stream"));
    check(way + "Nested", dispatch(way, "/target?does=nested"));
    check(way + "Invalidate", dispatch(way, "/target?does=invalidate"));
    check(way + "Attributes", dispatch(way, "/target?does=attributes"));
  }

  private void failures(String way) {
    for (String failure : new String[] {"servlet", "io", "runtime", "error"}) {
      check(
          way + "Failing:" + failure,
          (request, response) ->
              attempt(
                  "failure",
                  () -> {
                    run(
                        way,
                        request.getRequestDispatcher("/target?does=fail&with=" + failure),
                        request,
                        response);
                    return "none";
                  }));
    }
  }

  private void responses() {
    check(
        "forwardAfterCommit",
        (request, response) -> {
          response.getWriter().print("committed");
          response.flushBuffer();
          attempt(
              "forward",
              () -> {
                request.getRequestDispatcher("/target?does=look").forward(request, response);
                return "done";
              });
        });
    check(
        "forwardClearsTheBuffer",
        (request, response) -> {
          response.getWriter().print("not to be seen");
          request.getRequestDispatcher("/target?does=look").forward(request, response);
          see("committed", response.isCommitted());
          response.getWriter().print("nor this");
          see("error", response.getWriter().checkError());
        });
    check(
        "forwardWithAStream",
        (request, response) -> {
          response.getOutputStream().print("not to be seen");
          attempt(
              "forward",
              () -> {
                request.getRequestDispatcher("/target?does=look").forward(request, response);
                return "done";
              });
        });
    check(
        "includeBetween",
        (request, response) -> {
          response.getWriter().print("before ");
          request.getRequestDispatcher("/target?does=print").include(request, response);
          response.getWriter().print(" after");
        });
    check(
        "sameHashWhileDispatched",
        (request, response) -> {
          Set<Object> known = new HashSet<>(Set.of(request, response));
          KNOWN.set(known);
          remember(request, response);
          request.getRequestDispatcher("/target?does=known").include(request, response);
          see("back, known", known.contains(request) + " " + known.contains(response));
          request.getRequestDispatcher("/target?does=known").forward(request, response);
          see("back, known", known.contains(request) + " " + known.contains(response));
        });
  }

  private void errors() {
    check("errorPage", (request, response) -> response.sendError(418, "A teapot"));
    check(
        "errorPageOfAnException",
        (request, response) -> {
          request.getSession().setAttribute("a", "before the error");
          throw new ServletException(new TeapotException());
        });
    check(
        "errorPageOfARuntimeException",
        (request, response) -> {
          throw new TeapotException();
        });
    check(
        "errorPageThatStartsASession",
        (request, response) -> {
          request.setAttribute("startSession", true);
          response.sendError(418);
        });
    check(
        "errorPageAfterInvalidation",
        (request, response) -> {
          request.getSession().invalidate();
          response.sendError(418);
        });
    check(
        "errorPageThatFails",
        (request, response) -> {
          request.setAttribute("fail", true);
          response.sendError(418);
        });
    check(
        "errorWithoutPage",
        (request, response) -> {
          throw new IllegalStateException("as the check wants it");
        });
    check(
        "errorAfterCommit",
        (request, response) -> {
          response.getWriter().print("committed");
          response.flushBuffer();
          see("committed", response.isCommitted());
        });
  }

  private void otherContext() {
    check(
        "otherContext",
        (request, response) -> {
          ServletContext other = getServletContext().getContext("/other");
          see("other", other != null && other.getContextPath().equals("/other"));
          see("none", getServletContext().getContext("/none"));
        });
    for (String way : new String[] {"forward", "include"}) {
      for (String does : new String[] {"look", "session", "has", "invalidate", "headers"}) {
        check(
            way + "There:" + does,
            (request, response) -> {
              run(
                  way,
                  getServletContext()
                      .getContext("/other")
                      .getRequestDispatcher("/target?does=" + does),
                  request,
                  response);
              see("back", request.getContextPath() + " " + request.getServletPath());
              HttpSession session = request.getSession(false);
              see("session here", session == null ? null : session.getAttribute("a"));
            });
      }
    }
    check(
        "sessionsHereAndThere",
        (request, response) -> {
          HttpSession here = request.getSession();
          here.setAttribute("a", "here");
          run(
              "include",
              getServletContext().getContext("/other").getRequestDispatcher("/target?does=session"),
              request,
              response);
          see("still here", here.getAttribute("a"));
          see("same object", here == request.getSession());
        });
  }

  private static Check dispatch(String way, String path) {
    return (request, response) -> {
      remember(request, response);
      HttpSession before = request.getSession(false);
      run(way, request.getRequestDispatcher(path), request, response);
      see("back", request.getServletPath() + " " + request.getPathInfo());
      see("type", request.getDispatcherType());
      see("query", request.getQueryString());
      see("added", request.getParameter("added"));
      see("attribute", request.getAttribute(RequestDispatcher.INCLUDE_REQUEST_URI));
      see("session", before == null ? "none" : before == request.getSession(false));
      see("committed", response.isCommitted());
      see("status", response.getStatus());
      see("header", response.getHeader("X-Target"));
      attempt(
          "print",
          () -> {
            response.getWriter().print("after");
            return response.getWriter().checkError();
          });
    };
  }

  static void remember(ServletRequest request, ServletResponse response) {
    REQUEST.set(request);
    RESPONSE.set(response);
  }

  private static void run(
      String way,
      RequestDispatcher dispatcher,
      HttpServletRequest request,
      HttpServletResponse response)
      throws ServletException, IOException {
    if (way.equals("forward")) {
      dispatcher.forward(request, response);
    } else {
      dispatcher.include(request, response);
    }
  }

  /** Leads to an error page of its own. */
  static final class TeapotException extends RuntimeException {
    TeapotException() {
      super("a teapot");
    }
  }

  static String sessionOf(HttpServletRequest request) {
    return outcome(
        () -> {
          HttpSession session = request.getSession(false);
          return session == null ? null : session.isNew() + " " + session.getAttribute("a");
        });
  }
}
