package dev.carryover.codec;

import com.esotericsoftware.kryo.io.Input;
import org.jspecify.annotations.Nullable;

/** One class of a hierarchy as the bytes describe it, matched with what that class is here. */
final class StreamLevel {

  final Level local;

  /** Whether the class wrote its own data here, in chunks; otherwise only its fields follow. */
  final boolean custom;

  private final String[] names;
  private final char[] kinds;
  private final int[] localIndex;

  private StreamLevel(Level local, boolean custom, String[] names, char[] kinds, int[] localIndex) {
    this.local = local;
    this.custom = custom;
    this.names = names;
    this.kinds = kinds;
    this.localIndex = localIndex;
  }

  static StreamLevel read(Graph graph, Input in, Level local) {
    int flags = in.readVarInt(true);
    if ((flags & 2) != 0) {
      long uid = in.readVarLong(false);
      if (local.uid != null && local.uid != uid) {
        throw new CodecException(local.type.getName() + " has another serialVersionUID here");
      }
    }
    int count = graph.count(in, in.readVarInt(true));
    String[] names = new String[count];
    char[] kinds = new char[count];
    int[] localIndex = new int[count];
    for (int i = 0; i < count; i++) {
      names[i] = graph.readName(in);
      kinds[i] = (char) in.readByte();
      localIndex[i] = local.indexOf(names[i]);
    }
    return new StreamLevel(local, (flags & 1) != 0, names, kinds, localIndex);
  }

  /**
   * The values of the fields in the bytes, placed where the class here has them; the rest is
   * absent.
   */
  @Nullable Object[] readValues(Graph graph, Input in) {
    @Nullable Object[] values = FieldValues.absent(local.fields.size());
    int i = 0;
    try {
      for (; i < names.length; i++) {
        Object value = graph.readValue(in, kinds[i]);
        if (localIndex[i] >= 0) {
          values[localIndex[i]] = local.fields.get(localIndex[i]).fit(value);
        }
      }
    } catch (RuntimeException e) {
      throw CodecException.in(names[i], e);
    }
    return values;
  }
}
