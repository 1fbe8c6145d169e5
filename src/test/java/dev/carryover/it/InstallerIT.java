package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.Browser;
import dev.carryover.testing.JavaxWar;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.SampleWar;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.app.FirstFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code java -jar} with the packaged jar, and what it has installed on real containers. */
class InstallerIT {

  private static final Path ALL_JAR = Path.of(System.getProperty("carryover-test.all-jar"));
  private static final Path JAVAX_ALL_JAR =
      Path.of(System.getProperty("carryover-test.javax-all-jar"));

  @TempDir Path directory;
  private static RedisServer redis;

  @BeforeAll
  static void startRedis() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  /** One jar is enough for both APIs; the container is told nothing else of Redis. */
  @ParameterizedTest
  @EnumSource(names = {"TOMCAT_10", "TOMCAT_9"})
  void installedWarKeepsItsSessionsInRedis(WebContainer.Kind kind) throws IOException {
    Path war = SampleWar.build(directory.resolve("app.war"), false);
    war = kind.isJavax() ? JavaxWar.of(war) : war;
    byte[] original = Files.readAllBytes(war);
    Path target = directory.resolve("out.war");
    Installer.Run run = run(0, "install", war, "-o", target, "--redis-url", redis.url());
    assertThat(run.out())
        .contains(kind.isJavax() ? "javax.servlet, by" : "jakarta.servlet, by")
        .contains("Wrote " + target);
    assertThat(Files.readAllBytes(war)).isEqualTo(original);
    assertSessionIsInRedis(kind, target);
    run(0, "uninstall", target);
    assertThat(Files.readAllBytes(target)).isEqualTo(original);
  }

  /** Initializers are not run there, so that the filter has to stand in web.xml. */
  @ParameterizedTest
  @EnumSource(names = {"TOMCAT_10", "JETTY_EE10"})
  void worksWhereAbsoluteOrderingLeavesJarsOut(WebContainer.Kind kind) throws IOException {
    Path war =
        SampleWar.builder()
            .webXml(withAbsoluteOrdering())
            .initializer(FirstFilter.class, FirstFilter.Initializer.class)
            .build(directory.resolve("ordered.war"));
    assertThat(run(0, "install", war, "--redis-url", redis.url()).out())
        .contains("<absolute-ordering> that leaves our jar out")
        .contains("declared the filter in WEB-INF/web.xml");
    assertSessionIsInRedis(
        kind,
        war,
        (node, browser) ->
            assertThat(browser.get(node.uri("/first?key=user")).body())
                .as("seen by a filter that code has put first")
                .startsWith("legacyshop.User"));
  }

  /** The one that is made is the one that is built, to the byte. */
  @Test
  void twinInAWarIsTheJarThatIsPublished() throws IOException {
    Path war = WarBuilder.war().file("WEB-INF/a.txt", "").build(directory.resolve("app.war"));
    run(0, "install", "--servlet-api=javax", war);
    String name = "WEB-INF/lib/" + JAVAX_ALL_JAR.getFileName();
    try (ZipFile zip = new ZipFile(war.toFile())) {
      assertThat(zip.getInputStream(zip.getEntry(name)).readAllBytes())
          .isEqualTo(Files.readAllBytes(JAVAX_ALL_JAR));
    }
  }

  @Test
  void eachOfTheTwinsCanMakeTheOther() throws IOException {
    Path back = directory.resolve("back.jar");
    Path twice = directory.resolve("twice.jar");
    Installer.run(JAVAX_ALL_JAR, 0, "twin", "-o", back);
    Installer.run(back, 0, "twin", "-o", twice);
    assertThat(Files.readAllBytes(twice)).isEqualTo(Files.readAllBytes(JAVAX_ALL_JAR));
    Path war = SampleWar.build(directory.resolve("app.war"), false);
    Installer.run(JAVAX_ALL_JAR, 0, "install", war);
    assertSessionIsInRedis(WebContainer.Kind.TOMCAT_10, war, redis.url());
  }

  @Test
  void dryRunChangesNothing() throws IOException {
    Path war = SampleWar.build(directory.resolve("app.war"), false);
    byte[] original = Files.readAllBytes(war);
    assertThat(run(0, "install", war, "--dry-run", "--web-xml").out())
        .contains("added    WEB-INF/lib/" + ALL_JAR.getFileName())
        .contains("Nothing was written");
    assertThat(Files.readAllBytes(war)).isEqualTo(original);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(war);
    }
  }

  @Test
  void secondInstallSaysThatThereIsNothingToDo() throws IOException {
    Path war = SampleWar.build(directory.resolve("app.war"), false);
    run(0, "install", war);
    byte[] installed = Files.readAllBytes(war);
    assertThat(run(0, "install", war).out()).contains("Nothing to do");
    assertThat(Files.readAllBytes(war)).isEqualTo(installed);
  }

  @Test
  void mistakesOfUsersGetASentenceAndNoStackTrace() {
    assertThat(run(1, "install", directory.resolve("none.war")).err())
        .contains("does not exist")
        .doesNotContain("\tat ");
    Path war = SampleWar.build(directory.resolve("app.war"), false);
    assertThat(run(1, "install", war, "--redis-url", "http://redis").err())
        .contains("redis.url")
        .doesNotContain("\tat ");
    assertThat(run(2, "install", war, "--nonsense").err()).contains("Unknown option");
  }

  private static void assertSessionIsInRedis(WebContainer.Kind kind, Path war, String... redisUrl) {
    assertSessionIsInRedis(kind, war, (node, browser) -> {}, redisUrl);
  }

  private static void assertSessionIsInRedis(
      WebContainer.Kind kind,
      Path war,
      BiConsumer<WebContainer, Browser> also,
      String... redisUrl) {
    Map<String, String> params =
        redisUrl.length == 0 ? Map.of() : Map.of("carryover.redis.url", redisUrl[0]);
    Browser browser = Browser.browser();
    try (WebContainer node = kind.start(war, params);
        RedisProbe probe = RedisProbe.of(redis)) {
      browser.post(node.uri("/login"), Map.of("user", "duke", "password", "java"));
      assertThat(browser.get(node.uri("/whoami")).body()).contains("\"user\":\"duke\"");
      String id = browser.cookie("JSESSIONID");
      assertThat(id).hasSize(43);
      assertThat(probe.keys("carryover:{ROOT:*}:session:" + id)).hasSize(1);
      also.accept(node, browser);
    }
  }

  private static String withAbsoluteOrdering() throws IOException {
    return Files.readString(Path.of("src/test/webapp/WEB-INF/web.xml"))
        .replaceFirst(
            "(<web-app[^>]*>)", "$1<absolute-ordering><name>another</name></absolute-ordering>");
  }

  private static Installer.Run run(int expectedExitCode, Object... arguments) {
    return Installer.run(ALL_JAR, expectedExitCode, arguments);
  }
}
