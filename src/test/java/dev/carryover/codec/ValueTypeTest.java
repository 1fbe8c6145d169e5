package dev.carryover.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What class bytes name, told without looking for it. */
class ValueTypeTest {

  private final KryoCodec codec =
      KryoCodec.builder(getClass().getClassLoader()).compressAbove(1_000).build();

  @Test
  void namesTheClassOfAValue() {
    for (Object value :
        List.of(
            "short",
            "x".repeat(100),
            "€".repeat(5),
            1,
            2L,
            true,
            new Date(),
            new ArrayList<>(List.of(1, 2)),
            new TreeMap<>(Map.of("a", 1)),
            new String[] {"a"},
            new byte[] {1},
            Thread.State.NEW,
            new Order(3),
            new Order[] {new Order(4)})) {
      assertThat(ValueType.of(codec.encode(value))).isEqualTo(value.getClass().getName());
    }
  }

  @Test
  void looksIntoACompressedValue() {
    byte[] bytes = codec.encode(new ArrayList<>(List.of("x".repeat(10_000))));
    assertThat(Compression.isCompressed(bytes)).isTrue();
    assertThat(ValueType.of(bytes)).isEqualTo("java.util.ArrayList");
  }

  @Test
  void saysWhatIsNoValue() {
    assertThat(ValueType.of(new byte[] {Sealing.FORMAT, 1, 2})).isEqualTo("sealed");
    assertThat(ValueType.of(new byte[0])).isEqualTo("unreadable");
    assertThat(ValueType.of(new byte[] {99, 1})).isEqualTo("unreadable");
  }

  @Test
  void damagedBytesNameSomethingOrNothing() {
    byte[] bytes = codec.encode(new Order(5));
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      byte[] damaged = bytes.clone();
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length + 1));
      assertThat(ValueType.of(damaged)).isNotNull().hasSizeLessThan(400);
    }
  }

  private static final class Order implements Serializable {
    private final int number;

    Order(int number) {
      this.number = number;
    }

    @Override
    public String toString() {
      return "order " + number;
    }
  }
}
