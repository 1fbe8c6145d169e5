package legacyshop;

import java.math.BigDecimal;
import java.util.List;

/** Something the shop sells. */
public class Product {

  private static final List<Product> ALL =
      List.of(
          new Product("mug", "Mug with a crack", "4.50", 12),
          new Product("modem", "Modem, 56k", "19.90", 3),
          new Product("mouse", "Mouse with a ball", "7.25", 40),
          new Product("tape", "Tape, 90 minutes", "1.10", 400));

  private final String code;
  private final String title;
  private final BigDecimal price;
  private final int stock;

  private Product(String code, String title, String price, int stock) {
    this.code = code;
    this.title = title;
    this.price = new BigDecimal(price);
    this.stock = stock;
  }

  /** Returns everything the shop sells. */
  public static List<Product> all() {
    return ALL;
  }

  /** Returns the product with that code, null if there is none. */
  public static Product byCode(String code) {
    for (Product product : ALL) {
      if (product.code.equals(code)) {
        return product;
      }
    }
    return null;
  }

  public String getCode() {
    return code;
  }

  public String getTitle() {
    return title;
  }

  public BigDecimal getPrice() {
    return price;
  }

  public int getStock() {
    return stock;
  }
}
