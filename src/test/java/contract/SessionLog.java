package contract;

import static contract.Seen.see;

import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;

/** Tells what happens to sessions. */
final class SessionLog
    implements HttpSessionListener, HttpSessionAttributeListener, HttpSessionIdListener {

  private final String origin;

  SessionLog(String origin) {
    this.origin = origin;
  }

  @Override
  public void sessionCreated(HttpSessionEvent event) {
    see("listener " + origin, "created, new " + event.getSession().isNew());
  }

  @Override
  public void sessionDestroyed(HttpSessionEvent event) {
    see("listener " + origin, "destroyed, a=" + event.getSession().getAttribute("a"));
  }

  @Override
  public void sessionIdChanged(HttpSessionEvent event, String oldId) {
    see("listener " + origin, "rotated " + !event.getSession().getId().equals(oldId));
  }

  @Override
  public void attributeAdded(HttpSessionBindingEvent event) {
    see("listener " + origin, "added " + event.getName());
  }

  @Override
  public void attributeRemoved(HttpSessionBindingEvent event) {
    see("listener " + origin, "removed " + event.getName());
  }

  @Override
  public void attributeReplaced(HttpSessionBindingEvent event) {
    see("listener " + origin, "replaced " + event.getName());
  }
}
