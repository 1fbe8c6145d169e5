package dev.carryover.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BrowserTest {

  private final Browser browser = Browser.browser();
  private HttpServer nodeA;
  private HttpServer nodeB;

  @BeforeEach
  void start() throws IOException {
    nodeA = echo();
    nodeB = echo();
  }

  @AfterEach
  void stop() {
    nodeA.stop(0);
    nodeB.stop(0);
  }

  @Test
  void takesCookiesFromOneNodeToTheOther() {
    Browser.Response set = browser.get(uri(nodeA, "/shop/in/login?a=1;Path=/shop;HttpOnly&b=2"));

    assertThat(set.setCookies()).containsExactly("a=1;Path=/shop;HttpOnly", "b=2");
    assertThat(browser.cookie("a")).isEqualTo("1");
    assertThat(browser.get(uri(nodeB, "/shop")).body()).contains("Cookie: a=1\n");
    assertThat(browser.get(uri(nodeB, "/shop/in/x")).body()).contains("Cookie: b=2; a=1\n");
    assertThat(browser.get(uri(nodeB, "/shopping")).body()).contains("Cookie: null");
  }

  @Test
  void sendsTheCookieWithTheLongestPathFirst() {
    browser.setCookie("a", "root");
    browser.get(uri(nodeA, "/x?a=deep;Path=/shop"));

    assertThat(browser.get(uri(nodeB, "/shop/y")).body()).contains("Cookie: a=deep; a=root\n");
  }

  @Test
  void dropsExpiredCookiesAndKeepsSecureOnesToItself() {
    browser.get(uri(nodeA, "/?a=1;Path=/&b=2;Path=/&c=3;Path=/;Secure&d=4;Path=/"));
    browser.get(
        uri(
            nodeA,
            "/?a=;Path=/;Max-Age=0&b=;Path=/;Expires=Thu,%2001-Jan-1970%2000:00:00%20GMT"
                + "&d=5;Path=/;Max-Age=60;Expires=Thu,%2001%20Jan%201970%2000:00:00%20GMT"));

    assertThat(browser.cookie("a")).isNull();
    assertThat(browser.cookie("b")).isNull();
    assertThat(browser.cookie("c")).isEqualTo("3");
    assertThat(browser.get(uri(nodeB, "/")).body()).contains("Cookie: d=5\n");
    browser.clearCookies();
    assertThat(browser.get(uri(nodeB, "/")).body()).contains("Cookie: null");
  }

  @Test
  void postsFormsAndFollowsRedirectsOnlyWhenTold() {
    Browser.Response posted =
        browser.post(uri(nodeA, "/redirect"), Map.of("name", "a b&ü"), "X-Test", "yes");

    assertThat(posted.status()).isEqualTo(302);
    assertThat(posted.body()).startsWith("POST").contains("name=a b&ü").contains("X-Test: yes");
    assertThat(posted.location()).isEqualTo(uri(nodeA, "/target"));
    assertThat(browser.follow(posted).body()).startsWith("GET /target");
  }

  private static URI uri(HttpServer server, String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  /** A server that sets the cookies its query names, and says what it was sent. */
  private static HttpServer echo() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", BrowserTest::answer);
    server.start();
    return server;
  }

  private static void answer(HttpExchange exchange) throws IOException {
    URI uri = exchange.getRequestURI();
    if (uri.getQuery() != null) {
      for (String cookie : uri.getQuery().split("&")) {
        exchange.getResponseHeaders().add("Set-Cookie", cookie);
      }
    }
    String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String body =
        exchange.getRequestMethod()
            + (" " + uri.getPath() + "\n")
            + ("Cookie: " + exchange.getRequestHeaders().getFirst("Cookie") + "\n")
            + ("X-Test: " + exchange.getRequestHeaders().getFirst("X-Test") + "\n")
            + URLDecoder.decode(form, StandardCharsets.UTF_8);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Location", "/target");
    exchange.sendResponseHeaders(uri.getPath().equals("/redirect") ? 302 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
