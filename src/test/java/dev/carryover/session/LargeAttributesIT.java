package dev.carryover.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carryover.config.SessionConfig;
import dev.carryover.event.SessionEvents;
import dev.carryover.store.Patience;
import dev.carryover.store.SessionStore;
import dev.carryover.store.redis.RedisSessionStore;
import dev.carryover.testing.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attributes that are fetched when they are read: {@code lazy-above}. */
class LargeAttributesIT {

  private static final String LARGE = "x".repeat(5_000);

  private static RedisServer redis;

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a secret of some length"})
  void areFetchedWhenTheyAreFirstRead(String secret) {
    SessionConfig.Builder config =
        SessionConfig.builder()
            .redisUrl(redis.url())
            .redisTimeout(Duration.ofSeconds(20))
            .lazyAbove(1_000);
    try (Node here = new Node(secret.isEmpty() ? config : config.secret(secret));
        Node there = new Node(secret.isEmpty() ? config : config.secret(secret))) {
      String id = here.create();

      SessionAccess access = there.sessions.open(id);
      assertThat(access.names()).containsExactlyInAnyOrder("large", "larger", "small");
      assertThat(access.get("small")).isEqualTo("1");
      assertThat(there.store.calls()).containsExactly("open");
      assertThat(access.get("large")).isEqualTo(LARGE);
      assertThat(access.get("large")).isEqualTo(LARGE);
      assertThat(there.store.calls()).containsExactly("load[large]");
      end(access);
      assertThat(there.store.calls()).isEmpty();

      access = there.sessions.open(id);
      assertThat(access.get("large")).isEqualTo(LARGE);
      assertThat(there.store.calls()).containsExactly("open");
      end(access);
    }
  }

  /** A request waits for the time-out in all, not for each of its large attributes anew. */
  @Test
  void areNotWaitedForByARequestThatHasWaitedLongEnough() {
    SessionConfig.Builder config =
        SessionConfig.builder()
            .redisUrl(redis.url())
            .redisTimeout(Duration.ofSeconds(20))
            .lazyAbove(1_000);
    try (Node here = new Node(config);
        Node there = new Node(config)) {
      SessionAccess access = there.sessions.open(here.create());
      RequestPatience patience = new RequestPatience();
      access.waitsWith(patience);
      patience.asking(() -> Patience.waited(Duration.ofHours(1).toNanos()));

      // Else it may have answered before anybody looks whether it has.
      redis.signal("-STOP");
      try {
        assertThatThrownBy(() -> access.get("large"))
            .isInstanceOf(SessionUnavailableException.class);
      } finally {
        redis.signal("-CONT");
      }
      access.waitsWith(new RequestPatience());
      assertThat(access.get("large")).isEqualTo(LARGE);
      end(access);
    }
  }

  @Test
  void areWrittenReplacedAndRemovedUnread() {
    SessionConfig.Builder config =
        SessionConfig.builder()
            .redisUrl(redis.url())
            .redisTimeout(Duration.ofSeconds(20))
            .lazyAbove(1_000);
    try (Node here = new Node(config);
        Node there = new Node(config)) {
      String id = here.create();

      SessionAccess access = there.sessions.open(id);
      access.set("small", "2");
      access.remove("large");
      access.set("larger", list("new"));
      end(access);

      access = here.sessions.open(id);
      assertThat(access.names()).containsExactlyInAnyOrder("larger", "small");
      assertThat(access.get("larger")).isEqualTo(List.of("new"));
      end(access);
    }
  }

  @Test
  void showWhatAnotherNodeHasWrittenMeanwhile() {
    SessionConfig.Builder config =
        SessionConfig.builder()
            .redisUrl(redis.url())
            .redisTimeout(Duration.ofSeconds(20))
            .lazyAbove(1_000);
    try (Node here = new Node(config);
        Node there = new Node(config)) {
      String id = here.create();
      SessionAccess access = there.sessions.open(id);
      access.get("larger");
      SessionAccess other = here.sessions.open(id);
      other.set("larger", list(LARGE + "new"));
      other.rotate();
      end(other);

      assertThat(access.get("large")).isEqualTo(LARGE);
      assertThat(access.get("larger")).isEqualTo(List.of(LARGE));
      end(access);
      access = there.sessions.open(other.id());
      assertThat(access.get("larger")).isEqualTo(List.of(LARGE + "new"));
      end(access);
    }
  }

  @Test
  void readAsAbsentOnceTheSessionHasEnded() {
    SessionConfig.Builder config =
        SessionConfig.builder()
            .redisUrl(redis.url())
            .redisTimeout(Duration.ofSeconds(20))
            .lazyAbove(1_000);
    try (Node here = new Node(config);
        Node there = new Node(config)) {
      String id = here.create();
      SessionAccess access = there.sessions.open(id);
      here.sessions.open(id).invalidate();

      assertThat(access.get("large")).isNull();
      assertThat(access.get("small")).isEqualTo("1");
      end(access);
    }
  }

  @Test
  void areReadableAtTheEnd() {
    SessionConfig.Builder config =
        SessionConfig.builder()
            .redisUrl(redis.url())
            .redisTimeout(Duration.ofSeconds(20))
            .lazyAbove(1_000);
    List<Object> seen = new ArrayList<>();
    SessionEvents<SessionAccess> events =
        new SessionEvents<>() {
          @Override
          public boolean isListening() {
            return true;
          }

          @Override
          public void ended(SessionAccess session) {
            seen.add(session.get("large"));
          }
        };
    try (Node here = new Node(config);
        Node there = new Node(config, events)) {
      there.sessions.open(here.create()).invalidate();
    }
    assertThat(seen).containsExactly(LARGE);
  }

  private static void end(SessionAccess access) {
    access.commit();
    access.release();
  }

  private static List<String> list(String item) {
    return new ArrayList<>(List.of(item));
  }

  private static final class Node implements AutoCloseable {
    private final ObservedStore store;
    private final LiveSessions sessions;

    private Node(SessionConfig.Builder config) {
      this(config, SessionEvents.none());
    }

    private Node(SessionConfig.Builder config, SessionEvents<SessionAccess> events) {
      SessionStore records = RedisSessionStore.connect(config.build(), "large");
      store = new ObservedStore(records);
      SessionRules rules =
          new SessionRules(
              Duration.ofMinutes(10), true, Duration.ofMinutes(1), Duration.ofSeconds(30));
      sessions =
          new LiveSessions(
              store, new SerializationCodec(), rules.withNearCache(100, 1 << 20), events);
    }

    private String create() {
      SessionAccess access = sessions.create();
      access.set("small", "1");
      access.set("large", LARGE);
      access.set("larger", list(LARGE));
      end(access);
      return access.id();
    }

    @Override
    public void close() {
      sessions.close();
    }
  }
}
