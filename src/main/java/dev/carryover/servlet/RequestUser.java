package dev.carryover.servlet;

import dev.carryover.session.SessionAccess;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whom the session attributes that a request has used tell as its user, unless the container knows
 * him. Not thread-safe; its {@link RequestSession} guards it.
 */
final class RequestUser {

  private final UserAttributes attributes;

  /** Of the attributes that may tell it, those that were got or set; replaced, never changed. */
  private Set<String> used = Set.of();

  private boolean known;
  private @Nullable SessionAccess opened;
  private @Nullable String before;

  RequestUser(UserAttributes attributes) {
    this.attributes = attributes;
  }

  /** Whether the container knows the user; then attributes are not looked at. */
  void knownToContainer(boolean known) {
    this.known = known;
  }

  /** The request has opened its session. */
  void opened(SessionAccess session) {
    opened = session;
    before = session.principal();
  }

  /** Needs no guard. */
  boolean mayBeToldBy(String attribute) {
    return attributes.include(attribute);
  }

  void used(String attribute) {
    Set<String> more = new LinkedHashSet<>(used);
    more.add(attribute);
    used = more;
  }

  /** Whether it is by this attribute's value that a session has its user. */
  boolean wasToldBy(String attribute, Object value, SessionAccess session) {
    String told = attributes.user(Set.of(attribute), name -> value);
    return !known && told != null && told.equals(session.principal());
  }

  /** The user's name that the session tells now; null if it tells none, or is not to. */
  @Nullable String told(SessionAccess session) {
    if (known || used.isEmpty() || session.isEnded() || session.isGone()) {
      return null;
    }
    return attributes.user(used, session::get);
  }

  /** Whether the session had this user when it was opened. */
  boolean isAsBefore(SessionAccess session, String name) {
    return session == opened && name.equals(before);
  }
}
