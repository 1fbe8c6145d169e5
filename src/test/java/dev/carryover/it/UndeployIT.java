package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.Browser;
import dev.carryover.testing.JettyNode;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.app.OperationsServlet;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise F4, threads: what a node started, ends with it. */
class UndeployIT {

  @TempDir static Path directory;

  private static Path war;

  @BeforeAll
  static void build() {
    war =
        WarBuilder.war()
            .classes(OperationsServlet.class)
            .carryover()
            .build(directory.resolve("undeploy.war"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noThreadOfOursRemains(boolean reachable) {
    try (RedisServer redis = RedisServer.start()) {
      if (!reachable) {
        redis.stop();
      }
      JettyNode node = start(redis.url(), reachable ? "20s" : "1s");
      ClassLoader webapp = node.context().getClassLoader();
      Browser.browser().get(node.uri("/do?do=set:a:1"));
      assertThat(threadsOf(webapp)).as("threads while it runs").isNotEmpty();
      long before = System.nanoTime();
      node.close();
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
      await().untilAsserted(() -> assertThat(threadsOf(webapp)).isEmpty());
    }
  }

  /** {@link LeakIT} has it on other containers, with more rounds. */
  @Test
  void noClassLoaderRemains() {
    try (RedisServer redis = RedisServer.start()) {
      WeakReference<ClassLoader> webapp = loaderOfARound(redis.url());
      await()
          .untilAsserted(
              () -> {
                System.gc();
                assertThat(webapp.get() == null).as("collected").isTrue();
              });
    }
  }

  private WeakReference<ClassLoader> loaderOfARound(String redisUrl) {
    try (JettyNode node = start(redisUrl, "20s")) {
      Browser.browser().get(node.uri("/do?do=set:a:1"));
      assertThat(Browser.browser().get(node.uri("/carryover/api/statistics")).status())
          .isEqualTo(200);
      return new WeakReference<>(node.context().getClassLoader());
    }
  }

  @Test
  void sessionsSurviveTheNode() {
    try (RedisServer redis = RedisServer.start()) {
      Browser browser = Browser.browser();
      try (JettyNode node = start(redis.url(), "20s")) {
        browser.get(node.uri("/do?do=set:a:1"));
      }
      try (JettyNode node = start(redis.url(), "20s")) {
        assertThat(browser.get(node.uri("/do?do=get:a")).body()).isEqualTo("1");
      }
    }
  }

  /** By their names, and by the class loader that they keep. */
  private static List<String> threadsOf(ClassLoader webapp) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(
            thread ->
                thread.getContextClassLoader() == webapp
                    || thread
                        .getName()
                        .toLowerCase(Locale.ROOT)
                        .matches("(redisson|carryover|netty).*"))
        .map(Thread::getName)
        .sorted()
        .toList();
  }

  private JettyNode start(String redisUrl, String timeout) {
    return JettyNode.node()
        .war(war)
        .contextParam("carryover.redis.url", redisUrl)
        .contextParam("carryover.redis.timeout", timeout)
        .contextParam("carryover.console", "on")
        .start();
  }
}
