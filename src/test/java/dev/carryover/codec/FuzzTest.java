package dev.carryover.codec;

import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever the bytes: a value or a CodecException. */
class FuzzTest {

  private static final KryoCodec CODEC = KryoCodec.forClassLoader(FuzzTest.class.getClassLoader());

  private static final List<byte[]> SEEDS =
      FidelityCorpus.all()
          .map(each -> CODEC.encode(each.make()))
          .filter(bytes -> bytes.length < 10_000)
          .collect(Collectors.toList());

  @Property(tries = 1_000)
  void randomBytes(@ForAll byte[] bytes) {
    if (bytes.length > 0) {
      bytes[0] = KryoCodec.FORMAT;
    }
    decode(bytes);
  }

  @Property(tries = 1_000)
  void mutatedBytes(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] bytes = SEEDS.get(random.nextInt(SEEDS.size())).clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      bytes[1 + random.nextInt(bytes.length - 1)] = (byte) random.nextInt(256);
    }
    decode(bytes);
  }

  @Property(tries = 1_000)
  void truncatedAndSplicedBytes(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] start = SEEDS.get(random.nextInt(SEEDS.size()));
    byte[] end = SEEDS.get(random.nextInt(SEEDS.size()));
    byte[] bytes = java.util.Arrays.copyOf(start, 1 + random.nextInt(start.length));
    int kept = random.nextInt(end.length);
    byte[] spliced = java.util.Arrays.copyOf(bytes, bytes.length + kept);
    System.arraycopy(end, end.length - kept, spliced, bytes.length, kept);
    decode(spliced);
  }

  private static void decode(byte[] bytes) {
    Function<byte[], Object> decoder = CODEC::decode;
    try {
      decoder.apply(bytes);
    } catch (CodecException expected) {
      // One of the two things that may happen.
    } catch (Throwable e) {
      fail("decoding threw " + e, e);
    }
  }
}
