package legacyshop;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the sessions this node saw begin and end; says whose they were. */
public class SessionCounter implements HttpSessionListener {

  private final AtomicInteger created = new AtomicInteger();
  private final AtomicInteger destroyed = new AtomicInteger();

  @Override
  public void sessionCreated(HttpSessionEvent event) {
    HttpSession session = event.getSession();
    EventLog.of(session).add("sessionCreated", session, "number " + created.incrementAndGet());
  }

  @Override
  public void sessionDestroyed(HttpSessionEvent event) {
    HttpSession session = event.getSession();
    User user = (User) session.getAttribute("user");
    Cart cart = (Cart) session.getAttribute("cart");
    EventLog.of(session)
        .add(
            "sessionDestroyed",
            session,
            "number "
                + destroyed.incrementAndGet()
                + ", user "
                + (user == null ? "none" : user.getName())
                + ", items "
                + (cart == null ? 0 : cart.getSize()));
  }
}
