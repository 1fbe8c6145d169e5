package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.Browser;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.WebXml;
import dev.carryover.testing.app.OperationsServlet;
import dev.carryover.testing.app.SocketEndpoint;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A WebSocket's handshake gets our session, and the open socket's use of it is saved: one browser,
 * two nodes, the socket at the first.
 */
@ParameterizedClass
@MethodSource("dev.carryover.testing.WebContainer$Kind#thatReadAllOfAWar")
class WebSocketIT {

  private static final String BASIC =
      "Basic " + Base64.getEncoder().encodeToString("ann:secret".getBytes());

  @TempDir static Path directory;

  private static RedisServer redis;
  private static Path without;
  private static Path with;
  private static WebContainer plain;
  private static WebContainer first;
  private static WebContainer second;

  private final Browser browser = Browser.browser();
  private final WebContainer.Kind kind;

  WebSocketIT(WebContainer.Kind kind) {
    this.kind = kind;
  }

  @BeforeAll
  static void build() {
    redis = RedisServer.start();
    without = war().build(directory.resolve("without.war"));
    with = war().carryover().build(directory.resolve("with.war"));
  }

  @BeforeParameterizedClassInvocation
  static void start(WebContainer.Kind kind) {
    plain = start(kind, without);
    first = start(kind, with);
    second = start(kind, with);
  }

  @AfterParameterizedClassInvocation
  static void stopNodes() {
    Stream.of(plain, first, second).filter(Objects::nonNull).forEach(WebContainer::close);
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  private static WarBuilder war() {
    return WarBuilder.war()
        .classes(OperationsServlet.class, SocketEndpoint.class)
        .webXml(
            WebXml.with(
                WebXml.BASIC_LOGIN.replace(
                    "</url-pattern>", "</url-pattern><url-pattern>/do/secured/*</url-pattern>")));
  }

  @Test
  void openSocketReadsAndWritesTheSessionOfThePage() throws Exception {
    String id = run(first, "do=create&do=set:page:1").lines().findFirst().orElseThrow();
    Socket socket = new Socket(first, "/socket");

    assertThat(run(second, "do=get:handshake")).isEqualTo("seen");
    assertThat(socket.ask("id")).isEqualTo(id);
    assertThat(socket.ask("get:page")).isEqualTo("1");

    // What is set is there at once.
    socket.ask("set:socket:1");
    assertThat(run(second, "do=get:socket")).isEqualTo("1");
    socket.ask("remove:socket");
    assertThat(run(second, "do=get:socket")).isEqualTo("null");

    // What is changed in place, with the next use.
    socket.ask("list:list:a");
    socket.ask("add:list:b");
    assertThat(socket.ask("get:list")).isEqualTo("[a, b]");
    assertThat(run(second, "do=get:list")).isEqualTo("[a, b]");
    socket.ask("addToHeld:c");
    socket.ask("get:page");
    assertThat(run(second, "do=get:list")).isEqualTo("[a, b, c]");

    // What requests do meanwhile is seen, on this node and from the other.
    run(first, "do=add:list:d&do=set:page:2");
    assertThat(socket.ask("get:page")).isEqualTo("2");
    assertThat(socket.ask("get:list")).isEqualTo("[a, b, c, d]");
    run(second, "do=add:list:e&do=set:page:3");
    await().until(() -> socket.ask("get:page").equals("3"));
    assertThat(socket.ask("get:list")).isEqualTo("[a, b, c, d, e]");
    socket.ask("set:other:1");
    assertThat(run(second, "do=get:page&do=get:list&do=get:other"))
        .isEqualTo("3\n[a, b, c, d, e]\n1");

    // Requests of its node have the very objects that it has.
    socket.ask("add:list:f");
    assertThat(run(first, "do=get:list")).isEqualTo("[a, b, c, d, e, f]");
    assertThat(run(second, "do=get:list")).isEqualTo("[a, b, c, d, e, f]");

    // A new id does not part them.
    String rotated = run(second, "do=rotate");
    run(second, "do=set:page:4");
    await().until(() -> socket.ask("get:page").equals("4"));
    assertThat(socket.ask("id")).isEqualTo(rotated).isNotEqualTo(id);

    run(second, "do=invalidate");
    await().until(() -> socket.ask("get:page").equals("IllegalStateException"));
  }

  @Test
  void endOfTheSessionIsWhatItIsWithoutCarryover() throws Exception {
    String expected = ends(plain);
    browser.clearCookies();
    assertThat(ends(first)).isEqualTo(expected);
    System.out.println(kind + ", once the session has ended: " + expected);
  }

  /** What three sockets hear when their session ends: by a request, authenticated, by a socket. */
  private String ends(WebContainer container) throws Exception {
    StringBuilder heard = new StringBuilder();
    run(container, "do=create&do=set:a:1");
    Socket anonymous = new Socket(container, "/socket");
    run(container, "do=invalidate");
    heard.append(anonymous.afterEnd()).append(", ");
    browser.clearCookies();
    String page = "/do/secured/?do=create&do=set:a:1";
    assertThat(browser.get(container.uri(page), "Authorization", BASIC).status()).isEqualTo(200);
    Socket authenticated = new Socket(container, "/secured/socket", "Authorization", BASIC);
    // The handshake is a login too, and may have changed the id.
    browser.setCookie("JSESSIONID", authenticated.ask("id"));
    browser.get(container.uri("/do/secured/?do=invalidate"), "Authorization", BASIC);
    heard.append(authenticated.afterEnd()).append(", ");
    browser.clearCookies();
    run(container, "do=create&do=set:a:1");
    Socket ending = new Socket(container, "/socket");
    heard.append(ending.ask("invalidate")).append(' ').append(ending.ask("get:a")).append(' ');
    return heard.append(run(container, "do=id")).toString();
  }

  private static WebContainer start(WebContainer.Kind kind, Path war) {
    return kind.node(war)
        .contextParam("carryover.redis.url", redis.url())
        .user("ann", "secret", "customer")
        .start();
  }

  private String run(WebContainer node, String operations) {
    return browser.get(node.uri("/do?" + operations)).body();
  }

  /** The browser's end of a WebSocket. */
  private final class Socket implements WebSocket.Listener {

    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final WebSocket socket;

    private Socket(WebContainer node, String path, String... headers) throws Exception {
      WebSocket.Builder builder =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .connectTimeout(Duration.ofSeconds(20))
              .header("Cookie", "JSESSIONID=" + browser.cookie("JSESSIONID"));
      for (int i = 0; i < headers.length; i += 2) {
        builder.header(headers[i], headers[i + 1]);
      }
      URI uri = URI.create(node.uri(path).toString().replaceFirst("http", "ws"));
      socket = builder.buildAsync(uri, this).get(20, TimeUnit.SECONDS);
    }

    /** Sends a message and returns the answer, or that it was closed. */
    private String ask(String message) throws Exception {
      if (!socket.isOutputClosed()) {
        var unused = socket.sendText(message, true).exceptionally(failure -> null);
      }
      String answer = answers.poll(20, TimeUnit.SECONDS);
      return answer == null ? "no answer" : answer;
    }

    /** What it hears once its session is no longer what it was: a moment may pass. */
    private String afterEnd() throws Exception {
      return await().until(() -> ask("get:a"), answer -> !answer.equals("1"));
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
      answers.add(text.toString());
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
      answers.add("closed " + status);
      return null;
    }
  }
}
