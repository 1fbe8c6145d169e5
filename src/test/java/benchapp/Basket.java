package benchapp;

import java.io.Serializable;

/** An attribute that is changed in place. */
final class Basket implements Serializable {

  private static final long serialVersionUID = 1L;

  private final String owner;
  private int count;

  Basket(String owner, int count) {
    this.owner = owner;
    this.count = count;
  }

  String owner() {
    return owner;
  }

  synchronized int add() {
    return ++count;
  }
}
