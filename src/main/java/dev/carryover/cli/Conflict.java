package dev.carryover.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Something else in a web application that keeps its sessions outside the container. */
enum Conflict {
  SPRING_SESSION(
      "Spring Session",
      "org.springframework.session.",
      "org/springframework/session/web/http/SessionRepositoryFilter",
      "remove spring-session-*.jar with its filter or annotation"),
  HAZELCAST(
      "Hazelcast's session filter",
      "com.hazelcast.web.",
      "com/hazelcast/web/WebFilter",
      "remove the filter com.hazelcast.web.WebFilter and its listener"),
  SHIRO(
      "Shiro's native sessions",
      "org.apache.shiro.web.session.mgt.DefaultWebSessionManager",
      null,
      "let Shiro use the servlet container's sessions (ServletContainerSessionManager)");

  private final String label;
  private final String name;
  private final Optional<String> tellingClass;
  private final String remedy;

  Conflict(String label, String name, @Nullable String tellingClass, String remedy) {
    this.label = label;
    this.name = name;
    this.tellingClass = Optional.ofNullable(tellingClass);
    this.remedy = remedy;
  }

  /** Whether a class file's text is of interest for any of them. */
  static boolean isHint(String text) {
    return Stream.of(values()).anyMatch(conflict -> conflict.isIn(text.replace('/', '.')));
  }

  /** Those that a web application has, by its classes, libraries and files in WEB-INF. */
  static List<Conflict> of(WebApp app, Classes classes) throws IOException {
    List<Conflict> found = new ArrayList<>();
    for (Conflict conflict : values()) {
      if (conflict.tellingClass.filter(classes::has).isPresent()
          || classes.hints().stream().anyMatch(hint -> conflict.isIn(hint.replace('/', '.')))
          || conflict.isInFilesOf(app)) {
        found.add(conflict);
      }
    }
    return found;
  }

  /** Of those that have a telling class only web.xml counts: others may name loggers. */
  private boolean isInFilesOf(WebApp app) throws IOException {
    String files =
        tellingClass.isPresent() ? "WEB-INF/web\\.xml" : "WEB-INF/.*\\.(xml|ini|properties)";
    for (String file : app.names()) {
      if (file.matches(files) && isIn(new String(app.read(file), StandardCharsets.ISO_8859_1))) {
        return true;
      }
    }
    return false;
  }

  private boolean isIn(String text) {
    return text.contains(name);
  }

  String label() {
    return label;
  }

  /** What to do. */
  String remedy() {
    return remedy;
  }
}
