package dev.carryover.bench.web;

import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;

/** The machine and the versions that figures were measured with. */
record Environment(int cores, String system, String java, String tomcat, String redis) {

  static Environment here() {
    return new Environment(
        Runtime.getRuntime().availableProcessors(),
        property("os.name") + " " + property("os.arch"),
        property("java.vm.name") + " " + property("java.version"),
        property("carryover-test.tomcat10").replaceFirst(".*apache-tomcat-", ""),
        redisVersion());
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }

  private static String redisVersion() {
    try (RedisServer server = RedisServer.start();
        RedisProbe probe = RedisProbe.of(server)) {
      String info = (String) probe.command("INFO", "server");
      return info.lines()
          .filter(line -> line.startsWith("redis_version:"))
          .map(line -> line.substring("redis_version:".length()))
          .findFirst()
          .orElse("unknown");
    }
  }

  @Override
  public String toString() {
    return cores + " cores, " + system + ", " + java + ", Tomcat " + tomcat + ", Redis " + redis;
  }
}
