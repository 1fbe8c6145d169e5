package facesapp;

import jakarta.enterprise.context.SessionScoped;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** What the visitor has collected: lives as long as the session. */
@Named
@SessionScoped
public class Basket implements Serializable {

  private static final long serialVersionUID = 1;

  private final List<String> items = new ArrayList<>();

  public List<String> getItems() {
    return items;
  }

  public void add(String item) {
    items.add(item);
  }
}
