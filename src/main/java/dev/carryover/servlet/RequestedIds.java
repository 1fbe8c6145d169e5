package dev.carryover.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The ids that a client sent with one request, read when they are first asked for, and which of
 * them a session was found by. Not thread-safe; its {@link RequestSession} guards it.
 */
final class RequestedIds {

  private final HttpServletRequest request;
  private final SessionCookie tracking;
  private @Nullable List<RequestedId> ids;
  private @Nullable RequestedId found;

  RequestedIds(HttpServletRequest request, SessionCookie tracking) {
    this.request = request;
    this.tracking = tracking;
  }

  List<RequestedId> all() {
    List<RequestedId> known = ids;
    if (known == null) {
      known = RequestedId.of(request, tracking);
      ids = known;
    }
    return known;
  }

  boolean isEmpty() {
    return all().isEmpty();
  }

  /** What may be ids of sessions, each once. */
  Stream<String> wellFormed() {
    return all().stream().map(RequestedId::id).filter(id -> id != null).distinct();
  }

  /** A session was found by this one; null for by none of them. */
  void found(@Nullable RequestedId id) {
    found = id;
  }

  /** Whether only a look for the session can tell which of them is the requested one. */
  boolean isAmbiguous() {
    return found == null && all().size() > 1;
  }

  /** The one that was found, else the first, else null. */
  @Nullable RequestedId requested() {
    return found != null || isEmpty() ? found : all().get(0);
  }

  /** What the client has in its cookie, if its session was found by that. */
  @Nullable String foundInCookie() {
    return found != null && found.fromCookie() ? found.id() : null;
  }
}
