package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.Browser;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.app.PortalServlet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A request that goes on to another web application has a session in each. */
class CrossContextIT {

  /** A visit: one browser, and for each of its requests what it is answered. */
  private static final List<List<String>> VISITS =
      List.of(
          List.of(
              "do=count&by=include&other=count -> 1 new true, other 1 new true, still 1",
              "do=count&by=include&other=count -> 2 new false, other 2 new false, still 2",
              "do=count&by=forward&other=count -> other 3 new false",
              "do=count&by=include&other=look -> 4 new false, other 3, still 4",
              "do=look -> 4"),
          List.of(
              "do=look&by=forward&other=count -> other 1 new true",
              "do=look&by=forward&other=count -> other 2 new false",
              "do=look&by=include&other=count -> null, other 3 new false, still null"),
          List.of(
              "do=look&by=include&other=look -> none, other none, still none",
              "do=look&by=include&other=count -> none, other 1 new true, still null",
              "do=look&by=include&other=count -> null, other 2 new false, still null"),
          List.of(
              "do=count&by=include&other=count -> 1 new true, other 1 new true, still 1",
              "do=count&by=include&other=invalidate -> 2 new false, other 1 invalidated, still 2",
              "do=count&by=include&other=look -> 3 new false, other none, still 3",
              "do=count&by=include&other=count -> 4 new false, other 1 new true, still 4",
              "do=count&by=include&other=count -> 5 new false, other 2 new false, still 5",
              "do=look&by=forward&other=invalidate -> other 2 invalidated",
              "do=count&by=include&other=count -> 6 new false, other 1 new true, still 6"),
          List.of(
              "do=count&by=include&other=count -> 1 new true, other 1 new true, still 1",
              "do=invalidate -> 1 invalidated",
              "do=count&by=include&other=count -> 1 new true, other 1 new true, still 1"));

  /** Tomcat loses the other session with the first one's id; Jetty does not. */
  private static final List<String> ROTATION =
      List.of(
          "do=count&by=include&other=count -> 1 new true, other 1 new true, still 1",
          "do=rotate -> 1 rotated",
          "do=count&by=include&other=count -> 2 new false, other 2 new false, still 2",
          "do=look&by=forward&other=rotate -> other 2 rotated",
          "do=count&by=include&other=count -> 3 new false, other 3 new false, still 3");

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(names = {"TOMCAT_10", "TOMCAT_11", "JETTY_EE10"})
  void eachHasItsOwnOnBothNodes(WebContainer.Kind kind) {
    if (kind != WebContainer.Kind.JETTY_EE10) { // which ends both sessions with one of them
      try (WebContainer plain = builder(kind, war().build(directory.resolve("p.war"))).start()) {
        VISITS.forEach(visit -> assertThat(answers(visit, plain)).isEqualTo(visit));
      }
    }
    Path with = war().carryover().build(directory.resolve("c.war"));
    try (RedisServer redis = RedisServer.start();
        WebContainer one = start(kind, with, redis);
        WebContainer other = start(kind, with, redis)) {
      VISITS.forEach(visit -> assertThat(answers(visit, one, other)).isEqualTo(visit));
      assertThat(answers(ROTATION, one, other)).isEqualTo(ROTATION);
    }
  }

  private static WarBuilder war() {
    return WarBuilder.war().classes(PortalServlet.class);
  }

  private static WebContainer.Builder builder(WebContainer.Kind kind, Path war) {
    return kind.node(war).contextPath("/main").alsoWar(war, "/other");
  }

  private static WebContainer start(WebContainer.Kind kind, Path war, RedisServer redis) {
    return builder(kind, war).contextParam("carryover.redis.url", redis.url()).start();
  }

  private static List<String> answers(List<String> visit, WebContainer... nodes) {
    Browser browser = Browser.browser();
    List<String> answers = new ArrayList<>();
    for (String line : visit) {
      String query = line.split(" -> ")[0];
      WebContainer node = nodes[answers.size() % nodes.length];
      String body = browser.get(node.uri("/portal?" + query)).body();
      answers.add(query + " -> " + String.join(", ", body.lines().toList()));
    }
    return answers;
  }
}
