package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.Browser;
import dev.carryover.testing.ListenerTableWar;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Promise S2: listeners that libraries in WEB-INF/lib bring with them are told like all others. */
class ListenersOfLibrariesIT {

  private static final List<String> VISIT =
      List.of("create", "set:a=plain:v1", "rotate", "remove:a", "invalidate");

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(names = {"TOMCAT_10", "TOMCAT_11", "JETTY_EE10", "JETTY_EE11"})
  void fragmentsAndTagLibraries(WebContainer.Kind kind) {
    List<String> expected;
    try (WebContainer plain = kind.start(war().build(directory.resolve("without.war")), Map.of())) {
      expected = visit(plain);
    }
    assertThat(expected).contains("fragment sessionCreated");
    if (kind != WebContainer.Kind.JETTY_EE11) { // the only one here that has no JSP
      assertThat(expected).contains("taglibrary sessionCreated");
    }
    Path with = war().carryover().build(directory.resolve("with.war"));
    try (RedisServer redis = RedisServer.start();
        WebContainer node = kind.start(with, Map.of("carryover.redis.url", redis.url()))) {
      assertThat(visit(node)).isEqualTo(expected);
    }
  }

  private WarBuilder war() {
    return ListenerTableWar.builder()
        .lib(
            library(
                "fragment.jar",
                "META-INF/web-fragment.xml",
                """
                <web-fragment xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                  <listener><listener-class>listenertable.FragmentListener</listener-class></listener>
                </web-fragment>
                """))
        .lib(
            library(
                "tags.jar",
                "META-INF/table.tld",
                """
                <taglib xmlns="https://jakarta.ee/xml/ns/jakartaee" version="3.0">
                  <tlib-version>1.0</tlib-version>
                  <short-name>table</short-name>
                  <uri>urn:table</uri>
                  <listener><listener-class>listenertable.TagLibraryListener</listener-class></listener>
                </taglib>
                """));
  }

  private Path library(String name, String entry, String content) {
    return WarBuilder.war().file(entry, content).build(directory.resolve(name));
  }

  /** The events of a visit, by the listeners' names. */
  private static List<String> visit(WebContainer node) {
    Browser browser = Browser.browser();
    List<String> events = new ArrayList<>();
    for (String script : VISIT) {
      browser.get(node.uri("/run?script=" + script));
      browser
          .get(node.uri("/events"))
          .body()
          .lines()
          .map(line -> line.split(" "))
          .filter(words -> words.length > 1 && words[1].matches("session.*|attribute.*"))
          .forEach(words -> events.add(words[0] + " " + words[1]));
    }
    return events;
  }
}
