package dev.carryover.codec;

import com.esotericsoftware.kryo.io.Output;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fields of the JDK's classes, from JDK 24 on: through what it offers to serialisation libraries.
 */
final class DefaultFields extends FieldAccess {

  private final List<FieldInfo> infos;
  private final ObjectStreamClass streamClass;
  private final MethodHandle reader;
  private final MethodHandle writer;

  DefaultFields(Class<?> type, List<FieldInfo> infos) {
    this.infos = infos;
    this.streamClass = ObjectStreamClass.lookupAny(type);
    this.reader = required(type, "defaultReadObjectForSerialization", ObjectInputStream.class);
    this.writer = required(type, "defaultWriteObjectForSerialization", ObjectOutputStream.class);
  }

  private static MethodHandle required(Class<?> type, String method, Class<?> stream) {
    MethodHandle handle =
        Platform.HAS_DEFAULT_ACCESS
            ? Platform.handle(method, type, MethodType.methodType(void.class, Object.class, stream))
            : null;
    if (handle == null) {
      throw new CodecException(type.getName() + " keeps its fields to itself");
    }
    return handle;
  }

  @Override
  @Nullable Object[] get(Object target) {
    FieldValues values = new FieldValues(infos);
    try {
      writer.invokeExact(target, (ObjectOutputStream) new Taker(values));
    } catch (Throwable e) {
      throw CodecException.of(Failures.unlessFatal(e));
    }
    return values.all();
  }

  @Override
  void set(Object target, @Nullable Object[] all) {
    FieldValues values = new FieldValues(infos, all, streamClass);
    try {
      reader.invokeExact(target, (ObjectInputStream) new Giver(values));
    } catch (Throwable e) {
      throw CodecException.of(Failures.unlessFatal(e));
    }
  }

  @Override
  void write(Graph graph, Output out, Object target) {
    write(graph, out, infos, get(target));
  }

  private static final class Taker extends ObjectOutputStream {

    private final FieldValues values;

    Taker(FieldValues values) throws IOException {
      this.values = values;
    }

    @Override
    public PutField putFields() {
      return values.putter();
    }

    @Override
    public void writeFields() {}
  }

  private static final class Giver extends ObjectInputStream {

    private final FieldValues values;

    Giver(FieldValues values) throws IOException {
      this.values = values;
    }

    @Override
    public GetField readFields() {
      return values.getter();
    }
  }
}
