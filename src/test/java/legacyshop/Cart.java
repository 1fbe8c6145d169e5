package legacyshop;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * What a visitor is about to buy; kept in the session as {@code cart} and changed in place. It is
 * Serializable, but nobody noticed that {@link CartItem} is not.
 */
public class Cart implements Serializable {

  private static final long serialVersionUID = 1L;

  private final List<CartItem> items = new ArrayList<>();

  /** Adds one piece of the product, on the node of that name. */
  public synchronized void add(Product product, String node) {
    for (CartItem item : items) {
      if (item.getCode().equals(product.getCode())) {
        item.setQuantity(item.getQuantity() + 1);
        item.setNodes(item.getNodes() + ", " + node);
        return;
      }
    }
    items.add(new CartItem(product, node));
  }

  /** Removes all pieces of the product. */
  public synchronized void remove(String code) {
    for (Iterator<CartItem> all = items.iterator(); all.hasNext(); ) {
      if (all.next().getCode().equals(code)) {
        all.remove();
      }
    }
  }

  /** Removes everything. */
  public synchronized void clear() {
    items.clear();
  }

  /** Returns a copy of the list of items, in the order they were added. */
  public synchronized List<CartItem> getItems() {
    return new ArrayList<>(items);
  }

  /** Returns the number of pieces. */
  public synchronized int getSize() {
    int size = 0;
    for (CartItem item : items) {
      size += item.getQuantity();
    }
    return size;
  }

  /** Returns the sum of all prices. */
  public synchronized BigDecimal getTotal() {
    BigDecimal total = BigDecimal.ZERO;
    for (CartItem item : items) {
      total = total.add(item.getSum());
    }
    return total;
  }
}
