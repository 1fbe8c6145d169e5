package dev.carryover.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * A load balancer that does the one thing sessions must survive: every request goes to the next
 * node, whoever it comes from. A node that cannot be reached is passed over. The response goes back
 * as it came, with {@value #NODE} added; nothing is tried again once a node may have begun to work
 * on it.
 */
final class Front implements AutoCloseable {

  /** The response header that names the node that answered. */
  static final String NODE = "X-Node";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Headers that concern one connection only, and those that the HTTP client sets itself. */
  private static final Set<String> OF_THE_CONNECTION =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private static final int NO_BODY = -1;
  private static final int UNKNOWN_LENGTH = 0;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final ExecutorService threads = Executors.newCachedThreadPool(Front::thread);
  private final HttpServer server;
  private final List<Target> targets;
  private int last = -1;

  private Front(HttpServer server, List<Target> targets) {
    this.server = server;
    this.targets = targets;
  }

  /** A node: its name, and where it is now. */
  record Target(String name, Supplier<URI> uri) {}

  /**
   * Starts a front on the loopback interface.
   *
   * @param port 0 for a free one
   * @throws BindException if the port is taken
   */
  static Front start(int port, List<Target> targets) throws BindException {
    Front front = new Front(serverAt(port), List.copyOf(targets));
    front.server.setExecutor(front.threads);
    front.server.createContext("/", front::handle);
    front.server.start();
    return front;
  }

  private static HttpServer serverAt(int port) throws BindException {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (BindException taken) {
      throw taken;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI uri() {
    return URI.create("http://localhost:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      int first = next();
      for (int i = 0; i < targets.size(); i++) {
        int index = (first + i) % targets.size();
        if (answeredBy(targets.get(index), exchange, body)) {
          passedTo(index);
          return;
        }
      }
      fail(exchange, 503, "No node can be reached");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized int next() {
    last = (last + 1) % targets.size();
    return last;
  }

  /** Lets the turn go on after the node that answered, which may have stood in for another. */
  private synchronized void passedTo(int index) {
    last = index;
  }

  /** Returns whether the exchange is done: false if the node could not be reached. */
  private boolean answeredBy(Target target, HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response;
    try {
      response =
          client.send(requestTo(target, exchange, body), HttpResponse.BodyHandlers.ofInputStream());
    } catch (ConnectException unreachable) {
      return false;
    } catch (IOException e) {
      fail(exchange, 502, "Node " + target.name() + " broke off: " + e.getMessage());
      return true;
    }
    passBack(response, target, exchange);
    return true;
  }

  private static HttpRequest requestTo(Target target, HttpExchange exchange, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target.uri().get().resolve(exchange.getRequestURI()))
            .timeout(PATIENCE)
            .method(
                exchange.getRequestMethod(),
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (isForwarded(name)) {
                values.forEach(value -> request.header(name, value));
              }
            });
    String host = exchange.getRequestHeaders().getFirst("Host");
    if (host != null) {
      request.setHeader("X-Forwarded-Host", host);
    }
    return request
        .setHeader("X-Forwarded-Proto", "http")
        .setHeader("X-Forwarded-For", exchange.getRemoteAddress().getAddress().getHostAddress())
        .build();
  }

  private static void passBack(
      HttpResponse<InputStream> response, Target target, HttpExchange exchange) throws IOException {
    try (InputStream body = response.body()) {
      response
          .headers()
          .map()
          .forEach(
              (name, values) -> {
                if (isForwarded(name)) {
                  values.forEach(value -> exchange.getResponseHeaders().add(name, value));
                }
              });
      exchange.getResponseHeaders().set(NODE, target.name());
      long length = lengthOf(response, exchange.getRequestMethod());
      exchange.sendResponseHeaders(response.statusCode(), length);
      if (length != NO_BODY) {
        body.transferTo(exchange.getResponseBody());
      }
    }
  }

  /** Returns the length of the body in the words of {@link HttpExchange#sendResponseHeaders}. */
  private static long lengthOf(HttpResponse<?> response, String method) {
    int status = response.statusCode();
    if (method.equals("HEAD") || status == 204 || status == 304) {
      return NO_BODY;
    }
    long declared = response.headers().firstValueAsLong("Content-Length").orElse(UNKNOWN_LENGTH);
    boolean isEmpty = declared == 0 && response.headers().firstValue("Content-Length").isPresent();
    return isEmpty ? NO_BODY : declared;
  }

  private static boolean isForwarded(String header) {
    return !OF_THE_CONNECTION.contains(header.toLowerCase(Locale.ROOT));
  }

  private static void fail(HttpExchange exchange, int status, String message) throws IOException {
    byte[] body = (message + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain;charset=UTF-8");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "demo-front");
    thread.setDaemon(true);
    return thread;
  }
}
