package contract;

import static contract.Seen.attempt;
import static contract.Seen.see;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
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
import java.util.List;

/** Asynchronous requests: their contexts, dispatches, listeners and timeouts. */
@WebServlet(
    urlPatterns = {"/async", "/async/*"},
    asyncSupported = true)
public final class AsyncChecks extends Checks {

  private static final String STEP = "step";
  private static final int TIMEOUT_MILLIS = 150;

  @Override
  public void init() {
    starts();
    dispatches();
    states();
    listeners();
    timeouts();
    failures();
  }

  // ---- starting

  private void starts() {
    for (String with : List.of("nothing", "same", "wrapped", "request", "response")) {
      check(
          "start:" + with,
          (request, response) -> {
            Started started = start(with, request, response);
            AsyncContext context = started.context;
            started.see();
            see("started", request.isAsyncStarted() + " " + request.isAsyncSupported());
            see("same context", context == request.getAsyncContext());
            see("timeout set", timeout(context));
            see("committed", response.isCommitted());
            response.getWriter().print("in the request");
            end(context);
            context.complete();
          });
      check(
          "startInAThread:" + with,
          (request, response) -> {
            Started started = start(with, request, response);
            end(started.context);
            started.context.start(
                () -> {
                  started.see();
                  attempt(
                      "session",
                      () -> {
                        request.getSession(false).setAttribute("a", "by the thread");
                        return "set";
                      });
                  attempt(
                      "print",
                      () -> {
                        started.context.getResponse().getWriter().print("by the thread");
                        return "done";
                      });
                  started.context.complete();
                });
          });
    }
  }

  /** A start, and what it was started with. */
  private record Started(AsyncContext context, ServletRequest request, ServletResponse response) {

    void see() {
      attempt("original", context::hasOriginalRequestAndResponse);
      attempt("request", () -> context.getRequest() == request);
      attempt("equal request", () -> context.getRequest().equals(request));
      attempt("response", () -> context.getResponse() == response);
      attempt("equal response", () -> context.getResponse().equals(response));
    }
  }

  private static Started start(
      String with, HttpServletRequest request, HttpServletResponse response) {
    if (with.equals("nothing")) {
      return new Started(request.startAsync(), request, response);
    }
    boolean wrapsRequest = with.equals("wrapped") || with.equals("request");
    boolean wrapsResponse = with.equals("wrapped") || with.equals("response");
    HttpServletRequest passed = wrapsRequest ? new HttpServletRequestWrapper(request) : request;
    HttpServletResponse passedResponse =
        wrapsResponse ? new HttpServletResponseWrapper(response) : response;
    return new Started(request.startAsync(passed, passedResponse), passed, passedResponse);
  }

  private static long timeout(AsyncContext context) {
    context.setTimeout(4_321);
    return context.getTimeout();
  }

  // ---- dispatching

  private void dispatches() {
    for (String with : List.of("nothing", "same", "wrapped")) {
      check("dispatch:" + with, dispatching(with, AsyncContext::dispatch));
      check(
          "dispatchPath:" + with,
          dispatching(with, context -> context.dispatch("/target?does=async&added=1")));
      check(
          "dispatchContext:" + with,
          dispatching(
              with,
              context ->
                  context.dispatch(
                      context.getRequest().getServletContext(), "/target?does=async")));
      check(
          "dispatchOtherContext:" + with,
          dispatching(
              with,
              context ->
                  context.dispatch(
                      context.getRequest().getServletContext().getContext("/other"),
                      "/target?does=async")));
      check(
          "dispatchByAThread:" + with,
          dispatching(with, context -> context.start(context::dispatch)));
      check(
          "forwardThenDispatch:" + with,
          (request, response) -> {
            if (again(request, response)) {
              return;
            }
            request.setAttribute("with", with);
            request.getRequestDispatcher("/async/in?check=dispatchHere").forward(request, response);
          });
      check(
          "includeThenDispatch:" + with,
          (request, response) -> {
            if (again(request, response)) {
              return;
            }
            request.setAttribute("with", with);
            request.getRequestDispatcher("/async/in?check=dispatchHere").include(request, response);
          });
    }
    check(
        "dispatchHere",
        (request, response) -> {
          if (!again(request, response)) {
            dispatch(String.valueOf(request.getAttribute("with")), request, response);
          }
        });
    check(
        "dispatchToTheStatic",
        (request, response) -> {
          AsyncContext context = request.startAsync();
          end(context);
          context.dispatch("/static.txt");
        });
    check(
        "dispatchToNothing",
        (request, response) -> {
          AsyncContext context = request.startAsync();
          end(context);
          context.dispatch("/missing");
        });
    check(
        "restart",
        (request, response) -> {
          Object step = request.getAttribute(STEP);
          see("step", step + " " + request.getDispatcherType() + " " + request.isAsyncStarted());
          if (step == null) {
            request.setAttribute(STEP, 1);
            request.getSession().setAttribute("a", "1");
            AsyncContext context = request.startAsync();
            end(context);
            context.dispatch();
          } else if (step.equals(1)) {
            request.setAttribute(STEP, 2);
            attempt("context", () -> request.getAsyncContext() != null);
            AsyncContext context = request.startAsync(request, response);
            see("original", context.hasOriginalRequestAndResponse());
            see("same context", context == request.getAsyncContext());
            context.addListener(new Told("second"));
            end(context);
            context.dispatch();
          } else {
            response.getWriter().print("a=" + request.getSession().getAttribute("a"));
          }
        });
    check(
        "restartAndComplete",
        (request, response) -> {
          if (request.getDispatcherType() == DispatcherType.REQUEST) {
            AsyncContext context = request.startAsync();
            Seen.pending();
            context.addListener(new ToldOfARestart("first"));
            end(context);
            context.dispatch();
          } else {
            AsyncContext context = request.startAsync();
            context.addListener(new Told("second"));
            context.complete();
          }
        });
    check(
        "forwardInADispatch",
        (request, response) -> {
          if (request.getDispatcherType() == DispatcherType.REQUEST) {
            AsyncContext context = request.startAsync();
            end(context);
            context.dispatch("/async/x?check=forwardInADispatch");
          } else {
            DispatchChecks.remember(request, response);
            request.getRequestDispatcher("/target?does=look").forward(request, response);
          }
        });
  }

  private interface Dispatching {
    void dispatch(AsyncContext context);
  }

  private Check dispatching(String with, Dispatching dispatching) {
    return (request, response) -> {
      if (!again(request, response)) {
        request.setAttribute("first", request);
        Started started = start(with, request, response);
        request.setAttribute(STEP, 1);
        request.getSession().setAttribute("a", "1");
        end(started.context);
        dispatching.dispatch(started.context);
      }
    };
  }

  private static void dispatch(
      String with, HttpServletRequest request, HttpServletResponse response) {
    Started started = start(with, request, response);
    request.setAttribute(STEP, 1);
    end(started.context);
    started.context.dispatch();
  }

  /** The second time round, says what it sees. */
  private static boolean again(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (request.getAttribute(STEP) == null) {
      return false;
    }
    look(request, response);
    return true;
  }

  static void inTarget(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    look(request, response);
  }

  private static void look(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    see("again", request.getDispatcherType());
    see("started", request.isAsyncStarted() + " " + request.isAsyncSupported());
    see("uri", request.getRequestURI());
    see("path", request.getContextPath() + request.getServletPath() + request.getPathInfo());
    see("query", request.getQueryString());
    see("added", request.getParameter("added"));
    see("mapping", request.getHttpServletMapping().getPattern());
    see("first uri", request.getAttribute(AsyncContext.ASYNC_REQUEST_URI));
    see("first path", request.getAttribute(AsyncContext.ASYNC_SERVLET_PATH));
    see("first query", request.getAttribute(AsyncContext.ASYNC_QUERY_STRING));
    see("forwarded uri", request.getAttribute("jakarta.servlet.forward.request_uri"));
    Object first = request.getAttribute("first");
    see("equals the first", first == null ? null : request.equals(first));
    attempt("context", () -> request.getAsyncContext() != null);
    HttpSession session = request.getSession(false);
    see("session", session == null ? null : session.getAttribute("a"));
    response.getWriter().print("dispatched");
  }

  // ---- what goes when

  private void states() {
    check(
        "afterCompletion",
        (request, response) -> {
          if (again(request, response)) {
            return;
          }
          request.setAttribute(STEP, 1);
          AsyncContext context = request.startAsync();
          end(context);
          context.complete();
          late(context, request);
          attempt("start", () -> request.startAsync() != null);
        });
    check(
        "afterDispatch",
        (request, response) -> {
          if (again(request, response)) {
            return;
          }
          request.setAttribute(STEP, 1);
          AsyncContext context = request.startAsync();
          end(context);
          context.dispatch();
          late(context, request);
          attempt(
              "dispatch",
              () -> {
                context.dispatch();
                return "done";
              });
        });
    check(
        "startTwice",
        (request, response) -> {
          AsyncContext context = request.startAsync();
          end(context);
          attempt("again", () -> request.startAsync() != null);
          attempt("again with arguments", () -> request.startAsync(request, response) != null);
          see("same context", context == request.getAsyncContext());
          context.complete();
        });
    check(
        "startAfterClose",
        (request, response) -> {
          response.getWriter().close();
          attempt(
              "start",
              () -> {
                AsyncContext context = request.startAsync();
                context.complete();
                return "started";
              });
        });
    check(
        "completeByAThread",
        (request, response) -> {
          AsyncContext context = request.startAsync();
          request.getSession().setAttribute("a", "before");
          end(context);
          Thread thread =
              new Thread(
                  () -> {
                    request.getSession().setAttribute("a", "by a thread");
                    context.complete();
                  });
          thread.start();
        });
    check(
        "writeAfterStart",
        (request, response) -> {
          AsyncContext context = request.startAsync();
          end(context);
          context.getResponse().getWriter().print("one ");
          context.getResponse().flushBuffer();
          see("committed", response.isCommitted());
          response.getWriter().print("two");
          context.complete();
        });
  }

  private static void late(AsyncContext context, HttpServletRequest request) {
    see("started", request.isAsyncStarted());
    attempt("request", () -> context.getRequest() == request);
    attempt("response", () -> context.getResponse() != null);
    attempt("original", context::hasOriginalRequestAndResponse);
    attempt("its context", () -> request.getAsyncContext() == context);
    attempt(
        "timeout",
        () -> {
          context.setTimeout(77);
          return "set";
        });
    attempt(
        "listener",
        () -> {
          context.addListener(new Told("late"));
          return "added";
        });
    attempt("create", () -> context.createListener(Told.class) != null);
  }

  // ---- listeners

  private void listeners() {
    for (String with : List.of("nothing", "same", "wrapped")) {
      check(
          "listener:" + with,
          (request, response) -> {
            Started started = start(with, request, response);
            started.context.addListener(new Told("plain", started));
            started.context.addListener(new Told("with arguments", started), request, response);
            end(started.context);
            started.context.complete();
          });
    }
    check(
        "listenerWithOthers",
        (request, response) -> {
          AsyncContext context = request.startAsync();
          HttpServletRequest other = new HttpServletRequestWrapper(request);
          HttpServletResponse otherResponse = new HttpServletResponseWrapper(response);
          context.addListener(
              new Told("others", new Started(context, other, otherResponse)), other, otherResponse);
          end(context);
          context.complete();
        });
    check(
        "createListener",
        (request, response) -> {
          AsyncContext context = request.startAsync();
          attempt(
              "made",
              () -> {
                Told made = context.createListener(Told.class);
                context.addListener(made);
                return made.getClass().getSimpleName();
              });
          attempt("bad", () -> context.createListener(Bad.class));
          end(context);
          context.complete();
        });
    check(
        "listenerIsToldOfTheRestart",
        (request, response) -> {
          if (request.getDispatcherType() == DispatcherType.REQUEST) {
            AsyncContext context = request.startAsync();
            Seen.pending();
            context.addListener(new Restarted(new Started(context, request, response)));
            end(context);
            context.dispatch();
          } else {
            AsyncContext context = request.startAsync();
            see("context", context == request.getAsyncContext());
            end(context);
            context.complete();
          }
        });
    check(
        "listenersInOrder",
        (request, response) -> {
          AsyncContext context = request.startAsync();
          context.addListener(new Told("one"));
          context.addListener(new Told("two"));
          end(context);
          context.complete();
        });
    check(
        "listenerThatFails",
        (request, response) -> {
          AsyncContext context = request.startAsync();
          context.addListener(
              new Told("failing") {
                @Override
                public void onComplete(AsyncEvent event) throws IOException {
                  super.onComplete(event);
                  throw new IOException("as the check wants it");
                }
              });
          context.addListener(new Told("next"));
          end(context);
          context.complete();
        });
  }

  // ---- timeouts

  private void timeouts() {
    for (String then : List.of("complete", "dispatch", "nothing", "write")) {
      check(
          "timeout:" + then,
          (request, response) -> {
            if (again(request, response)) {
              return;
            }
            AsyncContext context = request.startAsync();
            context.setTimeout(TIMEOUT_MILLIS);
            context.addListener(
                new Told("waiting", new Started(context, request, response)) {
                  @Override
                  public void onTimeout(AsyncEvent event) {
                    super.onTimeout(event);
                    onTime(then, event);
                  }
                });
            end(context);
          });
    }
    check(
        "timeoutNobodyHears",
        (request, response) -> {
          AsyncContext context = request.startAsync();
          context.setTimeout(TIMEOUT_MILLIS);
          end(context);
        });
  }

  private static void onTime(String then, AsyncEvent event) {
    HttpServletRequest request = (HttpServletRequest) event.getAsyncContext().getRequest();
    request.getSession(true).setAttribute("a", "in time");
    switch (then) {
      case "complete" -> event.getAsyncContext().complete();
      case "dispatch" -> {
        request.setAttribute(STEP, 1);
        event.getAsyncContext().dispatch();
      }
      case "write" -> {
        attempt(
            "print",
            () -> {
              event.getAsyncContext().getResponse().getWriter().print("timeout");
              return "done";
            });
        event.getAsyncContext().complete();
      }
      default -> see("nothing", "done");
    }
  }

  // ---- failures

  private void failures() {
    check(
        "failureAfterTheStart",
        (request, response) -> {
          AsyncContext context = request.startAsync();
          Seen.pending();
          context.addListener(new First());
          throw new ServletException("as the check wants it");
        });
    check(
        "failureInTheDispatch",
        (request, response) -> {
          if (request.getDispatcherType() == DispatcherType.ERROR) {
            return;
          }
          if (request.getDispatcherType() == DispatcherType.REQUEST) {
            AsyncContext context = request.startAsync();
            context.addListener(new Told("failing"));
            end(context);
            context.dispatch();
          } else {
            throw new DispatchChecks.TeapotException();
          }
        });
    check(
        "errorAfterTheStart",
        (request, response) -> {
          AsyncContext context = request.startAsync();
          end(context);
          response.sendError(418, "by the asynchronous");
          context.complete();
        });
    check(
        "errorInTheThread",
        (request, response) -> {
          AsyncContext context = request.startAsync();
          end(context);
          context.start(
              () -> {
                Seen.outcome(
                    () -> {
                      ((HttpServletResponse) context.getResponse()).sendError(418);
                      return "sent";
                    });
                context.complete();
              });
        });
    check(
        "redirectInTheThread",
        (request, response) -> {
          AsyncContext context = request.startAsync();
          request.getSession().setAttribute("a", "1");
          end(context);
          context.start(
              () -> {
                attempt(
                    "redirect",
                    () -> {
                      ((HttpServletResponse) context.getResponse()).sendRedirect("next");
                      return response.isCommitted();
                    });
                context.complete();
              });
        });
  }

  /** The checks go on until the request is complete. */
  private static void end(AsyncContext context) {
    Seen.pending();
    context.addListener(new End());
  }

  private static final class End extends Told {
    End() {
      super("end");
    }

    @Override
    public void onComplete(AsyncEvent event) {
      Seen.done();
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}

    /** The next cycle needs it too. */
    @Override
    public void onStartAsync(AsyncEvent event) {
      if (!(event.getAsyncContext().getRequest() instanceof HttpServletRequest request)
          || request.getAttribute("noEnd") == null) {
        event.getAsyncContext().addListener(this);
      }
    }
  }

  /** Tells of the first thing that it hears; containers differ in what comes after. */
  private static final class First extends Told {

    private boolean told;

    First() {
      super("failing");
    }

    @Override
    public void onComplete(AsyncEvent event) {
      once("complete");
    }

    @Override
    public void onError(AsyncEvent event) {
      once("error " + (event.getThrowable() != null));
    }

    private void once(String what) {
      if (!told) {
        told = true;
        see("failing", what);
        Seen.done();
      }
    }
  }

  /** Some containers tell of the restart last. */
  private static final class Restarted extends Told {

    Restarted(Started started) {
      super("first", started);
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      super.onStartAsync(event);
      Seen.done();
    }
  }

  /** Can't be made. */
  public static final class Bad extends Told {
    public Bad(int number) {
      super("bad " + number);
    }
  }

  /** Tells of every event. */
  public static class Told implements AsyncListener {

    private final String name;
    private final Started started;

    public Told() {
      this("made");
    }

    Told(String name) {
      this(name, null);
    }

    Told(String name, Started started) {
      this.name = name;
      this.started = started;
    }

    @Override
    public void onComplete(AsyncEvent event) throws IOException {
      tell("complete", event);
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      tell("timeout", event);
    }

    @Override
    public void onError(AsyncEvent event) {
      tell("error", event);
      see(name + " error", event.getThrowable() == null ? null : "given");
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      tell("restarted", event);
      event.getAsyncContext().addListener(this);
    }

    private void tell(String what, AsyncEvent event) {
      see(name, what);
      if (started != null) {
        see(name + " context", event.getAsyncContext() == started.context);
        see(name + " request", same(event.getSuppliedRequest(), started.request));
        see(name + " response", same(event.getSuppliedResponse(), started.response));
      }
    }

    private static String same(Object supplied, Object expected) {
      if (supplied == null) {
        return "none";
      }
      return (supplied == expected) + " " + supplied.equals(expected);
    }
  }

  /** Some containers tell of a restart when the client has its answer already. */
  public static final class ToldOfARestart extends Told {

    ToldOfARestart(String name) {
      super(name);
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      try {
        super.onStartAsync(event);
      } finally {
        Seen.done();
      }
    }
  }
}
