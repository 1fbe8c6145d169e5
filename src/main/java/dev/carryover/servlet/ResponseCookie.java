package dev.carryover.servlet;

import dev.carryover.servlet.container.ContainerAdapter;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one response tells the client of its session's id. Containers set their cookie past all
 * wrappers, and so does this: the one of an include would ignore it. Not thread-safe; its {@link
 * RequestSession} guards it.
 */
final class ResponseCookie {

  private static final String SET_COOKIE = "Set-Cookie";
  private static final String LONG_AGO = "Thu, 01 Jan 1970 00:00:00 GMT";

  private final SessionCookie cookie;
  private final HttpServletRequest request;
  private final ContainerAdapter container;

  /** The container's own; null while only request listeners have seen the request. */
  private @Nullable HttpServletResponse response;

  private @Nullable String sentId;

  ResponseCookie(SessionCookie cookie, HttpServletRequest request, ContainerAdapter container) {
    this.cookie = cookie;
    this.request = request;
    this.container = container;
  }

  /** The request is dispatched with a response. */
  void answersWith(HttpServletResponse given) {
    ServletResponse innermost = given;
    while (innermost instanceof ServletResponseWrapper) {
      innermost = ((ServletResponseWrapper) innermost).getResponse();
    }
    response = innermost instanceof HttpServletResponse ? (HttpServletResponse) innermost : given;
    restore();
  }

  /** The container's own, with which the request was dispatched last. */
  @Nullable HttpServletResponse response() {
    return response;
  }

  boolean isCommitted() {
    return response != null && response.isCommitted();
  }

  /**
   * Whether the client can't be told any more. To applications a response is committed already when
   * they have sent a redirect or an error, though its head may go out later.
   */
  boolean isTooLate() {
    HttpServletResponse target = response;
    return target != null && target.isCommitted() && container.isHeadGone(target);
  }

  /** See {@link ContainerAdapter#refusesLateIdChanges}. */
  boolean refusesLateIdChanges() {
    return container.refusesLateIdChanges();
  }

  /** Gives the client an id. */
  void send(String id) {
    write(id);
    HttpServletResponse target = response;
    if (target != null && cookie.inCookies() && container.expiresResponsesWithCookie()) {
      target.setHeader("Expires", LONG_AGO);
    }
  }

  private void write(String id) {
    sentId = id;
    replace(cookie.setting(id, request.isSecure()));
  }

  /** Puts it back after the response's fields were cleared. */
  void restore() {
    String id = sentId;
    if (id != null && !isCommitted()) {
      write(id);
    }
  }

  /** Takes the id from the client. */
  void take(boolean clientHasIt) {
    if (!isCommitted() && (clientHasIt || sentId != null)) {
      String removal = cookie.removal(request.isSecure());
      if (clientHasIt) {
        replace(removal);
      } else {
        takeBack(removal);
      }
    }
    sentId = null;
  }

  /** The client keeps the id that it came with, if any, instead of what it was to be told. */
  void giveUp(@Nullable String clientsId) {
    if (sentId != null && !isCommitted()) {
      boolean secure = request.isSecure();
      takeBack(clientsId == null ? cookie.removal(secure) : cookie.setting(clientsId, secure));
    }
    sentId = null;
  }

  /**
   * Removes what was said to this client.
   *
   * @param instead what to say where the container can't remove a header: Tomcat 10.1 can't
   */
  private void takeBack(String instead) {
    replace(null);
    if (fields().stream().anyMatch(this::isOurs)) {
      replace(instead);
    }
  }

  /** A response holds one cookie of our name: what was said before is taken back. */
  private void replace(@Nullable String field) {
    HttpServletResponse target = response;
    if (target == null || !cookie.inCookies()) {
      return;
    }
    List<String> fields = new ArrayList<>(fields());
    int place = 0;
    while (place < fields.size() && !isOurs(fields.get(place))) {
      place++;
    }
    fields.removeIf(this::isOurs);
    if (field != null) {
      fields.add(place, field);
    }
    container.setHeader(target, SET_COOKIE, fields);
  }

  private Collection<String> fields() {
    HttpServletResponse target = response;
    Collection<String> fields = target == null ? null : target.getHeaders(SET_COOKIE);
    return fields == null ? List.of() : fields;
  }

  private boolean isOurs(String field) {
    return field.startsWith(cookie.name() + '=');
  }
}
