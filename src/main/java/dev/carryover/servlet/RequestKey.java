package dev.carryover.servlet;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What stays the same of a request through all its dispatches, and belongs to no other: the
 * container's object, and the id that Servlet 6.0 brought. The object alone is not enough, since
 * containers use theirs again for later requests. Nor is the id: Tomcat writes that of an object's
 * first request as a decimal number and those of later ones as hexadecimal, of one sequence, so
 * that two requests at the same time can have the same.
 */
final class RequestKey {

  private final ServletRequest container;
  private final @Nullable String id;

  private RequestKey(ServletRequest container, @Nullable String id) {
    this.container = container;
    this.id = id;
  }

  static RequestKey of(ServletRequest request) {
    ServletRequest innermost = request;
    while (innermost instanceof ServletRequestWrapper) {
      innermost = ((ServletRequestWrapper) innermost).getRequest();
    }
    return new RequestKey(innermost, id(innermost));
  }

  private static @Nullable String id(ServletRequest request) {
    try {
      return request.getRequestId();
    } catch (NoSuchMethodError | AbstractMethodError e) {
      return null;
    }
  }

  /** False before Servlet 6.0: the same key is then another request's, later. */
  boolean isForGood() {
    return id != null;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RequestKey
        && container == ((RequestKey) other).container
        && Objects.equals(id, ((RequestKey) other).id);
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(container);
  }
}
