package dev.carryover.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.Browser;
import dev.carryover.testing.JettyNode;
import dev.carryover.testing.Monitor;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebXml;
import dev.carryover.testing.app.LifecycleLog;
import dev.carryover.testing.app.OperationsServlet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise X3: what Redis holds is of no use without the secret, and can't be changed. */
class SealedSessionsIT {

  private static final String SECRET = "tiger tiger burning bright";
  private static final Logger ROOT = Logger.getLogger("");
  private static final LogCollector LOG = new LogCollector();

  @TempDir static Path directory;

  private static RedisServer redis;
  private static RedisProbe probe;
  private static Path war;
  private static JettyNode a;
  private static JettyNode b;

  private final Browser browser = Browser.browser();

  @BeforeAll
  static void start() throws IOException {
    ROOT.addHandler(LOG);
    redis = RedisServer.start();
    probe = RedisProbe.of(redis);
    war =
        WarBuilder.war()
            .classes(OperationsServlet.class, LifecycleLog.class)
            .webXml(WebXml.with(WebXml.BASIC_LOGIN))
            .carryover()
            .build(directory.resolve("sealed.war"));
    Path file = Files.writeString(directory.resolve("secrets"), SECRET + "\n");
    a = node().contextParam("carryover.secret", SECRET).start();
    b = node().contextParam("carryover.secret.file", file.toString()).start();
  }

  @AfterAll
  static void stop() {
    a.close();
    b.close();
    probe.close();
    redis.close();
    ROOT.removeHandler(LOG);
  }

  private static JettyNode.Builder node() {
    return JettyNode.node()
        .war(war)
        .contextParam("carryover.redis.url", redis.url())
        .contextParam("carryover.expiry.poll-interval", "500ms")
        .user("magdalene", "password", "customer");
  }

  @BeforeEach
  void empty() {
    probe.flushAll();
    LOG.lines.clear();
  }

  @Test
  void aDumpOfRedisAndItsTrafficShowNoIdAndNoValue() {
    try (Monitor monitor = probe.monitor()) {
      String first = run(a, "create", "set:text:plain-value").lines().findFirst().orElseThrow();
      String second = run(b, "list:list:plain-element", "login:magdalene:password").split("\n")[1];
      String third = run(a, "add:list:plain-element-2", "set:text:plain-value-2", "rotate");
      third = third.substring(third.lastIndexOf('\n') + 1);
      assertThat(run(b, "get:text", "get:list", "id"))
          .isEqualTo("plain-value-2\n[plain-element, plain-element-2]\n" + third);
      assertThat(List.of(first, second, third)).doesNotHaveDuplicates().allMatch(this::isAnId);

      String dump = dump();
      String traffic = monitor.commandsUntilNow().toString();
      for (String telling : List.of(dump, traffic)) {
        assertThat(telling)
            .doesNotContain("plain-")
            .doesNotContain("magdalene")
            .doesNotContain(first.substring(1), second.substring(1), third.substring(1))
            .doesNotContain(SECRET)
            // The names of attributes are for the console to show.
            .contains("text", "list", "~salt");
      }
      assertThat(dump).contains("forward:", "deadlines", "~salt", "~id", "~principal");
    }
  }

  private boolean isAnId(String text) {
    return text.length() == 43;
  }

  @Test
  void theEndOfASessionIsToldByItsId() {
    String id = run(a, "create", "set:color:red", "interval:2").split("\n")[0];

    await().untilAsserted(() -> assertThat(probe.keysOfSessions()).isEmpty());

    String told = Browser.browser().get(a.uri("/lifecycle")).body();
    told += Browser.browser().get(b.uri("/lifecycle")).body();
    assertThat(told.lines().filter(line -> line.contains(id) && line.contains("destroyed")))
        .singleElement()
        .asString()
        .contains("color=red");
  }

  @Test
  void aValueThatWasChangedReadsAsAbsentAndIsNamedOnceInTheLog() {
    String id = run(a, "create", "set:text:plain-value", "set:other:plain-other").split("\n")[0];
    String record = probe.keys("*session:*").iterator().next();
    byte[] value = probe.hget(record, "text");
    value[value.length - 1] ^= 1;
    probe.hset(record, "text", value);

    for (int i = 0; i < 3; i++) {
      assertThat(run(b, "get:text", "get:other")).isEqualTo("null\nplain-other");
    }
    assertThat(probe.hget(record, "text")).isEqualTo(value);
    assertThat(run(b, "set:text:new", "get:text")).isEqualTo("set\nnew");
    assertThat(run(b, "get:text")).isEqualTo("new");

    assertThat(LOG.lines.stream().filter(line -> line.contains(": text: ")))
        .isNotEmpty()
        .allMatch(line -> line.contains("sealed, and can't be opened here"));
    assertTellsNothing(id);
  }

  @Test
  void aSessionWhoseSaltWasChangedIsNoneAndRequestsGoOn() {
    String id = run(a, "create", "set:text:plain-value").split("\n")[0];
    String record = probe.keys("*session:*").iterator().next();
    byte[] salt = probe.hget(record, "~salt");
    salt[20] ^= 1;
    probe.hset(record, "~salt", salt);

    assertThat(run(b, "id", "valid")).isEqualTo("none\nfalse");
    assertThat(run(b, "create", "names")).doesNotContain(id).endsWith("\n[]");

    assertThat(LOG.lines.stream().filter(line -> line.contains("'~salt'"))).hasSize(1);
    assertTellsNothing(id);
  }

  @Test
  void aNodeWithAnotherSecretFindsNothingAndHarmsNothing() {
    String other = "another secret than theirs";
    try (JettyNode stranger = node().contextParam("carryover.secret", other).start();
        JettyNode plain = node().start()) {
      run(a, "set:text:one");
      for (JettyNode node : List.of(stranger, plain)) {
        assertThat(run(node, "id", "valid")).isEqualTo("none\nfalse");
      }
      assertThat(run(b, "get:text")).isEqualTo("one");
    }
  }

  @Test
  void secretsAreCheckedAtTheStartAndNeverShown() {
    assertRefused(node().contextParam("carryover.secret", "tiger"), "at least 16 characters");
    assertRefused(node().contextParam("carryover.secret.file", "/absent"), "/absent");
    node().contextParam("carryover.secret", SECRET + ",none").start().close();

    assertThat(LOG.lines).anyMatch(line -> line.matches("(?s).*carryover.secret +=.*\\*,none .*"));
    assertThat(LOG.lines).noneMatch(line -> line.contains("tiger"));
  }

  private static void assertRefused(JettyNode.Builder node, String expected) {
    assertThatThrownBy(() -> node.start().close())
        .hasStackTraceContaining("carryover.secret")
        .hasStackTraceContaining(expected)
        .satisfies(e -> assertThat(e.toString()).doesNotContain("tiger"));
  }

  private static void assertTellsNothing(String id) {
    assertThat(LOG.lines)
        .noneMatch(line -> line.contains("plain-") || line.contains(id.substring(1)));
  }

  /** Everything that is in Redis: keys, fields, members and values, byte by byte. */
  private static String dump() {
    StringBuilder dump = new StringBuilder();
    for (String key : probe.keysOfSessions()) {
      dump.append(key).append('\n');
      switch ((String) probe.command("TYPE", key)) {
        case "hash" -> probe.hgetall(key).forEach((field, value) -> add(dump, field, value));
        case "zset" -> dump.append(probe.command("ZRANGE", key, "0", "-1", "WITHSCORES"));
        case "string" ->
            add(dump, key, (byte[]) probe.commandBytes("GET".getBytes(UTF_8), key.getBytes(UTF_8)));
        default -> throw new AssertionError("What is " + key + "?");
      }
    }
    return dump.toString();
  }

  private static void add(StringBuilder dump, String name, byte[] value) {
    dump.append(name).append('=').append(new String(value, ISO_8859_1)).append('\n');
  }

  private String run(JettyNode node, String... operations) {
    Browser.Response response = browser.get(node.uri("/do?do=" + String.join("&do=", operations)));
    assertThat(response.status()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  /** Keeps what is logged, with stack traces. */
  private static final class LogCollector extends Handler {

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    @Override
    public void publish(LogRecord record) {
      lines.add(new SimpleFormatter().format(record));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
