package listenertable;

import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import java.io.Serializable;

/** An attribute's value, equal to others of the same label; its subclasses listen. */
public class Value implements Serializable {

  private final String label;

  Value(String label) {
    this.label = label;
  }

  /** Returns a value of one of the kinds: plain, binding, activation, both. */
  static Value of(String kind, String label) {
    return switch (kind) {
      case "plain" -> new Value(label);
      case "binding" -> new Binding(label);
      case "activation" -> new Activation(label);
      case "both" -> new Both(label);
      default -> throw new IllegalArgumentException(kind);
    };
  }

  /** Returns an equal one. */
  Value copy() {
    return of(
        getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT).replace("value", "plain"),
        label);
  }

  @Override
  public boolean equals(Object other) {
    return other != null && other.getClass() == getClass() && ((Value) other).label.equals(label);
  }

  @Override
  public int hashCode() {
    return label.hashCode();
  }

  @Override
  public String toString() {
    return label;
  }

  void bound(HttpSessionBindingEvent event) {
    Events.addAndThrow("valueBound", this + " valueBound " + SessionLogger.described(event));
  }

  void unbound(HttpSessionBindingEvent event) {
    Events.addAndThrow("valueUnbound", this + " valueUnbound " + SessionLogger.described(event));
  }

  void activation(String event, HttpSessionEvent from) {
    Events.add(this + " " + event + " " + Events.id(from.getSession()));
  }

  /** Hears when it is bound. */
  static final class Binding extends Value implements HttpSessionBindingListener {
    Binding(String label) {
      super(label);
    }

    @Override
    public void valueBound(HttpSessionBindingEvent event) {
      bound(event);
    }

    @Override
    public void valueUnbound(HttpSessionBindingEvent event) {
      unbound(event);
    }
  }

  /** Hears when its session moves. */
  static final class Activation extends Value implements HttpSessionActivationListener {
    Activation(String label) {
      super(label);
    }

    @Override
    public void sessionWillPassivate(HttpSessionEvent event) {
      activation("sessionWillPassivate", event);
    }

    @Override
    public void sessionDidActivate(HttpSessionEvent event) {
      activation("sessionDidActivate", event);
    }
  }

  /** Hears both. */
  static final class Both extends Value
      implements HttpSessionBindingListener, HttpSessionActivationListener {
    Both(String label) {
      super(label);
    }

    @Override
    public void valueBound(HttpSessionBindingEvent event) {
      bound(event);
    }

    @Override
    public void valueUnbound(HttpSessionBindingEvent event) {
      unbound(event);
    }

    @Override
    public void sessionWillPassivate(HttpSessionEvent event) {
      activation("sessionWillPassivate", event);
    }

    @Override
    public void sessionDidActivate(HttpSessionEvent event) {
      activation("sessionDidActivate", event);
    }
  }
}
