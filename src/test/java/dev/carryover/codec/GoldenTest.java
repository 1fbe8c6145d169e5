package dev.carryover.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was written by every released format is read, and today's bytes are those of today's. */
class GoldenTest {

  private static final Path ROOT = Path.of("src", "test", "resources", "golden");
  private static final Path TODAY = ROOT.resolve("v" + KryoCodec.FORMAT);

  private static final KryoCodec CODEC =
      KryoCodec.forClassLoader(GoldenTest.class.getClassLoader());

  private static final KryoCodec COMPRESSING =
      KryoCodec.builder(GoldenTest.class.getClassLoader()).compressAbove(64).build();

  private static final Map<String, Object> VALUES = GoldenValues.all();

  /** Of classes that write themselves, and not on every JDK the same. */
  private static final Set<String> OF_THE_JDK = Set.of("synchronizedlist");

  private static byte[] encoded(String name) {
    return (name.equals("compressed") ? COMPRESSING : CODEC).encode(VALUES.get(name));
  }

  /** Not every zlib writes the same bytes. */
  private static byte[] plain(byte[] bytes) {
    return new Compression(Compression.NEVER, Integer.MAX_VALUE).unpack(bytes);
  }

  static Stream<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files.filter(Files::isRegularFile).sorted().toList().stream();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString().replace(".bin", "");
  }

  @ParameterizedTest
  @MethodSource("files")
  void isRead(Path file) throws IOException {
    Object value = CODEC.decode(Files.readAllBytes(file));

    assertThat(VALUES).containsKey(name(file));
    assertThat(Isomorphism.difference(VALUES.get(name(file)), value)).isNull();
  }

  static Stream<String> names() {
    return VALUES.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void isWrittenAsEver(String name) throws IOException {
    assumeTrue(Runtime.version().feature() == 17 || !OF_THE_JDK.contains(name));
    byte[] bytes = encoded(name);
    byte[] written = Files.readAllBytes(TODAY.resolve(name + ".bin"));
    assertThat(bytes[0]).isEqualTo(written[0]);
    assertThat(plain(bytes))
        .as("bytes that are not those of format %d: a new version is needed", KryoCodec.FORMAT)
        .isEqualTo(plain(written));
  }

  @Test
  void everyFormatHasItsFiles() throws IOException {
    for (int version = 1; version <= KryoCodec.FORMAT; version++) {
      assertThat(ROOT.resolve("v" + version)).isDirectory().isNotEmptyDirectory();
    }
    assertThat(VALUES.keySet())
        .isEqualTo(
            new TreeSet<>(
                Stream.of(TODAY.toFile().list()).map(Path::of).map(GoldenTest::name).toList()));
  }

  /** With -Dgolden.write: makes the files that are not there yet, and leaves those that are. */
  @Test
  void writesWhatIsMissing() throws IOException {
    assumeTrue(Boolean.getBoolean("golden.write"));
    Files.createDirectories(TODAY);
    for (Map.Entry<String, Object> each : VALUES.entrySet()) {
      Path file = TODAY.resolve(each.getKey() + ".bin");
      if (!Files.exists(file)) {
        Files.write(file, encoded(each.getKey()));
      }
    }
  }
}
