package dev.carryover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.RedisCluster;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebXml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the doctor says of Redis servers that are well, and of those that are not. */
class DoctorIT {

  private static final String SAFE = "appendonly yes";

  @TempDir Path directory;

  @Test
  void nothingIsWrongWithASafeServer() {
    try (RedisServer redis = RedisServer.start(SAFE)) {
      CommandLineRun run = doctor(redis.url());
      assertThat(run.out())
          .contains(redis.url() + ", one server")
          .contains("Redis 6.2")
          .containsPattern("p50 \\d+\\.\\d\\d ms, p99")
          .contains("maxmemory-policy noeviction", "append-only file", "all that is needed")
          .contains("as this machine's", "off, on this machine")
          .doesNotContain("WARN", "FAIL");
      assertThat(run.exitCode()).isZero();
      try (RedisProbe probe = RedisProbe.of(redis)) {
        assertThat(probe.keys("*")).isEmpty();
      }
    }
  }

  @Test
  void evictionAndLackOfPersistenceAreWarnings() {
    try (RedisServer redis = RedisServer.start("maxmemory 50mb", "maxmemory-policy allkeys-lru")) {
      CommandLineRun run = doctor(redis.url());
      assertThat(run.out())
          .contains("maxmemory-policy allkeys-lru evicts sessions")
          .contains("-> set maxmemory-policy noeviction")
          .contains("no append-only file and no replica");
      assertThat(run.exitCode()).isEqualTo(1);
    }
  }

  @Test
  void eachMasterOfAClusterIsLookedAt() {
    try (RedisCluster cluster = RedisCluster.start(SAFE)) {
      CommandLineRun run = doctor(cluster.url());
      assertThat(run.out()).contains(", Cluster of 3 masters");
      cluster
          .masters()
          .forEach(
              master ->
                  assertThat(run.out()).contains("127.0.0.1:" + master.port() + ": all that is"));
      assertThat(run.exitCode()).as(run.out()).isZero();
      CommandLineRun asSingle =
          CommandLineRun.of("doctor", "--redis-url", cluster.masters().get(0).url());
      assertThat(asSingle.exitCode()).as(asSingle.out()).isEqualTo(2);
      assertThat(asSingle.out()).contains("use redis-cluster://");
    }
  }

  @Test
  void masterIsFoundThroughSentinel() {
    try (RedisServer master = RedisServer.start(SAFE);
        RedisServer sentinel =
            RedisServer.start("sentinel monitor primary 127.0.0.1 " + master.port() + " 1")) {
      CommandLineRun run = doctor("redis-sentinel://127.0.0.1:" + sentinel.port() + "/primary");
      assertThat(run.out()).contains("Sentinel, the master is 127.0.0.1:" + master.port());
      assertThat(run.exitCode()).as(run.out()).isZero();
      CommandLineRun other =
          CommandLineRun.of(
              "doctor", "--redis-url", "redis-sentinel://127.0.0.1:" + sentinel.port() + "/other");
      assertThat(other.exitCode()).isEqualTo(2);
      assertThat(other.out()).startsWith("FAIL  connection");
    }
  }

  @Test
  void replicaIsNoPlaceForSessions() {
    try (RedisServer master = RedisServer.start(SAFE);
        RedisServer replica = RedisServer.start(SAFE, "replicaof 127.0.0.1 " + master.port())) {
      await().atMost(Duration.ofSeconds(30)).until(() -> info(replica).contains("link_status:up"));
      CommandLineRun run = doctor(replica.url());
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.out()).contains("FAIL  role         a replica");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"evalsha", "hgetall", "zadd", "time"})
  void missingRightsAreNamed(String command) {
    try (RedisServer redis =
        RedisServer.start(SAFE, "user shop on >word ~carryover:* +@all -" + command)) {
      CommandLineRun run = doctor(as("shop:word@", redis));
      assertThat(run.exitCode()).as(run.out()).isEqualTo(2);
      assertThat(run.out())
          .contains(
              "FAIL  rights       this user may not, on keys of carryover: "
                  + upper(command)
                  + '\n')
          .contains("-> ACL SETUSER shop ~carryover:* +" + command);
    }
  }

  /** Each of them takes no session, whatever it says of itself. */
  @ParameterizedTest
  @CsvSource({
    "maxmemory 1, 'HSET: OOM', give it more memory",
    "min-replicas-to-write 1, 'HSET: NOREPLICAS', lower min-replicas-to-write",
    "rename-command EVALSHA '', 'EVALSHA: ERR unknown', must have its own name",
    "rename-command HSET '', 'HSET: ERR unknown', must have its own name"
  })
  void serverThatTakesNoSessionIsNoPlaceForThem(String line, String refusal, String remedy) {
    try (RedisServer redis = RedisServer.start(SAFE, line.replace("''", "\"\""))) {
      CommandLineRun run = doctor(redis.url());
      assertThat(run.out()).contains("FAIL  writes       Redis refuses " + refusal, remedy);
      assertThat(run.exitCode()).as(run.out()).isEqualTo(2);
    }
  }

  @Test
  void memoryThatIsNearlyFullIsAWarning() {
    try (RedisServer redis = RedisServer.start(SAFE)) {
      try (RedisProbe probe = RedisProbe.of(redis)) {
        long used = Long.parseLong(info(redis).replaceAll("(?s).*used_memory:(\\d+).*", "$1"));
        probe.command("CONFIG", "SET", "maxmemory", String.valueOf(used));
      }
      assertThat(doctor(redis.url()).out())
          .contains("WARN  memory       more than 90 % of maxmemory is used");
    }
  }

  /** Redisson asks for it before anything else. */
  @Test
  void rightThatConnectionsNeedIsNamedToo() {
    try (RedisServer redis = RedisServer.start("user shop on >word ~carryover:* +@all -ping")) {
      CommandLineRun run = CommandLineRun.of("doctor", "--redis-url", as("shop:word@", redis));
      assertThat(run.exitCode()).as(run.out()).isEqualTo(2);
      assertThat(run.out()).containsPattern("FAIL .*NOPERM.*ping").contains("give the user");
    }
  }

  /** What is needed only with {@code min-replica-acks}. */
  @Test
  void rightToWaitForReplicasIsNamedWhereItIsNeeded() {
    try (RedisServer redis =
        RedisServer.start(SAFE, "user shop on >word ~carryover:* +@all -wait")) {
      assertThat(doctor(as("shop:word@", redis)).exitCode()).isZero();
      CommandLineRun run = doctor(as("shop:word@", redis), "min-replica-acks=1\n");
      assertThat(run.exitCode()).as(run.out()).isEqualTo(2);
      assertThat(run.out())
          .contains("FAIL  rights       this user may not, on keys of carryover: WAIT\n")
          .contains("-> ACL SETUSER shop ~carryover:* +wait");
    }
  }

  /** What is needed only with {@code read=trusted}: the commands, and the channels. */
  @Test
  void rightsToHearOfOtherNodesAreNamedWhereTheyAreNeeded() {
    try (RedisServer redis =
        RedisServer.start(
            SAFE,
            "user shop on >word ~carryover:* &* +@all -subscribe",
            "user deaf on >word ~carryover:* resetchannels +@all")) {
      assertThat(doctor(as("shop:word@", redis)).exitCode()).isZero();
      CommandLineRun run = doctor(as("shop:word@", redis), "read=trusted\n");
      assertThat(run.exitCode()).as(run.out()).isEqualTo(2);
      assertThat(run.out())
          .contains("FAIL  rights       this user may not, on keys of carryover: SUBSCRIBE\n")
          .contains("-> ACL SETUSER shop ~carryover:* &carryover:* +subscribe");

      assertThat(doctor(as("deaf:word@", redis)).exitCode()).isZero();
      assertThat(doctor(as("deaf:word@", redis), "read=trusted\n").out())
          .contains("-> ACL SETUSER deaf ~carryover:* &carryover:* +publish +subscribe");
    }
  }

  @Test
  void replicasThatHaveToAcknowledgeButAreNotThereAreMissed() {
    try (RedisServer redis = RedisServer.start(SAFE)) {
      CommandLineRun run = doctor(redis.url(), "min-replica-acks=1\n");
      assertThat(run.exitCode()).as(run.out()).isEqualTo(1);
      assertThat(run.out())
          .contains(
              "WARN  acks         1 replicas have to acknowledge changes, and there are 0: nobody waits")
          .contains("-> add replicas, or lower min-replica-acks");
      CommandLineRun failing = doctor(redis.url(), "min-replica-acks=1\non-missing-acks=fail\n");
      assertThat(failing.exitCode()).as(failing.out()).isEqualTo(2);
      assertThat(failing.out())
          .contains("FAIL  acks         1 replicas have")
          .contains("there are 0: no session can be saved");

      try (RedisServer replica = RedisServer.start("replicaof 127.0.0.1 " + redis.port())) {
        await().until(() -> info(redis).contains("connected_slaves:1"));
        assertThat(doctor(redis.url(), "min-replica-acks=1\n").exitCode())
            .as(replica.url())
            .isZero();
      }
    }
  }

  @Test
  void filtersThatSeeTheContainersSessionAreNamed() {
    try (RedisServer redis = RedisServer.start(SAFE)) {
      Path war =
          WarBuilder.war()
              .webXml(
                  WebXml.with(
                      "<filter><filter-name>encoding</filter-name>"
                          + "<filter-class>shop.Encoding</filter-class></filter>"
                          + "<filter-mapping><filter-name>encoding</filter-name>"
                          + "<url-pattern>/*</url-pattern></filter-mapping>",
                      WebXml.filter("redis.url", redis.url())))
              .build(directory.resolve("app.war"));
      CommandLineRun run = CommandLineRun.of("doctor", war);
      assertThat(run.exitCode()).as(run.out()).isEqualTo(1);
      assertThat(run.out())
          .contains("WARN  filter       comes after [encoding] in web.xml")
          .contains("put the filter-mapping of sessions before theirs");
    }
  }

  /** The example and the doctor know the same rights. */
  @Test
  void userOfTheExampleHasAllRights() throws IOException {
    Path users = directory.resolve("users.acl");
    String example = Files.readString(Path.of("conf-examples", "users.acl"));
    Files.writeString(users, example + "user none on >none ~carryover:* -@all +ping\n");
    try (RedisServer redis = RedisServer.start("aclfile " + users)) {
      CommandLineRun run = doctor(as("carryover:change-me@", redis));
      assertThat(run.exitCode()).as(run.out()).isZero();
      assertThat(run.out()).contains("all that is needed", "may not ask for INFO");
      String missing =
          doctor(as("none:none@", redis))
              .out()
              .replaceAll("(?s).*on keys of carryover: |\\R.*", "");
      assertThat(List.of(missing.split(", ")))
          .containsExactlyInAnyOrderElementsOf(
              Stream.of(example.split("\\s+"))
                  .filter(word -> word.matches("\\+(?!ping|publish|subscribe).*"))
                  .map(word -> upper(word.substring(1)))
                  .toList());
    }
  }

  @Test
  void nothingIsLeftForLongWhereNothingMayBeDeleted() {
    for (String denied : List.of("-del", "-del -hdel", "-del -rename", "-del -persist")) {
      try (RedisServer redis =
          RedisServer.start(SAFE, "user shop on >word ~carryover:* +@all " + denied)) {
        assertThat(doctor(as("shop:word@", redis)).exitCode()).isEqualTo(2);
        try (RedisProbe probe = RedisProbe.of(redis)) {
          assertThat(probe.keys("*"))
              .as(denied)
              .allSatisfy(key -> assertThat(probe.pttl(key)).isBetween(1L, 600_000L));
        }
      }
    }
  }

  @Test
  void keysThatAreNotAllowedAreRightsToo() {
    try (RedisServer redis = RedisServer.start(SAFE, "user shop on >word ~other:* +@all")) {
      CommandLineRun run = doctor(as("shop:word@", redis));
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.out()).contains("EVALSHA", "HSET", "ZADD");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "shop:wr0ng@, put the right user and password into the URL",
    ":wr0ng@, put the right user and password into the URL",
    "'', Redis wants a password"
  })
  void wrongPasswordIsSaidAndNotShown(String credentials, String remedy) {
    try (RedisServer redis = RedisServer.start("requirepass right", "user shop on >sesame +@all")) {
      CommandLineRun run = CommandLineRun.of("doctor", "--redis-url", as(credentials, redis));
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.out()).startsWith("FAIL  connection").contains(remedy);
      assertThat(run.out() + run.err()).doesNotContain("wr0ng", "sesame", "\tat ");
    }
  }

  @Test
  void serverThatIsNotThereIsSaid() {
    RedisServer gone = RedisServer.start();
    gone.close();
    CommandLineRun run = CommandLineRun.of("doctor", "--redis-url", gone.url());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).startsWith("FAIL  connection").contains("is Redis running there");
  }

  @Test
  void isConfiguredAsTheWebApplicationIs() {
    try (RedisServer redis = RedisServer.start(SAFE)) {
      for (WarBuilder war :
          List.of(
              WarBuilder.war()
                  .webXml(WebXml.with())
                  .file("WEB-INF/carryover.properties", "redis.url=" + redis.url()),
              WarBuilder.war().webXml(WebXml.with(WebXml.filter("redis.url", redis.url()))),
              WarBuilder.war()
                  .webXml(
                      WebXml.with(
                          "<context-param><param-name>carryover.redis.url</param-name><param-value>"
                              + redis.url()
                              + "</param-value></context-param>")),
              WarBuilder.war()
                  .webXml(WebXml.with(WebXml.filter("redisson.config", "redisson.yaml")))
                  .file(
                      "WEB-INF/redisson.yaml",
                      "singleServerConfig:\n  address: \"" + redis.url() + "\"\n"))) {
        CommandLineRun run = CommandLineRun.of("doctor", war.build(directory.resolve("app.war")));
        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
      }
    }
  }

  @Test
  void wrongConfigurationIsSaid() {
    Path war =
        WarBuilder.war()
            .file("WEB-INF/carryover.properties", "redis.ulr=redis://host")
            .build(directory.resolve("app.war"));
    CommandLineRun run = CommandLineRun.of("doctor", war);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("did you mean carryover.redis.url?").doesNotContain("\tat ");
  }

  /** As the web application of a slow machine would be: its time-out is no matter here. */
  private CommandLineRun doctor(String url) {
    return doctor(url, "");
  }

  private CommandLineRun doctor(String url, String settings) {
    Path war =
        WarBuilder.war()
            .file(
                "WEB-INF/carryover.properties",
                "redis.timeout=30s\nredis.connect-timeout=5s\n" + settings)
            .build(directory.resolve("patient.war"));
    return CommandLineRun.of("doctor", "--redis-url", url, war);
  }

  private static String as(String credentials, RedisServer redis) {
    return redis.url().replace("redis://", "redis://" + credentials);
  }

  private static String info(RedisServer redis) {
    try (RedisProbe probe = RedisProbe.of(redis)) {
      return String.valueOf(probe.command("INFO"));
    }
  }

  private static String upper(String command) {
    return Stream.of(command).map(String::toUpperCase).findFirst().orElseThrow();
  }
}
