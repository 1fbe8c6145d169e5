package dev.carryover.testing.app;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Works asynchronously in the way that the query names, and writes a line for what it saw. */
@WebServlet(
    urlPatterns = {"/async", "/async/again", "/async/error"},
    asyncSupported = true)
public class AsyncServlet extends HttpServlet {

  private static final int TIMEOUT_MILLIS = 50;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    switch (request.getDispatcherType()) {
      case REQUEST -> start(request.getParameter("way"), request, response);
      case FORWARD -> start("dispatch", request, response);
      case ASYNC -> dispatched(request, response);
      default -> {
        set(request, "error", request.getDispatcherType());
        response.getWriter().write("error page of " + request.getServletPath());
      }
    }
  }

  private static void start(String way, HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    set(request, "start", way);
    switch (way) {
      case "noArguments" -> complete(request.startAsync(), request);
      case "sameArguments" -> complete(request.startAsync(request, response), request);
      case "wrapped" -> {
        HttpServletRequest wrapper = new HttpServletRequestWrapper(request);
        complete(request.startAsync(wrapper, response), wrapper);
      }
      case "throughWrapper" ->
          complete(new HttpServletRequestWrapper(request).startAsync(), request);
      case "completeAtOnce" -> request.startAsync().complete();
      case "dispatchAtOnce" -> request.startAsync().dispatch();
      case "dispatch", "restart" -> {
        AsyncContext context = request.startAsync();
        context.start(
            () -> {
              set(request, "thread", way);
              context.dispatch();
            });
      }
      case "dispatchPath" -> request.startAsync().dispatch("/async/again?way=dispatchPath");
      case "forward" -> request.getRequestDispatcher("/async/again").forward(request, response);
      case "timeout" -> listenTo(request.startAsync(), request, "complete");
      case "timeoutDispatch" -> listenTo(request.startAsync(), request, "dispatch");
      case "timeoutUnheard" -> request.startAsync().setTimeout(TIMEOUT_MILLIS);
      case "throwAfterStart" -> {
        request.startAsync();
        throw new ServletException("as the query wanted");
      }
      case "throwInDispatch" -> request.startAsync().dispatch();
      case "sendErrorAndComplete" -> {
        AsyncContext context = request.startAsync();
        response.sendError(409);
        set(request, "thread", way);
        context.complete();
      }
      default -> throw new IllegalArgumentException(way);
    }
  }

  private static void dispatched(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    String way = request.getParameter("way");
    set(request, "dispatch", way);
    if (way.equals("throwInDispatch")) {
      throw new ServletException("as the query wanted");
    }
    if (way.equals("restart") && request.getAttribute("restarted") == null) {
      request.setAttribute("restarted", "");
      AsyncContext again = request.startAsync();
      again.start(
          () -> {
            set(request, "restart", way);
            again.dispatch("/async/again");
          });
      return;
    }
    response.getWriter().write("dispatched to " + request.getServletPath());
  }

  /** Completes in another thread, which writes what it found. */
  private static void complete(AsyncContext context, HttpServletRequest passed) {
    HttpServletRequest request = (HttpServletRequest) context.getRequest();
    boolean sameContext = passed.getAsyncContext() == context;
    context.start(
        () -> {
          set(request, "thread", "changed");
          write(
              context,
              "original="
                  + context.hasOriginalRequestAndResponse()
                  + " passed="
                  + (request == passed)
                  + " context="
                  + sameContext
                  + " session="
                  + (request.getSession(false) == passed.getSession(false)));
          context.complete();
        });
  }

  private static void listenTo(AsyncContext context, HttpServletRequest request, String then) {
    context.setTimeout(TIMEOUT_MILLIS);
    context.addListener(
        new AsyncListener() {
          @Override
          public void onTimeout(AsyncEvent event) {
            set(request, "listener", event.getAsyncContext() == context);
            write(context, "timeout ");
            if (then.equals("complete")) {
              event.getAsyncContext().complete();
            } else {
              event.getAsyncContext().dispatch();
            }
          }

          @Override
          public void onComplete(AsyncEvent event) {
            set(request, "completed", event.getAsyncContext() == context);
          }

          @Override
          public void onError(AsyncEvent event) {}

          @Override
          public void onStartAsync(AsyncEvent event) {}
        });
  }

  private static void write(AsyncContext context, String text) {
    try {
      context.getResponse().getWriter().write(text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void set(HttpServletRequest request, String name, Object value) {
    request.getSession().setAttribute(name, String.valueOf(value));
  }
}
