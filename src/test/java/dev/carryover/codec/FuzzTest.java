package dev.carryover.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.esotericsoftware.kryo.io.Output;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Whatever the bytes: a value or a CodecException, and no more memory than the bytes are worth. The
 * nightly profile tries a hundred times as often.
 */
class FuzzTest {

  private static final KryoCodec CODEC = KryoCodec.forClassLoader(FuzzTest.class.getClassLoader());

  private static final List<byte[]> SEEDS =
      FidelityCorpus.all()
          .map(each -> CODEC.encode(each.make()))
          .filter(bytes -> bytes.length < 10_000)
          .collect(Collectors.toList());

  private static final List<byte[]> COMPRESSED =
      SEEDS.stream()
          .map(CODEC::decode)
          .map(KryoCodec.builder(FuzzTest.class.getClassLoader()).compressAbove(1).build()::encode)
          .filter(Compression::isCompressed)
          .collect(Collectors.toList());

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** What an exception may take, with the stack of the deepest value, and {@code readUTF}. */
  private static final long ALWAYS = 512 * 1024;

  /** An empty table of the JDK's is that large, and is told in two bytes. */
  private static final long PER_BYTE = 128;

  /** The largest value allowed. */
  private static final long MOST_INFLATED = 16 * 1024 * 1024 + ALWAYS;

  @Property
  void randomBytes(@ForAll byte[] bytes) {
    if (bytes.length > 0) {
      bytes[0] = KryoCodec.FORMAT;
    }
    decode(bytes);
  }

  @Property
  void mutatedBytes(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] bytes = seed(random).clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      bytes[1 + random.nextInt(bytes.length - 1)] = (byte) random.nextInt(256);
    }
    decode(bytes);
  }

  @Property
  void truncatedAndSplicedBytes(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] start = seed(random);
    byte[] end = seed(random);
    byte[] bytes = Arrays.copyOf(start, 1 + random.nextInt(start.length));
    int kept = random.nextInt(end.length);
    byte[] spliced = Arrays.copyOf(bytes, bytes.length + kept);
    System.arraycopy(end, end.length - kept, spliced, bytes.length, kept);
    decode(spliced);
  }

  /** Bytes that look right at each place: classes, references and lengths, of any size. */
  @Property
  void objectsAtRandom(@ForAll long seed) {
    Random random = new Random(seed);
    Output out = new Output(64, -1);
    out.writeByte(KryoCodec.FORMAT);
    int size = random.nextInt(60);
    for (int i = 0; i < size; i++) {
      writePart(random, out);
    }
    out.writeBytes(new byte[random.nextInt(5_000)]);
    decode(out.toBytes());
  }

  private static void writePart(Random random, Output out) {
    switch (random.nextInt(8)) {
      case 0:
        out.writeVarInt(Tokens.REFERENCE, true);
        out.writeVarInt(random.nextInt(4), true);
        break;
      case 1:
        out.writeVarInt(Tokens.introduced(random.nextInt(3)), true);
        break;
      case 2:
        out.writeVarInt(random.nextInt(1 << random.nextInt(30)), true);
        break;
      case 3:
        byte[] bytes = seed(random);
        int from = random.nextInt(bytes.length);
        out.writeBytes(bytes, from, Math.min(bytes.length - from, 80));
        break;
      case 4:
        out.writeByte(Tokens.STRINGS + 1);
        out.writeByte('a' + random.nextInt(5));
        break;
      default:
        out.writeVarInt(Tokens.numbered(random.nextInt(NumberedTypes.count())), true);
        out.writeVarInt(random.nextInt(3_000), true);
    }
  }

  /**
   * The most that can be asked for: tables within tables, each as large as the rest of the bytes.
   */
  @Property(tries = 50)
  void lengthsWithinLengths(@ForAll long seed) {
    Random random = new Random(seed);
    Output out = new Output(64, -1);
    out.writeByte(KryoCodec.FORMAT);
    int type = random.nextInt(NumberedTypes.count());
    int total = 1_000 + random.nextInt(20_000);
    while (out.position() < total / 2) {
      out.writeVarInt(Tokens.numbered(type), true);
      out.writeVarInt(total / 2, true);
    }
    out.writeBytes(new byte[total / 2]);
    decode(out.toBytes());
  }

  /** What these may take is told by their plain length, which they may lie about. */
  @Property
  void mutatedCompressedBytes(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] bytes = COMPRESSED.get(random.nextInt(COMPRESSED.size())).clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      bytes[1 + random.nextInt(bytes.length - 1)] = (byte) random.nextInt(256);
    }
    assertThat(memoryOf(bytes)).isLessThan(MOST_INFLATED);
  }

  private static byte[] seed(Random random) {
    return SEEDS.get(random.nextInt(SEEDS.size()));
  }

  private static void decode(byte[] bytes) {
    long bound = ALWAYS + PER_BYTE * bytes.length;
    long used = memoryOf(bytes);
    // The first time may have loaded classes.
    if (used > bound) {
      used = memoryOf(bytes);
    }
    assertThat(used).as("memory for %d bytes", bytes.length).isLessThanOrEqualTo(bound);
  }

  private static long memoryOf(byte[] bytes) {
    long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    Function<byte[], Object> decoder = CODEC::decode;
    try {
      decoder.apply(bytes);
    } catch (CodecException expected) {
      // One of the two things that may happen.
    } catch (Throwable e) {
      fail("decoding threw " + e, e);
    }
    return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
  }
}
