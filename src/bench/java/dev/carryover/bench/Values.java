package dev.carryover.bench;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.userdetails.User;

/** What applications keep in their sessions: the values that codecs are compared by. */
public enum Values {
  STRING("string") {
    @Override
    Object make() {
      return "de_DE, Europe/Berlin";
    }
  },
  NUMBERS("boxed numbers") {
    @Override
    Object make() {
      List<Number> numbers = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        numbers.add(i * 37);
        numbers.add(1_700_000_000_000L + i);
        numbers.add(i / 8.0);
      }
      return numbers;
    }
  },
  BEAN("small bean") {
    @Override
    Object make() {
      return new Account(4711);
    }
  },
  CART("cart of 50 lines") {
    @Override
    Object make() {
      Cart cart = new Cart(new Account(4711));
      for (int i = 0; i < 50; i++) {
        cart.lines.add(new Line(i));
      }
      return cart;
    }
  },
  MAP("map of 200 entries") {
    @Override
    Object make() {
      Map<String, Object> map = new HashMap<>();
      for (int i = 0; i < 100; i++) {
        map.put("preference." + i, "value " + i);
        map.put("counter." + i, i);
      }
      return map;
    }
  },
  LONG_STRING("64 KB string") {
    @Override
    Object make() {
      StringBuilder text = new StringBuilder();
      for (int i = 0; text.length() < 64 * 1024; i++) {
        text.append("line ").append(i).append(" of a long text; ");
      }
      return text.substring(0, 64 * 1024);
    }
  },
  SECURITY_CONTEXT("SecurityContext") {
    @Override
    Object make() {
      User user =
          new User(
              "ann", "{noop}secret", AuthorityUtils.createAuthorityList("ROLE_USER", "ROLE_ADMIN"));
      return new SecurityContextImpl(
          UsernamePasswordAuthenticationToken.authenticated(user, null, user.getAuthorities()));
    }
  },
  TREE("deep tree") {
    @Override
    Object make() {
      return Node.ofDepth(10);
    }
  };

  private final String title;

  Values(String title) {
    this.title = title;
  }

  abstract Object make();

  String title() {
    return title;
  }

  static class Account implements Serializable {
    private static final long serialVersionUID = 1;
    long id;
    String name = "Ann Example";
    String email = "ann@example.org";
    int age = 42;
    boolean active = true;
    Date since = new Date(1_700_000_000_000L);

    Account(long id) {
      this.id = id;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Account && ((Account) other).fields().equals(fields());
    }

    @Override
    public int hashCode() {
      return fields().hashCode();
    }

    private List<Object> fields() {
      return List.of(id, name, email, age, active, since);
    }
  }

  static class Cart implements Serializable {
    private static final long serialVersionUID = 1;
    Account owner;
    List<Line> lines = new ArrayList<>();
    String currency = "EUR";
    BigDecimal discount = new BigDecimal("0.05");

    Cart(Account owner) {
      this.owner = owner;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Cart && ((Cart) other).fields().equals(fields());
    }

    @Override
    public int hashCode() {
      return fields().hashCode();
    }

    private List<Object> fields() {
      return List.of(owner, lines, currency, discount);
    }
  }

  static class Line implements Serializable {
    private static final long serialVersionUID = 1;
    String article;
    String title;
    int quantity;
    BigDecimal price;
    boolean gift;

    Line(int number) {
      this.article = "A-" + (1000 + number);
      this.title = "Article number " + number;
      this.quantity = 1 + number % 3;
      this.price = BigDecimal.valueOf(199 + 100 * number, 2);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Line && ((Line) other).fields().equals(fields());
    }

    @Override
    public int hashCode() {
      return fields().hashCode();
    }

    private List<Object> fields() {
      return List.of(article, title, quantity, price, gift);
    }
  }

  static class Node implements Serializable {
    private static final long serialVersionUID = 1;
    String label;
    boolean open;
    List<Node> children = new ArrayList<>();

    static Node ofDepth(int depth) {
      Node node = new Node();
      node.label = "level " + depth;
      node.open = depth % 2 == 0;
      for (int i = 0; i < 2 && depth > 1; i++) {
        node.children.add(ofDepth(depth - 1));
      }
      return node;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Node
          && ((Node) other).label.equals(label)
          && ((Node) other).open == open
          && ((Node) other).children.equals(children);
    }

    @Override
    public int hashCode() {
      return Objects.hash(label, open, children);
    }
  }
}
