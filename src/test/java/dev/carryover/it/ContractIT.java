package dev.carryover.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.Browser;
import dev.carryover.testing.RawHttp;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.WebXml;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Promise S1: what the specification says is seen with Carryover as it is without, container by
 * container, whether the jar registers itself or web.xml declares the filter.
 */
class ContractIT {

  private static final String ERROR_PAGES =
      """
      <error-page><error-code>418</error-code><location>/error</location></error-page>
      <error-page>
        <exception-type>contract.DispatchChecks$TeapotException</exception-type>
        <location>/error</location>
      </error-page>
      """;

  @TempDir static Path directory;

  private static RedisServer redis;

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
    for (Way way : Way.values()) {
      war(way).build(directory.resolve(way + ".war"));
      war(way)
          .file("WEB-INF/carryover.properties", "store=memory")
          .build(directory.resolve(way + "-side.war"));
    }
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @ParameterizedTest
  @MethodSource("dev.carryover.testing.WebContainer$Kind#forJakarta")
  void whatTheSpecificationSaysIsSeenAsWithoutUs(WebContainer.Kind kind) {
    Map<String, List<String>> expected;
    try (WebContainer container = start(kind, Way.WITHOUT)) {
      expected = new Visits(kind, container).all();
    }
    try (WebContainer container = start(kind, Way.BY_ITSELF)) {
      assertSame(expected, new Visits(kind, container).all());
      cookieIsAsTheContextListenerWantedIt(container);
      sessionsOfAnotherContextAreFoundAgain(container);
    }
    for (Way way : waysOfDeclaring(kind)) {
      try (WebContainer container = start(kind, way)) {
        assertSame(expected, new Visits(kind, container).ofMain());
      }
    }
    System.out.println("### " + kind + ": the same in " + expected.size() + " visits");
  }

  /** On one container of each maker; with {@code -Pmatrix}, on all. */
  private static List<Way> waysOfDeclaring(WebContainer.Kind kind) {
    return WebContainer.Kind.ofEachMaker().toList().contains(kind)
        ? List.of(Way.DECLARED, Way.DECLARED_ALONE)
        : List.of();
  }

  private static void assertSame(
      Map<String, List<String>> expected, Map<String, List<String>> actual) {
    assertThat(actual).isNotEmpty();
    assertThat(differences(expected, actual)).isEmpty();
  }

  private static String differences(
      Map<String, List<String>> expected, Map<String, List<String>> actual) {
    StringBuilder out = new StringBuilder();
    actual.forEach(
        (visit, ours) -> {
          List<String> lines = expected.get(visit);
          if (!ours.equals(lines)) {
            out.append("== ").append(visit).append('\n');
            for (int i = 0; i < Math.max(lines.size(), ours.size()); i++) {
              String one = i < lines.size() ? lines.get(i) : "";
              String other = i < ours.size() ? ours.get(i) : "";
              out.append("%s %-60s | %s%n".formatted(one.equals(other) ? " " : "*", one, other));
            }
          }
        });
    return out.toString();
  }

  /** Undertow leaves attributes out, and Tomcat has its own mind about scripts: not we. */
  private static void cookieIsAsTheContextListenerWantedIt(WebContainer container) {
    Browser.Response response =
        Browser.browser().get(uri(container, "/config/tracking?check=create"));
    assertThat(response.setCookies()).hasSize(1);
    String cookie = response.setCookies().get(0);
    assertThat(cookie).startsWith("CONTRACT=");
    assertThat(Arrays.asList(cookie.split("; ")).subList(1, cookie.split("; ").length))
        .contains(
            "Path=/config/session",
            "Domain=example.org",
            "Max-Age=50000",
            "Secure",
            "a1=b2",
            "Priority=High")
        .anyMatch(attribute -> attribute.matches("Expires=\\w{3}, \\d\\d \\w{3} \\d{4} .* GMT"))
        .hasSize(7);
  }

  /** Section 7.3 of the specification; with containers alone, each in its own way. */
  private static void sessionsOfAnotherContextAreFoundAgain(WebContainer container) {
    for (String way : List.of("forward", "include")) {
      Browser browser = Browser.browser();
      Supplier<List<String>> look = () -> dispatched(browser, container, way + "There:has");
      dispatched(browser, container, way + "There:session");
      assertThat(look.get()).as(way).contains("session false by the target", "valid true");
      browser.get(uri(container, "/main/session?check=create"));
      assertThat(look.get()).as(way).contains("session false by the target");
      assertThat(dispatched(browser, container, way + "There:invalidate"))
          .as(way)
          .contains("session true", "valid false", "session null");
      assertThat(look.get()).as(way).contains("session null", "valid false");
      browser.get(uri(container, "/main/session?check=look"));
      assertThat(seen(container, "/main")).as(way).contains("names [a]");
    }
  }

  private static List<String> dispatched(Browser browser, WebContainer container, String check) {
    browser.get(uri(container, "/main/dispatch?check=" + check));
    seen(container, "/main");
    return seen(container, "/other");
  }

  private static WebContainer start(WebContainer.Kind kind, Way way) {
    Path side = directory.resolve(way + "-side.war");
    WebContainer.Builder node =
        kind.node(directory.resolve(way + ".war"))
            .contextPath("/main")
            .alsoWar(side, "/other")
            .contextParam("carryover.redis.url", redis.url())
            .contextParam("carryover.redis.timeout", "30s")
            .contextParam("carryover.cookie.same-site", "off");
    if (way == Way.WITHOUT || way == Way.BY_ITSELF) {
      node.alsoWar(side, "/url").alsoWar(side, "/config");
    }
    return node.start();
  }

  private static WarBuilder war(Way way) {
    WarBuilder war =
        WarBuilder.war()
            .classesOfPackage("contract")
            .file("static.txt", "static")
            .file(
                "WEB-INF/classes/META-INF/services/"
                    + "jakarta.servlet.ServletContainerInitializer",
                "contract.Initializer")
            .webXml(WebXml.with(way.declaration, ERROR_PAGES));
    return way == Way.WITHOUT ? war : war.carryover();
  }

  private static URI uri(WebContainer container, String path) {
    return URI.create("http://127.0.0.1:" + container.port() + path);
  }

  private static List<String> seen(WebContainer container, String context) {
    return Browser.browser().get(uri(container, context + "/seen")).body().lines().toList();
  }

  /** How Carryover comes into the web application. */
  private enum Way {
    WITHOUT(""),
    BY_ITSELF(""),
    DECLARED(WebXml.filter()),
    /** Where no initializer of ours runs, and the declaration has to say all. */
    DECLARED_ALONE("<absolute-ordering/>" + WebXml.filterForAllDispatches());

    private final String declaration;

    Way(String declaration) {
      this.declaration = declaration;
    }
  }

  /** All visits to one container, each of one or more requests, and what was told. */
  private static final class Visits {

    private static final List<String> HEADERS =
        List.of(
            "content-type",
            "content-length",
            "content-language",
            "transfer-encoding",
            "location",
            "trailer",
            "expires",
            "cache-control",
            "allow");

    private static final Pattern ID =
        Pattern.compile(
            "((?=[A-Za-z_-]*\\d)[\\w-]{20,}|[\\w-]{40,43}|\\(rotated\\))(\\.[A-Za-z0-9]+)?");

    private final WebContainer.Kind kind;
    private final WebContainer container;
    private final Map<String, List<String>> told = new LinkedHashMap<>();

    Visits(WebContainer.Kind kind, WebContainer container) {
      this.kind = kind;
      this.container = container;
    }

    Map<String, List<String>> all() {
      ofMain();
      ofOthers();
      visit("/config/request?check=lateChanges");
      return told;
    }

    Map<String, List<String>> ofMain() {
      Stream.of("/response", "/session", "/dispatch", "/async", "/stream", "/tracking")
          .map("/main"::concat)
          .forEach(servlet -> checks(servlet).forEach(check -> visit(servlet + check)));
      checks("/main/request").stream()
          .filter(check -> !check.contains("lateChanges"))
          .forEach(check -> visit("/main/request" + check + "&a=1&more=2&more=3"));
      sessions();
      wrapped();
      bodies();
      heads();
      upgrade();
      byUrl("/main");
      visit("/main/request?check=lateChanges");
      return told;
    }

    private void sessions() {
      String look = "/session?check=look";
      main(
          "/session?check=create", look, "/session?check=rotate", look, "/session?check=end", look);
      main("/session?check=create", "/session?check=ids", "/session?check=idsOfANewOne");
      main("/session?check=create", "/session?check=times", "/session?check=invalidate", look);
      main("/session?check=strangeNames", "/session?check=lookAtStrangeNames");
      main("/session?check=create", "/response?check=redirectWithSession");
      main("/session?check=create", "/response?check=errorWithPage", look);
      main("/session?check=create", "/dispatch?check=errorPageAfterInvalidation", look);
      main("/dispatch?check=errorPageThatStartsASession", look);
      main("/dispatch?check=errorPageOfAnException", look);
      main("/dispatch?check=includeSession", look, "/dispatch?check=includeInvalidate", look);
      main("/dispatch?check=includeSessionAndFlush", look);
      main("/dispatch?check=forwardSession", look, "/dispatch?check=forwardInvalidate", look);
      main("/stream?check=write", "/stream?check=look");
      main("/stream?check=writeMuch", "/stream?check=look");
      main("/session?check=create", "/async?check=startInAThread:nothing", look);
      main("/async?check=completeByAThread", look);
      String at = "/tracking?check=";
      main(at + "create", at + "encode", at + "encodeAfterTheRotation", at + "encodeAfterTheEnd");
      main("/session;jsessionid=unknown?check=ids");
      main("/session;jsessionid=?check=ids");
      main("/session;other=1;jsessionid=unknown;more=2?check=ids");
      main("/session;JSESSIONID=unknown?check=ids");
      main("/static.txt;jsessionid=unknown");
      withCookie("JSESSIONID=made.up", "/main/session?check=ids");
      withCookie("JSESSIONID=", "/main/session?check=ids");
      withCookie("jsessionid=lower", "/main/session?check=ids");
      withCookie("JSESSIONID=cookie", "/main/session;jsessionid=url?check=ids");
      withCookie("JSESSIONID=made.up", "/main/session?check=idsOfANewOne");
    }

    /** Through a filter of the application's that wraps request and response. */
    private void wrapped() {
      Stream.of(
              "/response?check=redirect:/from/root",
              "/response?check=error",
              "/response?check=largePage",
              "/response?check=lengthReachedByTheWriter",
              "/session?check=sameObject",
              "/session?check=invalidate",
              "/dispatch?check=forward",
              "/dispatch?check=include",
              "/dispatch?check=forwardNamed",
              "/dispatch?check=errorPage",
              "/dispatch?check=errorPageOfAnException",
              "/async?check=start:nothing",
              "/async?check=start:same",
              "/async?check=dispatch:nothing",
              "/async?check=dispatch:same",
              "/async?check=dispatch:wrapped",
              "/async?check=dispatchPath:nothing",
              "/async?check=dispatchPath:same",
              "/async?check=forwardThenDispatch:nothing",
              "/async?check=listener:nothing",
              "/async?check=listener:same",
              "/async?check=restart",
              "/stream?check=write")
          .forEach(path -> main(path + "&wrapped=yes"));
    }

    private void bodies() {
      post("/main/request?check=parameters&more=q", "a=1&more=b");
      post("/main/request?check=body", "a=1&more=b");
      post("/main/request?check=reader", "a=1");
      post("/main/request?check=partsOfAnother", "a=1");
      post("/main/stream?check=read", "a=" + "x".repeat(50_000));
      post("/main/stream?check=readThroughAWrapper", "a=" + "x".repeat(50));
      post("/main/stream?check=readTwice", "a=1");
    }

    private void ofOthers() {
      byUrl("/url");
      for (String context : List.of("/url", "/config")) {
        String at = context + "/tracking?check=";
        checks(context + "/tracking").forEach(check -> visit(context + "/tracking" + check));
        visit(at + "create", at + "ids", at + "encode");
        withCookie("JSESSIONID=cookie; CONTRACT=other", context + "/session?check=ids");
        visit(context + "/session;jsessionid=unknown?check=ids");
        visit(context + "/session;CONTRACT=unknown?check=ids");
        visit(context + "/response?check=redirectWithSession");
      }
      visit("/config/response?check=sessionAfterFlush");
    }

    /** Follows what was encoded, without cookies. */
    private void byUrl(String context) {
      Browser browser = Browser.browser();
      String next = browser.get(uri(container, context + "/tracking?check=url")).body();
      seen(container, context);
      List<String> lines = new ArrayList<>();
      for (String check : List.of("ids", "encode", "encodeAfterTheRotation", "ids")) {
        browser.clearCookies();
        String path = next.replace("/next", "/tracking/x") + "?check=" + check;
        lines.addAll(look(path, () -> browser.get(uri(container, path))));
      }
      told.put(context + " by URL", lines);
    }

    private void heads() {
      for (String check :
          List.of(
              "printsOfTheStream",
              "lengthReachedByTheStream",
              "largePage",
              "flushOfTheWriter",
              "error",
              "errorWithPage",
              "redirect:/from/root",
              "nothing",
              "headers")) {
        method("HEAD", "/main/response?check=" + check);
      }
      method("HEAD", "/main/dispatch?check=forward");
      method("HEAD", "/main/static.txt");
      method("OPTIONS", "/main/static.txt");
    }

    /** Out of HTTP, with a session that goes on. */
    private void upgrade() {
      Browser browser = Browser.browser();
      String path = "/main/upgrade?check=upgrade";
      List<String> lines = new ArrayList<>();
      try (RawHttp http = RawHttp.connect(container.port())) {
        http.request("GET", uri(container, path), "Connection: Upgrade", "Upgrade: echo");
        RawHttp.Head head = http.readHead();
        browser.setCookie("JSESSIONID", head.cookie("JSESSIONID"));
        lines.add("status " + head.status() + " " + head.header("Upgrade"));
        http.send("hello\n");
        lines.add(http.readLine());
      }
      lines.addAll(seen(container, "/main"));
      browser.get(uri(container, "/main/upgrade?check=look"));
      lines.addAll(seen(container, "/main"));
      told.put(path, lines);
    }

    // ---- one visit

    private List<String> checks(String servlet) {
      return Browser.browser()
          .get(uri(container, servlet))
          .body()
          .lines()
          .map(check -> "?check=" + URLEncoder.encode(check, UTF_8))
          .toList();
    }

    private void main(String... paths) {
      visit(Stream.of(paths).map("/main"::concat).toArray(String[]::new));
    }

    private void visit(String... paths) {
      Browser browser = Browser.browser();
      List<String> lines = new ArrayList<>();
      for (String path : paths) {
        lines.add("-- " + path);
        lines.addAll(look(path, () -> browser.get(uri(container, path))));
      }
      told.put(String.join(", ", paths), lines);
    }

    private void withCookie(String cookies, String path) {
      Supplier<Browser.Response> request =
          () -> Browser.browser().get(uri(container, path), "Cookie", cookies);
      told.put(path + " with " + cookies, look(path, request));
    }

    private void method(String method, String path) {
      Supplier<Browser.Response> request =
          () -> Browser.browser().send(method, uri(container, path));
      told.put(method + " " + path, look(path, request));
    }

    private void post(String path, String fields) {
      Map<String, String> form =
          Arrays.stream(fields.split("&"))
              .map(field -> field.split("="))
              .collect(Collectors.toMap(field -> field[0], field -> field[1]));
      told.put(
          "POST " + path, look(path, () -> Browser.browser().post(uri(container, path), form)));
    }

    /** Sends one request, and tells of the response and of what the application has seen. */
    private List<String> look(String path, Supplier<Browser.Response> request) {
      List<String> lines = new ArrayList<>();
      try {
        lines.addAll(response(path, request.get()));
      } catch (UncheckedIOException e) {
        lines.add("no answer");
      }
      String context = path.substring(0, path.indexOf('/', 1));
      lines.addAll(seen(container, context));
      if (path.contains("There") || path.contains("Other")) {
        lines.addAll(seen(container, "/other"));
      }
      lines.replaceAll(
          line -> ID.matcher(line).replaceAll("(id)").replace(":" + container.port(), ":(port)"));
      return allowed(path, lines);
    }

    private List<String> response(String path, Browser.Response response) {
      List<String> lines = new ArrayList<>();
      lines.add("status " + response.status());
      boolean isPage = response.body().stripLeading().startsWith("<");
      for (String header : HEADERS) {
        for (String value : response.headers(header)) {
          if (!isPage || !header.equals("content-length")) {
            lines.add(header + ": " + value);
          }
        }
      }
      response.headers().keySet().stream()
          .filter(name -> name.startsWith("x-"))
          .sorted()
          .forEach(name -> lines.add(name + ": " + response.headers(name)));
      response.setCookies().forEach(cookie -> lines.add("cookie " + cookie(cookie)));
      if (!isPage) {
        String body = response.body();
        lines.add("body " + (body.length() > 500 ? body.length() + " characters" : body));
      }
      return lines;
    }

    /** Without what is our own default, and in one order. */
    private static String cookie(String field) {
      TreeSet<String> attributes = new TreeSet<>();
      String[] parts = field.split("; ?");
      for (String part : Arrays.asList(parts).subList(1, parts.length)) {
        String[] words = part.split("=", 2);
        String name = words[0].toLowerCase(Locale.ROOT);
        if (!name.equals("httponly")) {
          attributes.add(
              name + (words.length == 1 ? "" : name.equals("expires") ? " date" : " " + words[1]));
        }
      }
      return parts[0] + " " + attributes;
    }

    // ---- what may differ

    private List<String> allowed(String path, List<String> lines) {
      List<String> allowed = new ArrayList<>(lines);
      if (lines.stream().anyMatch(line -> line.contains("destroyed"))) {
        // A session that has ended leaves no cookie behind with us.
        allowed.removeIf(line -> line.startsWith("cookie ") || line.startsWith("expires: "));
      }
      if (path.contains("forward") || path.contains("Nested") || path.contains("sameHash")) {
        // After a forward, containers close a wrapped response otherwise than their own.
        allowed.removeIf(line -> line.matches("(content-length|transfer-encoding): .*"));
        allowed.replaceAll(line -> line.replaceFirst("^(content-type: .*);\\s*charset=.*", "$1"));
      }
      if (path.contains("There") || path.contains("HereAndThere")) {
        // Which cookie it is differs: see sessionsOfAnotherContextAreFoundAgain.
        allowed.removeIf(
            line -> line.matches("(cookie|content-length:|transfer-encoding:|expires:) .*"));
        allowed.removeIf(line -> line.matches("listener .* created, .*|session here .*"));
      }
      if (path.contains("check=url") || lines.contains("status 500")) {
        // Ids have other lengths, and stack traces.
        allowed.removeIf(line -> line.startsWith("content-length: "));
      }
      if (path.startsWith("/config")) {
        allowed.replaceAll(line -> line.replaceFirst("^(cookie CONTRACT=\\S+) .*", "$1"));
      }
      // Where a container hands others on than it was given, we need not.
      allowed.replaceAll(
          line -> line.replaceFirst("^(same \\w+|equals the first) false", "$1 true"));
      if (kind == WebContainer.Kind.UNDERTOW) {
        // It says nothing of ids that it does not know, and less of sessions that have ended.
        allowed.removeIf(line -> line.startsWith("from ") || line.startsWith("interval "));
      }
      return allowed;
    }
  }
}
