package dev.carryover.session;

import dev.carryover.store.MinuteCounts;
import dev.carryover.store.PrincipalCount;
import dev.carryover.store.SessionSizes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What there is to say of all sessions of a web application, on all its nodes. Counts are exact
 * unless it is said here that they are not. The sample has up to four sessions from each of the 64
 * shards, taken at random: 256 at most. Even of few sessions it may leave some out. Immutable.
 */
public final class SessionStatistics {

  /** How many attributes are named. */
  private static final int MOST_ATTRIBUTES = 10;

  private final long sessions;
  private final PrincipalCount principals;
  private final List<Minute> minutes;
  private final List<SessionSizes> sample;

  SessionStatistics(
      long sessions,
      PrincipalCount principals,
      List<MinuteCounts> minutes,
      List<SessionSizes> sample) {
    this.sessions = sessions;
    this.principals = principals;
    this.minutes = minutes.stream().map(Minute::new).collect(Collectors.toUnmodifiableList());
    this.sample = sample;
  }

  /** {@return how many sessions live, as {@code Carryover.count} tells it} */
  public long sessions() {
    return sessions;
  }

  /** {@return how many users are logged in} */
  public long principals() {
    return principals.count();
  }

  /**
   * {@return whether {@link #principals} is exact, as it is up to a thousand sessions of users and
   * somewhat more} Else it is an estimate, with a standard error of some 3 %.
   */
  public boolean isPrincipalsExact() {
    return principals.isExact();
  }

  /** {@return how many sessions the sample has} */
  public int sampled() {
    return sample.size();
  }

  /** {@return when the oldest session of the sample was created; empty if it has none} */
  public Optional<Instant> oldest() {
    return created().min().stream().mapToObj(Instant::ofEpochMilli).findFirst();
  }

  /** {@return when the newest session of the sample was created; empty if it has none} */
  public Optional<Instant> newest() {
    return created().max().stream().mapToObj(Instant::ofEpochMilli).findFirst();
  }

  private LongStream created() {
    return sample.stream().mapToLong(session -> session.summary().createdAt());
  }

  /** {@return the bytes of a session's encoded attributes, on the average of the sample} */
  public long averageBytes() {
    long sum = sample.stream().flatMap(s -> s.bytes().values().stream()).mapToLong(b -> b).sum();
    return sample.isEmpty() ? 0 : sum / sample.size();
  }

  /**
   * {@return the ten attributes that have the most bytes in all sessions of the sample, the largest
   * first: by name, the bytes that a session has of it on the average} Where sessions are written
   * as one graph, the only name is {@code (all attributes)}.
   */
  public Map<String, Long> averageBytesByAttribute() {
    Map<String, Long> sums = new HashMap<>();
    for (SessionSizes session : sample) {
      session.bytes().forEach((stored, bytes) -> add(sums, stored, bytes));
    }
    Map<String, Long> largest = new LinkedHashMap<>();
    sums.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
        .limit(MOST_ATTRIBUTES)
        .forEach(entry -> largest.put(entry.getKey(), entry.getValue() / sample.size()));
    return Collections.unmodifiableMap(largest);
  }

  private static void add(Map<String, Long> sums, String stored, long bytes) {
    String name =
        stored.equals(SessionAccess.GRAPH)
            ? SessionSearch.ALL_IN_ONE
            : SessionAccess.nameSeen(stored);
    if (name != null) {
      sums.merge(name, bytes, Long::sum);
    }
  }

  /**
   * {@return what happened in each of the last fifteen minutes, and in this one so far, which is
   * the last}
   */
  public List<Minute> minutes() {
    return minutes;
  }

  /** What happened to sessions in one minute of Redis's clock. Immutable. */
  public static final class Minute {
    private final MinuteCounts counts;

    private Minute(MinuteCounts counts) {
      this.counts = counts;
    }

    /** {@return when it began} */
    public Instant start() {
      return Instant.EPOCH.plus(counts.minute(), ChronoUnit.MINUTES);
    }

    /** {@return how many sessions were created} */
    public long created() {
      return counts.created();
    }

    /** {@return how many sessions expired; each counts when a node finds it} */
    public long expired() {
      return counts.expired();
    }

    /** {@return how many sessions were ended, by the application, an operator or a limit} */
    public long invalidated() {
      return counts.invalidated();
    }
  }
}
