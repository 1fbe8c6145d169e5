package dev.carryover.demo;

import dev.carryover.demo.Visitor.Reply;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * The demo played by itself: a visitor logs in, shops and logs out while a node is killed and comes
 * back. Every step says what it saw and checks it; the first that fails ends the tour.
 */
final class Tour {

  private static final String FULL_NAME = "Duke of Java";

  private final DemoCluster cluster;
  private final Visitor visitor;
  private String sessionId;
  private String step = "";
  private int number;

  Tour(DemoCluster cluster) {
    this.cluster = cluster;
    this.visitor = new Visitor(cluster.front().uri());
  }

  /** Plays all steps; returns whether all went well. */
  boolean play() {
    try {
      comesIn();
      logsIn();
      shops();
      asksTheWarehouse();
      meetsErrors();
      losesNodeA();
      getsNodeABack();
      buys();
      logsOut();
      System.out.printf("%nAll %d steps passed.%n", number);
      return true;
    } catch (StepFailed e) {
      System.out.printf("%nFAILED at step %d, %s: %s%n", number, step, e.getMessage());
    } catch (RuntimeException e) {
      System.out.printf("%nFAILED at step %d, %s: %s%n", number, step, e);
    }
    System.out.println("The nodes' logs: " + cluster.a().log() + ", " + cluster.b().log());
    return false;
  }

  private void comesIn() {
    begin("a visitor comes");
    Reply page = ok(visitor.get("/"));
    Reply who = ok(visitor.get("/whoami"));
    sessionId = who.member("sessionId");
    saw("node %s gave the page, and a session", page.node());
    check("a session id", true, sessionId != null);
    saw("node %s knows that session: %s", who.node(), shortened(sessionId));
    check("the node is not the same", false, page.node().equals(who.node()));
  }

  private void logsIn() {
    begin("logs in");
    String before = sessionId;
    Reply login = visitor.post("/login", Map.of("user", "duke", "password", "java"));
    check("status of the login", 302, login.status());
    saw("node %s checked the password, and redirects to %s", login.node(), login.location());
    Reply cart = ok(visitor.get("/cart"));
    check("greeted by name", true, cart.body().contains(FULL_NAME));
    saw("node %s shows the page after the redirect, for %s", cart.node(), FULL_NAME);
    sessionId = ok(visitor.get("/whoami")).member("sessionId");
    check("the session id is another", false, before.equals(sessionId));
    saw("the session id was %s, is %s", shortened(before), shortened(sessionId));
    Reply account = ok(visitor.get("/account.jsp"));
    check("the JSP shows the session id", true, account.body().contains(sessionId));
    saw("node %s shows it in a JSP, by expression language", account.node());
    for (NodeProcess node : nodes()) {
      Reply old = ok(Visitor.whoIs(before, node.uri()));
      check("user of the old id on node " + node.name(), null, old.member("user"));
      check("session of the old id on node " + node.name(), null, old.member("sessionId"));
      saw("node %s gives nothing for the old id", node.name());
    }
  }

  private void shops() {
    begin("shops, on both nodes in turn");
    Set<String> nodes = new TreeSet<>();
    String last = "";
    int items = 0;
    for (String product : List.of("mug", "modem", "mouse", "mug", "tape", "mug")) {
      Reply cart = add(product, ++items);
      check("the node is not the same", false, cart.node().equals(last));
      last = cart.node();
      nodes.add(last);
    }
    check("nodes that answered", "[A, B]", nodes.toString());
  }

  private void asksTheWarehouse() {
    begin("asks the warehouse: an asynchronous servlet, the session used in its own thread");
    for (int question = 1; question <= 4; question++) {
      Reply stock = ok(visitor.get("/stock"));
      check("questions counted", String.valueOf(question), stock.member("questions"));
      check("mugs in stock", "12", stock.member("stock.mug"));
      saw("node %s, thread %s: question %d", stock.node(), stock.member("thread"), question);
    }
  }

  private void meetsErrors() {
    begin("meets errors: the error page knows the visitor");
    Reply broken = visitor.get("/broken");
    check("status of /broken", 500, broken.status());
    check("the error page names the user", true, broken.body().contains(FULL_NAME));
    saw("node %s failed: 500, with the error page for %s", broken.node(), FULL_NAME);
    Reply missing = visitor.get("/missing");
    check("status of /missing", 404, missing.status());
    check("the page shows the last failure", true, missing.body().contains("broken on purpose"));
    saw("node %s has no such page: 404, and knows what failed before", missing.node());
  }

  private void losesNodeA() {
    NodeProcess a = cluster.a();
    begin("loses node A: kill -9 " + a.pid());
    a.kill();
    check("node A runs", false, a.isRunning());
    saw("node A is gone");
    for (int items = 7; items <= 8; items++) {
      Reply cart = add("tape", items);
      check("node", "B", cart.node());
    }
    Reply who = stillLoggedIn();
    check("node", "B", who.node());
    saw("node B: still logged in as %s, same session", who.member("user"));
  }

  private void getsNodeABack() {
    begin("gets node A back");
    NodeProcess a = cluster.a();
    a.start();
    saw("node A runs again, pid %d", a.pid());
    Reply straight = ok(Visitor.whoIs(sessionId, a.uri()));
    check("user on the new node A", "duke", straight.member("user"));
    check("items on the new node A", "8", straight.member("items"));
    saw("node A has never seen this session, and knows: user duke, 8 items");
    Set<String> nodes = new TreeSet<>();
    for (int items = 9; items <= 12; items++) {
      nodes.add(add("mouse", items).node());
    }
    check("nodes that answered", "[A, B]", nodes.toString());
    stillLoggedIn();
  }

  private void buys() {
    begin("buys: a servlet forwards to another, which includes a third");
    Reply receipt = ok(visitor.post("/checkout", Map.of()));
    check("the receipt", true, receipt.body().contains("You ordered 12 pieces"));
    saw("node %s sold 12 pieces", receipt.node());
    Reply again = ok(visitor.get("/receipt"));
    check("the receipt", true, again.body().contains("You ordered 12 pieces"));
    check("the empty cart", true, again.body().contains("Cart (0)"));
    saw("node %s shows the receipt, and the cart is empty", again.node());
  }

  private void logsOut() {
    begin("logs out");
    Reply logout = visitor.post("/logout", Map.of());
    check("status of the logout", 302, logout.status());
    saw("node %s ended the session", logout.node());
    for (NodeProcess node : nodes()) {
      Reply who = ok(Visitor.whoIs(sessionId, node.uri()));
      check("user on node " + node.name(), null, who.member("user"));
      check("session on node " + node.name(), null, who.member("sessionId"));
      saw("node %s knows nothing of it", node.name());
    }
    Reply page = ok(visitor.get("/cart"));
    check("the page greets nobody", false, page.body().contains(FULL_NAME));
    check("the empty cart", true, page.body().contains("Cart (0)"));
  }

  /** Adds a product, and checks that the page then shows so many. */
  private Reply add(String product, int items) {
    Reply cart = ok(visitor.post("/cart", Map.of("add", product)));
    check("items in the cart on node " + cart.node(), true, shows(cart, items));
    saw("node %s added a %s: %d in the cart", cart.node(), product, items);
    return cart;
  }

  private Reply stillLoggedIn() {
    Reply who = ok(visitor.get("/whoami"));
    check("user", "duke", who.member("user"));
    check("session id", sessionId, who.member("sessionId"));
    return who;
  }

  private List<NodeProcess> nodes() {
    return List.of(cluster.a(), cluster.b());
  }

  private static boolean shows(Reply cart, int items) {
    return cart.body().contains("Cart (" + items + ")");
  }

  private void begin(String what) {
    step = what;
    System.out.printf("%nStep %d: %s%n", ++number, what);
  }

  private static void saw(String format, Object... values) {
    System.out.printf("  " + format + "%n", values);
  }

  private static Reply ok(Reply reply) {
    check("status of " + reply.response().uri(), 200, reply.status());
    return reply;
  }

  private static void check(String what, Object expected, Object actual) {
    if (!Objects.equals(expected, actual)) {
      throw new StepFailed(what + ": expected " + expected + ", but was " + actual);
    }
  }

  private static String shortened(String id) {
    return id.substring(0, Math.min(10, id.length())) + "...";
  }

  /** A check that did not hold. */
  private static final class StepFailed extends RuntimeException {
    StepFailed(String message) {
      super(message);
    }
  }
}
