package legacyshop;

import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;

/** Writes down which attributes come and go. */
public class AttributeLogger implements HttpSessionAttributeListener {

  @Override
  public void attributeAdded(HttpSessionBindingEvent event) {
    log("attributeAdded", event);
  }

  @Override
  public void attributeRemoved(HttpSessionBindingEvent event) {
    log("attributeRemoved", event);
  }

  @Override
  public void attributeReplaced(HttpSessionBindingEvent event) {
    log("attributeReplaced", event);
  }

  private static void log(String what, HttpSessionBindingEvent event) {
    EventLog.of(event.getSession()).add(what, event.getSession(), event.getName());
  }
}
