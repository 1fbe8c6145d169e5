package dev.carryover.servlet;

import dev.carryover.session.SessionId;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One id that a client sent with a request, as it sent it. Immutable. */
final class RequestedId {

  /** The most ids of one request that are looked for, after the first. */
  private static final int MOST = 5;

  private final String clientValue;
  private final @Nullable String id;
  private final boolean fromCookie;

  private RequestedId(String clientValue, boolean fromCookie) {
    this.clientValue = clientValue;
    this.fromCookie = fromCookie;
    int route = clientValue.indexOf('.');
    CharSequence withoutRoute = route < 0 ? clientValue : clientValue.subSequence(0, route);
    this.id = SessionId.isWellFormed(withoutRoute) ? withoutRoute.toString() : null;
  }

  /** All that a request names, cookies first; a browser may send several of the same name. */
  static List<RequestedId> of(HttpServletRequest request, SessionCookie tracking) {
    List<RequestedId> ids = new ArrayList<>(1);
    Cookie[] cookies = tracking.inCookies() ? request.getCookies() : null;
    if (cookies != null) {
      for (Cookie cookie : cookies) {
        if (cookie.getName().equals(tracking.name())) {
          add(ids, new RequestedId(cookie.getValue(), true));
        }
      }
    }
    String parameter = tracking.urlParameter();
    String inUrl = parameter == null ? null : pathParameter(request.getRequestURI(), parameter);
    if (inUrl != null) {
      add(ids, new RequestedId(inUrl, false));
    }
    return ids;
  }

  /** The first is what the client is said to have requested; of the others only ids matter. */
  private static void add(List<RequestedId> ids, RequestedId next) {
    if (ids.isEmpty() || (next.id != null && ids.size() <= MOST)) {
      ids.add(next);
    }
  }

  private static @Nullable String pathParameter(@Nullable String uri, String name) {
    String start = ';' + name + '=';
    int at = uri == null ? -1 : uri.indexOf(start);
    if (uri == null || at < 0) {
      return null;
    }
    int end = at + start.length();
    while (end < uri.length() && ";/?#".indexOf(uri.charAt(end)) < 0) {
      end++;
    }
    return uri.substring(at + start.length(), end);
  }

  /** What the client sent, whatever it is. */
  String clientValue() {
    return clientValue;
  }

  /** The id in it, without a route; null if it is malformed and no session can have it. */
  @Nullable String id() {
    return id;
  }

  /** True if it came in a cookie, false if in the URL. */
  boolean fromCookie() {
    return fromCookie;
  }
}
