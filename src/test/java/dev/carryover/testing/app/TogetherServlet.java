package dev.carryover.testing.app;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * For requests that have one session at the same time: {@code ?do=...&key=...}, and a line for each
 * thing that is seen. What holds a request is {@link HoldServlet}.
 */
@WebServlet("/together")
public class TogetherServlet extends HttpServlet {

  private static final Map<String, Thread> THREADS = new ConcurrentHashMap<>();
  private static volatile Thread changer;
  private static int inside;
  private static int most;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    List<String> lines = new ArrayList<>();
    run(request, request.getParameter("key"), lines);
    response.getWriter().write(String.join("\n", lines));
  }

  private static void run(HttpServletRequest request, String key, List<String> lines) {
    switch (request.getParameter("do")) {
      case "create" -> {
        HttpSession session = request.getSession();
        session.setAttribute("lock", new ArrayList<>());
        session.setAttribute("a", "1");
        most = 0;
      }
      case "lock" -> {
        THREADS.put(key, Thread.currentThread());
        synchronized (request.getSession().getAttribute("lock")) {
          most = Math.max(most, ++inside);
          HoldServlet.hold(key);
          inside--;
        }
        lines.add("at most " + most);
      }
      case "state" -> lines.add(String.valueOf(THREADS.get(key).getState()));
      case "hold" -> {
        HttpSession session = request.getSession(false);
        String id = session.getId();
        HoldServlet.hold(key);
        look(request, session, id, lines);
      }
      case "rotate" -> {
        lines.add("valid " + request.isRequestedSessionIdValid());
        request.changeSessionId();
        lines.add("valid " + request.isRequestedSessionIdValid());
      }
      case "invalidate" -> request.getSession().invalidate();
      case "get" -> lines.add(String.valueOf(request.getSession().getAttribute(key)));
      case "change" -> {
        startChanging(request.getSession());
        HoldServlet.hold(key);
      }
      case "read" -> lines.add("" + (request.getSession().getAttribute("changing") != null));
      case "settle" -> {
        settle();
        lines.add(request.getSession().getAttribute("changing").toString());
      }
      default -> throw new IllegalArgumentException(request.getParameter("do"));
    }
  }

  /** Looks at a session to which another request has done something meanwhile. */
  private static void look(
      HttpServletRequest request, HttpSession session, String id, List<String> lines) {
    tell(lines, "same id ", () -> session.getId().equals(id));
    tell(lines, "valid ", request::isRequestedSessionIdValid);
    tell(lines, "requested ", () -> request.getRequestedSessionId().startsWith(id));
    tell(lines, "a=", () -> session.getAttribute("a"));
    tell(lines, "names ", () -> session.getAttributeNames().hasMoreElements());
    tell(
        lines,
        "set ",
        () -> {
          session.setAttribute("b", "late");
          return "done";
        });
    tell(lines, "session ", () -> request.getSession(false) != null);
    tell(lines, "b=", () -> request.getSession().getAttribute("b"));
    tell(lines, "new ", () -> request.getSession().isNew());
  }

  private static void tell(List<String> lines, String what, Supplier<Object> question) {
    String answer;
    try {
      answer = String.valueOf(question.get());
    } catch (RuntimeException e) {
      answer = e.getClass().getSimpleName();
    }
    lines.add(what + answer);
  }

  /** A thread that never pauses changes a map, which is not made for that. */
  private static void startChanging(HttpSession session) {
    Map<String, String> map = new LinkedHashMap<>();
    session.setAttribute("changing", map);
    changer =
        new Thread(
            () -> {
              for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                map.put("key" + i % 1000, "value" + i);
                if (i % 1000 == 999) {
                  map.clear();
                }
              }
              map.put("settled", "yes");
            });
    changer.setDaemon(true);
    changer.start();
  }

  private static void settle() {
    changer.interrupt();
    try {
      changer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
