package legacyshop;

import java.math.BigDecimal;

/** A line of the cart. Its author forgot {@code implements Serializable}. */
public class CartItem {

  private String code;
  private String title;
  private BigDecimal price;
  private int quantity;
  private String nodes;

  public CartItem() {}

  public CartItem(Product product, String node) {
    this.code = product.getCode();
    this.title = product.getTitle();
    this.price = product.getPrice();
    this.quantity = 1;
    this.nodes = node;
  }

  public String getCode() {
    return code;
  }

  public void setCode(String code) {
    this.code = code;
  }

  public String getTitle() {
    return title;
  }

  public void setTitle(String title) {
    this.title = title;
  }

  public BigDecimal getPrice() {
    return price;
  }

  public void setPrice(BigDecimal price) {
    this.price = price;
  }

  public int getQuantity() {
    return quantity;
  }

  public void setQuantity(int quantity) {
    this.quantity = quantity;
  }

  /** Returns the names of the nodes that added the pieces, one a piece. */
  public String getNodes() {
    return nodes;
  }

  public void setNodes(String nodes) {
    this.nodes = nodes;
  }

  public BigDecimal getSum() {
    return price.multiply(BigDecimal.valueOf(quantity));
  }
}
