package contract;

import static contract.Seen.attempt;
import static contract.Seen.see;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.SessionTrackingMode;
import jakarta.servlet.annotation.MultipartConfig;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.Part;
import java.util.Collections;
import java.util.EnumSet;
import java.util.TreeSet;

/** The request: what it tells, its wrappers, its body; and the context, once it has started. */
@WebServlet(urlPatterns = {"/request", "/request/*"})
@MultipartConfig
public final class RequestChecks extends Checks {

  @Override
  public void init() {
    plain();
    bodies();
    users();
    context();
  }

  private void plain() {
    check(
        "paths",
        (request, response) -> {
          see("uri", request.getRequestURI());
          see("url ends with it", request.getRequestURL().toString().endsWith("/request"));
          see("context", request.getContextPath());
          see("servlet", request.getServletPath());
          see("info", request.getPathInfo());
          see("query", request.getQueryString());
          see("mapping", request.getHttpServletMapping().getPattern());
          see("match", request.getHttpServletMapping().getMappingMatch());
          see("type", request.getDispatcherType());
          see("method", request.getMethod());
          see("secure", request.isSecure());
        });
    check(
        "attributes",
        (request, response) -> {
          TreeSet<String> names = new TreeSet<>(Collections.list(request.getAttributeNames()));
          names.removeIf(name -> name.startsWith("org.eclipse.") || name.startsWith("org.apache."));
          see("names", names);
        });
    check(
        "attributesOfTheContext",
        (request, response) -> {
          TreeSet<String> names =
              new TreeSet<>(Collections.list(getServletContext().getAttributeNames()));
          names.removeIf(name -> name.startsWith("org.eclipse.") || name.startsWith("org.apache."));
          names.remove(ServletContext.ORDERED_LIBS);
          see("names", names);
        });
    check(
        "wrappers",
        (request, response) -> {
          HttpServletRequestWrapper wrapper = new HttpServletRequestWrapper(request);
          see("same", wrapper.getRequest() == request);
          see("wraps", wrapper.isWrapperFor(request));
          see("wraps its class", wrapper.isWrapperFor(request.getClass()));
          see("wraps itself", new ServletRequestWrapper(wrapper).isWrapperFor(request));
          attempt("of nothing", () -> new HttpServletRequestWrapper(null));
          attempt(
              "set to nothing",
              () -> {
                wrapper.setRequest(null);
                return "set";
              });
          wrapper.setRequest(request);
          see("equal", request.equals(wrapper.getRequest()));
          see("itself", request.equals(request));
          see("the wrapper", request.equals(wrapper));
          see("session", wrapper.getSession() == request.getSession());
          see("rotated", wrapper.changeSessionId().equals(request.getSession().getId()));
        });
    check(
        "listenersRequest",
        (request, response) -> {
          see("same", request == Listeners.current.get());
          see("equal", request.equals(Listeners.current.get()));
          see("equal the other way", Listeners.current.get().equals(request));
          see("hash", request.hashCode() == Listeners.current.get().hashCode());
        });
    check(
        "async",
        (request, response) -> {
          see("supported", request.isAsyncSupported());
          see("started", request.isAsyncStarted());
          attempt("context", () -> request.getAsyncContext() != null);
          attempt("start", () -> request.startAsync() != null);
          attempt("start with arguments", () -> request.startAsync(request, response) != null);
        });
    check(
        "trailersAndPush",
        (request, response) -> {
          see("ready", request.isTrailerFieldsReady());
          attempt("trailers", request::getTrailerFields);
          attempt("push", request::newPushBuilder);
        });
    check(
        "ofServlet6",
        (request, response) -> {
          see("id", request.getRequestId() != null);
          see("connection", request.getServletConnection() != null);
          see("same id", request.getRequestId().equals(request.getRequestId()));
        });
  }

  private void bodies() {
    check(
        "parameters",
        (request, response) -> {
          see("a", request.getParameter("a"));
          see("all", new TreeSet<>(request.getParameterMap().keySet()));
          see("more", String.join(",", request.getParameterValues("more")));
        });
    check(
        "parts",
        (request, response) -> {
          for (Part part : request.getParts()) {
            see(part.getName(), part.getSubmittedFileName() + " " + part.getSize());
          }
          see("title", request.getParameter("title"));
          see("none", request.getPart("none"));
        });
    check(
        "partsOfAnother",
        (request, response) -> {
          attempt("parts", () -> request.getParts().size());
          attempt("part", () -> request.getPart("x"));
        });
    check(
        "body",
        (request, response) -> {
          see("length", request.getContentLength());
          see("body", new String(request.getInputStream().readAllBytes()));
          see("finished", request.getInputStream().isFinished());
          attempt("reader", () -> request.getReader() != null);
        });
    check(
        "reader",
        (request, response) -> {
          request.setCharacterEncoding("UTF-8");
          see("body", request.getReader().readLine());
          attempt("stream", () -> request.getInputStream() != null);
        });
    check(
        "encodingUnknown",
        (request, response) ->
            attempt(
                "encoding",
                () -> {
                  request.setCharacterEncoding("no-such-encoding");
                  return request.getCharacterEncoding();
                }));
  }

  private void users() {
    check(
        "nobody",
        (request, response) -> {
          see("user", request.getRemoteUser());
          see("principal", request.getUserPrincipal());
          see("type", request.getAuthType());
          see("role", request.isUserInRole("customer"));
          attempt(
              "wrong login",
              () -> {
                request.login("nobody", "wrong");
                return "logged in";
              });
          attempt(
              "logout",
              () -> {
                request.logout();
                return "logged out";
              });
        });
  }

  /** Once it has started, a context can't be changed. */
  private void context() {
    check(
        "lateChanges",
        (request, response) -> {
          ServletContext context = getServletContext();
          SessionCookieConfig cookie = context.getSessionCookieConfig();
          see("name", cookie.getName());
          see("path", cookie.getPath());
          see("age", cookie.getMaxAge());
          late("name", () -> cookie.setName("LATE"));
          late("path", () -> cookie.setPath("/late"));
          late("domain", () -> cookie.setDomain("late"));
          late("age", () -> cookie.setMaxAge(7));
          late("http only", () -> cookie.setHttpOnly(true));
          late("secure", () -> cookie.setSecure(true));
          late("attribute", () -> cookie.setAttribute("a", "b"));
          late(
              "tracking",
              () -> context.setSessionTrackingModes(EnumSet.of(SessionTrackingMode.URL)));
          late("timeout", () -> context.setSessionTimeout(7));
          late("listener", () -> context.addListener(new Listeners()));
          late("filter", () -> context.addFilter("late", WrappingFilter.class));
          late("servlet", () -> context.addServlet("late", RequestChecks.class));
          see("modes", new TreeSet<>(context.getEffectiveSessionTrackingModes()));
          see("default modes", new TreeSet<>(context.getDefaultSessionTrackingModes()));
          see("timeout", context.getSessionTimeout());
        });
    check(
        "servlets",
        (request, response) ->
            see("names", new TreeSet<>(getServletContext().getServletRegistrations().keySet())));
  }

  private static void late(String what, Runnable change) {
    attempt(
        "late " + what,
        () -> {
          change.run();
          return "changed";
        });
  }
}
