package dev.carryover.codec;

import com.esotericsoftware.kryo.io.Input;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A class's hierarchy as the bytes have it, and how to fill an object of the class as it is here.
 */
final class StreamShape {

  private final Shape shape;
  private final StreamLevel[] levels;

  StreamShape(Shape shape, StreamLevel[] levels) {
    this.shape = shape;
    this.levels = levels;
  }

  /** The values of the one class that is a record, by the places of its fields here. */
  @Nullable Object[] readRecord(Graph graph, Input in, Level record) {
    @Nullable Object[] values = FieldValues.absent(record.fields.size());
    for (StreamLevel level : levels) {
      if (level.custom) {
        throw new CodecException(record.type.getName() + " was no record when it was written");
      }
      @Nullable Object[] read = level.readValues(graph, in);
      if (level.local == record) {
        values = read;
      }
    }
    return values;
  }

  /**
   * Fills the object. A class that is in its hierarchy here and not in the bytes is asked for
   * {@code readObjectNoData}; one that is only in the bytes is read and dropped.
   */
  void read(Graph graph, Input in, Object object) {
    List<Level> locals = shape.levels;
    int next = 0;
    for (StreamLevel level : levels) {
      int position = locals.indexOf(level.local);
      for (; next < position; next++) {
        graph.input().readNoData(locals.get(next), object);
      }
      next = Math.max(next, position + 1);
      graph.input().readLevel(in, level, object, position >= 0);
    }
    for (; next < locals.size(); next++) {
      graph.input().readNoData(locals.get(next), object);
    }
  }
}
