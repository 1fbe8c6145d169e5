package dev.carryover.codec;

import com.esotericsoftware.kryo.io.Input;
import java.io.DataInputStream;
import java.io.Externalizable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidObjectException;
import java.io.NotActiveException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectInputValidation;
import java.io.ObjectStreamClass;
import org.jspecify.annotations.Nullable;

/**
 * The stream that {@code readObject} and {@code readExternal} are called with: {@link
 * GraphOutput}'s other half.
 */
final class GraphInput extends ObjectInputStream {

  /** Where no chunk's number has been read ahead. */
  private static final int UNREAD = -1;

  private final Graph graph;
  private final DataInputStream data = new DataInputStream(new Raw());
  private @Nullable Frame frame;

  private GraphInput(Graph graph) throws IOException {
    this.graph = graph;
  }

  static GraphInput create(Graph graph) {
    try {
      GraphInput input = new GraphInput(graph);
      input.setObjectInputFilter(input::checkArray);
      return input;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Frame {
    final Input in;
    final @Nullable StreamLevel level;
    final @Nullable Object target;
    final @Nullable Frame outer;

    /** False where the class wrote nothing but its fields, without chunks. */
    final boolean chunked;

    KeyGuard.@Nullable OfTable guard;
    boolean fieldsRead;
    int pending = UNREAD;
    int rawLeft;
    int objects;

    Frame(
        Input in,
        @Nullable StreamLevel level,
        @Nullable Object target,
        boolean chunked,
        @Nullable Frame outer) {
      this.in = in;
      this.level = level;
      this.target = target;
      this.chunked = chunked;
      this.outer = outer;
    }

    /** The number of the next chunk, which stays the next until {@link #take}n. */
    int peek() {
      if (!chunked) {
        return fieldsRead ? Chunks.END : Chunks.FIELDS;
      }
      if (pending == UNREAD) {
        pending = in.readVarInt(true);
        if (pending < 0) {
          throw new CodecException("a chunk of no kind");
        }
      }
      return pending;
    }

    void take() {
      pending = UNREAD;
      fieldsRead = true;
    }
  }

  // --- what the serialisers call

  /**
   * Reads what one class has written of the object; into it, or if that class is no longer its own,
   * away.
   */
  void readLevel(Input in, StreamLevel level, Object object, boolean wanted) {
    Level local = level.local;
    if (!level.custom && !wanted) {
      level.readValues(graph, in);
      return;
    }
    Frame own = new Frame(in, level, object, level.custom, frame);
    own.guard = KeyGuard.forTable(graph, local, object);
    frame = own;
    try {
      if (wanted && local.readObject != null) {
        local.readObject.invokeExact(object, (ObjectInputStream) this);
      } else if (wanted) {
        defaultReadObject();
      }
    } catch (Throwable e) {
      requireReadOver(e);
    }
    end(own);
  }

  /** Reads over what a class that is missing has written of an object, or of all of it. */
  void readOver(Input in, @Nullable StreamLevel level) {
    if (level != null && !level.custom) {
      var unused = level.readValues(graph, in);
    } else {
      end(new Frame(in, level, null, true, frame));
    }
  }

  /** A class may give up where something is missing that it asked for, if nobody asks for it. */
  private void requireReadOver(Throwable failure) {
    Failures.unlessFatal(failure);
    if (!graph.canReadOver()) {
      throw CodecException.of(failure);
    }
  }

  void readNoData(Level level, Object object) {
    if (level.readObjectNoData != null) {
      try {
        level.readObjectNoData.invokeExact(object);
      } catch (Throwable e) {
        throw CodecException.of(Failures.unlessFatal(e));
      }
    }
  }

  void readExternal(Input in, Externalizable object) {
    Frame own = new Frame(in, null, object, true, frame);
    frame = own;
    try {
      object.readExternal(this);
    } catch (Throwable e) {
      requireReadOver(e);
    }
    end(own);
  }

  /** Forgets a value that was left half read. */
  void forget() {
    frame = null;
  }

  // --- chunks

  private Frame frame() throws NotActiveException {
    if (frame == null) {
      throw new NotActiveException("outside of readObject");
    }
    return frame;
  }

  /** Skips what the class did not ask for, objects included: later references may lead there. */
  private void end(Frame ended) {
    frame = ended;
    graph.unwanted().enter();
    try {
      while (true) {
        if (hasRaw(ended)) {
          ended.in.setPosition(ended.in.position() + ended.rawLeft);
          ended.rawLeft = 0;
        } else if (ended.peek() == Chunks.OBJECT) {
          readNested(ended);
        } else if (ended.peek() == Chunks.FIELDS) {
          fieldValues(ended);
        } else {
          break;
        }
      }
    } catch (IOException e) {
      throw CodecException.of(e);
    } finally {
      graph.unwanted().leave();
    }
    frame = ended.outer;
  }

  private boolean hasRaw(Frame current) {
    while (current.rawLeft == 0) {
      int chunk = current.peek();
      if (chunk < Chunks.BYTES) {
        return false;
      }
      current.pending = UNREAD;
      current.rawLeft = graph.count(current.in, chunk - Chunks.BYTES + 1);
    }
    return true;
  }

  private @Nullable Object readNested(Frame current) {
    current.pending = UNREAD;
    try {
      Object object = graph.readClassAndObject(current.in);
      if (current.guard != null) {
        current.guard.check(object);
      }
      current.objects++;
      return object;
    } catch (RuntimeException e) {
      throw graph.failed(CodecException.in(current.objects, e));
    }
  }

  private @Nullable Object[] fieldValues(Frame current) throws IOException {
    if (current.level == null) {
      throw new NotActiveException("no fields in readExternal");
    }
    if (!atFields(current)) {
      return FieldValues.absent(current.level.local.fields.size());
    }
    current.take();
    return current.level.readValues(graph, current.in);
  }

  private boolean atFields(Frame current) {
    return !hasRaw(current) && current.peek() == Chunks.FIELDS;
  }

  // --- ObjectInputStream, as the classes see it

  @Override
  protected @Nullable Object readObjectOverride() throws IOException, ClassNotFoundException {
    Frame current = frame();
    if (hasRaw(current)) {
      throw Platform.optionalData(false);
    }
    if (current.peek() == Chunks.FIELDS) {
      fieldValues(current);
      return readObjectOverride();
    }
    if (current.peek() == Chunks.END) {
      throw Platform.optionalData(true);
    }
    Object object = readNested(current);
    if (graph.unwanted().isBroken()) {
      throw new ClassNotFoundException(graph.unwanted().reason());
    }
    return object;
  }

  @Override
  public @Nullable Object readUnshared() throws IOException, ClassNotFoundException {
    return readObjectOverride();
  }

  @Override
  public void defaultReadObject() throws IOException {
    Frame current = frame();
    if (current.level == null || current.target == null) {
      throw new NotActiveException("no fields in readExternal");
    }
    if (atFields(current)) {
      current.take();
      current.level.read(graph, current.in, current.target);
    }
  }

  @Override
  public GetField readFields() throws IOException {
    Frame current = frame();
    @Nullable Object[] values = fieldValues(current);
    if (current.level == null) {
      throw new NotActiveException("no fields in readExternal");
    }
    Level local = current.level.local;
    return new FieldValues(local.fields, values, ObjectStreamClass.lookupAny(local.type)).getter();
  }

  @Override
  public void registerValidation(@Nullable ObjectInputValidation validation, int priority)
      throws NotActiveException, InvalidObjectException {
    frame();
    if (validation == null) {
      throw new InvalidObjectException("no validation");
    }
    graph.validateAtEnd(validation, priority);
  }

  /** Collections of the JDK ask before they allocate. */
  private ObjectInputFilter.Status checkArray(ObjectInputFilter.FilterInfo info) {
    Frame current = frame;
    return current != null && graph.allocates(current.in, info.arrayLength())
        ? ObjectInputFilter.Status.ALLOWED
        : ObjectInputFilter.Status.REJECTED;
  }

  private final class Raw extends InputStream {

    @Override
    public int read() throws IOException {
      Frame current = frame();
      if (!hasRaw(current)) {
        return -1;
      }
      current.rawLeft--;
      return current.in.readByte() & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      Frame current = frame();
      if (length == 0) {
        return 0;
      }
      if (!hasRaw(current)) {
        return -1;
      }
      int count = Math.min(length, current.rawLeft);
      current.in.readBytes(bytes, offset, count);
      current.rawLeft -= count;
      return count;
    }

    @Override
    public int available() throws IOException {
      Frame current = frame();
      return hasRaw(current) ? current.rawLeft : 0;
    }
  }

  @Override
  public int read() throws IOException {
    return data.read();
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return data.read(bytes, offset, length);
  }

  @Override
  public int available() throws IOException {
    return data.available();
  }

  @Override
  public void close() {}

  @Override
  public boolean readBoolean() throws IOException {
    return data.readBoolean();
  }

  @Override
  public byte readByte() throws IOException {
    return data.readByte();
  }

  @Override
  public int readUnsignedByte() throws IOException {
    return data.readUnsignedByte();
  }

  @Override
  public char readChar() throws IOException {
    return data.readChar();
  }

  @Override
  public short readShort() throws IOException {
    return data.readShort();
  }

  @Override
  public int readUnsignedShort() throws IOException {
    return data.readUnsignedShort();
  }

  @Override
  public int readInt() throws IOException {
    return data.readInt();
  }

  @Override
  public long readLong() throws IOException {
    return data.readLong();
  }

  @Override
  public float readFloat() throws IOException {
    return data.readFloat();
  }

  @Override
  public double readDouble() throws IOException {
    return data.readDouble();
  }

  @Override
  public void readFully(byte[] bytes) throws IOException {
    data.readFully(bytes);
  }

  @Override
  public void readFully(byte[] bytes, int offset, int length) throws IOException {
    data.readFully(bytes, offset, length);
  }

  @Override
  public int skipBytes(int count) throws IOException {
    return data.skipBytes(count);
  }

  @Override
  public long skip(long count) throws IOException {
    return data.skip(count);
  }

  @Deprecated
  @Override
  public String readLine() throws IOException {
    throw new IOException("readLine is no way to read what was written here");
  }

  @Override
  public String readUTF() throws IOException {
    return data.readUTF();
  }
}
