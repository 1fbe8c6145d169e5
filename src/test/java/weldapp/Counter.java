package weldapp;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.context.SessionScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** Lives as long as the session, with all that a bean may have injected. */
@SessionScoped
public class Counter implements Serializable {

  private static final long serialVersionUID = 1;

  @Inject private Owner owner;
  @Inject private Part part;
  @Inject private Clerk clerk;
  @Inject private Visit visit;
  @Inject private Instance<Part> parts;
  @Inject private Event<Counted> event;
  @Inject private BeanManager beans;

  private final List<String> pages = new ArrayList<>();
  private int count;

  @PostConstruct
  void begin() {
    Journal.add("counter constructed");
  }

  @PreDestroy
  void end() {
    Journal.add("counter destroyed at " + count);
  }

  /** Counts up, in this bean and in those that it has. */
  public void count(String page) {
    count++;
    pages.add(page);
    part.count();
    owner.named(page);
    event.fire(new Counted(count));
  }

  /** Returns what is known of the session, in words. */
  public String told() {
    return count
        + " "
        + pages
        + " part "
        + part.count
        + " owner "
        + owner.name()
        + " visit "
        + visit.page()
        + " parts "
        + (parts.isResolvable() && beans.isScope(SessionScoped.class))
        + " clerk "
        + clerk.greeting();
  }

  /** What observers are told of. */
  record Counted(int count) {}

  /** Belongs to the bean that it is injected into, and ends with it. */
  @Dependent
  public static class Part implements Serializable {

    private static final long serialVersionUID = 1;

    private int count;

    void count() {
      count++;
    }

    @PreDestroy
    void end() {
      Journal.add("part destroyed at " + count);
    }
  }
}
