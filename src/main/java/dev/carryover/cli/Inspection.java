package dev.carryover.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a web application is like, as far as it matters to its sessions. */
final class Inspection {

  static final String WEB_XML = "WEB-INF/web.xml";

  private static final int MOST_NAMED = 2;

  private final WebApp app;
  private final Classes classes;
  private final @Nullable WebXml webXml;

  private Inspection(WebApp app, Classes classes, @Nullable WebXml webXml) {
    this.app = app;
    this.classes = classes;
    this.webXml = webXml;
  }

  static Inspection of(WebApp app) throws IOException {
    return new Inspection(app, Classes.of(app), WebXml.of(app).orElse(null));
  }

  Classes classes() {
    return classes;
  }

  Optional<WebXml> webXml() {
    return Optional.ofNullable(webXml);
  }

  /**
   * The API that it is written for. Its own classes tell, else its libraries, else the namespace of
   * web.xml; only jakarta's namespace excludes the other API.
   *
   * @throws UserError if they tell nothing, or contradict each other
   */
  ServletApi api() {
    return clearApi().orElseThrow(this::ambiguous);
  }

  /** The same; empty if it is not clear. */
  Optional<ServletApi> clearApi() {
    Optional<ServletApi> namespace = webXml().flatMap(WebXml::api);
    boolean isJakartas = namespace.filter(ServletApi.JAKARTA::equals).isPresent();
    Optional<ServletApi> found = only(classes.ownUsing(ServletApi.JAVAX), ownJakarta());
    if (found.isEmpty() && ownJakarta().isEmpty()) {
      found =
          isJakartas
              ? namespace
              : only(
                  classes.librariesUsing(ServletApi.JAVAX),
                  classes.librariesUsing(ServletApi.JAKARTA));
      if (found.isEmpty() && classes.librariesUsing(ServletApi.JAVAX).isEmpty()) {
        found = namespace;
      }
    }
    return found.filter(api -> !isJakartas || api == ServletApi.JAKARTA);
  }

  private Set<String> ownJakarta() {
    return classes.ownUsing(ServletApi.JAKARTA);
  }

  private static Optional<ServletApi> only(Set<String> javax, Set<String> jakarta) {
    if (javax.isEmpty() == jakarta.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(javax.isEmpty() ? ServletApi.JAKARTA : ServletApi.JAVAX);
  }

  private UserError ambiguous() {
    List<String> seen = new ArrayList<>();
    for (ServletApi api : ServletApi.values()) {
      seen.add(api.packageName() + ": " + evidence(api));
    }
    return new UserError(
        "It is not clear which Servlet API this is written for ("
            + String.join("; ", seen)
            + "): say --servlet-api=javax or --servlet-api=jakarta");
  }

  private String evidence(ServletApi api) {
    List<String> evidence = new ArrayList<>();
    if (webXml().flatMap(WebXml::api).filter(api::equals).isPresent()) {
      evidence.add("web.xml");
    }
    if (!classes.ownUsing(api).isEmpty()) {
      evidence.add("classes " + some(classes.ownUsing(api)));
    }
    if (!classes.librariesUsing(api).isEmpty()) {
      evidence.add("libraries " + some(classes.librariesUsing(api)));
    }
    return evidence.isEmpty() ? "nothing" : String.join(", ", evidence);
  }

  private static String some(Set<String> names) {
    return names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
        + (names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "");
  }

  /** The files that sign the archive's entries. */
  List<String> signatures() {
    return app.names().stream()
        .filter(name -> name.matches("META-INF/[^/]+\\.SF"))
        .collect(Collectors.toList());
  }

  /** What there is to know, a line each. */
  List<String> report(ServletApi api) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(line("Servlet API", api.packageName() + ", by " + evidence(api)));
    lines.add(line("web.xml", webXml().map(Inspection::describe).orElse("none")));
    listeners(lines);
    if (webXml().filter(WebXml::hasFormLogin).isPresent()) {
      lines.add(
          line(
              "login",
              "FORM: goes to other nodes if there is a secret; the cookie of the sessions is"
                  + " CARRYOVERID"));
    }
    classes
        .notSerializable()
        .forEach(
            (type, by) ->
                lines.add(
                    line(
                        "not Serializable",
                        type
                            + ", put into sessions by "
                            + some(by)
                            + ": carried if it is a plain bean; what has threads, connections or"
                            + " streams stays on its node")));
    for (Conflict conflict : Conflict.of(app, classes)) {
      lines.add(line("CONFLICT", conflict.label() + ": " + conflict.remedy()));
    }
    if (!classes.unread().isEmpty()) {
      lines.add(line("not looked into", some(classes.unread()) + ": can't be read here"));
    }
    if (!signatures().isEmpty()) {
      lines.add(
          line(
              "signature",
              String.join(", ", signatures()) + ": stays valid; what is added is not signed"));
    }
    return lines;
  }

  private void listeners(List<String> lines) {
    List<String> named = new ArrayList<>();
    classes.listeners().forEach((name, roles) -> named.add(name + " (" + roles + ")"));
    webXml().map(WebXml::listeners).orElse(List.of()).stream()
        .filter(name -> !classes.has(name))
        .forEach(name -> named.add(name + " (of a library)"));
    webXml().map(WebXml::listeners).orElse(List.of()).stream()
        .filter(
            name -> classes.has(name) && named.stream().noneMatch(n -> n.startsWith(name + ' ')))
        .forEach(name -> named.add(name + " (hears nothing of sessions itself)"));
    lines.add(line("listeners", named.isEmpty() ? "none" : String.join(", ", named)));
  }

  private static String describe(WebXml webXml) {
    return "Servlet "
        + webXml.version()
        + (webXml.isMetadataComplete() ? ", metadata-complete" : "")
        + (webXml.isDistributable()
            ? ", <distributable/>"
            : ", without <distributable/> (not needed)")
        + (webXml.leavesUnnamedJarsOut() ? ", <absolute-ordering> that leaves our jar out" : "");
  }

  private static String line(String topic, String text) {
    return String.format("  %-17s %s", topic, text);
  }
}
