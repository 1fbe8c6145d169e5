package springapp;

import jakarta.annotation.PreDestroy;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** A bean of the session, which controllers have injected as a proxy. */
public class Cart implements Serializable {

  private static final long serialVersionUID = 1;

  private final List<String> items = new ArrayList<>();

  /** Puts one more thing in. */
  public void add(String item) {
    items.add(item);
  }

  /** Returns what is in it, in words. */
  public String told() {
    return items.toString();
  }

  @PreDestroy
  void end() {
    Journal.add("cart destroyed with " + items);
  }
}
