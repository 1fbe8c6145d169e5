package legacyshop;

import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;

/** Writes down which session ids change; added late, hence by annotation. */
@WebListener
public class IdLogger implements HttpSessionIdListener {

  @Override
  public void sessionIdChanged(HttpSessionEvent event, String oldId) {
    EventLog.of(event.getSession())
        .add("sessionIdChanged", event.getSession(), "was " + EventLog.shortened(oldId));
  }
}
