package facesapp;

import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;

/** One open page: lives as long as the visitor posts back to it. */
@Named
@ViewScoped
public class Page implements Serializable {

  private static final long serialVersionUID = 1;

  @Inject private Basket basket;

  private String item;
  private int posts;

  public String getItem() {
    return item;
  }

  public void setItem(String item) {
    this.item = item;
  }

  public int getPosts() {
    return posts;
  }

  /** Adds the item to the basket. */
  public void add() {
    posts++;
    basket.add(item);
  }
}
