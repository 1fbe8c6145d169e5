package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.Browser;
import dev.carryover.testing.HotContainer;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.WebXml;
import dev.carryover.testing.app.AsyncServlet;
import dev.carryover.testing.app.LoginServlet;
import dev.carryover.testing.app.OperationsServlet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Promise F4: a web application with Carryover can be deployed and undeployed as often as one
 * likes, and the container is as it was before.
 */
class LeakIT {

  private static final int ROUNDS = 20;
  private static final int AT_A_TIME = 3;
  private static final int VISITORS = 8;
  private static final int COLLECTIONS = 8;
  private static final String APP = "app";
  private static final String PATH = "/do?do=id";

  @TempDir static Path directory;

  private static RedisServer redis;
  private static Path without;
  private static Path withLogin;
  private static ExecutorService executor;

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
    without = war().build(directory.resolve("without.war"));
    withLogin =
        war()
            .classes(LoginServlet.class)
            .file("login.html", "please log in")
            .webXml(WebXml.with(WebXml.FORM_LOGIN))
            .carryover()
            .build(directory.resolve("with-login.war"));
    executor = Executors.newFixedThreadPool(AT_A_TIME);
  }

  private static WarBuilder war() {
    return WarBuilder.war()
        .classes(OperationsServlet.class, AsyncServlet.class, AsyncIT.RequestListener.class);
  }

  @AfterAll
  static void stop() {
    executor.shutdownNow();
    redis.close();
  }

  /** Some containers at the same time, since most of it is waiting. */
  @Test
  void nothingStaysOfTwentyDeployments() {
    List<CompletableFuture<Void>> containers =
        WebContainer.Kind.thatAreHot()
            .map(kind -> CompletableFuture.runAsync(() -> nothingStays(kind), executor))
            .toList();
    containers.forEach(CompletableFuture::join);
  }

  /** WildFly and GlassFish, where a module for logins is registered with the container. */
  @ParameterizedTest
  @MethodSource("dev.carryover.testing.WebContainer$Kind#withModulesForLogins")
  @EnabledIfSystemProperty(named = "carryover-test.matrix", matches = "true")
  void noModuleForLoginsStays(WebContainer.Kind kind) {
    try (HotContainer container =
        HotContainer.start(
            kind,
            directory,
            "-Dcarryover.redis.url=" + redis.url(),
            "-Dcarryover.redis.timeout=30s",
            "-Dcarryover.secret=a secret that seals sessions")) {
      for (int round = 1; round <= 3; round++) {
        container.deploy(APP, withLogin, PATH);
        visit(container, true);
        assertThat(modules(container)).hasSize(1);
        container.undeploy(APP, PATH);
        assertThat(modules(container)).isEmpty();
      }
      assertThat(ours(container.report().threads())).isEmpty();
      if (kind == WebContainer.Kind.WILDFLY) {
        // GlassFish keeps some class loaders of applications, also without us.
        await()
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(() -> assertThat(container.report().classesOfOurs()).isEmpty());
      }
    }
  }

  private static List<String> modules(HotContainer container) {
    return container.report().modules().stream().filter(name -> name.endsWith("/app")).toList();
  }

  private static void nothingStays(WebContainer.Kind kind) {
    try (HotContainer container =
        HotContainer.start(
            kind,
            directory,
            "-Dcarryover.redis.url=" + redis.url(),
            "-Dcarryover.redis.timeout=30s",
            "-Dcarryover.secret=a secret that seals sessions")) {
      round(container, without);
      // Jetty keeps the last one's class loader, also without us.
      HotContainer.Report before = container.report();
      long bytesAfterThird = 0;
      for (int round = 1; round <= ROUNDS; round++) {
        round(container, withLogin);
        if (round == 3) {
          bytesAfterThird = settled(container, before).bytes();
        }
      }
      HotContainer.Report after = settled(container, before);
      System.out.printf(
          "%s: heap %d bytes after round 3, %d after round %d; %d loaders%n",
          kind, bytesAfterThird, after.bytes(), ROUNDS, after.loaders());
      assertThat(ours(after.threads())).as("%s: threads", kind).isEmpty();
      assertThat(ours(after.mbeans())).as("%s: MBeans", kind).isEmpty();
      assertThat(after.bytes())
          .as("%s: heap", kind)
          .isLessThan(bytesAfterThird * 105 / 100 + leakOfContainer(kind));
      assertThat(container.log().lines())
          .as("%s: what the container says of leaks", kind)
          .filteredOn(line -> line.contains("The web application [") || line.contains("leak"))
          .isEmpty();
    }
  }

  /**
   * What the container leaks by itself after the third round: for each deployment, Jetty 12.0 keeps
   * the directory of its own jar of the Servlet API, 13 KB.
   */
  private static long leakOfContainer(WebContainer.Kind kind) {
    return kind.name().startsWith("JETTY") ? (ROUNDS - 3) * 13_000 : 0;
  }

  private static void round(HotContainer container, Path war) {
    container.deploy(APP, war, PATH);
    visit(container, war == withLogin);
    container.undeploy(APP, PATH);
  }

  /**
   * What is held once no class loader is held any more that was not there before, and collecting
   * again frees nothing more: what hangs on such a loader goes some collections later than it.
   */
  private static HotContainer.Report settled(HotContainer container, HotContainer.Report before) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(container.report().loaders())
                    .as("class loaders of web applications")
                    .isLessThanOrEqualTo(before.loaders()));
    HotContainer.Report least = container.report();
    for (int same = 0; same < COLLECTIONS; same++) {
      HotContainer.Report next = container.report();
      if (next.bytes() < least.bytes() * 99 / 100) {
        least = next;
        same = 0;
      }
    }
    return least;
  }

  private static List<String> ours(List<String> names) {
    return names.stream()
        .filter(
            name ->
                name.toLowerCase(Locale.ROOT)
                    .matches(".*(carryover|redis|netty|globaleventexecutor|/app\\b).*"))
        .filter(name -> !name.startsWith("fileinstall-"))
        .toList();
  }

  /** Sessions of several visitors at the same time, on several of the container's threads. */
  private static void visit(HotContainer container, boolean logIn) {
    List<Thread> visitors = new ArrayList<>();
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    for (int i = 0; i < VISITORS; i++) {
      Thread visitor = new Thread(() -> visitAsOne(container, logIn));
      visitor.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
      visitor.start();
      visitors.add(visitor);
    }
    for (Thread visitor : visitors) {
      try {
        visitor.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    assertThat(failures).isEmpty();
  }

  private static void visitAsOne(HotContainer container, boolean logIn) {
    Browser browser = Browser.browser();
    assertThat(browser.get(container.uri(APP, "/do?do=set:a:1&do=rotate")).status())
        .as(container.log())
        .isEqualTo(200);
    assertThat(browser.get(container.uri(APP, "/do?do=get:a")).body()).isEqualTo("1");
    browser.get(container.uri(APP, "/async?way=noArguments"));
    if (logIn) {
      logIn(container, browser);
    }
    browser.get(container.uri(APP, "/do?do=invalidate"));
  }

  private static void logIn(HotContainer container, Browser browser) {
    Browser.Response asked = browser.get(container.uri(APP, "/secured/who"));
    assertThat((asked.status() == 200 ? asked : browser.follow(asked)).body())
        .isEqualTo("please log in");
    browser.post(
        container.uri(APP, "/j_security_check"),
        Map.of("j_username", HotContainer.USER, "j_password", HotContainer.PASSWORD));
    assertThat(browser.get(container.uri(APP, "/secured/who")).body())
        .startsWith(HotContainer.USER);
  }
}
