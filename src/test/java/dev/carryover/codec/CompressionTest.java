package dev.carryover.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.io.Output;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionTest {

  private static final int ABOVE = 4 * 1024;

  private final KryoCodec plain = codec().build();
  private final KryoCodec compressing = codec().compressAbove(ABOVE).build();

  private static KryoCodec.Builder codec() {
    return KryoCodec.builder(CompressionTest.class.getClassLoader());
  }

  private static List<String> lines(int count) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add("line " + i + " of a cart that says much the same again and again");
    }
    return lines;
  }

  @Test
  void largeValuesGetSmallerAndAreReadByThoseThatDoNotCompressToo() {
    List<String> value = lines(1_000);
    byte[] bytes = compressing.encode(value);
    assertThat(bytes.length).isLessThan(plain.encode(value).length / 4);
    assertThat(bytes[0]).isEqualTo((byte) 0x11);
    assertThat(compressing.decode(bytes)).isEqualTo(value);
    assertThat(plain.decode(bytes)).isEqualTo(value);
  }

  /** Its length is cut off. */
  @ParameterizedTest
  @ValueSource(strings = {"11", "1180", "11808080"})
  void whatIsDamagedCanBeOverwritten(String damaged) {
    byte[] bytes = HexFormat.of().parseHex(damaged);
    assertThatThrownBy(() -> compressing.decode(bytes)).isInstanceOf(CodecException.class);
    assertThat(compressing.decode(compressing.encode(List.of("new"), bytes)))
        .isEqualTo(List.of("new"));
  }

  @Test
  void equalValuesHaveEqualBytes() {
    byte[] bytes = compressing.encode(lines(1_000));
    assertThat(compressing.encode(lines(1_000))).isEqualTo(bytes);
    assertThat(compressing.encode(compressing.decode(bytes))).isEqualTo(bytes);
  }

  @Test
  void valuesUpToTheSizeStayPlain() {
    byte[] fitting = new byte[ABOVE - plain.encode(new byte[ABOVE]).length + ABOVE];
    assertThat(plain.encode(fitting)).hasSize(ABOVE);
    assertThat(compressing.encode(fitting)).isEqualTo(plain.encode(fitting));
    assertThat(compressing.encode(new byte[fitting.length + 1]).length).isLessThan(100);
  }

  @Test
  void whatDoesNotGetSmallerStaysPlain() {
    byte[] random = new byte[2 * ABOVE];
    new Random(5).nextBytes(random);
    assertThat(compressing.encode(random)).isEqualTo(plain.encode(random));
  }

  private static byte[] deflated(int claimed, byte[] content) throws IOException {
    Output head = new Output(8);
    head.writeByte(0x11);
    head.writeVarInt(claimed, true);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(head.toBytes());
    try (DeflaterOutputStream out =
        new DeflaterOutputStream(bytes, new Deflater(Deflater.BEST_COMPRESSION))) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1, 99_999, 100_001, 1 << 30, Integer.MAX_VALUE})
  void aLengthThatIsNotTrueIsRefused(int claimed) throws IOException {
    byte[] bomb = deflated(claimed, new byte[100_000]);
    assertThatThrownBy(() -> plain.decode(bomb))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("length");
  }

  @Test
  void aBombLargerThanTheCapIsRefusedBeforeItIsUnpacked() throws IOException {
    byte[] bomb = deflated(64 << 20, new byte[64 << 20]);
    assertThat(bomb.length).isLessThan(100_000);
    assertThatThrownBy(() -> plain.decode(bomb)).isInstanceOf(CodecException.class);
    KryoCodec small = codec().filter("maxbytes=50000").build();
    byte[] bytes = compressing.encode(lines(2_000));
    assertThat(bytes.length).isLessThan(50_000);
    assertThatThrownBy(() -> small.decode(bytes)).isInstanceOf(CodecException.class);
  }

  @Test
  void aCompressedValueWithinACompressedOneIsRefused() throws IOException {
    byte[] once = compressing.encode(lines(1_000));
    assertThatThrownBy(() -> plain.decode(deflated(once.length, once)))
        .hasMessageContaining("format 17 is not known here");
  }

  @Test
  void damagedOrTruncatedBytesAreRefused() {
    byte[] bytes = compressing.encode(lines(1_000));
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      byte[] damaged = Arrays.copyOf(bytes, bytes.length);
      int at = 1 + random.nextInt(bytes.length - 1);
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      assertThatThrownBy(() -> plain.decode(damaged))
          .as("%d", at)
          .isInstanceOf(CodecException.class);
      byte[] cut = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length - 1));
      assertThatThrownBy(() -> plain.decode(cut)).isInstanceOf(CodecException.class);
    }
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThatThrownBy(() -> plain.decode(longer)).isInstanceOf(CodecException.class);
  }
}
