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

  /** Where each field is here; negative if it is not. */
  private final int[] places;

  /** Whether each field is of the same kind here. */
  private final boolean[] unchanged;

  /** Whether the fields are the same here, in the same order. */
  private boolean same;

  private StreamLevel(Level local, boolean custom, int count) {
    this.local = local;
    this.custom = custom;
    this.names = new String[count];
    this.kinds = new char[count];
    this.places = new int[count];
    this.unchanged = new boolean[count];
  }

  /** What follows the class's name and flags. */
  static StreamLevel read(Input in, int flags, Level local) {
    if ((flags & Form.UID) != 0) {
      long uid = in.readVarLong(false);
      if (local.uid != null && local.uid != uid) {
        throw new CodecException(local.type.getName() + " has another serialVersionUID here");
      }
    }
    int count = in.readVarInt(true);
    if (count < 0 || count > in.limit() - in.position()) {
      throw new CodecException("a length that the bytes don't hold");
    }
    StreamLevel level = new StreamLevel(local, (flags & Form.CUSTOM) != 0, count);
    for (int i = 0; i < count; i++) {
      level.readField(in, i);
    }
    level.same = level.isSame();
    return level;
  }

  private boolean isSame() {
    boolean as = names.length == local.fields.size();
    for (int i = 0; as && i < names.length; i++) {
      as = unchanged[i] && places[i] == i;
    }
    return as;
  }

  private void readField(Input in, int i) {
    int header = in.readVarInt(true);
    int length = header >>> FieldInfo.KIND_BITS;
    names[i] = Strings.readUtf8(in, length);
    kinds[i] = FieldInfo.kind(header & ((1 << FieldInfo.KIND_BITS) - 1));
    places[i] = local.indexOf(names[i]);
    unchanged[i] = places[i] >= 0 && local.fields.get(places[i]).kind == kinds[i];
  }

  /** Reads the fields into the object. What it lacks in the bytes stays as it is. */
  void read(Graph graph, Input in, Object target) {
    if (kinds.length == 0) {
      return;
    }
    FieldAccess how = local.access();
    if (!(how instanceof DirectFields)) {
      local.set(target, readValues(graph, in));
      return;
    }
    DirectFields fields = (DirectFields) how;
    if (same) {
      fields.read(graph, in, target);
    } else {
      read(graph, in, target, fields);
    }
  }

  private void read(Graph graph, Input in, Object target, DirectFields fields) {
    int i = 0;
    try {
      for (; i < kinds.length; i++) {
        if (unchanged[i]) {
          fields.read(graph, in, target, places[i]);
        } else if (places[i] >= 0) {
          fields.convert(target, places[i], graph.readValue(in, kinds[i]));
        } else {
          graph.readOver(in, kinds[i]);
        }
      }
    } catch (RuntimeException e) {
      throw CodecException.in(names[i], e);
    }
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
        if (places[i] >= 0) {
          Object value = graph.readValue(in, kinds[i]);
          values[places[i]] = local.fields.get(places[i]).fit(value);
        } else {
          graph.readOver(in, kinds[i]);
        }
      }
    } catch (RuntimeException e) {
      throw CodecException.in(names[i], e);
    }
    return values;
  }
}
