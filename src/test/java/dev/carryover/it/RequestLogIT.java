package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.Browser;
import dev.carryover.testing.JettyNode;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.app.OperationsServlet;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eclipse.jetty.server.CustomRequestLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The container's log of requests has the id of the session that the client asked for. */
class RequestLogIT {

  private static final Map<String, String> IN_MEMORY = Map.of("carryover.store", "memory");

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(names = {"TOMCAT_10", "TOMCAT_11"})
  void tomcatsAccessLog(WebContainer.Kind kind) throws IOException {
    Path logs = directory.resolve("logs");
    Path war =
        war()
            .file(
                "META-INF/context.xml",
                """
                <Context>
                  <Valve className="org.apache.catalina.valves.ExtendedAccessLogValve"
                      directory="%s" buffered="false"
                      pattern="cs-uri-query x-H(requestedSessionId) x-C(JSESSIONID) sc-status"/>
                </Context>
                """
                    .formatted(logs))
            .build(directory.resolve("logged.war"));
    try (WebContainer node = kind.start(war, IN_MEMORY)) {
      String id = visit(node::uri);
      await()
          .untilAsserted(
              () ->
                  assertThat(lines(logs))
                      .filteredOn(line -> line.contains("do=id"))
                      .singleElement()
                      .asString()
                      .matches("\\S+ ['\"]?ID['\"]? ['\"]?ID['\"]? 200".replace("ID", id)));
    }
  }

  @Test
  void jettysRequestLog() {
    List<String> lines = new CopyOnWriteArrayList<>();
    JettyNode.Builder builder = JettyNode.node().war(war().build(directory.resolve("logged.war")));
    IN_MEMORY.forEach(builder::contextParam);
    try (JettyNode node = builder.start()) {
      node.context()
          .getServer()
          .setRequestLog(new CustomRequestLog(lines::add, "%q %{JSESSIONID}C %s"));
      String id = visit(node::uri);
      await().untilAsserted(() -> assertThat(lines).contains("?do=id " + id + " 200"));
    }
  }

  /** Two requests, the second with the session of the first. */
  private static String visit(Function<String, URI> node) {
    Browser browser = Browser.browser();
    String id = browser.get(node.apply("/do?do=create")).body();
    assertThat(browser.get(node.apply("/do?do=id")).body()).isEqualTo(id);
    return id;
  }

  private static WarBuilder war() {
    return WarBuilder.war().classes(OperationsServlet.class).carryover();
  }

  private static List<String> lines(Path logs) throws IOException {
    try (Stream<Path> files = Files.list(logs)) {
      return Files.readAllLines(files.findFirst().orElseThrow());
    }
  }
}
