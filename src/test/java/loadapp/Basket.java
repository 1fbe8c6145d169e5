package loadapp;

import java.io.Serializable;

/** An attribute that is changed in place. */
final class Basket implements Serializable {

  private static final long serialVersionUID = 1L;

  private final String owner;
  private int content;

  Basket(String owner, int content) {
    this.owner = owner;
    this.content = content;
  }

  synchronized void put(int newContent) {
    content = newContent;
  }

  @Override
  public synchronized String toString() {
    return owner + " " + content;
  }
}
