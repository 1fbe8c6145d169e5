package dev.carryover.admin;

import dev.carryover.config.CookieSecure;
import dev.carryover.config.SessionConfig;
import dev.carryover.metrics.Counter;
import dev.carryover.metrics.Gauge;
import dev.carryover.metrics.NodeMetrics;
import dev.carryover.metrics.Timer;
import dev.carryover.session.LiveSessions;
import dev.carryover.session.SessionDirectory;
import dev.carryover.session.SessionSearch;
import dev.carryover.session.SessionStatistics;
import dev.carryover.session.SessionUnavailableException;
import dev.carryover.store.SessionSummary;
import jakarta.servlet.ServletContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the console of a web application tells and does, as maps and lists that become JSON. It
 * shows of ids their beginnings only, and knows sessions by their {@link Handle}. Thread-safe.
 */
public final class Console {

  private static final WebApplications<Console> ALL = new WebApplications<>();

  /** What is shown at once. */
  private static final int MOST_SESSIONS = 100;

  /** Of an id. */
  private static final int SHOWN = 8;

  private static final int LONGEST_VALUE = 2_000;

  /** A count is 64 small commands: however many pages are open, it is made no more often. */
  private static final long COUNT_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Statistics look at some hundred sessions. */
  private static final long STATISTICS_NANOS = TimeUnit.SECONDS.toNanos(15);

  private final String namespace;
  private final boolean forTlsAlone;
  private final ConsoleGuard guard;
  private final NodeMetrics metrics;
  private final SessionDirectory directory;
  private final SessionSearch search;
  private final Function<byte[], String> types;
  private final @Nullable Function<byte[], Object> reader;
  private final String node = UUID.randomUUID().toString();
  private final long startedAt = System.nanoTime();

  // Guarded by this.
  private @Nullable Long count;
  private long countedAt;
  private @Nullable Map<String, @Nullable Object> statistics;
  private long statisticsAt;

  /**
   * @param types names the class of an encoded value
   * @param reader decodes a value; called only if the configuration lets values be shown
   */
  public Console(
      String namespace,
      SessionConfig config,
      NodeMetrics metrics,
      LiveSessions sessions,
      Function<byte[], String> types,
      Function<byte[], Object> reader) {
    this.namespace = namespace;
    this.forTlsAlone = config.cookieSecure() == CookieSecure.TRUE;
    this.guard = new ConsoleGuard(config.consoleRole());
    this.metrics = metrics;
    this.directory = sessions.directory();
    this.search = sessions.search();
    this.types = types;
    this.reader = config.consoleValues() ? reader : null;
  }

  /** Lets the web application's {@link ConsoleServlet} find it. */
  public void enter(ServletContext context) {
    ALL.put(context, this);
  }

  /** Takes back what {@link #enter} did. */
  public void leave() {
    ALL.remove(this);
  }

  /** That of a web application; null if it has none. */
  static @Nullable Console of(ServletContext context) {
    return ALL.get(context);
  }

  ConsoleGuard guard() {
    return guard;
  }

  /** All figures of this node, and how many sessions there are on all. */
  Map<String, @Nullable Object> node() {
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("namespace", namespace);
    answer.put("node", node);
    answer.put("time", System.currentTimeMillis());
    answer.put("uptime", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt));
    answer.put("sessions", count());
    Map<String, Object> counters = new LinkedHashMap<>();
    for (Counter counter : Counter.values()) {
      counters.put(counter.name(), metrics.total(counter));
    }
    Map<String, Object> timers = new LinkedHashMap<>();
    for (Timer timer : Timer.values()) {
      double millis = metrics.nanos(timer) / 1e6;
      timers.put(timer.name(), Map.of("times", metrics.times(timer), "millis", millis));
    }
    Map<String, Object> gauges = new LinkedHashMap<>();
    for (Gauge gauge : Gauge.values()) {
      gauges.put(gauge.name(), metrics.value(gauge));
    }
    answer.put("counters", counters);
    answer.put("timers", timers);
    answer.put("gauges", gauges);
    return answer;
  }

  /** Null while Redis can't be asked. */
  private synchronized @Nullable Long count() {
    if (count == null || System.nanoTime() - countedAt > COUNT_NANOS) {
      try {
        count = metrics.value(Gauge.REDIS_AWAY) > 0 ? null : directory.count();
      } catch (SessionUnavailableException e) {
        count = null;
      }
      countedAt = System.nanoTime();
    }
    return count;
  }

  /** What there is to say of the sessions of all nodes. */
  synchronized Map<String, @Nullable Object> statistics() {
    Map<String, @Nullable Object> known = statistics;
    if (known == null || System.nanoTime() - statisticsAt > STATISTICS_NANOS) {
      known = describe(directory.statistics());
      statistics = known;
      statisticsAt = System.nanoTime();
    }
    return known;
  }

  private static Map<String, @Nullable Object> describe(SessionStatistics found) {
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("time", System.currentTimeMillis());
    answer.put("principals", found.principals());
    answer.put("principalsExact", found.isPrincipalsExact());
    answer.put("sampled", found.sampled());
    answer.put("averageBytes", found.averageBytes());
    answer.put("oldest", found.oldest().map(Instant::toEpochMilli).orElse(null));
    answer.put(
        "minutes", found.minutes().stream().map(Console::describe).collect(Collectors.toList()));
    List<Map<String, Object>> attributes = new ArrayList<>();
    found
        .averageBytesByAttribute()
        .forEach((name, bytes) -> attributes.add(Map.of("name", name, "bytes", bytes)));
    answer.put("attributes", attributes);
    return answer;
  }

  private static Map<String, Object> describe(SessionStatistics.Minute minute) {
    return Map.of(
        "start", minute.start().toEpochMilli(),
        "created", minute.created(),
        "expired", minute.expired(),
        "invalidated", minute.invalidated());
  }

  Map<String, @Nullable Object> ofPrincipal(String principal) {
    List<SessionSummary> found = directory.ownedBy(principal);
    return answer(found.subList(0, Math.min(found.size(), MOST_SESSIONS + 1)));
  }

  Map<String, @Nullable Object> beginningWith(String prefix) {
    return answer(search.find(prefix, id -> true, MOST_SESSIONS + 1));
  }

  Map<String, @Nullable Object> some() {
    return answer(directory.all().limit(MOST_SESSIONS + 1).collect(Collectors.toList()));
  }

  private static Map<String, @Nullable Object> answer(List<SessionSummary> found) {
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("time", System.currentTimeMillis());
    answer.put("more", found.size() > MOST_SESSIONS);
    answer.put(
        "sessions",
        found.stream().limit(MOST_SESSIONS).map(Console::describe).collect(Collectors.toList()));
    return answer;
  }

  private static Map<String, @Nullable Object> describe(SessionSummary session) {
    Map<String, @Nullable Object> description = new LinkedHashMap<>();
    description.put("handle", Handle.of(session.id()));
    description.put("shown", beginning(session.id()));
    description.put("principal", session.principal());
    description.put("created", session.createdAt());
    description.put("accessed", session.lastAccessedAt());
    description.put("interval", session.maxInactiveInterval());
    return description;
  }

  /** What may be shown of an id, in logs too. */
  private static String beginning(String id) {
    return id.substring(0, Math.min(SHOWN, id.length()));
  }

  /** A session and its attributes; null if there is none. */
  @Nullable Map<String, @Nullable Object> session(String handle) {
    SessionSummary session = find(handle);
    Map<String, byte[]> encoded = session == null ? null : search.attributes(session.id());
    if (session == null || encoded == null) {
      return null;
    }
    List<Map<String, Object>> attributes = new ArrayList<>();
    encoded.forEach((name, bytes) -> attributes.add(attribute(name, bytes)));
    Map<String, @Nullable Object> answer = describe(session);
    answer.put("time", System.currentTimeMillis());
    answer.put("values", reader != null);
    answer.put("attributes", attributes);
    return answer;
  }

  private Map<String, Object> attribute(String name, byte[] bytes) {
    Map<String, Object> attribute = new LinkedHashMap<>();
    attribute.put("name", name);
    attribute.put("type", types.apply(bytes));
    attribute.put("bytes", bytes.length);
    if (reader != null) {
      attribute.put("value", text(reader, bytes));
    }
    return attribute;
  }

  /** What the value's own class says of it. */
  private static String text(Function<byte[], Object> reader, byte[] bytes) {
    try {
      String text = String.valueOf(reader.apply(bytes));
      return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "…";
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      return "(can't be read here)";
    }
  }

  private @Nullable SessionSummary find(String handle) {
    if (!Handle.isWellFormed(handle)) {
      return null;
    }
    List<SessionSummary> found =
        search.find(handle.substring(0, 1), id -> Handle.of(id).equals(handle), 1);
    return found.isEmpty() ? null : found.get(0);
  }

  /**
   * Ends a session on all nodes; its listeners hear of it here.
   *
   * @return the beginning of its id; null if there is no such session
   */
  @Nullable String end(String handle) {
    SessionSummary session = find(handle);
    return session != null && directory.invalidate(session.id()) ? beginning(session.id()) : null;
  }

  /** Ends all sessions of a user on all nodes; says how many. */
  int endAll(String principal) {
    return directory.invalidateAll(principal, null);
  }

  /** Whether cookies are never to be sent without TLS. */
  boolean isForTlsAlone() {
    return forTlsAlone;
  }

  String namespace() {
    return namespace;
  }
}
