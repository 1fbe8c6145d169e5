package dev.carryover.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.carryover.codec.KryoCodec;
import dev.carryover.config.SessionConfig;
import dev.carryover.event.SessionEvents;
import dev.carryover.session.AttributeCodec;
import dev.carryover.session.LiveSessions;
import dev.carryover.session.SessionAccess;
import dev.carryover.session.SessionRules;
import dev.carryover.store.redis.RedisSessionStore;
import dev.carryover.testing.RedisCluster;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands about sessions, beside a node that has some. */
class SessionsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String SECRET = "a-secret-of-more-than-16-characters";

  @TempDir Path directory;

  private final InputStream input = System.in;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Map<String, String> heard = new ConcurrentHashMap<>();
  private String secretLine = "";
  private String url;
  private LiveSessions node;

  @AfterEach
  void stop() throws Exception {
    System.setIn(input);
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private void start(String secret) {
    RedisServer redis = RedisServer.start();
    open.add(redis);
    start(redis.url(), secret);
  }

  private void start(String redisUrl, String secret) {
    url = redisUrl;
    SessionConfig.Builder config = SessionConfig.builder().redisUrl(url).redisTimeout(PATIENCE);
    if (!secret.isEmpty()) {
      config.secret(secret);
      secretLine = "secret=" + secret + "\n";
    }
    node =
        new LiveSessions(
            RedisSessionStore.connect(config.build(), "shop"),
            new Plain(),
            new SessionRules(
                Duration.ofMinutes(30), true, Duration.ofMillis(200), Duration.ofSeconds(30)),
            new SessionEvents<>() {
              @Override
              public void ended(SessionAccess session) {
                heard.put(session.id(), String.valueOf(session.get("cart")));
              }
            });
    node.start();
    open.add(0, node);
  }

  private String session(String user, Object cart) {
    SessionAccess session = node.create();
    session.setPrincipal(user);
    session.set("cart", cart);
    session.set("locale", "de");
    session.commit();
    session.release();
    return session.id();
  }

  private CommandLineRun run(String... words) {
    Stream<String> common =
        Stream.of("--redis-url", url, "--war", patient().toString(), "--namespace", "shop");
    return CommandLineRun.of(
        Stream.of(Stream.of("sessions", words[0]), common, Stream.of(words).skip(1))
            .flatMap(each -> each)
            .toArray());
  }

  /** As the web application of a slow machine would be. */
  private Path patient() {
    return WarBuilder.war()
        .file("WEB-INF/carryover.properties", "redis.connect-timeout=5s\n" + secretLine)
        .build(directory.resolve("patient.war"));
  }

  /** More than the patience of who asks by hand. */
  @Test
  void timeOutOfTheApplicationCounts() {
    start("");
    secretLine = "redis.timeout=30s\nreplica-ack-timeout=15s\nmin-replica-acks=1\n";
    CommandLineRun run = run("count");
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", SECRET})
  void countsAndListsAndShows(String secret) throws JsonParserException {
    start(secret);
    String ann = session("ann", new ArrayList<>(List.of("apple")));
    String bob = session("bob\u001b[31m", 7);
    session(null, "x".repeat(70_000));

    assertThat(run("count").out()).isEqualTo("3\n");
    assertThat(run("count", "--json").out()).isEqualTo("{\"count\":3}\n");

    CommandLineRun list = run("list");
    assertThat(list.exitCode()).as(list.err()).isZero();
    assertThat(list.out().lines()).hasSize(4);
    assertThat(list.out())
        .startsWith("ID ")
        .contains(ann.substring(0, 8) + "...", "bob?[31m")
        .doesNotContain(ann, bob, "\u001b");
    assertThat(run("list", "--principal", "ann").out().lines())
        .hasSize(2)
        .last()
        .matches(line -> line.matches("\\S{8}\\.\\.\\. +ann +\\S+Z +\\S+Z +\\S+Z"));
    assertThat(run("list", "--id-prefix", bob.substring(0, 5)).out()).contains(bob.substring(0, 8));
    JsonArray found = JsonParser.array().from(run("list", "--principal", "ann", "--json").out());
    assertThat(found.getObject(0).getString("id")).isEqualTo(ann.substring(0, 8));
    CommandLineRun some = run("list", "--limit", "2");
    assertThat(some.out().lines()).hasSize(3);
    assertThat(some.err()).contains("There are more");

    CommandLineRun show = run("show", ann.substring(0, 8));
    assertThat(show.exitCode()).as(show.err()).isZero();
    assertThat(show.out())
        .containsPattern("cart +java\\.util\\.ArrayList +\\d+\n")
        .containsPattern("locale +java\\.lang\\.String +\\d+\n")
        .doesNotContain("apple", ann);
    assertThat(run("show", ann, "--values").out()).contains("[apple]").doesNotContain(ann);
    JsonObject json = JsonParser.object().from(run("show", ann, "--json").out());
    assertThat(json.getArray("attributes").getObject(0))
        .containsEntry("type", "java.util.ArrayList");

    JsonObject stats = JsonParser.object().from(run("stats", "--json").out());
    assertThat(new TreeMap<>(stats)).containsEntry("sessions", 3).containsEntry("users", 2);
    CommandLineRun negative = run("stats", "--sample", "-5");
    assertThat(negative.err()).contains("--sample is a number from 0 to 100000, not -5");
    assertThat(negative.exitCode()).isEqualTo(1);
    assertThat(stats.getInt("createdIn15Minutes")).isEqualTo(3);
    assertThat(stats.getArray("attributes").getObject(0).getString("name")).isEqualTo("cart");
    assertThat(stats.getInt("averageBytes")).isGreaterThan(70_000 / 3);
    assertThat(run("stats").out()).contains("loggedIn", "oldest").doesNotContain(ann);
  }

  /** One way or the other, a node tells the listeners once, with the attributes. */
  @ParameterizedTest
  @ValueSource(strings = {"", SECRET})
  void listenersHearOfWhatIsEnded(String secret) {
    start(secret);
    String one = session("ann", "first");
    String two = session("bob", "second");
    String three = session("bob", "third");
    String four = session("carol", "fourth");

    CommandLineRun end = run("end", one.substring(0, 10), "--yes");
    assertThat(end.out()).as(end.err()).isEqualTo("1 session ended\n");
    assertThat(node.open(one)).isNull();
    CommandLineRun all = run("end", "--principal", "bob", "--yes", "--json");
    assertThat(all.out()).as(all.err()).isEqualTo("{\"ended\":2}\n");
    assertThat(node.open(two)).isNull();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(heard).isEqualTo(Map.of(one, "first", two, "second", three, "third")));
    await().atMost(PATIENCE).until(() -> run("count").out().equals("1\n"));
    assertThat(run("end", "--principal", "bob", "--yes").out()).isEqualTo("0 sessions ended\n");
    SessionAccess living = node.open(four);
    assertThat(living).isNotNull();
    living.release();
  }

  @Test
  void worksOnAClusterToo() {
    RedisCluster cluster = RedisCluster.start();
    open.add(cluster);
    start(cluster.url(), "");
    List<String> ids = IntStream.range(0, 30).mapToObj(i -> session("ann", i)).toList();
    assertThat(run("count").out()).isEqualTo("30\n");
    assertThat(run("list").out().lines()).hasSize(31);
    assertThat(run("list", "--principal", "ann").out().lines()).hasSize(31);
    assertThat(run("end", ids.get(0), "--yes").out()).isEqualTo("1 session ended\n");
    assertThat(run("end", "--principal", "ann", "--yes").out()).isEqualTo("29 sessions ended\n");
    await().atMost(PATIENCE).until(() -> heard.size() == 30);
  }

  @Test
  void nothingIsEndedUnlessThatWasMeant() {
    start("");
    String id = session("ann", "cart");
    System.setIn(new ByteArrayInputStream("\n".getBytes(UTF_8)));
    CommandLineRun no = run("end", "--principal", "ann");
    assertThat(no.exitCode()).isEqualTo(1);
    assertThat(no.err()).contains("End 1 of ann's sessions? [y/N]", "Nothing was ended");
    assertThat(run("end", id).exitCode()).as("no answer at all").isEqualTo(1);
    assertThat(run("end").exitCode()).as("neither id nor user").isEqualTo(2);
    assertThat(run("end", id, "--principal", "ann").exitCode()).isEqualTo(2);
    assertThat(run("count").out()).isEqualTo("1\n");
    System.setIn(new ByteArrayInputStream("y\n".getBytes(UTF_8)));
    assertThat(run("end", id).out()).isEqualTo("1 session ended\n");
  }

  @Test
  void saysHowFarItHasComeWithManySessions() {
    start("");
    IntStream.range(0, 1_200).forEach(i -> session(null, i));
    CommandLineRun stats = run("stats");
    assertThat(stats.out()).containsPattern("sessions +1200\n");
    assertThat(stats.err().lines()).hasSize(10).allMatch(line -> line.matches("read \\d+ of 1200"));
  }

  @Test
  void mistakesAreExplained() {
    start("");
    String id = session("ann", "cart");
    assertThat(run("show", "ab").err()).contains("4 characters or more");
    assertThat(run("show", "zzzz").err()).contains("There is no session whose id begins with zzzz");
    CommandLineRun unnamed = CommandLineRun.of("sessions", "count", "--redis-url", url);
    assertThat(unnamed.exitCode()).isEqualTo(1);
    assertThat(unnamed.err()).contains("--namespace");
    assertThat(CommandLineRun.of("sessions").exitCode()).isEqualTo(2);
    RedisServer gone = RedisServer.start();
    gone.close();
    CommandLineRun away =
        CommandLineRun.of("sessions", "show", id, "--redis-url", gone.url(), "--namespace", "shop");
    assertThat(away.exitCode()).isEqualTo(1);
    assertThat(away.err()).contains("Redis").doesNotContain("\tat ", id);
  }

  /** As the web application does it. */
  private static final class Plain implements AttributeCodec {
    private final KryoCodec codec = KryoCodec.forClassLoader(SessionsIT.class.getClassLoader());

    @Override
    public byte[] encode(String name, Object value, byte[] known) {
      return codec.encode(value, known);
    }

    @Override
    public Object decode(String name, byte[] encoded) {
      return codec.decode(encoded);
    }

    @Override
    public void requireSettable(String name, Object value) {}

    @Override
    public boolean isImmutable(Object value) {
      return KryoCodec.isImmutable(value);
    }
  }
}
