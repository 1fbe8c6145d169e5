package weldapp;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.RequestScoped;

/** Lives as long as the request. */
@RequestScoped
public class Visit {

  private String page = "none";

  /** Notes the page that the request is for. */
  public void to(String newPage) {
    page = newPage;
  }

  /** Returns the page that the request is for. */
  public String page() {
    return page;
  }

  @PreDestroy
  void end() {
    Journal.add("visit destroyed at " + page);
  }
}
