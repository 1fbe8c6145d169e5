package dev.carryover.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.Browser;
import dev.carryover.testing.ListenerTableWar;
import dev.carryover.testing.WebContainer;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** The container adapters alone, inside a WAR, in their containers. */
@ParameterizedClass
@MethodSource("dev.carryover.testing.WebContainer$Kind#withoutTheNewest")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
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

  private static final Pattern ATTRIBUTE_EVENT =
      Pattern.compile(
          "(?:declared|b\\d) (?<event>value\\w+|attribute\\w+) b=(?<value>\\S+) reads (?<reads>\\S+)");

  @TempDir static Path directory;

  private static Path war;
  private static WebContainer container;

  private final Browser browser = Browser.browser();
  private final WebContainer.Kind kind;

  ContainerAdapterIT(WebContainer.Kind kind) {
    this.kind = kind;
  }

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

  @BeforeParameterizedClassInvocation
  static void start(WebContainer.Kind kind) {
    container = kind.node(war).route("node1").start();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    container.close();
  }

  /** The last, since it closes the adapter. */
  @Test
  @Order(3)
  void reachesTheLiveListenersAndHandsThemOtherRequests() {
    assertThat(browser.get(container.uri("/adapter")).body().lines())
        .containsExactly(
            kind.toString().split(" ")[0],
            "session [DeclaredListener, AnnotatedListener, ProgrammaticListener]",
            "attribute [DeclaredListener, AnnotatedListener, ProgrammaticListener]",
            "id [DeclaredListener, AnnotatedListener, ProgrammaticListener]",
            "id changes told twice " + (kind.isUndertow()),
            "route " + (kind.isUndertow() ? "null" : "node1"));
    assertThat(browser.get(container.uri("/portable")).body())
        .isEqualTo("portable [AnnotatedListener, DeclaredListener]");
    run("none");

    assertThat(run("none")).containsExactlyElementsOf(ONE_ROUND);

    browser.get(container.uri("/close"));
    events();
    assertThat(run("none"))
        .containsExactlyElementsOf(
            ONE_ROUND.stream()
                .filter(line -> !line.startsWith("hook"))
                .map(line -> line.replace(" who=ours", ""))
                .toList());
  }

  @Test
  @Order(2)
  void tellsTheHookOfEveryEndAlsoWhenListenersThrow() {
    for (String thrower :
        List.of(
            "requestInitialized",
            "annotatedRequestInitialized",
            "requestDestroyed",
            "annotatedRequestDestroyed")) {
      List<String> table = run("throw:" + thrower);
      table.addAll(run("none"));
      assertEachRequestEnds(thrower, table);
      assertThat(run("none")).as(thrower).containsExactlyElementsOf(ONE_ROUND);
    }
    assertEachRequestEnds("dispatch", run("dispatch"));
    assertEachRequestEnds("complete", run("complete"));
  }

  @Test
  @Order(1)
  void knowsTheOrderOfAttributeEvents() {
    assertThat(browser.get(container.uri("/order")).body().lines())
        .containsExactly(
            "added " + observed("set:b=binding:b1", "null", "b1"),
            "replaced " + observed("set:b=binding:b2", "b1", "b2"),
            "replaced by plain " + observed("set:b=plain:b3", "b2", "b3"),
            "same " + observed("set:b=binding:b4", "same:b", "b4", "b4"),
            "equal " + observed("set:b=plain:b5", "equal:b", "b5", "b5"),
            "removed " + observed("set:b=binding:b6", "remove:b", "b6", "null"));
  }

  private static void assertEachRequestEnds(String thrower, List<String> table) {
    List<String> hook = table.stream().filter(line -> line.startsWith("hook")).toList();
    assertThat(hook).as(thrower).startsWith("hook initialized").endsWith("hook after");
    assertThat(hook.stream().filter("hook after"::equals))
        .as(thrower + ": " + table)
        .hasSameSizeAs(hook.stream().filter("hook initialized"::equals).toList());
  }

  private List<String> observed(String before, String script, String oldValue, String newValue) {
    run(before);
    return observed(script, oldValue, newValue);
  }

  /** Returns the steps that an operation had, as its events tell; STORE where it shows first. */
  private List<String> observed(String script, String oldValue, String newValue) {
    List<String> steps = new ArrayList<>();
    for (String line : run(script)) {
      Matcher event = ATTRIBUTE_EVENT.matcher(line);
      if (event.matches()) {
        if (event.group("reads").equals(newValue) && !steps.contains("STORE")) {
          steps.add("STORE");
        }
        steps.add(step(event.group("event"), event.group("value"), oldValue));
      }
    }
    if (!steps.contains("STORE")) {
      steps.add("STORE");
    }
    return steps;
  }

  private static String step(String event, String value, String oldValue) {
    return switch (event) {
      case "valueBound" -> value.equals("null") ? "BOUND_WITHOUT_VALUE" : "BOUND";
      case "valueUnbound" -> value.equals("null") ? "UNBOUND_WITHOUT_VALUE" : "UNBOUND";
      case "attributeAdded" -> "ADDED";
      case "attributeReplaced" -> value.equals(oldValue) ? "REPLACED" : "REPLACED_WITH_NEW_VALUE";
      default -> "REMOVED";
    };
  }

  private List<String> run(String script) {
    try {
      browser.get(container.uri("/run?script=" + URLEncoder.encode(script, UTF_8)));
    } catch (UncheckedIOException e) {
      // Some containers close the connection if a listener throws at the end of a request.
      assertThat(script).contains("equestDestroyed");
    }
    List<String> lines = events();
    // The response is there before the end of the request has been told to the last one.
    await()
        .untilAsserted(
            () -> {
              lines.addAll(events());
              assertThat(count(lines, "hook after")).isEqualTo(count(lines, "hook initialized"));
              assertThat(count(lines, "servlet dispatch=ASYNC"))
                  .isEqualTo(script.equals("dispatch") ? 1 : 0);
            });
    return lines;
  }

  private static long count(List<String> lines, String beginning) {
    return lines.stream().filter(line -> line.startsWith(beginning)).count();
  }

  private List<String> events() {
    return new ArrayList<>(browser.get(container.uri("/events")).body().lines().toList());
  }
}
