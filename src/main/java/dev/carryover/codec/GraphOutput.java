package dev.carryover.codec;

import com.esotericsoftware.kryo.io.Output;
import java.io.DataOutputStream;
import java.io.Externalizable;
import java.io.IOException;
import java.io.NotActiveException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The stream that {@code writeObject} and {@code writeExternal} are called with. An
 * ObjectOutputStream only by type: raw data is gathered into chunks, objects go back to the {@link
 * Graph}.
 */
final class GraphOutput extends ObjectOutputStream {

  private final Graph graph;
  private final Block block = new Block();
  private final DataOutputStream data = new DataOutputStream(block);
  private @Nullable Frame frame;

  private GraphOutput(Graph graph) throws IOException {
    this.graph = graph;
  }

  static GraphOutput create(Graph graph) {
    try {
      return new GraphOutput(graph);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One object's one level, being written. Objects nest, and so do frames. */
  private static final class Frame {
    final Output out;
    final Object object;
    final @Nullable Level level;
    final @Nullable Frame outer;
    KeyGuard.@Nullable OfTable guard;
    @Nullable FieldValues fields;
    @Nullable Integer capacity;
    int objects;

    Frame(Output out, Object object, @Nullable Level level, @Nullable Frame outer) {
      this.out = out;
      this.object = object;
      this.level = level;
      this.outer = outer;
      this.capacity = level == null ? null : level.capacity();
    }
  }

  private static final class Block extends OutputStream {
    private byte[] bytes = new byte[64];
    private int size;

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) {
      if (size + length > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + length));
      }
      System.arraycopy(source, offset, bytes, size, length);
      size += length;
    }
  }

  /** Has the class write its own, by the method given. */
  void writeLevel(Output out, Level level, MethodHandle writeObject, Object object) {
    frame = new Frame(out, object, level, frame);
    frame.guard = KeyGuard.forTable(graph, level, object);
    try {
      writeObject.invokeExact(object, (ObjectOutputStream) this);
      end();
    } catch (Throwable e) {
      throw CodecException.of(Failures.unlessFatal(e));
    }
  }

  void writeExternal(Output out, Externalizable object) {
    frame = new Frame(out, object, null, frame);
    try {
      object.writeExternal(this);
      end();
    } catch (Throwable e) {
      throw CodecException.of(Failures.unlessFatal(e));
    }
  }

  private void end() throws NotActiveException {
    Frame ended = frame();
    flushBlock();
    ended.out.writeVarInt(Chunks.END, true);
    frame = ended.outer;
  }

  private Frame frame() throws NotActiveException {
    if (frame == null) {
      throw new NotActiveException("outside of writeObject");
    }
    return frame;
  }

  private void flushBlock() throws NotActiveException {
    if (block.size > 0) {
      Output out = frame().out;
      out.writeVarInt(block.size + Chunks.BYTES - 1, true);
      out.writeBytes(block.bytes, 0, block.size);
      block.size = 0;
    }
  }

  @Override
  protected void writeObjectOverride(@Nullable Object object) throws IOException {
    Frame current = frame();
    flushBlock();
    current.out.writeVarInt(Chunks.OBJECT, true);
    try {
      if (current.guard != null) {
        current.guard.check(object);
      }
      graph.writeClassAndObject(current.out, object);
    } catch (RuntimeException e) {
      throw graph.failed(CodecException.in(current.objects, e));
    }
    current.objects++;
  }

  /** Shared all the same: who asks for less gets more. */
  @Override
  public void writeUnshared(@Nullable Object object) throws IOException {
    writeObjectOverride(object);
  }

  @Override
  public void defaultWriteObject() throws IOException {
    Frame current = frame();
    beginFieldChunk();
    level(current).write(graph, current.out, current.object);
  }

  private void beginFieldChunk() throws NotActiveException {
    flushBlock();
    frame().out.writeVarInt(Chunks.FIELDS, true);
  }

  @Override
  public PutField putFields() throws IOException {
    Frame current = frame();
    if (current.fields == null) {
      current.fields = new FieldValues(level(current).fields);
    }
    return current.fields.putter();
  }

  @Override
  public void writeFields() throws IOException {
    Frame current = frame();
    if (current.fields == null) {
      throw new NotActiveException("writeFields without putFields");
    }
    beginFieldChunk();
    level(current).writeValues(graph, current.out, current.fields.all());
  }

  private static Level level(Frame current) throws NotActiveException {
    if (current.level == null) {
      throw new NotActiveException("no fields in writeExternal");
    }
    return current.level;
  }

  @Override
  public void useProtocolVersion(int version) {}

  /** Forgets a value that was left half written. */
  @Override
  public void reset() {
    frame = null;
    block.size = 0;
  }

  @Override
  public void flush() {}

  @Override
  protected void drain() {}

  @Override
  public void close() {}

  @Override
  public void write(int b) throws IOException {
    data.write(b);
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    data.write(bytes);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    data.write(bytes, offset, length);
  }

  @Override
  public void writeBoolean(boolean value) throws IOException {
    data.writeBoolean(value);
  }

  @Override
  public void writeByte(int value) throws IOException {
    data.writeByte(value);
  }

  @Override
  public void writeShort(int value) throws IOException {
    data.writeShort(value);
  }

  @Override
  public void writeChar(int value) throws IOException {
    data.writeChar(value);
  }

  @Override
  public void writeInt(int value) throws IOException {
    Frame current = frame();
    data.writeInt(current.capacity == null ? value : current.capacity);
    current.capacity = null;
  }

  @Override
  public void writeLong(long value) throws IOException {
    data.writeLong(value);
  }

  @Override
  public void writeFloat(float value) throws IOException {
    data.writeFloat(value);
  }

  @Override
  public void writeDouble(double value) throws IOException {
    data.writeDouble(value);
  }

  @Override
  public void writeBytes(String value) throws IOException {
    data.writeBytes(value);
  }

  @Override
  public void writeChars(String value) throws IOException {
    data.writeChars(value);
  }

  @Override
  public void writeUTF(String value) throws IOException {
    data.writeUTF(value);
  }
}
