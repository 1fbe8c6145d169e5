package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.Browser;
import dev.carryover.testing.HotContainer;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.app.OperationsServlet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Carryover costs a container while nobody asks it for anything; and two of it in one. */
class FootprintIT {

  private static final long MEBIBYTE = 1 << 20;
  private static final int MOST_THREADS = 8;
  private static final int MOST_CONNECTIONS = 4;
  private static final long MOST_BYTES = 16 * MEBIBYTE;

  /** Threads that wait for work end by themselves after some seconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String PATH = "/do?do=id";
  private static final Pattern DEPLOYED =
      Pattern.compile("archive \\[\\S*/(\\w+)\\.war\\] has finished in \\[([\\d,]+)\\] ms");

  @TempDir static Path directory;

  private static RedisServer redis;
  private static RedisProbe probe;
  private static HotContainer container;
  private static Path without;
  private static Path with;

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
    probe = RedisProbe.of(redis);
    without = WarBuilder.war().classes(OperationsServlet.class).build(directory.resolve("a.war"));
    with = war("with.war", null);
    container =
        HotContainer.start(
            WebContainer.Kind.TOMCAT_10, directory, "-Dcarryover.redis.url=" + redis.url());
  }

  @AfterAll
  static void stop() {
    container.close();
    probe.close();
    redis.close();
  }

  @Test
  void anIdleWarHasFewThreadsConnectionsAndBytes() {
    // What is there once for all WARs, and what a WAR has itself.
    container.deploy("warm", without, PATH);
    container.deploy("plain", without, PATH);
    long bytesWithPlain = leastBytes();
    container.undeploy("plain", PATH);
    HotContainer.Report before = container.report();
    container.deploy("carried", with, PATH);
    Browser.browser().get(container.uri("carried", "/do?do=set:a:1"));
    List<String> threads = new ArrayList<>();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              threads.clear();
              threads.addAll(container.report().threads());
              before.threads().forEach(threads::remove);
              threads.removeIf(name -> !name.matches("(carryover|redisson|netty|global).*"));
              assertThat(threads).hasSizeBetween(1, MOST_THREADS);
              assertThat(threads).noneMatch(name -> name.contains("connect"));
            });
    long bytes = leastBytes() - bytesWithPlain;
    long connections = connections();
    System.out.printf(
        "Idle: threads %s, %d connections, %.1f MiB of heap; deployment %d ms, without %d ms%n",
        threads, connections, bytes / (double) MEBIBYTE, millis("carried"), millis("plain"));
    assertThat(connections).isBetween(1L, (long) MOST_CONNECTIONS);
    assertThat(bytes).isBetween(0L, MOST_BYTES);
    assertThat(millis("carried")).isLessThan(30_000);
    container.undeploy("carried", PATH);
    container.undeploy("warm", PATH);
    await().atMost(PATIENCE).until(() -> connections() == 0);
  }

  @Test
  void twoWarsWithNamespacesOfTheirOwnKnowNothingOfEachOther() {
    twoWars(
        war("one.war", null),
        war("two.war", null),
        (one, two) -> {
          Browser browser = Browser.browser();
          browser.get(container.uri("one", "/do?do=set:a:1"));
          browser.get(container.uri("two", "/do?do=set:a:2"));
          assertThat(read(browser, "one")).isEqualTo("1");
          assertThat(read(browser, "two")).isEqualTo("2");
          container.undeploy("one", PATH);
          assertThat(read(browser, "two")).isEqualTo("2");
          container.deploy("one", one, PATH);
          assertThat(read(browser, "one")).isEqualTo("1");
        });
  }

  @Test
  void twoWarsWithOneNamespaceHaveTheSameSessions() {
    twoWars(
        war("one.war", "shared"),
        war("two.war", "shared"),
        (one, two) -> {
          Browser browser = Browser.browser();
          browser.get(container.uri("one", "/do?do=set:a:1"));
          assertThat(read(browser, "two")).isEqualTo("1");
          browser.get(container.uri("two", "/do?do=set:a:2"));
          assertThat(read(browser, "one")).isEqualTo("2");
          container.undeploy("one", PATH);
          assertThat(read(browser, "two")).isEqualTo("2");
          container.deploy("one", one, PATH);
          assertThat(read(browser, "one")).isEqualTo("2");
        });
  }

  private interface Use {
    void of(Path one, Path two);
  }

  private static void twoWars(Path one, Path two, Use use) {
    container.deploy("one", one, PATH);
    container.deploy("two", two, PATH);
    try {
      use.of(one, two);
    } finally {
      container.undeploy("one", PATH);
      container.undeploy("two", PATH);
    }
  }

  private static String read(Browser browser, String name) {
    return browser.get(container.uri(name, "/do?do=get:a")).body();
  }

  /** A WAR with Carryover; with a namespace, its cookie goes to all of the host. */
  private static Path war(String file, String namespace) {
    WarBuilder war = WarBuilder.war().classes(OperationsServlet.class).carryover();
    if (namespace != null) {
      war.file("WEB-INF/carryover.properties", "namespace=" + namespace + "\ncookie.path=/\n");
    }
    return war.build(directory.resolve((namespace == null ? "" : namespace + "-") + file));
  }

  /** What is in use when several collections have freed what they could. */
  private static long leastBytes() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      least = Math.min(least, container.report().bytes());
    }
    return least;
  }

  /** The probe's own is not counted. */
  private static long connections() {
    return probe.clients() - 1;
  }

  /** How long the container says that the deployment took. */
  private static long millis(String name) {
    Matcher deployed = DEPLOYED.matcher(container.log());
    while (deployed.find()) {
      if (deployed.group(1).equals(name)) {
        return Long.parseLong(deployed.group(2).replace(",", ""));
      }
    }
    throw new IllegalStateException("No deployment of " + name + " in:\n" + container.log());
  }
}
