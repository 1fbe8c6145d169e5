package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;

import benchapp.SessionServlet;
import dev.carryover.testing.RawHttp;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.Traffic;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Promises C1 to C3 in numbers: what a request may cost at most. Nothing here is about time; the
 * numbers are those measured, with room for little more on the wire and for twice as much in
 * memory.
 */
class CostsIT {

  private static final int WARM_UP = 100;
  private static final int REQUESTS = 200;

  /** Flights beside those of requests, as a ping to see whether a connection still works. */
  private static final int OTHERS = 4;

  private static final int BYTES_OF_OTHERS = 400;

  @TempDir static Path directory;

  private static final Map<String, Node> NODES = new LinkedHashMap<>();
  private static Path war;

  @BeforeAll
  static void buildWar() {
    war =
        WarBuilder.war()
            .classesOfPackage("benchapp")
            .carryover()
            .build(directory.resolve("costs.war"));
  }

  @AfterAll
  static void stop() {
    NODES.values().forEach(Node::close);
  }

  /**
   * @param flights that Redis gets for each request at most; a half where it is touched in the
   *     background, which is once in a while and not once a request
   * @param toRedis bytes that it gets at most
   * @param fromRedis bytes that it sends at most
   * @param allocated bytes in the server at most
   */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    // configuration, request,  flights, toRedis, fromRedis, allocated
    "'',              /none,        0.5,     190,        20,      9000",
    "'',              /read,          1,     280,        90,     20000",
    "'',              /write,         2,     700,       150,     37000",
    "'',              /mutate,        2,     750,       150,     37000",
    "'',              /bigread,       1,     280,        90,     22000",
    "'',              /bigwrite,      2,    1780,       150,     50000",
    "'',              /new?v=1,       1,     330,        55,     29000",
    "'',              /login,         2,     850,       150,     46000",
    "near-cache=off,  /read,          1,     280,       340,     34000",
    "read=trusted,    /read,        0.5,     190,        20,     11000",
    "read=trusted,    /bigread,     0.5,     190,        20,     13000",
    "read=trusted,    /write,       1.5,     640,        80,     27000"
  })
  void requestCostsNoMoreThan(
      String settings, String request, double flights, int toRedis, int fromRedis, int allocated) {
    Node node = NODES.computeIfAbsent(settings, Node::new);
    Client client = new Client(node, request.startsWith("/big"));
    client.ask(request, WARM_UP);
    Traffic.Count before = node.traffic.whenQuiet();
    long allocatedBefore = client.allocated();
    client.ask(request, REQUESTS);
    long allocatedAfter = client.allocated();
    Traffic.Count count = node.traffic.whenQuiet().since(before);
    SoftAssertions.assertSoftly(
        softly -> {
          softly.assertThat(count.reads()).as("flights").isLessThanOrEqualTo(most(flights, 1));
          softly
              .assertThat(count.bytesIn())
              .as("bytes to Redis")
              .isLessThan(most(toRedis, BYTES_OF_OTHERS));
          softly
              .assertThat(count.bytesOut())
              .as("bytes from Redis")
              .isLessThan(most(fromRedis, BYTES_OF_OTHERS));
          softly
              .assertThat(allocatedAfter - allocatedBefore)
              .as("bytes allocated")
              .isLessThan(most(allocated, 0));
        });
  }

  private static long most(double each, int ofOthers) {
    return (long) (each * REQUESTS) + OTHERS * ofOthers;
  }

  /** A Tomcat with Carryover, with a Redis of its own. */
  private static final class Node {
    final RedisServer redis = RedisServer.start();
    final Traffic traffic = Traffic.of(redis);
    final WebContainer container;

    Node(String settings) {
      WebContainer.Builder node =
          WebContainer.Kind.TOMCAT_10
              .node(war)
              .contextParam("carryover.redis.url", redis.url())
              .contextParam("carryover.expiry.poll-interval", "10m");
      if (!settings.isEmpty()) {
        node.contextParam("carryover." + settings.split("=")[0], settings.split("=")[1]);
      }
      container = node.start();
    }

    void close() {
      container.close();
      traffic.close();
      redis.close();
    }
  }

  /** A client with one connection and one session. */
  private static final class Client {
    private final Node node;
    private final RawHttp connection;
    private String cookie;
    private int edition;

    Client(Node node, boolean big) {
      this.node = node;
      this.connection = RawHttp.connect(node.container.port());
      get(big ? "/new/big?v=0" : "/new/small?v=1");
    }

    void ask(String request, int times) {
      for (int i = 0; i < times; i++) {
        String key = "?k=" + i % SessionServlet.BIG_ATTRIBUTES;
        switch (request) {
          case "/bigread":
            get(request + key);
            break;
          case "/bigwrite":
            get(request + key + "&v=" + ++edition);
            break;
          case "/new?v=1":
            cookie = null;
            get(request);
            break;
          default:
            get(request);
        }
      }
    }

    long allocated() {
      try (RawHttp other = RawHttp.connect(node.container.port())) {
        other.request("GET", node.container.uri("/costs")).readHead();
        String costs = new String(other.readBody(), StandardCharsets.US_ASCII);
        return Long.parseLong(costs.split(" ")[1]);
      }
    }

    private String get(String path) {
      URI uri = node.container.uri(path);
      RawHttp.Head head =
          (cookie == null
                  ? connection.request("GET", uri)
                  : connection.request("GET", uri, "Cookie: JSESSIONID=" + cookie))
              .readHead();
      String body = new String(connection.readBody(), StandardCharsets.US_ASCII);
      assertThat(head.status()).as(body).isEqualTo(200);
      String changed = head.cookie("JSESSIONID");
      cookie = changed == null ? cookie : changed;
      return body;
    }
  }
}
