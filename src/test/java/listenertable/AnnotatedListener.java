package listenertable;

import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.annotation.WebListener;

/** Found by its annotation; listens to requests too. */
@WebListener
public class AnnotatedListener extends SessionLogger implements ServletRequestListener {

  public AnnotatedListener() {
    super("annotated");
  }

  @Override
  public void requestInitialized(ServletRequestEvent event) {
    RequestLogger.log("annotated requestInitialized", event);
    if (RequestLogger.isLogged(event.getServletRequest())) {
      Events.throwIfTold("annotatedRequestInitialized");
    }
  }

  @Override
  public void requestDestroyed(ServletRequestEvent event) {
    RequestLogger.log("annotated requestDestroyed", event);
    if (RequestLogger.isLogged(event.getServletRequest())) {
      Events.throwIfTold("annotatedRequestDestroyed");
    }
  }
}
