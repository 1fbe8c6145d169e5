package edges;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Looks at one corner, {@code ?case=...}, and writes what it sees, a line each. */
@WebServlet(name = "edges", urlPatterns = "/edges", asyncSupported = true)
public class EdgesServlet extends HttpServlet {

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    List<String> lines = new ArrayList<>();
    try {
      look(request.getParameter("case"), request, response, lines);
    } catch (RuntimeException e) {
      log("looking failed", e);
      lines.add("! " + e.getClass().getSimpleName());
    }
    if (!lines.isEmpty()) {
      response.getWriter().write(String.join("\n", lines) + "\n");
    }
  }

  private void look(
      String corner, HttpServletRequest request, HttpServletResponse response, List<String> lines)
      throws IOException, ServletException {
    switch (corner) {
      case "create" -> {
        HttpSession session = request.getSession();
        session.setAttribute("a", "1");
        lines.add("new " + session.isNew());
      }
      case "attributes" -> attributes(request, lines);
      case "listenersRequest" -> {
        lines.add("same " + (request == Watcher.current));
        lines.add("equal " + request.equals(Watcher.current));
        lines.add("hash " + (request.hashCode() == Watcher.current.hashCode()));
        lines.add("none " + request.equals(null) + response.equals(null));
        lines.add("itself " + request.equals(request) + response.equals(response));
      }
      case "ids" -> {
        lines.add("requested " + request.getRequestedSessionId());
        lines.add("valid " + request.isRequestedSessionIdValid());
        lines.add("cookie " + request.isRequestedSessionIdFromCookie());
        lines.add("url " + request.isRequestedSessionIdFromURL());
      }
      case "invalidate" -> {
        lines.add("valid " + request.isRequestedSessionIdValid());
        request.getSession().invalidate();
        lines.add("valid " + request.isRequestedSessionIdValid());
        lines.add("session " + (request.getSession(false) != null));
        HttpSession next = request.getSession();
        lines.add("new " + next.isNew() + " a=" + next.getAttribute("a"));
        lines.add("valid " + request.isRequestedSessionIdValid());
        next.setAttribute("a", "again");
      }
      case "invalidateAfterCommit" -> {
        response.flushBuffer();
        request.getSession().invalidate();
        lines.add("session " + (request.getSession(false) != null));
        request.getSession();
      }
      case "afterCommit" -> {
        response.flushBuffer();
        lines.add("existing " + (request.getSession(false) != null));
        request.getSession().setAttribute("a", "after commit");
        lines.add("a=" + request.getSession().getAttribute("a"));
      }
      case "rotateAfterFlush" -> {
        response.flushBuffer();
        request.changeSessionId();
      }
      case "rotateAfterRedirect" -> {
        response.sendRedirect("/static.txt");
        request.changeSessionId();
      }
      case "times" -> {
        HttpSession session = request.getSession();
        lines.add("ordered " + (session.getCreationTime() <= session.getLastAccessedTime()));
        lines.add("same " + (session.isNew() && created(session) == accessed(session)));
      }
      case "created" -> lines.add("" + request.getSession().getCreationTime());
      case "accessed" -> lines.add("" + request.getSession(false).getLastAccessedTime());
      case "interval" -> {
        HttpSession session = request.getSession();
        session.setMaxInactiveInterval(Integer.parseInt(request.getParameter("seconds")));
        lines.add("" + session.getMaxInactiveInterval());
      }
      case "getInterval" -> lines.add("" + request.getSession(false).getMaxInactiveInterval());
      case "thread" -> joined(() -> lines.add("a=" + request.getSession().getAttribute("a")));
      case "threadWrites" -> {
        HttpSession session = request.getSession();
        new Thread(() -> later(session)).start();
      }
      case "inRequestDestroyed" -> request.getSession().setAttribute("a", "in time");
      case "lines" -> {
        for (int i = 0; i < 50 && Watcher.LINES.isEmpty(); i++) {
          pause(100);
        }
        lines.addAll(Watcher.LINES);
        Watcher.LINES.clear();
      }
      case "set" -> lines.add("in the set " + Watcher.SESSIONS.contains(request.getSession()));
      case "setAfterRotation" -> {
        request.changeSessionId();
        lines.add("in the set " + Watcher.SESSIONS.contains(request.getSession()));
      }
      case "end" -> request.getSession().invalidate();
      case "async" -> async(request, response, lines);
      case "asyncWrapped" -> {
        HttpServletRequestWrapper wrapper = new HttpServletRequestWrapper(request);
        AsyncContext context = request.startAsync(wrapper, response);
        lines.add("original " + context.hasOriginalRequestAndResponse());
        lines.add("request " + (context.getRequest() == wrapper));
        lines.add("response " + (context.getResponse() == response));
        context.complete();
      }
      case "asyncDispatch" -> asyncDispatch(request, lines, AsyncContext::dispatch);
      case "asyncDispatchPath" ->
          asyncDispatch(request, lines, c -> c.dispatch("/edges?case=asyncDispatchPath"));
      case "asyncDispatchContext" ->
          asyncDispatch(
              request,
              lines,
              c -> c.dispatch(getServletContext(), "/edges?case=asyncDispatchContext"));
      case "dispatchedByThread" -> {
        if (request.getDispatcherType() == DispatcherType.REQUEST) {
          AsyncContext context = request.startAsync();
          new Thread(() -> writeAndDispatch(request.getSession(), context)).start();
        }
      }
      case "writtenInDispatch" -> {
        if (request.getDispatcherType() == DispatcherType.REQUEST) {
          request.startAsync().dispatch();
        } else {
          request.getSession().setAttribute("a", "in the dispatch");
        }
      }
      case "asyncListener" -> {
        request.getSession().setAttribute("a", "before");
        AsyncContext context = request.startAsync();
        context.addListener(new Listener(context));
        context.complete();
      }
      case "forwardNamed" -> {
        request.getSession().setAttribute("a", "forwarding");
        getServletContext().getNamedDispatcher("target").forward(request, response);
        pause();
      }
      case "forwardAsync" -> {
        getServletContext()
            .getRequestDispatcher("/target?startAsync=yes")
            .forward(request, response);
      }
      case "forwardProxy" -> {
        request.getSession().setAttribute("a", "forwarding");
        getServletContext().getRequestDispatcher("/target").forward(proxy(request), response);
      }
      case "includeNonHttp" ->
          getServletContext()
              .getRequestDispatcher("/target")
              .include(new ServletRequestWrapper(request), response);
      case "accessor" -> accessor(request, lines);
      case "redirect" -> redirect(request, response, lines);
      default -> throw new IllegalArgumentException(corner);
    }
  }

  /** A request that is no wrapper, as front controllers make them. */
  private static HttpServletRequest proxy(HttpServletRequest request) {
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            EdgesServlet.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) -> {
              try {
                return method.invoke(request, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static void attributes(HttpServletRequest request, List<String> lines) {
    HttpSession session = request.getSession(false);
    lines.add("session " + (session != null));
    if (session != null) {
      lines.add("new " + session.isNew());
      lines.add("a=" + session.getAttribute("a") + " late=" + session.getAttribute("late"));
    }
  }

  private static void async(
      HttpServletRequest request, HttpServletResponse response, List<String> lines) {
    AsyncContext context = request.startAsync();
    lines.add("original " + context.hasOriginalRequestAndResponse());
    lines.add("same context " + (context == request.getAsyncContext()));
    lines.add("request " + (context.getRequest() == request));
    lines.add("equal request " + context.getRequest().equals(request));
    lines.add("response " + (context.getResponse() == response));
    lines.add("equal response " + context.getResponse().equals(response));
    lines.add("started " + request.isAsyncStarted() + " supported " + request.isAsyncSupported());
    context.complete();
  }

  private static void asyncDispatch(
      HttpServletRequest request, List<String> lines, Consumer<AsyncContext> dispatch) {
    lines.add(request.getDispatcherType() + " started " + request.isAsyncStarted());
    lines.add("uri " + request.getRequestURI() + " " + request.getAttribute(ASYNC_URI));
    if (request.getDispatcherType() == DispatcherType.REQUEST) {
      request.getSession().setAttribute("a", "async");
      dispatch.accept(request.startAsync());
    } else {
      lines.add("a=" + request.getSession().getAttribute("a"));
    }
  }

  private static void writeAndDispatch(HttpSession session, AsyncContext context) {
    session.setAttribute("a", "by a thread");
    context.dispatch();
  }

  private static final String ASYNC_URI = AsyncContext.ASYNC_REQUEST_URI;

  private static long created(HttpSession session) {
    return session.getCreationTime();
  }

  private static long accessed(HttpSession session) {
    return session.getLastAccessedTime();
  }

  private static void joined(Runnable work) {
    Thread thread = new Thread(work);
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** After the request has ended, in all likelihood. */
  private static void later(HttpSession session) {
    pause();
    session.setAttribute("a", "from a thread");
    Watcher.LINES.add("written by a thread");
  }

  private static void pause() {
    pause(500);
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** By reflection: Servlet 6.1 has it, the API that this is compiled against has not. */
  private static void accessor(HttpServletRequest request, List<String> lines) {
    HttpSession session = request.getSession();
    try {
      Object accessor = HttpSession.class.getMethod("getAccessor").invoke(session);
      Consumer<HttpSession> use =
          same -> {
            lines.add("same id " + same.getId().equals(session.getId()));
            lines.add("equal " + same.equals(session));
            same.setAttribute("a", "by the accessor");
          };
      HttpSession.class
          .getMethod("getAccessor")
          .getReturnType()
          .getMethod("access", Consumer.class)
          .invoke(accessor, use);
    } catch (InvocationTargetException e) {
      lines.add("! " + e.getCause().getClass().getSimpleName());
    } catch (ReflectiveOperationException e) {
      lines.add("Servlet 6.0");
    }
  }

  private static void redirect(
      HttpServletRequest request, HttpServletResponse response, List<String> lines) {
    request.getSession().setAttribute("a", "redirected");
    try {
      HttpServletResponse.class
          .getMethod("sendRedirect", String.class, int.class, boolean.class)
          .invoke(response, "/edges?case=attributes", 303, false);
      pause();
    } catch (ReflectiveOperationException e) {
      lines.add("Servlet 6.0");
    }
  }

  /** Looks at the session at the end of an asynchronous request. */
  private record Listener(AsyncContext context) implements AsyncListener {

    @Override
    public void onComplete(AsyncEvent event) {
      HttpServletRequest request = (HttpServletRequest) context.getRequest();
      HttpSession session = request.getSession(false);
      Watcher.LINES.add("onComplete sees " + session.getAttribute("a"));
      Watcher.LINES.add("same context " + (event.getAsyncContext() == context));
      session.setAttribute("late", "from onComplete");
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {}
  }
}
