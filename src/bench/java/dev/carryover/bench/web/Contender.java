package dev.carryover.bench.web;

import dev.carryover.config.ConfigKey;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who keeps the sessions. The servlet is the same for all, and knows nothing of it. */
enum Contender {
  MEMORY("container memory") {
    @Override
    boolean keepsToOneNode() {
      return true;
    }
  },
  CARRYOVER("Carryover, validated"),
  TRUSTED("Carryover, trusted") {
    @Override
    Map<String, String> settings() {
      return Map.of("read", "trusted");
    }
  },
  CACHE_OFF("Carryover, near cache off") {
    @Override
    Map<String, String> settings() {
      return Map.of("near-cache", "off");
    }
  },
  SEALED("Carryover, sealed") {
    @Override
    Map<String, String> settings() {
      return Map.of("secret", "a secret of the benchmark's, long enough for any rule: 0123456789");
    }
  },
  SPRING("Spring Session") {
    @Override
    void addTo(WarBuilder war, int redisPort) {
      SpringSession.addTo(war, "RedisHttpSessionConfiguration", redisPort);
    }

    @Override
    boolean loses(Workload workload) {
      return workload == Workload.MUTATE;
    }

    @Override
    Optional<String> absence() {
      return SpringSession.absence();
    }
  },
  SPRING_INDEXED("Spring Session, indexed") {
    @Override
    void addTo(WarBuilder war, int redisPort) {
      SpringSession.addTo(war, "RedisIndexedHttpSessionConfiguration", redisPort);
    }

    @Override
    boolean loses(Workload workload) {
      return workload == Workload.MUTATE;
    }

    @Override
    Optional<String> absence() {
      return SpringSession.absence();
    }
  },
  REDISSON("Redisson's Tomcat manager, strict") {
    @Override
    void addTo(WarBuilder war, int redisPort) {
      RedissonManager.addTo(war, redisPort);
    }

    @Override
    void addTo(WebContainer.Builder node, Path directory, int redisPort) {
      RedissonManager.addTo(node, directory);
    }

    @Override
    boolean loses(Workload workload) {
      return workload == Workload.MUTATE;
    }

    @Override
    Optional<String> absence() {
      return RedissonManager.absence();
    }
  };

  final String title;

  Contender(String title) {
    this.title = title;
  }

  /** Says whether a session is on the node that made it and nowhere else. */
  boolean keepsToOneNode() {
    return false;
  }

  /** Says whether it is known not to keep what this workload does. */
  boolean loses(Workload workload) {
    return false;
  }

  /** Carryover's configuration. */
  Map<String, String> settings() {
    return Map.of();
  }

  /** Says why it cannot take part in this build, if it cannot. */
  Optional<String> absence() {
    return settings().keySet().stream()
        .filter(
            name -> Arrays.stream(ConfigKey.values()).noneMatch(k -> k.shortName().equals(name)))
        .findFirst()
        .map(name -> "there is no key " + name + " yet");
  }

  /** Adds what it needs to the web application. */
  void addTo(WarBuilder war, int redisPort) {
    if (this != MEMORY) {
      war.carryover();
    }
  }

  /** Adds what it needs to the container. */
  void addTo(WebContainer.Builder node, Path directory, int redisPort) {
    node.contextParam("carryover.redis.url", "redis://127.0.0.1:" + redisPort);
    // A machine that is busy otherwise must not look like a Redis that is away.
    node.contextParam("carryover.redis.timeout", "10s");
    settings().forEach((name, value) -> node.contextParam("carryover." + name, value));
  }

  /** Starts a node of it, in a process of its own. */
  WebContainer start(Path directory, int redisPort, List<String> jvmOptions) {
    WarBuilder war = WarBuilder.war().classesOfPackage("benchapp");
    addTo(war, redisPort);
    WebContainer.Builder node =
        WebContainer.Kind.TOMCAT_10.node(war.build(directory.resolve(name() + ".war")));
    addTo(node, directory, redisPort);
    jvmOptions.forEach(node::jvmOption);
    return node.start();
  }
}
