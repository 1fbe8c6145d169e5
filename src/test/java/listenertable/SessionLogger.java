package listenertable;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.Collections;
import java.util.TreeSet;

/** Writes down all events of sessions, under a name. */
abstract class SessionLogger
    implements HttpSessionListener, HttpSessionAttributeListener, HttpSessionIdListener {

  private final String name;

  SessionLogger(String name) {
    this.name = name;
  }

  @Override
  public void sessionCreated(HttpSessionEvent event) {
    HttpSession session = event.getSession();
    add("sessionCreated", Events.id(session) + " new=" + session.isNew());
  }

  @Override
  public void sessionDestroyed(HttpSessionEvent event) {
    HttpSession session = event.getSession();
    StringBuilder attributes = new StringBuilder();
    for (String attribute : new TreeSet<>(Collections.list(session.getAttributeNames()))) {
      attributes.append(' ').append(attribute).append('=').append(session.getAttribute(attribute));
    }
    add("sessionDestroyed", Events.id(session) + attributes);
  }

  @Override
  public void sessionIdChanged(HttpSessionEvent event, String oldId) {
    add("sessionIdChanged", Events.id(oldId) + " to " + Events.id(event.getSession()));
  }

  @Override
  public void attributeAdded(HttpSessionBindingEvent event) {
    add("attributeAdded", described(event));
  }

  @Override
  public void attributeReplaced(HttpSessionBindingEvent event) {
    add("attributeReplaced", described(event));
  }

  @Override
  public void attributeRemoved(HttpSessionBindingEvent event) {
    add("attributeRemoved", described(event));
  }

  void add(String event, String what) {
    Events.add(name + " " + event + " " + what);
  }

  static String described(HttpSessionBindingEvent event) {
    return event.getName()
        + "="
        + event.getValue()
        + " reads "
        + Events.read(event.getSession(), event.getName());
  }
}
