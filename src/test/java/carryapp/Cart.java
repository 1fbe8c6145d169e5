package carryapp;

import java.util.ArrayList;
import java.util.List;

/** A bean that forgot to be Serializable, and its parts too. */
public class Cart {

  private final List<Line> lines = new ArrayList<>();

  void add(String product) {
    lines.add(new Line(product));
  }

  @Override
  public String toString() {
    return "Cart" + lines;
  }

  private static class Line {
    private final String product;

    Line(String product) {
      this.product = product;
    }

    @Override
    public String toString() {
      return product;
    }
  }
}
