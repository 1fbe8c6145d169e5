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
import java.util.ArrayList;
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

  private static final String PATIENT = "redis.timeout=30s\nredis.connect-timeout=5s\n";

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
              "FAIL  rights       this user may not, on keys of patient: " + upper(command) + '\n')
          .contains("-> ACL SETUSER shop ~carryover:{patient:* +" + command);
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
          .contains("FAIL  rights       this user may not, on keys of patient: WAIT\n")
          .contains("-> ACL SETUSER shop ~carryover:{patient:* +wait");
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
          .contains("FAIL  rights       this user may not, on keys of patient: SUBSCRIBE\n")
          .contains("-> ACL SETUSER shop ~carryover:{patient:* &carryover:* +subscribe");

      assertThat(doctor(as("deaf:word@", redis)).exitCode()).isZero();
      assertThat(doctor(as("deaf:word@", redis), "read=trusted\n").out())
          .contains("-> ACL SETUSER deaf ~carryover:{patient:* &carryover:* +publish +subscribe");
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
          doctor(as("none:none@", redis)).out().replaceAll("(?s).*on keys of patient: |\\R.*", "");
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

  /** The one that the README asks for. */
  @Test
  void userOfOneApplicationAloneIsAllThatItNeeds() {
    try (RedisServer redis =
        RedisServer.start(SAFE, "user shop on >word ~carryover:{shop:* +@all")) {
      String url = as("shop:word@", redis);
      for (String name : List.of("shop.war", "shop##2.war")) {
        Path war = directory.resolve(name);
        WarBuilder.war().file("WEB-INF/carryover.properties", PATIENT).build(war);
        assertThat(CommandLineRun.of("doctor", "--redis-url", url, war).out())
            .contains("ok    rights       all that is needed");
      }
      assertThat(doctor(url, "namespace=shop\n").exitCode()).isZero();
      CommandLineRun named = doctor(url, "namespace=other\n", "--namespace", "shop");
      assertThat(named.exitCode()).as(named.out()).isZero();
      assertThat(doctor(url).out())
          .contains("-> ACL SETUSER shop ~carryover:{patient:* +eval +evalsha +");
      assertThat(CommandLineRun.of("doctor", "--redis-url", url).out())
          .contains("-> give --namespace if the user is for one application alone; else ACL")
          .contains("ACL SETUSER shop ~carryover:* +");
    }
  }

  @Test
  void theUrlThatIsTypedOverrulesARedissonFileToo() {
    try (RedisServer redis = RedisServer.start(SAFE)) {
      CommandLineRun run = doctor(redis.url(), "redisson.config=redisson.yaml\n");
      assertThat(run.out()).contains("ok    connection   " + redis.url());
      assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    }
  }

  @Test
  void whatIsTypedAndWrongIsSaidToBeTyped() {
    assertThat(CommandLineRun.of("doctor", "--namespace", "x y").err())
        .contains("carryover.namespace = \"x y\" (command line): expected 1 to 128");
    assertThat(CommandLineRun.of("doctor", "--redis-url", "redis:host").err())
        .contains("(command line): ");
  }

  /** The application would not start with it either. */
  @Test
  void secretsThatCantBeReadAreSaid() throws IOException {
    Path secret = directory.resolve("secret");
    try (RedisServer redis = RedisServer.start(SAFE)) {
      String setting = "secret.file=" + secret + "\n";
      CommandLineRun missing = doctor(redis.url(), setting);
      assertThat(missing.exitCode()).as(missing.out()).isEqualTo(2);
      assertThat(missing.err()).contains("expected a file that can be read");
      Files.writeString(secret, "weak");
      assertThat(doctor(redis.url(), setting).err()).contains("carryover.secret.file");
      Files.writeString(secret, "long enough to be a secret\n");
      assertThat(doctor(redis.url(), setting).exitCode()).isZero();
    }
  }

  @Test
  void whereNoRedisIsWantedNoneIsMissed() {
    RedisServer gone = RedisServer.start();
    gone.close();
    CommandLineRun memory = doctor(gone.url(), "store=memory\n");
    assertThat(memory.out()).contains("WARN  store        memory: ").doesNotContain("FAIL");
    assertThat(memory.exitCode()).isEqualTo(1);
    CommandLineRun off = doctor(gone.url(), "enabled=false\n");
    assertThat(off.out())
        .isEqualToIgnoringNewLines(
            "note  enabled      is false: the container keeps the sessions"
                + "                   -> take it out of the configuration to have them carried");
    assertThat(off.exitCode()).isZero();
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
  void isConfiguredAsTheWebApplicationIs() throws IOException {
    CommandLineRun.smallJar(directory, "1");
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
        war.lib(directory.resolve("carryover-1-all.jar"));
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

  private CommandLineRun doctor(String url, String settings, String... options) {
    Path war =
        WarBuilder.war()
            .file("WEB-INF/carryover.properties", PATIENT + settings)
            .build(directory.resolve("patient.war"));
    List<Object> arguments = new ArrayList<>(List.of("doctor", "--redis-url", url, war));
    arguments.addAll(List.of(options));
    return CommandLineRun.of(arguments.toArray());
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
