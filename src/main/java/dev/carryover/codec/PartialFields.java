package dev.carryover.codec;

import com.esotericsoftware.kryo.io.Output;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fields of a class that declares more for serialisation than it has. It is to write them by its
 * own method; when they are read, those that it has are set, as in Java serialisation.
 */
final class PartialFields extends FieldAccess {

  private final Class<?> type;
  private final @Nullable FieldAccess had;
  private final List<Integer> places = new ArrayList<>();

  PartialFields(
      Class<?> type, List<FieldInfo> declared, List<FieldInfo> infos, @Nullable FieldAccess had) {
    this.type = type;
    this.had = had;
    for (FieldInfo info : infos) {
      places.add(declared.indexOf(info));
    }
  }

  @Override
  @Nullable Object[] get(Object target) {
    throw new CodecException(type.getName() + " declares fields that it does not have");
  }

  @Override
  void write(Graph graph, Output out, Object target) {
    throw new CodecException(type.getName() + " declares fields that it does not have");
  }

  @Override
  void set(Object target, @Nullable Object[] values) {
    if (had == null) {
      return;
    }
    @Nullable Object[] some = new Object[places.size()];
    for (int i = 0; i < some.length; i++) {
      some[i] = values[places.get(i)];
    }
    had.set(target, some);
  }
}
