package dev.carryover.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.config.ReadMode;
import dev.carryover.config.SessionConfig;
import dev.carryover.session.SessionId;
import dev.carryover.store.Hold;
import dev.carryover.store.NewSession;
import dev.carryover.store.SessionDelta;
import dev.carryover.store.SessionStore;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What makes a node lose its hold on a session, and what does not. */
class HoldsIT {

  private static RedisServer redis;
  private static RedisProbe probe;
  private static SessionStore here;
  private static SessionStore there;

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
    probe = RedisProbe.of(redis);
    SessionConfig config =
        SessionConfig.builder()
            .redisUrl(redis.url())
            .redisTimeout(Duration.ofSeconds(20))
            .read(ReadMode.TRUSTED)
            .build();
    here = RedisSessionStore.connect(config, "shop");
    there = RedisSessionStore.connect(config, "shop");
  }

  @AfterAll
  static void stop() {
    here.close();
    there.close();
    probe.close();
    redis.close();
  }

  /** What another node may do. */
  enum Elsewhere {
    OPEN(id -> there.open(id, 0)),
    OPEN_AND_HOLD(id -> there.open(id, 0, new Hold())),
    COMMIT(id -> there.commit(write(id))),
    END(id -> there.end(id, 0, Duration.ZERO)),
    ROTATE(id -> there.commit(rotate(id)));

    private final Consumer<String> action;

    Elsewhere(Consumer<String> action) {
      this.action = action;
    }
  }

  @ParameterizedTest
  @EnumSource
  void isLostByWhatAnotherNodeDoes(Elsewhere elsewhere) {
    String id = create();
    Hold hold = hold(id);

    elsewhere.action.accept(id);

    await().until(hold::isLost);
  }

  @Test
  void isKeptByWhatThisNodeDoes() {
    String id = create();
    Hold hold = hold(id);
    SessionDelta delta = write(id);
    delta.heldBy(hold);
    here.commit(delta);
    here.touch(id, hold);
    here.open(id, 2, hold);
    here.touch(id, hold);

    awaitSomethingHeard();
    assertThat(hold.isLost()).isFalse();
  }

  @Test
  void isLostByATouchThatFindsNoSession() {
    String id = create();
    Hold hold = hold(id);
    probe.delete("carryover:{shop:" + id.charAt(0) + "}:session:" + id);

    here.touch(id, hold);

    await().until(hold::isLost);
  }

  @Test
  void isLostOnceTheChannelIsSubscribedToAnew() {
    Hold hold = hold(create());
    probe.command("CLIENT", "KILL", "TYPE", "pubsub");

    await().until(hold::isLost);
    assertThat(hold(create()).isLost()).isFalse();
  }

  @Test
  void isNotEvenGivenByAStoreThatDoesNotListen() {
    SessionConfig config =
        SessionConfig.builder().redisUrl(redis.url()).redisTimeout(Duration.ofSeconds(20)).build();
    try (SessionStore deaf = RedisSessionStore.connect(config, "shop")) {
      Hold hold = new Hold();
      assertThat(deaf.open(create(), 0, hold)).isNotNull();
      assertThat(hold.isLost()).isTrue();
    }
  }

  /** A hold of this node, once it can be sure to hear. */
  private static Hold hold(String id) {
    Hold[] hold = new Hold[1];
    await()
        .until(
            () -> {
              hold[0] = new Hold();
              here.open(id, 0, hold[0]);
              return !hold[0].isLost();
            });
    return hold[0];
  }

  /**
   * Words come in the order in which they were said: a later one has come, so has an earlier one.
   */
  private static void awaitSomethingHeard() {
    String id = create();
    Hold other = hold(id);
    there.open(id, 0);
    await().until(other::isLost);
  }

  private static String create() {
    String id = SessionId.create();
    here.create(new NewSession(id, 0, 600, null, Map.of("a", new byte[] {1})));
    return id;
  }

  private static SessionDelta write(String id) {
    SessionDelta delta = new SessionDelta(id);
    delta.write("a", new byte[] {2});
    return delta;
  }

  private static SessionDelta rotate(String id) {
    SessionDelta delta = new SessionDelta(id);
    delta.rotateTo(SessionId.rotated(id));
    return delta;
  }
}
