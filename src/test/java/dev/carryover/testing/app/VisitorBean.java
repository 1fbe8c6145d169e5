package dev.carryover.testing.app;

import java.io.Serializable;

/** A bean that a page fills in place. */
public class VisitorBean implements Serializable {

  private static final long serialVersionUID = 1;

  private String name = "nobody";
  private int visits;

  public String getName() {
    return name;
  }

  public void setName(String name) {
    this.name = name;
  }

  public int getVisits() {
    return visits;
  }

  public void setVisits(int visits) {
    this.visits = visits;
  }
}
