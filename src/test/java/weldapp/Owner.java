package weldapp;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.SessionScoped;
import java.io.Serializable;

/** Another bean of the session, which the first one refers to. */
@SessionScoped
public class Owner implements Serializable {

  private static final long serialVersionUID = 1;

  private String name = "nobody";

  /** Gives the owner a name. */
  public void named(String newName) {
    name = newName;
  }

  /** Returns the last name that was given. */
  public String name() {
    return name;
  }

  @PreDestroy
  void end() {
    Journal.add("owner destroyed as " + name);
  }
}
