package dev.carryover.servlet;

import dev.carryover.testing.Stub;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** One request and its response without a container: what a test asks of them, and no more. */
final class Exchange {

  static final String COOKIE = "CARRYOVERID";

  private final Map<String, Object> attributes = new TreeMap<>();
  private final Map<String, List<String>> headers = new TreeMap<>();
  private final Cookie[] cookies;
  private String address = "127.0.0.1";
  private String requestId;
  private Supplier<Principal> user = () -> null;
  private int status = 200;
  private boolean isCommitted;
  private boolean isRecycled;

  /** Of a client that has the sessions of these ids. */
  Exchange(String... ids) {
    List<Cookie> sent = new ArrayList<>();
    for (String id : ids) {
      sent.add(new Cookie(COOKIE, id));
    }
    cookies = sent.toArray(new Cookie[0]);
  }

  Exchange from(String client) {
    address = client;
    return this;
  }

  /** As of Servlet 6.0; without, it has none, as before. */
  Exchange withId(String id) {
    requestId = id;
    return this;
  }

  /** Whom the container has from now on, or how it fails to tell. */
  void user(Supplier<Principal> asked) {
    user = asked;
  }

  /** The head of the response has gone. */
  void commitResponse() {
    isCommitted = true;
  }

  /** The container needs its objects again: as Tomcat's, they tell nothing any more. */
  void recycle() {
    isRecycled = true;
  }

  private void requireInUse() {
    if (isRecycled) {
      throw new IllegalStateException("The request object has been recycled");
    }
  }

  final HttpServletRequest request =
      Stub.of(
          HttpServletRequest.class,
          (proxy, method, arguments) -> {
            requireInUse();
            return switch (method.getName()) {
              case "getAttribute" -> attributes.get((String) arguments[0]);
              case "setAttribute" -> attributes.put((String) arguments[0], arguments[1]);
              case "getContextPath" -> "";
              case "getCookies" -> cookies();
              case "getDispatcherType" -> DispatcherType.REQUEST;
              case "getRemoteAddr" -> address;
              case "getRequestId" -> requestId;
              case "getRequestURI" -> "/";
              case "getUserPrincipal" -> user.get();
              case "isSecure", "isAsyncStarted" -> false;
              case "startAsync" -> Stub.of(AsyncContext.class, (context, call, given) -> null);
              default -> null;
            };
          });

  final HttpServletResponse response =
      Stub.of(
          HttpServletResponse.class,
          (proxy, method, arguments) -> {
            requireInUse();
            return switch (method.getName()) {
              case "getHeaders" -> headers((String) arguments[0]);
              case "setHeader" -> setHeader((String) arguments[0], (String) arguments[1]);
              case "addHeader" ->
                  !isCommitted && headers((String) arguments[0]).add((String) arguments[1]);
              case "sendError" -> status = (int) arguments[0];
              case "getStatus" -> status;
              case "isCommitted" -> isCommitted;
              default -> null;
            };
          });

  /** As containers do that use their object for another request. */
  void forgetAttributes() {
    attributes.clear();
  }

  int status() {
    return status;
  }

  List<String> headers(String name) {
    return headers.computeIfAbsent(name, key -> new ArrayList<>());
  }

  private Cookie[] cookies() {
    return cookies;
  }

  private Object setHeader(String name, String value) {
    if (!isCommitted) {
      headers.put(name, new ArrayList<>(value == null ? List.of() : List.of(value)));
    }
    return null;
  }
}
