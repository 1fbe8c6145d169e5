package dev.carryover.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Graphs of all shapes come back as they were, or are refused; and never refused without need. */
class RandomGraphTest {

  private static final KryoCodec CODEC =
      KryoCodec.forClassLoader(RandomGraphTest.class.getClassLoader());

  @Property
  void comesBackAsItWas(@ForAll long seed) {
    Object original = RandomGraph.of(seed);
    byte[] bytes;
    try {
      bytes = CODEC.encode(original);
    } catch (CodecException refused) {
      assertThat(refused).hasMessageContaining("a cycle through");
      assertThat(Isomorphism.difference(original, byJava(seed)))
          .as("what Java serialisation makes of what we refuse")
          .isNotNull();
      return;
    }
    Object copy = CODEC.decode(bytes);
    assertThat(Isomorphism.difference(original, copy)).isNull();
    assertThat(CODEC.encode(copy)).isEqualTo(bytes);
  }

  /** Something else if it fails. */
  private static Object byJava(long seed) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(RandomGraph.of(seed));
      return new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
    } catch (Exception | StackOverflowError e) {
      return e;
    }
  }

  @Test
  void theSameSeedMakesTheSameGraph() {
    for (int seed = 0; seed < 100; seed++) {
      assertThat(Isomorphism.difference(RandomGraph.of(seed), RandomGraph.of(seed))).isNull();
    }
    assertThat(Isomorphism.difference(RandomGraph.of(1), RandomGraph.of(2))).isNotNull();
  }
}
