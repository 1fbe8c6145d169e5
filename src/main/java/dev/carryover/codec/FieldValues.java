package dev.carryover.codec;

import java.io.IOException;
import java.io.ObjectInputStream.GetField;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream.PutField;
import java.io.ObjectStreamClass;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of one class's fields by name, as {@code putFields} and {@code readFields} show them.
 */
final class FieldValues {

  private final List<FieldInfo> infos;
  private final @Nullable Object[] values;
  private final @Nullable ObjectStreamClass streamClass;

  /** To be filled: primitives start as zero, references as null. */
  FieldValues(List<FieldInfo> infos) {
    this.infos = infos;
    this.values = new Object[infos.size()];
    this.streamClass = null;
    for (int i = 0; i < values.length; i++) {
      values[i] = infos.get(i).initial();
    }
  }

  FieldValues(
      List<FieldInfo> infos, @Nullable Object[] values, @Nullable ObjectStreamClass streamClass) {
    this.infos = infos;
    this.values = values;
    this.streamClass = streamClass;
  }

  static @Nullable Object[] absent(int count) {
    @Nullable Object[] values = new Object[count];
    Arrays.fill(values, FieldAccess.ABSENT);
    return values;
  }

  @Nullable Object[] all() {
    return values;
  }

  private int index(@Nullable String name) {
    for (int i = 0; i < values.length; i++) {
      if (infos.get(i).name.equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private void put(@Nullable String name, @Nullable Object value) {
    int index = index(name);
    if (index >= 0) {
      values[index] = infos.get(index).fit(value);
    }
  }

  private @Nullable Object get(@Nullable String name, @Nullable Object otherwise) {
    int index = index(name);
    return index < 0 || values[index] == FieldAccess.ABSENT ? otherwise : values[index];
  }

  private Object primitive(@Nullable String name, Object otherwise) {
    Object value = get(name, otherwise);
    Object fitting =
        value == null ? null : Primitives.convert(value, Primitives.unboxed(otherwise.getClass()));
    return fitting == null ? otherwise : fitting;
  }

  PutField putter() {
    return new Putter();
  }

  GetField getter() {
    return new Getter();
  }

  private final class Putter extends PutField {

    @Override
    public void put(@Nullable String name, boolean value) {
      FieldValues.this.put(name, value);
    }

    @Override
    public void put(@Nullable String name, byte value) {
      FieldValues.this.put(name, value);
    }

    @Override
    public void put(@Nullable String name, char value) {
      FieldValues.this.put(name, value);
    }

    @Override
    public void put(@Nullable String name, short value) {
      FieldValues.this.put(name, value);
    }

    @Override
    public void put(@Nullable String name, int value) {
      FieldValues.this.put(name, value);
    }

    @Override
    public void put(@Nullable String name, long value) {
      FieldValues.this.put(name, value);
    }

    @Override
    public void put(@Nullable String name, float value) {
      FieldValues.this.put(name, value);
    }

    @Override
    public void put(@Nullable String name, double value) {
      FieldValues.this.put(name, value);
    }

    @Override
    public void put(@Nullable String name, @Nullable Object value) {
      FieldValues.this.put(name, value);
    }

    @Deprecated
    @Override
    public void write(@Nullable ObjectOutput out) throws IOException {
      throw new IOException("PutField.write is for another stream; use writeFields");
    }
  }

  private final class Getter extends GetField {

    @Override
    public @Nullable ObjectStreamClass getObjectStreamClass() {
      return streamClass;
    }

    @Override
    public boolean defaulted(@Nullable String name) {
      int index = index(name);
      return index < 0 || values[index] == FieldAccess.ABSENT;
    }

    @Override
    public boolean get(@Nullable String name, boolean otherwise) {
      return (Boolean) primitive(name, otherwise);
    }

    @Override
    public byte get(@Nullable String name, byte otherwise) {
      return (Byte) primitive(name, otherwise);
    }

    @Override
    public char get(@Nullable String name, char otherwise) {
      return (Character) primitive(name, otherwise);
    }

    @Override
    public short get(@Nullable String name, short otherwise) {
      return (Short) primitive(name, otherwise);
    }

    @Override
    public int get(@Nullable String name, int otherwise) {
      return (Integer) primitive(name, otherwise);
    }

    @Override
    public long get(@Nullable String name, long otherwise) {
      return (Long) primitive(name, otherwise);
    }

    @Override
    public float get(@Nullable String name, float otherwise) {
      return (Float) primitive(name, otherwise);
    }

    @Override
    public double get(@Nullable String name, double otherwise) {
      return (Double) primitive(name, otherwise);
    }

    @Override
    public @Nullable Object get(@Nullable String name, @Nullable Object otherwise) {
      return FieldValues.this.get(name, otherwise);
    }
  }
}
