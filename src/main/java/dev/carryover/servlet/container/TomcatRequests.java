package dev.carryover.servlet.container;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Field;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/** Tomcat's requests: {@code org.apache.catalina.connector.Request}. Thread-safe. */
final class TomcatRequests {

  private final Class<?> type;
  final LiveMethod isAsync;
  final LiveMethod getRequest;
  final LiveMethod getDecodedUri;
  final LiveMethod getPrincipal;
  final LiveMethod getAuthType;
  final LiveMethod setUserPrincipal;
  final LiveMethod setAuthType;
  final LiveMethod getSession;
  final LiveMethod getRequestedSessionId;
  final LiveMethod isIdFromCookie;
  final LiveMethod isIdFromUrl;
  private final LiveMethod setRequestedSessionId;
  private final LiveMethod setIdFromCookie;
  private final LiveMethod setIdFromUrl;
  private final Field behindFacade;

  TomcatRequests(Live context) throws ReflectiveOperationException {
    type = context.type("org.apache.catalina.connector.Request");
    isAsync = LiveMethod.of(type, "isAsync");
    getRequest = LiveMethod.of(type, "getRequest");
    getDecodedUri = LiveMethod.of(type, "getDecodedRequestURI");
    getPrincipal = LiveMethod.of(type, "getPrincipal");
    getAuthType = LiveMethod.of(type, "getAuthType");
    setUserPrincipal = LiveMethod.of(type, "setUserPrincipal", Principal.class);
    setAuthType = LiveMethod.of(type, "setAuthType", String.class);
    getSession = LiveMethod.of(type, "getSessionInternal", boolean.class);
    getRequestedSessionId = LiveMethod.of(type, "getRequestedSessionId");
    isIdFromCookie = LiveMethod.of(type, "isRequestedSessionIdFromCookie");
    isIdFromUrl = LiveMethod.of(type, "isRequestedSessionIdFromURL");
    setRequestedSessionId = LiveMethod.of(type, "setRequestedSessionId", String.class);
    setIdFromCookie = LiveMethod.of(type, "setRequestedSessionCookie", boolean.class);
    setIdFromUrl = LiveMethod.of(type, "setRequestedSessionURL", boolean.class);
    behindFacade =
        context.type("org.apache.catalina.connector.RequestFacade").getDeclaredField("request");
    behindFacade.setAccessible(true);
  }

  void setRequestedId(Object request, @Nullable Object id, boolean cookie, boolean url) {
    setRequestedSessionId.on(request, id);
    setIdFromCookie.on(request, cookie);
    setIdFromUrl.on(request, url);
  }

  Object behind(HttpServletRequest request) {
    ServletRequest innermost = Containers.innermost(request);
    try {
      return type.isInstance(innermost) ? innermost : behindFacade.get(innermost);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("Tomcat's request is out of reach", e);
    }
  }
}
