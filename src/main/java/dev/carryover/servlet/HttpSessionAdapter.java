package dev.carryover.servlet;

import dev.carryover.servlet.container.NullNames;
import dev.carryover.session.SessionAccess;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import java.util.Collections;
import java.util.Enumeration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A session as the application sees it. It works beyond its request, as a container's does: see
 * {@link SessionAccess}.
 *
 * <p>Runs on Servlet 5.0 containers too: what 6.0 removed is here as plain methods, and no type
 * that it removed is in a signature (expression languages look at them all).
 */
final class HttpSessionAdapter implements HttpSession {

  private final SessionAccess access;
  private final ListenerBridge listeners;
  private final ServletContext servletContext;
  private final HttpSession face;
  private volatile @Nullable RequestSession request;
  private volatile @Nullable Object identity;

  HttpSessionAdapter(
      SessionAccess access, ListenerBridge listeners, ServletContext servletContext) {
    this.access = access;
    this.listeners = listeners;
    this.servletContext = servletContext;
    this.face = SessionAccessor.before(this);
  }

  /** The session to be handed out: this one, or what stands before it. */
  HttpSession face() {
    return face;
  }

  /** The request that has this session, and whose response tells the client of its end. */
  void belongsTo(RequestSession owner) {
    request = owner;
  }

  @Override
  public String getId() {
    return access.id();
  }

  @Override
  public long getCreationTime() {
    return valid().createdAt();
  }

  @Override
  public long getLastAccessedTime() {
    return valid().lastAccessedAt();
  }

  @Override
  public ServletContext getServletContext() {
    return servletContext;
  }

  @Override
  public void setMaxInactiveInterval(int seconds) {
    access.setMaxInactiveInterval(seconds);
  }

  @Override
  public int getMaxInactiveInterval() {
    return access.maxInactiveInterval();
  }

  @Override
  public boolean isNew() {
    return valid().isNew();
  }

  @Override
  @SuppressWarnings("NullAway") // The API is not annotated: it returns null for what is not there.
  public Object getAttribute(String name) {
    if (isNothing(name)) {
      return null;
    }
    Object value = valid().get(name);
    noteUse(name);
    return value;
  }

  @Override
  public Enumeration<String> getAttributeNames() {
    return Collections.enumeration(valid().names());
  }

  @Override
  public void setAttribute(String name, @Nullable Object value) {
    if (name == null && listeners.nullNames() == NullNames.IGNORED) {
      throw new IllegalArgumentException("A session attribute needs a name");
    }
    if (isNothing(name)) {
      return;
    }
    valid();
    if (value == null) {
      removeAttribute(name);
    } else {
      access.requireSettable(name, value);
      listeners.set(face, name, access.get(name), value, () -> access.set(name, value));
      noteUse(name);
    }
  }

  @Override
  public void removeAttribute(String name) {
    if (isNothing(name)) {
      return;
    }
    // Where it reads as absent, there may be bytes that can't be decoded here.
    Object value = valid().get(name);
    listeners.remove(face, name, value, () -> access.remove(name));
    RequestSession owner = request;
    if (owner != null) {
      owner.attributeRemoved(access, name, value);
    }
  }

  private void noteUse(String name) {
    RequestSession owner = request;
    if (owner != null) {
      owner.attributeUsed(name);
    }
  }

  /** True if a name is null where the container finds nothing by it, instead of refusing it. */
  private boolean isNothing(@Nullable String name) {
    if (name != null) {
      return false;
    }
    NullNames nullNames = listeners.nullNames();
    if (nullNames != NullNames.REFUSED_FIRST) {
      valid();
    }
    if (nullNames != NullNames.IGNORED) {
      throw new NullPointerException("A session attribute needs a name");
    }
    return true;
  }

  @Override
  public void invalidate() {
    valid();
    RequestSession owner = request;
    if (owner == null) {
      access.invalidate();
    } else {
      owner.invalidate(access);
    }
  }

  /**
   * What Servlet 6.1's accessor does: uses the session that has this id now as a request of its own
   * would.
   */
  Consumer<Consumer<HttpSession>> accessor() {
    String id = valid().id();
    return use -> {
      access.commit();
      SessionAccess again = access.reopen(id);
      if (again == null) {
        throw new IllegalStateException("The session has ended or has another id");
      }
      try {
        use.accept(listeners.session(again).face());
        again.commit();
      } finally {
        again.release();
      }
    };
  }

  /** As in Servlet 5.0: {@link #getAttribute}. */
  public @Nullable Object getValue(String name) {
    return getAttribute(name);
  }

  /** As in Servlet 5.0: the names of the attributes. */
  public String[] getValueNames() {
    return valid().names().toArray(new String[0]);
  }

  /** As in Servlet 5.0: {@link #setAttribute}. */
  public void putValue(String name, @Nullable Object value) {
    setAttribute(name, value);
  }

  /** As in Servlet 5.0: {@link #removeAttribute}. */
  public void removeValue(String name) {
    removeAttribute(name);
  }

  private SessionAccess valid() {
    access.catchUp();
    if (access.isEnded()) {
      throw new IllegalStateException("The session has been invalidated");
    }
    return access;
  }

  /**
   * Equal are the sessions that requests on this node have, if they are one session: applications
   * keep them in collections, where a container has one object for all requests.
   */
  @Override
  public boolean equals(@Nullable Object other) {
    Object behind = SessionAccessor.behind(other);
    return behind == this
        || (behind instanceof HttpSessionAdapter
            && ((HttpSessionAdapter) behind).identity() == identity());
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(identity());
  }

  private Object identity() {
    Object known = identity;
    if (known == null) {
      known = listeners.identity(access);
      identity = known;
    }
    return known;
  }

  @Override
  public String toString() {
    return "HttpSession{attributes=" + access.names() + '}';
  }
}
