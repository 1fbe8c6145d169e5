package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.codec.KryoCodec;
import dev.carryover.testing.Browser;
import dev.carryover.testing.JettyNode;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.app.OperationsServlet;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recordreader.RecordReader;

/** A session's record, read by another program with Redisson and the thin jar on its class path. */
class RecordReaderIT {

  /** The program that reads does not have this class. */
  private static final class Gone implements Serializable {}

  @TempDir Path directory;

  @Test
  void anyProgramReadsARecordAsARedissonMap() throws Exception {
    try (RedisServer redis = RedisServer.start();
        RedisProbe probe = RedisProbe.of(redis);
        JettyNode node = node(redis)) {
      Browser browser = Browser.browser();
      browser.get(node.uri("/carry?add=pear&job=1"));
      browser.get(node.uri("/carry?add=apple"));
      browser.get(
          node.uri("/do?do=set:text:" + "long+text+".repeat(100) + "&do=list:list:x&do=set:~t:y"));
      String key = probe.keys("*session:*").iterator().next();
      probe.hset(
          key, "gone", KryoCodec.forClassLoader(Gone.class.getClassLoader()).encode(new Gone()));
      probe.hset(key, "~principal", "ann".getBytes(StandardCharsets.UTF_8));
      assertThat(probe.hget(key, "text")[0]).as("compressed").isEqualTo((byte) 0x11);

      List<String> lines = read(redis, key);

      assertThat(lines)
          .contains(
              "cart Cart Cart[pear, apple]",
              "one: Cart[pear, apple]",
              "list ArrayList [x]",
              "text String " + "long text ".repeat(100),
              "~~t String y",
              "~principal String ann")
          .anyMatch(line -> line.matches("gone CodecException .*Gone is not found by .*"))
          .anyMatch(line -> line.matches("~created Long \\d{13}"))
          .anyMatch(line -> line.matches("~state String 1800 \\d+ \\d+"))
          .anyMatch(line -> line.startsWith("~changes byte[] "))
          .noneMatch(line -> line.startsWith("job"));
    }
  }

  private JettyNode node(RedisServer redis) {
    Path war =
        WarBuilder.war()
            .classes(OperationsServlet.class)
            .classesOfPackage("carryapp")
            .carryover()
            .build(directory.resolve("read.war"));
    return JettyNode.node()
        .war(war)
        .contextParam("carryover.redis.url", redis.url())
        .contextParam("carryover.codec.compress-above", "512B")
        .start();
  }

  private List<String> read(RedisServer redis, String key) throws Exception {
    Path output = directory.resolve("output");
    Process program =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                RecordReader.class.getName(),
                redis.url(),
                key)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(program.waitFor()).as(Files.readString(output)).isZero();
    } finally {
      program.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
    return lines.subList(lines.indexOf(RecordReader.BEGIN) + 1, lines.size());
  }

  /**
   * The thin jar, what it depends on, and the application's classes; none of our own class files.
   */
  private String classPath() throws IOException {
    Path classes = directory.resolve("classes");
    for (String home : List.of("carryapp", "recordreader")) {
      Path from = Path.of(System.getProperty("carryover-test.directory"), "test-classes", home);
      Path to = Files.createDirectories(classes.resolve(home));
      try (Stream<Path> files = Files.list(from)) {
        for (Path file : files.toList()) {
          Files.copy(file, to.resolve(file.getFileName()));
        }
      }
    }
    String jar = System.getProperty("carryover-test.all-jar").replace("-all.jar", ".jar");
    assertThat(Path.of(jar)).exists();
    Stream<String> libraries =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(path -> path.endsWith(".jar"))
            .filter(path -> !Path.of(path).getFileName().toString().startsWith("carryover"));
    return Stream.concat(Stream.of(classes.toString(), jar), libraries)
        .collect(Collectors.joining(File.pathSeparator));
  }
}
