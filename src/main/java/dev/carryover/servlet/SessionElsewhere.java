package dev.carryover.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The session that a request has in the web application that dispatched it to this one, and that
 * has Carryover too. The client has no cookie for this application's session then (it would not
 * even send it): the other's session notes the id, and goes with the client.
 *
 * <p>Containers do so by giving both sessions the same id. Here that would let a session that has
 * ended get the late writes for its successor.
 */
final class SessionElsewhere {

  /**
   * The request attribute that {@link SessionRequest} answers, and that is never set. The two
   * applications have classes of their own, so its value is of a type of the JDK's: given a context
   * path and an id it notes them, given an empty id it answers the one that was noted.
   */
  static final String ATTRIBUTE = SessionElsewhere.class.getName();

  private final BinaryOperator<String> other;
  private final String contextPath;

  private SessionElsewhere(BinaryOperator<String> other, String contextPath) {
    this.other = other;
    this.contextPath = contextPath;
  }

  /**
   * Where the request comes from.
   *
   * @param contextPath this web application's
   * @return null if no other web application has dispatched it, or none that has Carryover
   */
  @SuppressWarnings("unchecked")
  static @Nullable SessionElsewhere of(HttpServletRequest request, String contextPath) {
    Object other = request.getAttribute(ATTRIBUTE);
    return other instanceof BinaryOperator
        ? new SessionElsewhere((BinaryOperator<String>) other, contextPath)
        : null;
  }

  /** The id that this application's session had last; empty if there was none. */
  String notedId() {
    return other.apply(contextPath, "");
  }

  /** Notes the id of this application's session, in a new session of the other if it has none. */
  void note(String id) {
    var unused = other.apply(contextPath, id);
  }
}
