package dev.carryover.it;

import dev.carryover.testing.Browser;
import dev.carryover.testing.WebContainer;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What a user does to log in and out, on nodes that take turns: each request goes to another node
 * than the last, also those that a redirect leads to.
 */
final class LoginFlows {

  /** Clients without a cookie are told the id so, of whatever name. */
  private static final String ID_IN_URL = ";[^=?]*=[^?]*";

  private final List<WebContainer> nodes;
  private final String contextPath;
  private final List<String> pages = new ArrayList<>();
  private final Browser browser = Browser.browser();
  private int next;

  private LoginFlows(List<WebContainer> nodes, int first, String contextPath) {
    this.nodes = nodes;
    this.next = first;
    this.contextPath = contextPath;
  }

  /** All flows of a web application with FORM, by name. */
  static Map<String, Consumer<LoginFlows>> form(String loginAction) {
    Map<String, Consumer<LoginFlows>> flows = new LinkedHashMap<>();
    flows.put(
        "the page that was asked for survives the login",
        flow -> {
          flow.get("/secured/page?x=1&y=%C3%A4");
          flow.logIn(loginAction, "ann");
          flow.get("/secured/page");
          flow.get("/open");
          flow.get("/open?do=cart:apples");
          flow.get("/secured/page");
          flow.get("/secured/admin/page");
        });
    flows.put(
        "a session that was there keeps its attributes",
        flow -> {
          flow.get("/open?do=cart:apples");
          flow.get("/secured/page");
          flow.logIn(loginAction, "ann");
          flow.get("/open?do=cart:pears");
          flow.get("/secured/page");
        });
    flows.put(
        "a wrong password, and then the right one",
        flow -> {
          flow.get("/secured/page?x=1");
          flow.post(loginAction, Map.of("j_username", "ann", "j_password", "wrong"));
          flow.get("/secured/page?x=2");
          flow.logIn(loginAction, "ann");
        });
    flows.put(
        "a form that was posted before the login",
        flow -> {
          flow.post("/secured/page", Map.of("item", "pears", "count", "3"), "X-Test", "kept");
          flow.logIn(loginAction, "ann");
          flow.get("/secured/page");
        });
    flows.put(
        "logging out on the other node",
        flow -> {
          flow.get("/secured/page");
          flow.logIn(loginAction, "ann");
          flow.get("/open?do=logout");
          flow.get("/open");
          flow.get("/open");
          flow.get("/secured/page");
          flow.logIn(loginAction, "root");
          flow.get("/secured/admin/page");
        });
    flows.put(
        "invalidating on the other node",
        flow -> {
          flow.get("/secured/page");
          flow.logIn(loginAction, "ann");
          flow.get("/open?do=invalidate");
          flow.get("/open");
          flow.get("/secured/page");
        });
    flows.put(
        "the application asks for a login",
        flow -> {
          flow.get("/open?do=authenticate");
          flow.logIn(loginAction, "ann");
          flow.get("/open?do=authenticate");
        });
    flows.put(
        "logging out on a page that needs a login",
        flow -> {
          flow.get("/secured/page");
          flow.logIn(loginAction, "ann");
          flow.get("/secured/page?do=logout");
          flow.get("/secured/page");
        });
    flows.put(
        "the application logs in, and then asks for a login",
        flow -> {
          flow.get("/open?do=cart:apples");
          flow.get("/open?do=verify:ann");
          flow.get("/open");
          flow.get("/secured/page");
        });
    flows.putAll(programmatic());
    return flows;
  }

  /** Flows of it that end in an error, after which sessions differ: Tomcat makes or ends one. */
  static Map<String, Consumer<LoginFlows>> errors(String loginAction) {
    Map<String, Consumer<LoginFlows>> flows = new LinkedHashMap<>();
    flows.put(
        "a form that is too long to be kept",
        flow -> {
          flow.post("/secured/page", Map.of("item", "x".repeat(300_000)));
        });
    flows.put(
        "a login that nothing was asked for before",
        flow -> {
          flow.post(loginAction, Map.of("j_username", "ann", "j_password", "secret"));
          flow.get("/open");
          flow.get("/open?do=cart:apples");
          flow.post(loginAction, Map.of("j_username", "ann", "j_password", "secret"));
        });
    return flows;
  }

  /** All flows that need no form, by name. */
  static Map<String, Consumer<LoginFlows>> programmatic() {
    Map<String, Consumer<LoginFlows>> flows = new LinkedHashMap<>();
    flows.put(
        "the application logs in, with a session",
        flow -> {
          flow.get("/open?do=cart:apples");
          flow.get("/open?do=login:ann");
          flow.get("/open");
          flow.get("/secured/page");
          flow.get("/open?do=login:ann");
          flow.get("/open?do=logout");
          flow.get("/open");
          flow.get("/secured/page");
        });
    flows.put(
        "the application logs in, without a session",
        flow -> {
          flow.get("/open?do=login:ann");
          flow.get("/open");
          flow.get("/open");
        });
    return flows;
  }

  /** Flows in which one request does what needs several elsewhere, by name. */
  static Map<String, Consumer<LoginFlows>> inOneRequest() {
    Map<String, Consumer<LoginFlows>> flows = new LinkedHashMap<>();
    flows.put(
        "the session ends, and another user logs in, in one request",
        flow -> {
          flow.get("/open?do=cart:apples");
          flow.get("/open?do=login:ann");
          flow.get("/secured/page");
          flow.get("/open?do=invalidate&do=logout&do=cart:pears&do=login:root");
          flow.get("/open");
          flow.get("/secured/page");
        });
    return flows;
  }

  /**
   * The pages that a user sees who does this.
   *
   * @param first which node gets the first request
   */
  static List<String> pages(
      List<WebContainer> nodes, int first, String contextPath, Consumer<LoginFlows> flow) {
    LoginFlows user = new LoginFlows(nodes, first, contextPath);
    flow.accept(user);
    return user.pages;
  }

  void get(String path, String... headers) {
    see(browser.get(uri(path), headers));
  }

  void post(String path, Map<String, String> form, String... headers) {
    see(browser.post(uri(path), form, headers));
  }

  void logIn(String action, String user) {
    post(action, Map.of("j_username", user, "j_password", "secret"));
  }

  private URI uri(String path) {
    WebContainer node = nodes.get(next++ % nodes.size());
    return URI.create("http://127.0.0.1:" + node.port() + contextPath + path);
  }

  /** Redirects are followed, on the next node. */
  private void see(Browser.Response response) {
    if (response.status() / 100 == 3) {
      URI location = response.location();
      pages.add(response.status() + " to " + path(location).replaceFirst(ID_IN_URL, ""));
      see(browser.get(uri(path(location).substring(contextPath.length()))));
    } else {
      String challenge =
          response.headers("WWW-Authenticate").stream().collect(Collectors.joining());
      String text = response.status() >= 400 ? "" : response.body();
      pages.add(response.status() + challenge + "\n" + text);
    }
  }

  private static String path(URI location) {
    String query = location.getRawQuery();
    return location.getRawPath() + (query == null ? "" : "?" + query);
  }
}
