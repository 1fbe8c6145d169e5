package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.Browser;
import dev.carryover.testing.JettyNode;
import dev.carryover.testing.RawHttp;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebXml;
import dev.carryover.testing.app.CommittingServlet;
import dev.carryover.testing.app.HoldServlet;
import dev.carryover.testing.app.OperationsServlet;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Promise S7: when a client has the first byte of a response, what its request had done to the
 * session is in Redis. The servlet is kept from returning wherever the container lets it, so that
 * the end of the chain can't have done it; the other node is asked the moment the head has arrived.
 */
class CommitBeforeResponseIT {

  private static final int REDIRECTS = 1_000;
  private static final int ROUNDS = 30;

  @TempDir static Path directory;

  private static RedisServer redis;
  private static JettyNode a;
  private static JettyNode b;

  private RawHttp onA;
  private RawHttp onB;
  private String cookie;

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
    Path war =
        WarBuilder.war()
            .classes(OperationsServlet.class, CommittingServlet.class, HoldServlet.class)
            .webXml(
                WebXml.with(
                    "<error-page><location>/commit</location></error-page>",
                    "<error-page><error-code>409</error-code><location>/do</location>"
                        + "</error-page>"))
            .carryover()
            .build(directory.resolve("commits.war"));
    a = JettyNode.node().war(war).contextParam("carryover.redis.url", redis.url()).start();
    b = JettyNode.node().war(war).contextParam("carryover.redis.url", redis.url()).start();
  }

  @AfterAll
  static void stop() {
    a.close();
    b.close();
    redis.close();
  }

  @BeforeEach
  void createSession() {
    Browser browser = Browser.browser();
    assertThat(browser.get(a.uri("/do?do=set:v:none")).status()).isEqualTo(200);
    cookie = "Cookie: JSESSIONID=" + browser.cookie("JSESSIONID");
    onA = RawHttp.connect(a.port());
    onB = RawHttp.connect(b.port());
    assertThat(valueOnB()).isEqualTo("none");
  }

  @Test
  void redirectIsNeverFasterThanItsSession() {
    for (int i = 0; i < REDIRECTS; i++) {
      onA.request("POST", a.uri("/commit?way=redirect&key=" + i), cookie, "Content-Length: 0");
      RawHttp.Head head = onA.readHead();
      assertThat(head.status()).isEqualTo(302);
      onB.request("GET", onB(head), cookie);
      assertThat(onB.readHead().status()).isEqualTo(200);
      assertThat(onB.readBody()).asString().isEqualTo(String.valueOf(i));
      onA.readBody();
    }
  }

  /** Where the redirect leads to, on the other node. */
  private static URI onB(RawHttp.Head head) {
    URI location = a.uri("/").resolve(head.header("Location"));
    return b.uri(location.getRawPath() + "?" + location.getRawQuery());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redirect",
        "flushBuffer",
        "writerFlush",
        "writerCheckError",
        "writerClose",
        "streamFlush",
        "streamClose",
        "forward",
        "length-stream-utf_8-int",
        "length-stream-utf_8-long",
        "length-stream-utf_8-header",
        "length-stream-utf_8-intHeader",
        "length-stream-utf_8-addHeader",
        "length-writer-utf_8-int",
        "length-writer-iso_8859_1-long",
        "length-writer-utf_16-int",
        "length-writer-utf_16le-header",
        "length-writer-utf_32-int",
        "length-writer-gb18030-int",
        "errorpage",
        "throw",
        "async-dispatch"
      })
  void sentWhileTheServletIsStillAtWork(String way) {
    String key = UUID.randomUUID().toString();
    onA.request("GET", a.uri("/commit?way=" + way + "&key=" + key + "&hold=" + key), cookie);
    onA.readHead();
    assertThat(valueOnB()).isEqualTo(key);
    release(key);
    onA.readBody();
    // The client has all of the response, but the servlet need not have returned yet.
    await().untilAsserted(() -> assertThat(readOnB("after")).isEqualTo(key));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "overflow-writer-small",
        "overflow-writer-quarter",
        "overflow-writer-large",
        "overflow-stream-small",
        "overflow-stream-quarter",
        "overflow-stream-large",
        "overflow-print-small",
        "overflow-print-large"
      })
  void sentByAFullBuffer(String way) {
    String key = UUID.randomUUID().toString();
    onA.request("GET", a.uri("/commit?way=" + way + "&hold=" + key), cookie);
    onA.readHead();
    String seen = valueOnB();
    release(key);
    String body = new String(onA.readBody(), StandardCharsets.UTF_8);
    assertThat(seen).isEqualTo(body.substring(body.lastIndexOf('|') + 1));
  }

  @Test
  void includedServletHasCommittedWhenItReturns() {
    String key = UUID.randomUUID().toString();
    onA.request("GET", a.uri("/commit?way=include&key=" + key + "&hold=" + key), cookie);
    assertThat(Browser.browser().get(a.uri("/hold?await=" + key)).body()).isEqualTo("done");
    assertThat(valueOnB()).isEqualTo(key);
    release(key);
    onA.readHead();
    await().untilAsserted(() -> assertThat(readOnB("after")).isEqualTo(key));
  }

  /** These are sent by the container once the application can't be kept from returning any more. */
  @ParameterizedTest
  @ValueSource(
      strings = {"sendError", "sendErrorMessage", "end", "async-complete", "async-timeout"})
  void sentAtTheEnd(String way) {
    for (int i = 0; i < ROUNDS; i++) {
      onA.request("GET", a.uri("/commit?way=" + way + "&key=" + i), cookie);
      onA.readHead();
      assertThat(valueOnB()).isEqualTo(String.valueOf(i));
      onA.readBody();
    }
  }

  private void release(String key) {
    assertThat(Browser.browser().get(a.uri("/hold?release=" + key)).body()).isEqualTo("done");
  }

  private String valueOnB() {
    return readOnB("v");
  }

  private String readOnB(String name) {
    onB.request("GET", b.uri("/do?do=get:" + name), cookie);
    assertThat(onB.readHead().status()).isEqualTo(200);
    return new String(onB.readBody(), StandardCharsets.UTF_8);
  }
}
