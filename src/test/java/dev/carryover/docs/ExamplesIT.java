package dev.carryover.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.carryover.config.ReadMode;
import dev.carryover.config.SessionConfig;
import dev.carryover.session.SessionId;
import dev.carryover.store.Hold;
import dev.carryover.store.MinuteCounts;
import dev.carryover.store.NewSession;
import dev.carryover.store.SessionDelta;
import dev.carryover.store.SessionIndex;
import dev.carryover.store.SessionStore;
import dev.carryover.store.SessionSummary;
import dev.carryover.store.redis.RedisSessionStore;
import dev.carryover.testing.Browser;
import dev.carryover.testing.JavaxWar;
import dev.carryover.testing.RedisCluster;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.app.OperationsServlet;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.redisson.config.Config;

/** The files in conf-examples, put to use. */
class ExamplesIT {

  private static final Path EXAMPLES = Path.of("conf-examples");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** For what is expected to fail. */
  private static final Duration SHORT = Duration.ofSeconds(2);

  @TempDir Path directory;

  @Test
  void yamlLeadsToOneServer() throws IOException {
    try (RedisServer redis = serverWithUsers()) {
      keepASession(
          read("redisson-single.yaml").replace("127.0.0.1:6379", "127.0.0.1:" + redis.port()));
    }
  }

  @Test
  void yamlLeadsToASentinelsMaster() throws IOException {
    try (RedisServer master = RedisServer.start();
        RedisServer sentinel =
            RedisServer.start("sentinel monitor mymaster 127.0.0.1 " + master.port() + " 1")) {
      keepASession(
          read("redisson-sentinel.yaml")
              .replaceAll("127.0.0.1:\\d+", "127.0.0.1:" + sentinel.port()));
      try (RedisProbe probe = RedisProbe.of(master)) {
        assertThat(probe.keys("carryover:*")).isNotEmpty();
      }
    }
  }

  @Test
  void yamlLeadsToACluster() throws IOException {
    try (RedisCluster cluster = RedisCluster.start()) {
      String yaml = read("redisson-cluster.yaml");
      for (int i = 0; i < 3; i++) {
        yaml = yaml.replace(":700" + i, ":" + cluster.masters().get(i).port());
      }
      keepASession(yaml);
    }
  }

  /** The binary of the tests has no TLS: what the file says is read, and no connection made. */
  @Test
  void yamlForTlsIsUnderstood() throws IOException {
    Config config = Config.fromYAML(read("redisson-tls.yaml"));
    assertThat(config.useSingleServer().getAddress()).startsWith("rediss://");
    assertThat(config.getSslProtocols()).containsExactly("TLSv1.3", "TLSv1.2");
    assertThat(config.getSslTruststore()).hasToString("file:/etc/carryover/redis-ca.p12");
    assertThat(config.getUsername()).isEqualTo("carryover");
  }

  @Test
  void rightsOfTheUsersFileAreEnoughAndNoneIsTooMany() throws IOException {
    try (RedisServer redis = serverWithUsers();
        RedisProbe admin = RedisProbe.of(redis)) {
      admin.command("AUTH", "admin", "admin");
      List<String> rights =
          Arrays.stream(read("users.acl").split("\\s+")).filter(w -> w.startsWith("+")).toList();
      assertThat(rights).hasSizeGreaterThan(15);
      try (Nodes nodes = new Nodes(redis.url(), PATIENCE)) {
        nodes.roundTrip(PATIENCE);
        for (String right : rights) {
          admin.command("ACL", "SETUSER", "carryover", '-' + right.substring(1));
          admin.command("SCRIPT", "FLUSH");
          assertThat(catchThrowable(() -> roundTripOf(right, nodes, redis)))
              .as("without " + right)
              .isNotNull();
          admin.command("ACL", "SETUSER", "carryover", right);
        }
        admin.command("SCRIPT", "FLUSH");
        nodes.roundTrip(PATIENCE);
      }
    }
  }

  /** The tests' own part speaks as the default user there. */
  @Test
  void rightsAreEnoughForAClusterWithOneMore() throws IOException {
    Path users = directory.resolve("users.acl");
    Files.writeString(
        users,
        read("users.acl")
            .replace("default off", "default on nopass ~* &* +@all")
            .replace("+ping", "+cluster +ping"));
    try (RedisCluster cluster = RedisCluster.start("aclfile " + users);
        Nodes nodes = new Nodes(cluster.url(), PATIENCE)) {
      nodes.roundTrip(PATIENCE);
    }
  }

  /** What a connection needs when it is made is only missed by one that is new. */
  private static void roundTripOf(String right, Nodes nodes, RedisServer redis) {
    if (List.of("+ping", "+subscribe").contains(right)) {
      try (Nodes fresh = new Nodes(redis.url(), SHORT)) {
        fresh.roundTrip(SHORT);
      }
    } else {
      nodes.roundTrip(SHORT);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TOMCAT_10, web.xml, web-full.xml",
    "TOMCAT_9, web-javax.xml, web-full-javax.xml",
  })
  void webXmlMakesTheSessionsOurs(WebContainer.Kind kind, String less, String full)
      throws IOException {
    try (WebContainer node =
        kind.node(war(kind, less))
            .alsoWar(war(kind, full), "/full")
            .jvmOption("-Dcarryover.store=memory")
            .start()) {
      assertOurs(node.uri("/do?do=create"), "JSESSIONID");
      assertOurs(node.uri("/full/do?do=create"), "SHOPID");
    }
  }

  private Path war(WebContainer.Kind kind, String webXml) throws IOException {
    Path war =
        WarBuilder.war()
            .classes(OperationsServlet.class)
            .webXml(read(webXml))
            .carryover()
            .build(directory.resolve(webXml + ".war"));
    return kind.isJavax() ? JavaxWar.of(war) : war;
  }

  private static void assertOurs(URI uri, String cookie) {
    Browser browser = Browser.browser();
    assertThat(browser.get(uri).body().strip())
        .hasSize(SessionId.LENGTH)
        .isEqualTo(browser.cookie(cookie));
  }

  @Test
  void oneJarServesAllWebApplicationsOfATomcat() throws IOException {
    Path war =
        WarBuilder.war().classes(OperationsServlet.class).build(directory.resolve("app.war"));
    Path jar = Path.of(System.getProperty("carryover-test.all-jar"));
    Path shared = Files.createDirectory(directory.resolve("shared"));
    Files.copy(jar, shared.resolve(jar.getFileName()));
    String resources =
        read("tomcat-context.xml")
            .replaceAll("(?s)^.*(<Resources>.*</Resources>).*$", "$1")
            .replace("/opt/carryover", shared.toRealPath().toString());
    try (RedisServer redis = RedisServer.start();
        WebContainer node =
            WebContainer.Kind.TOMCAT_10
                .node(war)
                .alsoWar(war, "/two")
                .inContextXml(resources)
                .jvmOption("-Dcarryover.redis.url=" + redis.url())
                .start();
        RedisProbe probe = RedisProbe.of(redis)) {
      assertOurs(node.uri("/do?do=create"), "JSESSIONID");
      assertOurs(node.uri("/two/do?do=create"), "JSESSIONID");
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(probe.keys("carryover:{ROOT:*}:session:*")).hasSize(1);
                assertThat(probe.keys("carryover:{two:*}:session:*")).hasSize(1);
              });
    }
  }

  private RedisServer serverWithUsers() throws IOException {
    Path users = directory.resolve("users.acl");
    Files.writeString(users, read("users.acl") + "user admin on >admin ~* &* +@all\n");
    return RedisServer.start("aclfile " + users);
  }

  private static void keepASession(String yaml) {
    SessionConfig config = SessionConfig.builder().redisTimeout(PATIENCE).build();
    try (SessionStore store = RedisSessionStore.fromYaml(yaml, config, "shop")) {
      String id = create(store);
      assertThat(store.open(id, 0)).isNotNull();
    }
  }

  private static String create(SessionStore store) {
    String id = SessionId.create();
    store.create(
        new NewSession(
            id,
            store.currentTimeMillis(),
            1800,
            "ann",
            Map.of("a", bytes(1), "b", bytes(1), "large", bytes(100_000))));
    return id;
  }

  private static byte[] bytes(int count) {
    return "x".repeat(count).getBytes(UTF_8);
  }

  private static String read(String file) throws IOException {
    return Files.readString(EXAMPLES.resolve(file));
  }

  /** Two nodes, and all that they ask of Redis for a session, from its beginning to its end. */
  private static final class Nodes implements AutoCloseable {
    private final SessionStore here;
    private final SessionStore there;

    Nodes(String url, Duration timeout) {
      SessionConfig config =
          SessionConfig.builder()
              .redisUrl(url.replace("://", "://carryover:change-me@"))
              .redisTimeout(timeout)
              .read(ReadMode.TRUSTED)
              .build();
      here = RedisSessionStore.connect(config, "shop");
      there = RedisSessionStore.connect(config, "shop");
    }

    @Override
    public void close() {
      here.close();
      there.close();
    }

    void roundTrip(Duration patience) {
      long before = created();
      String id = create(here);
      assertThat(created()).isGreaterThan(before);
      assertThat(here.exists(id)).isTrue();
      assertThat(there.open(id, 0)).isNotNull();
      assertThat(there.look(id, 1)).isNotNull();
      assertThat(there.load(id, "large")).isNotNull();
      assertHoldIsLost(id, patience);
      SessionDelta delta = new SessionDelta(id);
      delta.write("a", bytes(2));
      delta.remove("b");
      delta.setPrincipal("bob");
      here.commit(delta);
      String rotated = SessionId.rotated(id);
      SessionDelta rotation = new SessionDelta(id);
      rotation.rotateTo(rotated);
      here.commit(rotation);
      SessionDelta late = new SessionDelta(id);
      late.write("late", bytes(1));
      late.setMaxInactiveInterval(0);
      assertThat(there.commit(late).id()).isEqualTo(rotated);
      assertThat(here.open(rotated, 1)).isNotNull();
      assertThat(here.due(1)).isNotNull();
      assertIsFound(rotated);
      assertThat(here.end(rotated, 0, PATIENCE)).isNotNull();
      here.finish(rotated);
      await().atMost(patience).until(() -> !here.exists(rotated));
    }

    private long created() {
      return here.index().minutes().stream().mapToLong(MinuteCounts::created).sum();
    }

    private void assertIsFound(String id) {
      SessionIndex index = here.index();
      assertThat(index.count()).isPositive();
      assertThat(index.principals().count()).isPositive();
      assertThat(index.describe(index.ownedBy("bob"), "bob"))
          .extracting(SessionSummary::id)
          .contains(id);
      assertThat(index.page(index.partOf(id), "", 1_000).names()).contains(id);
      assertThat(index.sizes(index.sample(64 * 64)))
          .anyMatch(session -> session.bytes().containsKey("late"));
    }

    private void assertHoldIsLost(String id, Duration patience) {
      Hold[] hold = new Hold[1];
      await()
          .atMost(patience)
          .until(
              () -> {
                hold[0] = new Hold();
                here.open(id, 0, hold[0]);
                return !hold[0].isLost();
              });
      there.open(id, 0);
      await().atMost(patience).until(hold[0]::isLost);
    }
  }
}
