package dev.carryover.cli;

import static java.util.Objects.requireNonNull;

import com.grack.nanojson.JsonWriter;
import dev.carryover.codec.KryoCodec;
import dev.carryover.config.ConfigKey;
import dev.carryover.config.SessionConfig;
import dev.carryover.session.SessionSearch;
import dev.carryover.store.SessionStore;
import dev.carryover.store.SessionSummary;
import dev.carryover.store.redis.RedisSessionStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the commands about sessions have in common: where these are, and how to print them. */
final class Sessions {

  /** What is shown of an id. */
  private static final int SHOWN = 8;

  private static final int MOST_ALIKE = 20;
  private static final String BEGINNING = "[A-Za-z0-9_-]{4,43}";

  /** Whoever asks by hand can wait longer than a request. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Mixin private Target target = new Target();

  @Option(
      names = "--war",
      paramLabel = "<app.war>",
      description = "A web application whose configuration counts too.")
  private @Nullable Path war;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  /** What the application's configuration lets be read; null where it says nothing. */
  private @Nullable String filter;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  /** The store that the sessions are in. */
  SessionStore open() throws IOException {
    WarSettings settings = new WarSettings(war == null ? null : WebApp.open(war));
    SessionConfig config = patient(target.config(settings));
    String namespace = config.namespace().orElseThrow(Sessions::whichApplication);
    filter = config.codecFilter().orElse(null);
    return Target.open(
        settings,
        config,
        () -> RedisSessionStore.connect(config, namespace),
        yaml -> RedisSessionStore.fromYaml(yaml, config, namespace));
  }

  private static UserError whichApplication() {
    return new UserError(
        "Which application? Give its --namespace: its context path without the slash,"
            + " ROOT for none");
  }

  private static SessionConfig patient(SessionConfig config) {
    boolean isAsked = System.getProperty(ConfigKey.REDIS_TIMEOUT.fullName()) != null;
    return isAsked || config.redisTimeout().compareTo(PATIENCE) >= 0
        ? config
        : config.toBuilder().redisTimeout(PATIENCE).build();
  }

  /** Reads values as far as they are of the platform's classes. */
  KryoCodec codec() {
    KryoCodec.Builder codec = KryoCodec.builder(ClassLoader.getPlatformClassLoader());
    return (filter == null ? codec : codec.filter(filter)).build();
  }

  boolean isJson() {
    return json;
  }

  PrintWriter out() {
    return Main.out(spec);
  }

  PrintWriter err() {
    return requireNonNull(spec).commandLine().getErr();
  }

  void printJson(Object value) {
    out().println(JsonWriter.string(value));
  }

  /** Checks what an id begins with. */
  static String beginning(String text) {
    if (!text.matches(BEGINNING)) {
      throw new UserError("An id begins with 4 characters or more of A-Z a-z 0-9 _ -");
    }
    return text;
  }

  /** The one session whose id begins so. */
  static SessionSummary only(SessionStore store, String beginning) {
    List<SessionSummary> found =
        new SessionSearch(store).find(beginning(beginning), id -> true, MOST_ALIKE);
    if (found.isEmpty()) {
      throw new UserError("There is no session whose id begins with " + shown(beginning));
    }
    if (found.size() > 1) {
      throw new UserError(
          "There are several sessions whose ids begin with " + shown(beginning) + "; give more");
    }
    return found.get(0);
  }

  /** What may be shown of an id. */
  static String shown(String id) {
    return id.substring(0, Math.min(SHOWN, id.length()));
  }

  /** What is printed of a session, in JSON as it is, in a table by {@link #row}. */
  static Map<String, @Nullable Object> describe(SessionSummary session) {
    Map<String, @Nullable Object> description = new LinkedHashMap<>();
    description.put("id", shown(session.id()));
    description.put("principal", session.principal());
    description.put("created", time(session.createdAt()));
    description.put("accessed", time(session.lastAccessedAt()));
    int seconds = session.maxInactiveInterval();
    description.put(
        "expires", seconds > 0 ? time(session.lastAccessedAt() + seconds * 1000L) : null);
    return description;
  }

  static List<String> row(Map<String, @Nullable Object> description) {
    return List.of(
        description.get("id") + "...",
        text(description.get("principal"), "-"),
        text(description.get("created"), "-"),
        text(description.get("accessed"), "-"),
        text(description.get("expires"), "never"));
  }

  private static String text(@Nullable Object value, String none) {
    return value == null ? none : value.toString();
  }

  static String time(long millis) {
    return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
