package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.Browser;
import dev.carryover.testing.JettyNode;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.app.MeterServlet;
import dev.carryover.testing.app.OperationsServlet;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the packaged jar tells of itself, in an application of others. */
class MetricsIT {

  private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path directory;
  private RedisServer redis;

  @BeforeEach
  void start() {
    redis = RedisServer.start();
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  @Test
  void eachWebApplicationHasAnMxBeanUntilItIsUndeployed() throws Exception {
    Path war = war().build(directory.resolve("plain.war"));
    try (JettyNode node =
        JettyNode.node()
            .war(war)
            .contextPath("/shop")
            .alsoWar(war, "/admin")
            .contextParam("carryover.redis.url", redis.url())
            .start()) {
      assertThat(beans()).hasSize(2);
      Browser browser = Browser.browser();
      browser.get(node.uri("/do?do=set:a:1"));
      browser.get(node.uri("/do?do=get:a"));
      browser.get(node.uri("/do?do=set:a:2"));
      browser.get(node.uri("/do?do=invalidate"));
      assertThat(figure("shop", "SessionsCreated")).isEqualTo(1L);
      assertThat(figure("shop", "SessionsInvalidated")).isEqualTo(1L);
      assertThat(figure("shop", "OpensUnchanged")).isEqualTo(3L);
      assertThat(figure("shop", "CommitsCreated")).isEqualTo(1L);
      assertThat(figure("shop", "CommitsWritten")).isEqualTo(1L);
      assertThat(figure("shop", "CallOpen")).isEqualTo(3L);
      assertThat((double) figure("shop", "CallOpenMeanMillis")).isPositive();
      assertThat((long) figure("shop", "RedisFlights")).isGreaterThanOrEqualTo(6);
      assertThat((long) figure("shop", "RedisBytesSent")).isGreaterThan(1_000);
      assertThat((long) figure("shop", "RedisBytesReceived")).isGreaterThan(100);
      assertThat(figure("shop", "RedisAway")).isEqualTo(0L);
      assertThat(figure("admin", "SessionsCreated")).isEqualTo(0L);
    }
    assertThat(beans()).isEmpty();
  }

  @Test
  void anOutageOfRedisIsSeen() throws Exception {
    try (JettyNode node =
        JettyNode.node()
            .war(war().build(directory.resolve("plain.war")))
            .contextPath("/shop")
            .contextParam("carryover.redis.timeout", "500ms")
            .contextParam("carryover.redis.url", redis.url())
            .start()) {
      Browser browser = Browser.browser();
      browser.get(node.uri("/do?do=set:a:1"));
      redis.stop();
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                browser.get(node.uri("/do?do=get:a"));
                return figure("shop", "RedisAway").equals(1L);
              });
      assertThat((long) figure("shop", "OpensFailed")).isPositive();
      redis.restart();
      await().atMost(PATIENCE).until(() -> figure("shop", "RedisAway").equals(0L));
      await().atMost(PATIENCE).until(() -> (long) figure("shop", "RedisOutages") > 0);
    }
  }

  @Test
  void applicationThatHasMicrometerFindsTheFiguresInItsOwnRegistry() throws Exception {
    WarBuilder war = war().classes(MeterServlet.class, MeterServlet.Registry.class);
    for (String library :
        new String[] {
          "io.micrometer.core.instrument.MeterRegistry",
          "io.micrometer.common.KeyValue",
          "io.micrometer.observation.Observation"
        }) {
      war.lib(jarOf(Class.forName(library)));
    }
    try (JettyNode node =
        JettyNode.node()
            .war(war.build(directory.resolve("meters.war")))
            .contextPath("/shop")
            .contextParam("carryover.redis.url", redis.url())
            .start()) {
      Browser browser = Browser.browser();
      browser.get(node.uri("/do?do=set:a:1"));
      browser.get(node.uri("/do?do=get:a"));
      assertThat(browser.get(node.uri("/meters")).body())
          .containsPattern("carryover.session.events'.*event=created.*namespace=shop.*value=1.0")
          .containsPattern("carryover.opens'.*result=unchanged.*value=1.0");
    }
  }

  private static Path jarOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static WarBuilder war() {
    return WarBuilder.war().classes(OperationsServlet.class).carryover();
  }

  private static Object figure(String namespace, String attribute) throws Exception {
    return SERVER.getAttribute(
        new ObjectName(
            "dev.carryover:type=Sessions,namespace=" + namespace + ",context=/" + namespace),
        attribute);
  }

  private static Set<ObjectName> beans() throws Exception {
    return SERVER.queryNames(new ObjectName("dev.carryover:*"), null);
  }
}
