package dev.carryover.codec;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fields that are reached one by one, and go to the bytes and back without being boxed. */
abstract class DirectFields extends FieldAccess {

  private final FieldInfo[] infos;
  private final char[] kinds;
  private final Class<?>[] types;

  /** How the first value seen of each field is carried: most that follow are of its class. */
  private final @Nullable Carried[] first;

  DirectFields(List<FieldInfo> infos) {
    this.infos = infos.toArray(new FieldInfo[0]);
    this.kinds = new char[this.infos.length];
    this.types = new Class<?>[kinds.length];
    this.first = new Carried[kinds.length];
    for (int i = 0; i < kinds.length; i++) {
      kinds[i] = this.infos[i].kind;
      types[i] = this.infos[i].type;
    }
  }

  abstract int getInt(Object target, int field);

  abstract long getLong(Object target, int field);

  abstract boolean getBoolean(Object target, int field);

  abstract byte getByte(Object target, int field);

  abstract short getShort(Object target, int field);

  abstract char getChar(Object target, int field);

  abstract float getFloat(Object target, int field);

  abstract double getDouble(Object target, int field);

  abstract @Nullable Object getReference(Object target, int field);

  abstract void setInt(Object target, int field, int value);

  abstract void setLong(Object target, int field, long value);

  abstract void setBoolean(Object target, int field, boolean value);

  abstract void setByte(Object target, int field, byte value);

  abstract void setShort(Object target, int field, short value);

  abstract void setChar(Object target, int field, char value);

  abstract void setFloat(Object target, int field, float value);

  abstract void setDouble(Object target, int field, double value);

  /** The value is of the field's type. */
  abstract void setReference(Object target, int field, @Nullable Object value);

  @Override
  final void write(Graph graph, Output out, Object target) {
    int i = 0;
    try {
      for (; i < kinds.length; i++) {
        write(graph, out, target, i);
      }
    } catch (RuntimeException e) {
      throw CodecException.in(infos[i].name, e);
    }
  }

  private void write(Graph graph, Output out, Object target, int i) {
    switch (kinds[i]) {
      case 'I':
        out.writeVarInt(getInt(target, i), false);
        break;
      case 'J':
        out.writeVarLong(getLong(target, i), false);
        break;
      case 'Z':
        out.writeBoolean(getBoolean(target, i));
        break;
      case 'B':
        out.writeByte(getByte(target, i));
        break;
      case 'S':
        out.writeShort(getShort(target, i));
        break;
      case 'C':
        out.writeVarInt(getChar(target, i), true);
        break;
      case 'F':
        out.writeFloat(getFloat(target, i));
        break;
      case 'D':
        out.writeDouble(getDouble(target, i));
        break;
      default:
        writeReference(graph, out, getReference(target, i), i);
    }
  }

  private void writeReference(Graph graph, Output out, @Nullable Object value, int i) {
    if (value == null || value instanceof String) {
      graph.writeClassAndObject(out, value);
      return;
    }
    Carried carried = first[i];
    if (carried == null || carried.actual != value.getClass()) {
      carried = graph.carried(value);
      if (first[i] == null) {
        first[i] = carried;
      }
    }
    graph.write(out, carried, value);
  }

  /** Reads all fields, as this class would write them. */
  final void read(Graph graph, Input in, Object target) {
    int i = 0;
    try {
      for (; i < kinds.length; i++) {
        read(graph, in, target, i);
      }
    } catch (RuntimeException e) {
      throw CodecException.in(infos[i].name, e);
    }
  }

  /** Reads a value of the field's own kind into it. */
  final void read(Graph graph, Input in, Object target, int i) {
    switch (kinds[i]) {
      case 'I':
        setInt(target, i, in.readVarInt(false));
        break;
      case 'J':
        setLong(target, i, in.readVarLong(false));
        break;
      case 'Z':
        setBoolean(target, i, in.readBoolean());
        break;
      case 'B':
        setByte(target, i, in.readByte());
        break;
      case 'S':
        setShort(target, i, in.readShort());
        break;
      case 'C':
        setChar(target, i, (char) in.readVarInt(true));
        break;
      case 'F':
        setFloat(target, i, in.readFloat());
        break;
      case 'D':
        setDouble(target, i, in.readDouble());
        break;
      default:
        Object value = graph.readClassAndObject(in);
        Class<?> type = types[i];
        boolean fits = value == null || value.getClass() == type || type.isInstance(value);
        setReference(target, i, fits ? value : infos[i].fit(value));
    }
  }

  @Override
  final @Nullable Object[] get(Object target) {
    @Nullable Object[] values = new Object[kinds.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = get(target, i);
    }
    return values;
  }

  private @Nullable Object get(Object target, int i) {
    switch (kinds[i]) {
      case 'I':
        return getInt(target, i);
      case 'J':
        return getLong(target, i);
      case 'Z':
        return getBoolean(target, i);
      case 'B':
        return getByte(target, i);
      case 'S':
        return getShort(target, i);
      case 'C':
        return getChar(target, i);
      case 'F':
        return getFloat(target, i);
      case 'D':
        return getDouble(target, i);
      default:
        return getReference(target, i);
    }
  }

  @Override
  final void set(Object target, @Nullable Object[] values) {
    for (int i = 0; i < kinds.length; i++) {
      if (values[i] != ABSENT) {
        set(target, i, infos[i].fit(values[i]));
      }
    }
  }

  private void set(Object target, int i, @Nullable Object value) {
    if (value == null) {
      setReference(target, i, null);
      return;
    }
    switch (kinds[i]) {
      case 'I':
        setInt(target, i, (Integer) value);
        break;
      case 'J':
        setLong(target, i, (Long) value);
        break;
      case 'Z':
        setBoolean(target, i, (Boolean) value);
        break;
      case 'B':
        setByte(target, i, (Byte) value);
        break;
      case 'S':
        setShort(target, i, (Short) value);
        break;
      case 'C':
        setChar(target, i, (Character) value);
        break;
      case 'F':
        setFloat(target, i, (Float) value);
        break;
      case 'D':
        setDouble(target, i, (Double) value);
        break;
      default:
        setReference(target, i, value);
    }
  }

  /** Sets a field from a value that was written as something else, if it fits. */
  final void convert(Object target, int i, @Nullable Object value) {
    set(target, i, infos[i].fit(value));
  }
}
