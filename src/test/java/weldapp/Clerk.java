package weldapp;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Destroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.context.SessionScoped;
import jakarta.enterprise.event.Observes;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;

/** One for the application, and no part of any session; writes down what the scopes tell. */
@ApplicationScoped
public class Clerk {

  /** Returns what every clerk says. */
  public String greeting() {
    return "hello";
  }

  void begun(@Observes @Initialized(SessionScoped.class) HttpSession session) {
    Journal.add("session begun");
  }

  void ending(@Observes @BeforeDestroyed(SessionScoped.class) HttpSession session) {
    Journal.add("session ending");
  }

  void ended(@Observes @Destroyed(SessionScoped.class) HttpSession session) {
    Journal.add("session ended");
  }

  void begun(@Observes @Initialized(RequestScoped.class) HttpServletRequest request) {
    if (isLogged(request)) {
      Journal.add("request begun");
    }
  }

  void ended(@Observes @Destroyed(RequestScoped.class) HttpServletRequest request) {
    if (isLogged(request)) {
      Journal.add("request ended");
    }
  }

  void counted(@Observes Counter.Counted event) {
    Journal.add("counted to " + event.count());
  }

  private static boolean isLogged(HttpServletRequest request) {
    return !request.getRequestURI().endsWith("/journal");
  }
}
