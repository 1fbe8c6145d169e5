package dev.carryover.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.config.SessionConfig;
import dev.carryover.session.SessionId;
import dev.carryover.store.NewSession;
import dev.carryover.store.SessionStore;
import dev.carryover.store.SessionStoreException;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Redis moves to another address, as where a name service leads to whichever is the master. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "Only there is all of 127/8 this machine")
class AddressChangeIT {

  private static final String ELSEWHERE = "127.0.0.2";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final RedisServer here = RedisServer.start();
  private final RedisServer there =
      RedisServer.start(
          "bind " + ELSEWHERE,
          "port " + here.port(),
          "replica-priority 1",
          "replicaof 127.0.0.1 " + here.port());

  @AfterEach
  void stop() {
    ChangingNames.change(InetAddress.getLoopbackAddress());
    there.close();
    here.close();
  }

  @Test
  void sessionsAreServedFromTheNewAddress() throws Exception {
    String id = SessionId.create();
    try (SessionStore store = connect()) {
      store.create(
          new NewSession(id, store.currentTimeMillis(), 600, null, Map.of("a", new byte[] {1})));
      awaitReplicated();

      here.kill();
      promote();
      ChangingNames.change(InetAddress.getByName(ELSEWHERE));

      await()
          .atMost(PATIENCE)
          .ignoreException(SessionStoreException.class)
          .until(() -> store.open(id, 0) != null);
      assertThat(store.open(id, 0).attributes()).containsOnlyKeys("a");
    }
  }

  private SessionStore connect() {
    String yaml =
        "singleServerConfig: {address: \"redis://redis.example:"
            + here.port()
            + "\", dnsMonitoringInterval: 1000, timeout: 2000}\n"
            + "addressResolverGroupFactory: !<"
            + ChangingNames.class.getName()
            + "> {}\n";
    SessionConfig config = SessionConfig.builder().redisTimeout(Duration.ofSeconds(5)).build();
    return RedisSessionStore.fromYaml(yaml, config, "shop");
  }

  private void awaitReplicated() {
    try (RedisProbe probe = RedisProbe.of(here)) {
      probe.command("SET", "last", "last");
      assertThat(probe.command("WAIT", "1", "30000")).isEqualTo(1L);
    }
  }

  private void promote() {
    try (RedisProbe probe = RedisProbe.at(ELSEWHERE, here.port())) {
      probe.command("REPLICAOF", "NO", "ONE");
    }
  }
}
