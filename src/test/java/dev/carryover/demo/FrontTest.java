package dev.carryover.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FrontTest {

  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer a;
  private HttpServer b;
  private Front front;

  @BeforeEach
  void start() throws IOException {
    a = backend("A", 0);
    b = backend("B", 0);
    front = Front.start(0, List.of(target("A", a), target("B", b)));
  }

  @AfterEach
  void stop() {
    front.close();
    a.stop(0);
    b.stop(0);
  }

  @Test
  void sendsEveryRequestToTheOtherNode() throws Exception {
    assertThat(nodesOf(6)).containsExactly("A", "B", "A", "B", "A", "B");
  }

  @Test
  void passesOverANodeThatIsDownUntilItIsBack() throws Exception {
    int port = a.getAddress().getPort();
    assertThat(nodesOf(2)).containsExactly("A", "B");

    a.stop(0);
    assertThat(nodesOf(3)).containsExactly("B", "B", "B");

    a = backend("A", port);
    assertThat(nodesOf(4)).containsExactly("A", "B", "A", "B");
  }

  @Test
  void saysSoWhenNoNodeIsUp() throws Exception {
    a.stop(0);
    b.stop(0);

    assertThat(get("/").statusCode()).isEqualTo(503);
  }

  @Test
  void passesRequestAndResponseThroughUntouched() throws Exception {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(front.uri().resolve("/form?q=a%20b"))
                .header("Cookie", "JSESSIONID=1; other=2")
                .POST(HttpRequest.BodyPublishers.ofString("user=duke"))
                .build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(302);
    assertThat(response.headers().allValues("Set-Cookie"))
        .containsExactly("one=1; Path=/; HttpOnly; SameSite=Lax", "two=2");
    assertThat(response.headers().firstValue("Location")).contains("/cart?from=login");
    assertThat(response.headers().firstValue(Front.NODE)).contains("A");
    assertThat(response.body())
        .isEqualTo(
            "POST /form?q=a%20b JSESSIONID=1; other=2 user=duke for localhost:"
                + front.uri().getPort());
  }

  @Test
  void doesNotRepeatWhatANodeMayHaveDone() throws Exception {
    assertThat(get("/break").statusCode()).isEqualTo(502);
  }

  @Test
  void refusesAPortThatIsTaken() {
    int taken = a.getAddress().getPort();

    assertThatThrownBy(() -> Front.start(taken, List.of())).isInstanceOf(BindException.class);
  }

  private List<String> nodesOf(int requests) throws Exception {
    List<String> nodes = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      nodes.add(get("/").headers().firstValue(Front.NODE).orElseThrow());
    }
    return nodes;
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(front.uri().resolve(path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static Front.Target target(String name, HttpServer server) {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    return new Front.Target(name, () -> uri);
  }

  private static HttpServer backend(String name, int port) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", FrontTest::echo);
    server.createContext("/break", HttpExchange::close);
    server.start();
    return server;
  }

  private static void echo(HttpExchange exchange) throws IOException {
    byte[] answer =
        String.join(
                " ",
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                exchange.getRequestHeaders().getFirst("Cookie"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                "for",
                exchange.getRequestHeaders().getFirst("X-Forwarded-Host"))
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Set-Cookie", "one=1; Path=/; HttpOnly; SameSite=Lax");
    exchange.getResponseHeaders().add("Set-Cookie", "two=2");
    exchange.getResponseHeaders().set("Location", "/cart?from=login");
    exchange.sendResponseHeaders(302, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }
}
