package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.codec.Compiled;
import dev.carryover.testing.Browser;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A new version of the web application comes while the old one still runs: for a while they share
 * the sessions. No request fails, and nobody loses a cart.
 */
class RollingRedeployIT {

  private static final int BROWSERS = 4;
  private static final int ROUNDS = 6;

  /** Answers how many items there are, and what else this version finds. */
  private static final String SHOP =
      """
      package model;
      import java.util.function.*;
      public class Shop
          implements BiFunction<Function<String, Object>, BiConsumer<String, Object>, String> {
        public String apply(Function<String, Object> get, BiConsumer<String, Object> set) {
          Cart cart = (Cart) get.apply("cart");
          if (cart == null) {
            cart = new Cart();
            set.accept("cart", cart);
          }
          cart.items.add(new Item("item" + cart.items.size()));
          %s
          return cart.items.size() + " items, " + cart.state + extra;
        }
      }
      """;

  private static final Map<String, String> ONE =
      sources(
          SHOP.formatted(
              """
              Wish wish = (Wish) get.apply("wish");
              if (wish == null) { set.accept("wish", new Wish()); }
              String extra = ", wish " + (wish == null ? "none" : wish.text)
                  + ", news " + get.apply("news") + ", price " + cart.items.get(0).price;
              """),
          """
          package model;
          public class Cart implements java.io.Serializable {
            static final long serialVersionUID = 1;
            java.util.List<Item> items = new java.util.ArrayList<>();
            State state = State.OPEN;
            Object note = new Note();
          }
          """,
          "package model; public class Item { String name; int price = 7;"
              + " Item(String name) { this.name = name; } }",
          "package model; public enum State { OPEN, PAID }",
          "package model; public class Note { String text = \"old\"; }",
          "package model; public class Wish implements java.io.Serializable {"
              + " static final long serialVersionUID = 1; String text = \"a bicycle\"; }");

  /** Fields gone and new, of classes that only one version has; a wider type, a superclass. */
  private static final Map<String, String> TWO =
      sources(
          SHOP.formatted(
              """
              News news = (News) get.apply("news");
              if (news == null) { set.accept("news", new News()); }
              cart.coupons.add(new Coupon(cart));
              Wishes wish = (Wishes) get.apply("wish");
              String extra = ", wish " + (wish == null ? "none" : wish.text)
                  + ", news " + (news == null ? "none" : news.text)
                  + ", price " + cart.items.get(0).price;
              """),
          """
          package model;
          public class Cart extends Base implements java.io.Serializable {
            static final long serialVersionUID = 1;
            java.util.List<Coupon> coupons = new java.util.ArrayList<>();
            java.util.List<Item> items = new java.util.ArrayList<>();
            State state = State.OPEN;
            private void readObject(java.io.ObjectInputStream in) throws Exception {
              in.defaultReadObject();
              coupons = coupons == null ? new java.util.ArrayList<>() : coupons;
            }
          }
          """,
          "package model; public class Base implements java.io.Serializable {"
              + " static final long serialVersionUID = 1; Object since = new Coupon(null); }",
          "package model; public class Item { long price = 7; String name; Object tags = new"
              + " java.util.ArrayList<>(java.util.List.of(new Coupon(this)));"
              + " Item(String name) { this.name = name; } }",
          "package model; public enum State { NEW, OPEN, PAID, SENT }",
          "package model; public class Coupon { Object of; Coupon(Object of) { this.of = of; } }",
          "package model; public class News implements java.io.Serializable {"
              + " static final long serialVersionUID = 1; String text = \"fresh\"; }",
          "package model; public class Wishes implements java.io.Serializable {"
              + " static final long serialVersionUID = 1; String text; }");

  @TempDir static Path directory;

  private static RedisServer redis;
  private static Path one;
  private static Path two;

  private static Map<String, String> sources(String... sources) {
    Map<String, String> named = new LinkedHashMap<>();
    for (String source : sources) {
      String type = source.replaceAll("(?s).*?\\bpublic (class|enum) (\\w+).*", "$2");
      named.put("model." + type, source);
    }
    return named;
  }

  @BeforeAll
  static void start() throws IOException {
    redis = RedisServer.start();
    one = war("one", ONE, "");
    two = war("two", TWO, "codec.alias=model.Wish=model.Wishes\n");
  }

  private static Path war(String name, Map<String, String> model, String settings)
      throws IOException {
    Path content = directory.resolve(name);
    Compiled.compile(content.resolve("WEB-INF/classes"), model);
    return WarBuilder.war()
        .tree(content)
        .classesOfPackage("rollingapp")
        .file("WEB-INF/carryover.properties", settings)
        .carryover()
        .build(directory.resolve(name + ".war"));
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = WebContainer.Kind.class,
      names = {"JETTY_EE10", "TOMCAT_10"})
  void twoVersionsShareTheSessions(WebContainer.Kind kind) {
    List<Browser> browsers = new ArrayList<>();
    for (int i = 0; i < BROWSERS; i++) {
      browsers.add(Browser.browser());
    }
    int items = 0;
    try (WebContainer newer = start(kind, two)) {
      try (WebContainer older = start(kind, one)) {
        assertThat(visit(browsers, older, ++items))
            .allMatch(answer -> answer.contains("wish none"));
        for (int round = 0; round < ROUNDS; round++) {
          assertThat(visit(browsers, newer, ++items))
              .allMatch(answer -> answer.contains("bicycle"));
          assertThat(visit(browsers, older, ++items))
              .allMatch(answer -> answer.contains("bicycle"));
        }
        assertThat(visit(browsers, older, ++items))
            .allMatch(answer -> answer.contains("news null"));
      }
      assertThat(visit(browsers, newer, ++items))
          .allMatch(answer -> answer.endsWith("OPEN, wish a bicycle, news fresh, price 7"));
    }
  }

  /** All browsers at once; each has that many items by then. */
  private static List<String> visit(List<Browser> browsers, WebContainer node, int items) {
    List<CompletableFuture<Browser.Response>> responses =
        browsers.stream()
            .map(each -> CompletableFuture.supplyAsync(() -> each.get(node.uri("/shop"))))
            .toList();
    return responses.stream()
        .map(CompletableFuture::join)
        .peek(response -> assertThat(response.status()).as(response.body()).isEqualTo(200))
        .map(Browser.Response::body)
        .peek(answer -> assertThat(answer).as(node.name()).startsWith(items + " items, OPEN"))
        .toList();
  }

  private static WebContainer start(WebContainer.Kind kind, Path war) {
    return kind.start(war, Map.of("carryover.redis.url", redis.url()));
  }
}
