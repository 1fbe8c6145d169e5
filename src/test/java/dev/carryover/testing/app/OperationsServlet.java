package dev.carryover.testing.app;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * A servlet that does with its session what the query says, operation by operation ({@code
 * ?do=set:a:1&do=get:a}), and answers a line for each.
 */
@WebServlet(
    urlPatterns = {"/do", "/do/*"},
    asyncSupported = true)
public class OperationsServlet extends HttpServlet {

  private static final String DISPATCHED = "dispatched";

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    List<String> answers = new ArrayList<>();
    String[] operations = request.getParameterValues("do");
    for (String operation : operations == null ? new String[0] : operations) {
      String rest = operation.substring(operation.indexOf(':') + 1);
      answers.add(run(operation.split(":", 3), rest, request, response));
    }
    if (!response.isCommitted()) {
      response.setContentType("text/plain");
      response.getWriter().write(String.join("\n", answers));
    }
    // Who has dispatched it leaves its completion to the target.
    if (request.isAsyncStarted() && request.getAttribute(DISPATCHED) == null) {
      AsyncContext context = request.getAsyncContext();
      context.start(context::complete);
    }
  }

  private String run(
      String[] words, String rest, HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    switch (words[0]) {
      case "create":
        return request.getSession().getId();
      case "id":
        HttpSession session = request.getSession(false);
        return session == null ? "none" : session.getId();
      case "get":
        return String.valueOf(existing(request).getAttribute(words[1]));
      case "names":
        return Collections.list(existing(request).getAttributeNames()).toString();
      case "set":
        request.getSession().setAttribute(words[1], words[2]);
        return "set";
      case "fill":
        request.getSession().setAttribute(words[1], "x".repeat(Integer.parseInt(words[2])));
        return "filled";
      case "grow":
        listIn(request, words[1]).add("x".repeat(Integer.parseInt(words[2])));
        return "grown";
      case "list":
        request.getSession().setAttribute(words[1], new ArrayList<>(List.of(words[2])));
        return "set";
      case "add":
        listIn(request, words[1]).add(words[2]);
        return "added";
      case "remove":
        existing(request).removeAttribute(words[1]);
        return "removed";
      case "rotate":
        return request.changeSessionId();
      case "login":
        request.login(words[1], words[2]);
        return existing(request).getId();
      case "invalidate":
        existing(request).invalidate();
        return "invalidated";
      case "interval":
        existing(request).setMaxInactiveInterval(Integer.parseInt(words[1]));
        return "interval";
      case "valid":
        return String.valueOf(request.isRequestedSessionIdValid());
      case "requested":
        return String.valueOf(request.getRequestedSessionId());
      case "requestedFrom":
        return (request.isRequestedSessionIdFromCookie() ? "cookie" : "")
            + (request.isRequestedSessionIdFromURL() ? "url" : "");
      case "new":
        return String.valueOf(existing(request).isNew());
      case "created":
        return String.valueOf(existing(request).getCreationTime());
      case "accessed":
        return String.valueOf(existing(request).getLastAccessedTime());
      case "cookie":
        response.addCookie(new Cookie(words[1], words.length > 2 ? words[2] : "1"));
        return "cookie";
      case "encode":
        return response.encodeURL(rest);
      case "encodeRedirect":
        return response.encodeRedirectURL(rest);
      case "getInterval":
        return String.valueOf(existing(request).getMaxInactiveInterval());
      case "requestId":
        return request.getRequestId();
      case "hold":
        HoldServlet.hold(words[1]);
        return "held";
      case "printf":
        response.setLocale(Locale.GERMANY);
        response.getWriter().printf("%.1f ", 1.5);
        return "printf";
      case "print":
        response.setContentType("text/plain;charset=UTF-8");
        response.getOutputStream().print("\u20ac");
        response.flushBuffer();
        return "print";
      case "page":
        // Byte by byte, with a value that may have been changed in place.
        for (int i = 0; i < Integer.parseInt(words[1]); i++) {
          response.getWriter().write('x');
        }
        return "page";
      case "flush":
        response.flushBuffer();
        return "flushed";
      case "redirect":
        response.sendRedirect(words[1]);
        return "redirected";
      case "error":
        response.sendError(Integer.parseInt(words[1]));
        return "error";
      case "async":
        request.startAsync();
        return "async";
      case "dispatchAsync":
        if (request.getDispatcherType() == DispatcherType.REQUEST) {
          request.setAttribute(DISPATCHED, true);
          request.startAsync().dispatch(rest);
        }
        return "dispatched";
      case "throw":
        throw new ServletException("as the query wanted");
      default:
        throw new IllegalArgumentException(words[0]);
    }
  }

  private static HttpSession existing(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (session == null) {
      throw new IllegalStateException("no session");
    }
    return session;
  }

  @SuppressWarnings("unchecked")
  private static List<String> listIn(HttpServletRequest request, String name) {
    return (List<String>) existing(request).getAttribute(name);
  }
}
