package dev.carryover.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.store.MinuteCounts;
import dev.carryover.store.PrincipalCount;
import dev.carryover.store.SessionSizes;
import dev.carryover.store.SessionSummary;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SessionStatisticsTest {

  private static SessionSizes sized(long createdAt, Map<String, Long> bytes) {
    return new SessionSizes(
        new SessionSummary(SessionId.create(), createdAt, createdAt, 60, null), bytes);
  }

  private static SessionStatistics of(SessionSizes... sample) {
    return new SessionStatistics(
        7, new PrincipalCount(3, false), List.of(new MinuteCounts(90, 1, 2, 3)), List.of(sample));
  }

  @Test
  void countsAndMinutesAreThoseOfTheStore() {
    SessionStatistics statistics = of();

    assertThat(statistics.sessions()).isEqualTo(7);
    assertThat(statistics.principals()).isEqualTo(3);
    assertThat(statistics.isPrincipalsExact()).isFalse();
    SessionStatistics.Minute minute = statistics.minutes().get(0);
    assertThat(minute.start()).isEqualTo(Instant.parse("1970-01-01T01:30:00Z"));
    assertThat(minute.created()).isEqualTo(1);
    assertThat(minute.expired()).isEqualTo(2);
    assertThat(minute.invalidated()).isEqualTo(3);
  }

  @Test
  void ofNoSessionsThereIsNothingToSay() {
    SessionStatistics statistics = of();

    assertThat(statistics.sampled()).isZero();
    assertThat(statistics.oldest()).isEmpty();
    assertThat(statistics.newest()).isEmpty();
    assertThat(statistics.averageBytes()).isZero();
    assertThat(statistics.averageBytesByAttribute()).isEmpty();
  }

  @Test
  void averagesAreOverAllSessionsOfTheSample() {
    SessionStatistics statistics =
        of(
            sized(2_000, Map.of("cart", 100L, SessionAccess.GRAPH, 6L)),
            sized(1_000, Map.of("cart", 300L, "~~carryover.x", 10L)),
            sized(3_000, Map.of("user", 40L)));

    assertThat(statistics.sampled()).isEqualTo(3);
    assertThat(statistics.oldest()).contains(Instant.ofEpochMilli(1_000));
    assertThat(statistics.newest()).contains(Instant.ofEpochMilli(3_000));
    assertThat(statistics.averageBytes()).isEqualTo(456 / 3);
    assertThat(statistics.averageBytesByAttribute())
        .containsExactly(
            Map.entry("cart", 133L),
            Map.entry("user", 13L),
            Map.entry("~carryover.x", 3L),
            Map.entry(SessionSearch.ALL_IN_ONE, 2L));
  }

  @Test
  void theTenLargestAttributesAreNamed() {
    Map<String, Long> bytes = new LinkedHashMap<>();
    IntStream.rangeClosed(1, 12).forEach(i -> bytes.put("a" + i, (long) i));
    bytes.put("~carryover.user", 1_000L);

    assertThat(of(sized(1, bytes)).averageBytesByAttribute())
        .hasSize(10)
        .containsKeys("a12", "a3")
        .doesNotContainKeys("a2", "~carryover.user");
  }
}
