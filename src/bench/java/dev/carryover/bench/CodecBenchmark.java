package dev.carryover.bench;

import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One value, one codec: to bytes and back. */
@State(Scope.Thread)
public class CodecBenchmark {

  @Param public Values value;
  @Param public Contender codec;

  private Object object;
  private byte[] bytes;
  private Contender.Coder coder;

  @Setup
  public void prepare() throws Exception {
    object = value.make();
    coder = codec.make();
    bytes = coder.bytes(object);
    if (!coder.decode(bytes).equals(object)) {
      throw new IllegalStateException(codec + " does not carry " + value);
    }
  }

  @Benchmark
  public Object encode() throws IOException {
    return coder.encode(object);
  }

  @Benchmark
  public Object decode() throws IOException, ClassNotFoundException {
    return coder.decode(bytes);
  }
}
