package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.Browser;
import dev.carryover.testing.JettyNode;
import dev.carryover.testing.RawHttp;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.app.OperationsServlet;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients can do to a node and to Redis that want to do harm, and what others see of it. */
class HostileClientsIT {

  private static final int CONNECTIONS = 100;
  private static final int KEPT_SESSIONS = 500;
  private static final int ATTRIBUTE_BYTES = 64 * 1024;
  private static final int SESSION_BYTES = 256 * 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir static Path directory;

  private static RedisServer redis;
  private static RedisProbe probe;
  private static JettyNode node;
  private final Browser browser = Browser.browser();

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
    probe = RedisProbe.of(redis);
    node = start("hostile", "off");
  }

  private static JettyNode start(String namespace, String newSessionsPerSecond) {
    return JettyNode.node()
        .war(
            WarBuilder.war()
                .classes(OperationsServlet.class)
                .carryover()
                .build(directory.resolve(namespace + ".war")))
        .contextParam("carryover.redis.url", redis.url())
        .contextParam("carryover.namespace", namespace)
        .contextParam("carryover.near-cache.sessions", Integer.toString(KEPT_SESSIONS))
        .contextParam("carryover.max-attribute-bytes", ATTRIBUTE_BYTES / 1024 + "KB")
        .contextParam("carryover.max-session-bytes", SESSION_BYTES / 1024 + "KB")
        .contextParam("carryover.max-new-sessions-per-second", newSessionsPerSecond)
        .start();
  }

  @AfterAll
  static void stop() {
    node.close();
    probe.close();
    redis.close();
  }

  @BeforeEach
  void someoneIsThere() {
    assertThat(run("set:a:1", "list:list:apple").status()).isEqualTo(200);
  }

  @AfterEach
  void unhurt() {
    assertThat(run("get:a", "get:list").body()).isEqualTo("1\n[apple]");
    run("invalidate");
  }

  // ---- floods

  @Test
  void malformedIdsByTheThousandNeverReachRedis() {
    Set<String> keys = records();
    long before = scripts();

    Map<Integer, Integer> answers =
        flood(node, 2_000, i -> cookie(i % 2 == 0 ? "junk" + i : "A".repeat(44)));

    assertThat(answers).containsOnly(Map.entry(200, 2_000));
    assertThat(scripts()).isEqualTo(before);
    assertThat(records()).isEqualTo(keys);
  }

  @Test
  void idsThatAreRightInFormButMadeUpLeaveNothing() throws Exception {
    Set<String> keys = records();
    long created = figure("hostile", "SessionsCreated");
    long kept = figure("hostile", "CacheSessions");

    Map<Integer, Integer> used = flood(node, 2_000, i -> cookie(madeUp()));
    Map<Integer, Integer> notUsed = flood(node, 2_000, i -> cookie(madeUp()), "/do");

    assertThat(used).containsOnly(Map.entry(200, 2_000));
    assertThat(notUsed).containsOnly(Map.entry(200, 2_000));
    assertThat(records()).isEqualTo(keys);
    assertThat(figure("hostile", "SessionsCreated")).isEqualTo(created);
    assertThat(figure("hostile", "CacheSessions")).isLessThanOrEqualTo(kept);
    awaitNothingInUse("hostile");
  }

  @Test
  void tenThousandFirstRequestsAtOnceGetASessionEach() throws Exception {
    int count = 10_000;
    int before = records().size();
    Set<String> ids = new HashSet<>();

    Map<Integer, Integer> answers =
        flood(node, count, i -> "X: y", "/do?do=set:a:1&do=id", body -> ids.add(last(body)));

    assertThat(answers).containsOnly(Map.entry(200, count));
    assertThat(ids).hasSize(count);
    assertThat(records()).hasSize(before + count);
    assertThat(figure("hostile", "CacheSessions")).isLessThanOrEqualTo(KEPT_SESSIONS);
    awaitNothingInUse("hostile");
  }

  @Test
  void beyondTheLimitFirstRequestsAreRefusedAndTheOthersAreServed() throws Exception {
    int perSecond = 5;
    int count = 1_500;
    try (JettyNode limited = start("limited", Integer.toString(perSecond))) {
      Browser known = Browser.browser();
      await()
          .atMost(PATIENCE)
          .until(() -> known.get(limited.uri("/do?do=set:a:1")).status() == 200);
      long start = System.nanoTime();

      Map<Integer, Integer> answers =
          flood(limited, count, i -> "X: y", "/do?do=set:a:1", body -> {});

      long seconds = 1 + Duration.ofNanos(System.nanoTime() - start).toSeconds();
      assertThat(answers.keySet()).containsExactlyInAnyOrder(200, 503);
      assertThat(answers.get(200)).isLessThanOrEqualTo((int) (perSecond * (seconds + 1)));
      assertThat(figure("limited", "SessionsRefused")).isEqualTo((long) answers.get(503));
      assertThat(known.get(limited.uri("/do?do=get:a")).body()).isEqualTo("1");
      Browser another = Browser.browser();
      await()
          .atMost(PATIENCE)
          .until(() -> another.get(limited.uri("/do?do=set:a:1")).status() == 200);
      Browser.Response refused = refused(limited, perSecond);
      assertThat(refused.header("Retry-After")).isEqualTo("2");
    }
  }

  private static Browser.Response refused(JettyNode limited, int perSecond) {
    for (int i = 0; i < 1_000 * perSecond; i++) {
      Browser.Response answer = Browser.browser().get(limited.uri("/do?do=create"));
      if (answer.status() == 503) {
        return answer;
      }
    }
    throw new AssertionError("never refused");
  }

  // ---- slow readers

  /** The response is larger than all buffers: its request goes on until the client has read it. */
  @Test
  void aClientThatDoesNotReadItsResponseKeepsNobody() {
    String cookie = "Cookie: JSESSIONID=" + browser.cookie("JSESSIONID");
    List<RawHttp> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        RawHttp http =
            RawHttp.get(
                node.uri("/do?do=set:slow" + i + ":1&do=add:list:pear&do=page:20000000"), cookie);
        slow.add(http.awaitFirstByte());
      }
      // It has committed, and writes; the session is everyone's.
      for (int i = 0; i < 20; i++) {
        assertThat(run("set:b:" + i, "get:b", "get:slow2").body()).isEqualTo("set\n" + i + "\n1");
        assertThat(Browser.browser().get(node.uri("/do?do=set:a:1")).status()).isEqualTo(200);
      }
      assertThat(run("rotate").status()).isEqualTo(200);
      assertThat(run("get:b").body()).isEqualTo("19");
      assertThat(run("invalidate").body()).isEqualTo("invalidated");
      assertThat(run("valid").body()).isEqualTo("false");
    } finally {
      slow.forEach(RawHttp::close);
    }
    someoneIsThere();
  }

  // ---- giant attributes

  @Test
  void aGiantAttributeIsRefusedAndTheSessionIsAsItWas() {
    assertThat(run("fill:giant:" + ATTRIBUTE_BYTES).status()).isEqualTo(500);
    assertThat(run("names").body()).isEqualTo("[a, list]");
    assertThat(run("fill:large:" + (ATTRIBUTE_BYTES - 1_000)).status()).isEqualTo(200);
    assertThat(run("names").body()).contains("large");
  }

  @Test
  void aSessionDoesNotGrowBeyondItsLimit() {
    int each = ATTRIBUTE_BYTES - 1_000;
    int fit = SESSION_BYTES / each;
    for (int i = 0; i < fit; i++) {
      assertThat(run("fill:large" + i + ":" + each).status()).isEqualTo(200);
    }
    assertThat(run("fill:more:" + each).status()).isEqualTo(500);
    assertThat(run("get:more").body()).isEqualTo("null");
    assertThat(run("remove:large0", "fill:more:" + each).status()).isEqualTo(200);
  }

  @Test
  void anAttributeThatGrowsBeyondTheLimitInPlaceStaysAsItWas() throws Exception {
    long before = figure("hostile", "AttributesOversized");
    assertThat(run("grow:list:" + ATTRIBUTE_BYTES, "set:b:2").status()).isEqualTo(200);
    assertThat(run("get:list", "get:b").body()).isEqualTo("[apple]\n2");
    assertThat(figure("hostile", "AttributesOversized")).isEqualTo(before + 1);
  }

  // ---- cookies and headers

  @Test
  void cookiesOfTheSameNameByTheHundredCostSixQuestions() {
    StringBuilder cookies = new StringBuilder("Cookie: ");
    for (int i = 0; i < 120; i++) {
      cookies.append("JSESSIONID=").append(madeUp()).append("; ");
    }
    long before = scriptOperations();
    Answer answer = ask(node, "/do?do=valid", cookies.append("x=y").toString());
    assertThat(answer.body()).isEqualTo("false");
    assertThat(scriptOperations() - before).isBetween(1L, 6L);
  }

  @Test
  void theRightCookieIsFoundAmongOthers() {
    String right = browser.cookie("JSESSIONID");
    for (String others :
        List.of(
            "JSESSIONID=junk; JSESSIONID=" + right,
            "JSESSIONID=" + madeUp() + "; JSESSIONID=" + right,
            "JSESSIONID=" + right + "; JSESSIONID=" + madeUp(),
            "JSESSIONID=; JSESSIONID=" + right + "; JSESSIONID=\"\"",
            "jsessionid=" + madeUp() + "; JSESSIONID=" + right)) {
      Answer answer = ask(node, "/do?do=get:a", "Cookie: " + others);
      assertThat(answer.body()).as(others).isEqualTo("1");
    }
  }

  @Test
  void whatIsSentWithAnIdIsNotEchoed() {
    String right = browser.cookie("JSESSIONID");
    for (String evil :
        List.of(
            right + ".node1\"; Path=/evil",
            "\"" + right + "\"",
            right + ".<script>",
            right + ".a%0d%0aSet-Cookie:%20evil=1",
            right + "\r\nX-Evil: 1",
            right + "\u0000")) {
      Answer answer = ask(node, "/do?do=set:b:1&do=id", "Cookie: JSESSIONID=" + evil);
      assertThat(answer.head().status()).as(evil).isLessThan(500);
      assertThat(answer.head().headers("X-Evil")).isEmpty();
      assertThat(answer.head().headers("Set-Cookie"))
          .allMatch(
              field -> field.matches("JSESSIONID=[\\w-]{43}; Path=/; HttpOnly; SameSite=Lax"));
    }
  }

  @Test
  void aHugeCookieIsTurnedAway() {
    long before = scripts();
    Answer answer = ask(node, "/do?do=valid", cookie("A".repeat(7_000)));
    assertThat(answer.head().status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("false");
    assertThat(scripts()).isEqualTo(before);
  }

  // ---- how it is asked

  private Browser.Response run(String... operations) {
    return browser.get(node.uri("/do?do=" + String.join("&do=", operations)));
  }

  private static Map<Integer, Integer> flood(
      JettyNode target, int count, IntFunction<String> header) {
    return flood(target, count, header, "/do?do=valid&do=id");
  }

  private static Map<Integer, Integer> flood(
      JettyNode target, int count, IntFunction<String> header, String path) {
    return flood(target, count, header, path, body -> {});
  }

  /** All requests are under way before the first answer is read; how often each status came. */
  private static Map<Integer, Integer> flood(
      JettyNode target,
      int count,
      IntFunction<String> header,
      String path,
      Consumer<String> bodies) {
    Map<Integer, Integer> statuses = new TreeMap<>();
    List<RawHttp> connections = new ArrayList<>();
    int each = count / CONNECTIONS;
    try {
      for (int c = 0; c < CONNECTIONS; c++) {
        RawHttp http = RawHttp.connect(target.port());
        connections.add(http);
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < each; i++) {
          requests.append(request(path, header.apply(c * each + i)));
        }
        http.send(requests.toString());
      }
      for (RawHttp http : connections) {
        for (int i = 0; i < each; i++) {
          statuses.merge(http.readHead().status(), 1, Integer::sum);
          bodies.accept(new String(http.readBody(), StandardCharsets.UTF_8));
        }
      }
    } finally {
      connections.forEach(RawHttp::close);
    }
    return statuses;
  }

  private static Answer ask(JettyNode target, String path, String header) {
    try (RawHttp http = RawHttp.connect(target.port())) {
      http.send(request(path, header));
      RawHttp.Head head = http.readHead();
      return new Answer(head, new String(http.readBody(), StandardCharsets.UTF_8));
    }
  }

  private static String request(String path, String header) {
    return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + header + "\r\n\r\n";
  }

  private static String cookie(String value) {
    return "Cookie: JSESSIONID=" + value;
  }

  private static String madeUp() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String last(String body) {
    return body.substring(body.lastIndexOf('\n') + 1);
  }

  // ---- what is looked at

  private static Set<String> records() {
    return probe.keys("*:session:*");
  }

  private static long scripts() {
    Map<String, Long> calls = probe.commandStats();
    return calls.getOrDefault("evalsha", 0L) + calls.getOrDefault("eval", 0L);
  }

  /** What the node has asked Redis, each operation of each call. */
  private static long scriptOperations() {
    return figure("hostile", "RedisPassengers");
  }

  private static void awaitNothingInUse(String namespace) {
    await().atMost(PATIENCE).until(() -> figure(namespace, "SessionsInUse") == 0);
  }

  private static long figure(String namespace, String name) {
    try {
      return (Long)
          ManagementFactory.getPlatformMBeanServer()
              .getAttribute(
                  new ObjectName(
                      "dev.carryover:type=Sessions,namespace=" + namespace + ",context=/"),
                  name);
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }

  private record Answer(RawHttp.Head head, String body) {}
}
