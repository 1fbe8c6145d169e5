package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.BothWars;
import dev.carryover.testing.Browser;
import dev.carryover.testing.EachContainer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The corners of the Servlet API look as they do without Carryover, container by container. */
class EdgesIT {

  private static final String COOKIE = "EDGES";

  /** A visit: one browser, a request for each word. */
  private static final List<List<String>> VISITS =
      List.of(
          List.of("inRequestDestroyed", "lines", "attributes"),
          List.of("listenersRequest", "create", "listenersRequest"),
          List.of("create", "attributes", "ids"),
          List.of("create", "invalidate", "attributes"),
          List.of("create", "invalidateAfterCommit", "attributes"),
          List.of("create", "afterCommit", "attributes"),
          List.of("afterCommit"),
          List.of("create", "rotateAfterFlush", "attributes"),
          List.of("create", "rotateAfterRedirect", "attributes"),
          List.of("times", "times"),
          List.of("interval&seconds=0", "getInterval"),
          List.of("interval&seconds=-1", "getInterval"),
          List.of("create", "thread"),
          List.of("create", "async", "asyncWrapped"),
          List.of("asyncDispatch", "attributes", "asyncDispatchPath", "asyncDispatchContext"),
          List.of("forwardAsync", "attributes"),
          List.of("forwardProxy", "attributes", "forwardProxy", "attributes"),
          List.of("create", "includeNonHttp"));

  /** By themselves they change the id though nobody can be told, and lose the session. */
  private static final Set<WebContainer.Kind> LOSING_SESSIONS =
      EnumSet.of(
          WebContainer.Kind.JETTY_9, WebContainer.Kind.JETTY_10, WebContainer.Kind.UNDERTOW_JAVAX);

  @RegisterExtension static final BothWars wars = BothWars.of(EdgesIT::war);

  @EachContainer
  void cornersLookAsWithoutUs(WebContainer.Kind kind) {
    List<String> expected;
    List<String> actual;
    try (WebContainer container = kind.start(wars.without(), Map.of())) {
      expected = table(container, kind);
    }
    try (WebContainer container = start(kind)) {
      actual = table(container, kind);
      rawIdIsWhatTheClientSent(container);
      cookieHasTheNameThatAContextListenerGave(container);
      staticFileCountsAsAccess(container);
      creationTimeStays(container);
      sessionsMayBeKeptInASet(container);
      aThreadMayOutliveItsRequest(container);
      asyncListenerHasTheSession(container);
      whatAnAsynchronousDispatchCannotSaveIsRefusedAtOnce(container);
      try (WebContainer other = start(kind)) {
        whoIsRedirectedFindsTheSession(container, other);
        forwardByNameIsSavedFirst(container, other);
        accessorUsesTheSession(container, other, kind);
      }
    }
    if (kind == WebContainer.Kind.UNDERTOW_JAVAX) {
      // It makes sessions after the head has gone, though nobody gets their cookie.
      assertThat(without("afterCommit", actual)).isEqualTo(without("afterCommit", expected));
    } else {
      assertThat(actual).isEqualTo(expected);
    }
  }

  private static List<String> without(String corner, List<String> table) {
    List<String> rest = new ArrayList<>();
    boolean dropped = false;
    for (String line : table) {
      dropped =
          line.startsWith("== ")
              ? line.toLowerCase(Locale.ROOT).endsWith(corner.toLowerCase(Locale.ROOT))
              : dropped;
      if (!dropped) {
        rest.add(line);
      }
    }
    return rest;
  }

  private static void rawIdIsWhatTheClientSent(WebContainer container) {
    Browser browser = Browser.browser();
    browser.setCookie(COOKIE, "made-up.by.somebody");
    assertThat(get(browser, container, "ids"))
        .containsExactly(
            "requested made-up.by.somebody", "valid false", "cookie true", "url false");
  }

  private static void cookieHasTheNameThatAContextListenerGave(WebContainer container) {
    Browser browser = Browser.browser();
    get(browser, container, "create");
    assertThat(browser.cookie(COOKIE)).hasSize(43);
    assertThat(browser.cookie("JSESSIONID")).isNull();
  }

  private static void staticFileCountsAsAccess(WebContainer container) {
    Browser browser = Browser.browser();
    get(browser, container, "create");
    String record = "*session:" + browser.cookie(COOKIE);
    String before = accessed(record);
    assertThat(browser.get(container.uri("/static.txt")).body()).isEqualTo("static");
    await().until(() -> accessed(record).compareTo(before) > 0);
    String ofStatic = accessed(record);
    assertThat(get(browser, container, "accessed")).containsExactly(ofStatic);
  }

  private static String accessed(String record) {
    return new String(wars.probe().hget(wars.probe().keys(record).iterator().next(), "~accessed"));
  }

  /** As on most containers without us; Undertow's sessions are equal by their ids. */
  private static void sessionsMayBeKeptInASet(WebContainer container) {
    Browser browser = Browser.browser();
    get(browser, container, "create");
    for (String corner : List.of("set", "setAfterRotation", "set")) {
      assertThat(get(browser, container, corner)).as(corner).containsExactly("in the set true");
    }
    get(Browser.browser(), container, "lines");
    get(browser, container, "end");
    assertThat(get(browser, container, "lines")).containsExactly("removed from the set: true");
  }

  private static void creationTimeStays(WebContainer container) {
    Browser browser = Browser.browser();
    List<String> told = get(browser, container, "created");
    assertThat(get(browser, container, "created")).isEqualTo(told);
  }

  private static void aThreadMayOutliveItsRequest(WebContainer container) {
    Browser browser = Browser.browser();
    get(browser, container, "threadWrites");
    awaitLine(container, "written by a thread");
    assertThat(get(browser, container, "attributes")).contains("a=from a thread late=null");
  }

  private static void asyncListenerHasTheSession(WebContainer container) {
    Browser browser = Browser.browser();
    get(browser, container, "asyncListener");
    awaitLine(container, "onComplete sees before");
    await()
        .untilAsserted(
            () ->
                assertThat(get(browser, container, "attributes"))
                    .contains("a=before late=from onComplete"));
  }

  /** While Redis is full: by the one who dispatches, and by the one who is dispatched to. */
  private static void whatAnAsynchronousDispatchCannotSaveIsRefusedAtOnce(WebContainer container) {
    Browser browser = Browser.browser();
    get(browser, container, "create");
    wars.probe().command("CONFIG", "SET", "maxmemory", "1");
    try {
      for (String corner : List.of("dispatchedByThread", "writtenInDispatch")) {
        Browser.Response refused = browser.get(container.uri("/edges?case=" + corner));
        assertThat(refused.status()).as(corner).isEqualTo(503);
        assertThat(refused.header("Retry-After")).as(corner).isEqualTo("2");
      }
    } finally {
      wars.probe().command("CONFIG", "SET", "maxmemory", "0");
    }
    for (String corner : List.of("dispatchedByThread", "writtenInDispatch")) {
      assertThat(get(browser, container, corner)).as(corner).isEmpty();
    }
    assertThat(get(browser, container, "attributes")).contains("a=in the dispatch late=null");
  }

  private static void awaitLine(WebContainer container, String line) {
    List<String> seen = new ArrayList<>();
    await()
        .until(
            () -> {
              seen.addAll(get(Browser.browser(), container, "lines"));
              return seen.contains(line);
            });
  }

  /** The client may be back before the servlet that redirects it has ended. */
  private static void whoIsRedirectedFindsTheSession(WebContainer container, WebContainer other) {
    Browser browser = Browser.browser();
    Browser.Response response = browser.get(container.uri("/edges?case=redirect"));
    if (response.status() == 200) {
      assertThat(response.body()).startsWith("Servlet 6.0");
    } else {
      assertThat(response.status()).isEqualTo(303);
      assertThat(get(browser, other, "attributes")).contains("a=redirected late=null");
    }
  }

  /** URL-mapped filters see no forward by name, and the servlet goes on for a while after it. */
  private static void forwardByNameIsSavedFirst(WebContainer container, WebContainer other) {
    Browser browser = Browser.browser();
    assertThat(get(browser, container, "forwardNamed")).containsExactly("target FORWARD");
    assertThat(get(browser, other, "attributes")).contains("a=forwarded late=null");
  }

  private static void accessorUsesTheSession(
      WebContainer container, WebContainer other, WebContainer.Kind kind) {
    Browser browser = Browser.browser();
    boolean has = kind == WebContainer.Kind.TOMCAT_11 || kind == WebContainer.Kind.JETTY_EE11;
    assertThat(get(browser, container, "accessor"))
        .isEqualTo(has ? List.of("same id true", "equal true") : List.of("Servlet 6.0"));
    assertThat(get(browser, other, "attributes"))
        .contains((has ? "a=by the accessor" : "a=null") + " late=null");
  }

  private static List<String> table(WebContainer container, WebContainer.Kind kind) {
    List<String> table = new ArrayList<>();
    for (List<String> visit : VISITS) {
      if (LOSING_SESSIONS.contains(kind) && visit.toString().contains("rotateAfter")) {
        continue;
      }
      Browser browser = Browser.browser();
      for (String corner : visit) {
        String id = browser.cookie(COOKIE);
        table.add("== " + corner);
        for (String line : get(browser, container, corner)) {
          table.add(id == null ? line : line.replace(id, "(id)"));
        }
      }
    }
    return table;
  }

  private static List<String> get(Browser browser, WebContainer container, String corner) {
    Browser.Response response = browser.get(container.uri("/edges?case=" + corner));
    List<String> lines = new ArrayList<>(response.body().lines().toList());
    if (response.status() != 200) {
      lines.add(0, "status " + response.status());
    }
    return lines;
  }

  private static WebContainer start(WebContainer.Kind kind) {
    return kind.start(wars.with(), Map.of("carryover.redis.url", wars.redis().url()));
  }

  private static WarBuilder war() {
    return WarBuilder.war().classesOfPackage("edges").file("static.txt", "static");
  }
}
