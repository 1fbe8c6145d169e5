package dev.carryover.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.Browser;
import dev.carryover.testing.ListenerTableWar;
import dev.carryover.testing.WebContainer;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** The container adapters alone, inside a WAR, in their containers. */
class ContainerAdapterIT {

  private static final List<String> ONE_ROUND =
      List.of(
          "hook initialized",
          "requests requestInitialized session=none who=ours",
          "annotated requestInitialized session=none who=ours",
          "servlet dispatch=REQUEST the listeners' request",
          "> none",
          "  none",
          "hook destroyed",
          "annotated requestDestroyed session=none who=ours",
          "requests requestDestroyed session=none who=ours",
          "hook after");

  @TempDir static Path directory;

  private static Path war;

  private final Browser browser = Browser.browser();

  @BeforeAll
  static void build() throws URISyntaxException {
    war =
        ListenerTableWar.builder()
            .classesOfPackage("dev.carryover.servlet.container")
            .classesOfPackage("adapterprobe")
            .lib(
                Path.of(
                    LoggerFactory.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI()))
            .build(directory.resolve("probe.war"));
  }

  @ParameterizedTest
  @EnumSource(WebContainer.Kind.class)
  void reachesTheLiveListenersAndHandsThemOtherRequests(WebContainer.Kind kind) {
    try (WebContainer container = kind.node(war).route("node1").start()) {
      assertThat(browser.get(container.uri("/adapter")).body().lines())
          .containsExactly(
              kind.toString().split(" ")[0],
              "session [DeclaredListener, AnnotatedListener, ProgrammaticListener]",
              "attribute [DeclaredListener, AnnotatedListener, ProgrammaticListener]",
              "id [DeclaredListener, AnnotatedListener, ProgrammaticListener]",
              "route " + (kind == WebContainer.Kind.UNDERTOW ? "null" : "node1"));
      run(container, "none");

      assertThat(run(container, "none")).containsExactlyElementsOf(ONE_ROUND);

      browser.get(container.uri("/close"));
      run(container, "none");
      assertThat(run(container, "none"))
          .containsExactlyElementsOf(
              ONE_ROUND.stream()
                  .filter(line -> !line.startsWith("hook"))
                  .map(line -> line.replace(" who=ours", ""))
                  .toList());
    }
  }

  @ParameterizedTest
  @EnumSource(WebContainer.Kind.class)
  void tellsTheHookOfEveryEndAlsoWhenListenersThrow(WebContainer.Kind kind) {
    try (WebContainer container = kind.start(war, java.util.Map.of())) {
      run(container, "none");
      List<String> table = new ArrayList<>();
      for (String script :
          List.of(
              "throw:requestInitialized",
              "none",
              "throw:requestDestroyed",
              "none",
              "dispatch",
              "complete",
              "none")) {
        table.add("== " + script);
        table.addAll(run(container, script));
      }
      System.out.println("### " + kind + "\n" + String.join("\n", table));
      assertThat(table.subList(table.lastIndexOf("== none") + 1, table.size()))
          .containsExactlyElementsOf(ONE_ROUND);
      assertThat(table.stream().filter("hook initialized"::equals).count())
          .isEqualTo(table.stream().filter("hook after"::equals).count());
      assertThat(table.stream().filter("hook destroyed"::equals).count())
          .isLessThanOrEqualTo(table.stream().filter("hook after"::equals).count());
    }
  }

  private List<String> run(WebContainer container, String script) {
    browser.get(container.uri("/run?script=" + URLEncoder.encode(script, UTF_8)));
    return browser.get(container.uri("/events")).body().lines().toList();
  }
}
