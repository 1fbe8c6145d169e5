package dev.carryover.codec;

import com.esotericsoftware.kryo.io.Input;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A class's hierarchy as the bytes have it, and how to fill an object of the class as it is here.
 */
final class StreamShape {

  private final Shape shape;

  /** Superclasses first. */
  private final StreamLevel[] levels;

  /** For each level the place it has here; negative if the class is no longer its superclass. */
  private final int[] places;

  /** For each level, whether there is nothing but fields to be read, and a class to hold them. */
  private final boolean[] plain;

  StreamShape(Shape shape, List<StreamLevel> levels) {
    this.shape = shape;
    this.levels = levels.toArray(new StreamLevel[0]);
    this.places = new int[this.levels.length];
    this.plain = new boolean[places.length];
    for (int i = 0; i < places.length; i++) {
      StreamLevel level = this.levels[i];
      places[i] = shape.indexOf(level.local.type);
      plain[i] = places[i] >= 0 && !level.custom && level.local.readObject == null;
    }
    requireOrder();
  }

  /**
   * Superclasses come first and once. Of a class of the JDK's none may be left out: its own method
   * may be what makes the object safe to use (a lock's lets go of it).
   */
  private void requireOrder() {
    int next = 0;
    int known = 0;
    for (int place : places) {
      if (place >= 0 && place < next) {
        throw new CodecException(shape.type.getName() + " has its superclasses in disorder");
      }
      next = Math.max(next, place + 1);
      known += place >= 0 ? 1 : 0;
    }
    if (known < shape.levels.size() && Platform.owns(shape.type)) {
      throw new CodecException(shape.type.getName() + " lacks a superclass");
    }
  }

  /** The values of the one class that is a record, by the places of its fields here. */
  @Nullable Object[] readRecord(Graph graph, Input in, Level record) {
    @Nullable Object[] values = FieldValues.absent(record.fields.size());
    for (StreamLevel level : levels) {
      if (level.custom) {
        throw new CodecException(record.type.getName() + " was no record when it was written");
      }
      @Nullable Object[] read = level.readValues(graph, in);
      if (level.local.type == record.type) {
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
    int next = 0;
    for (int i = 0; i < places.length; i++) {
      next = readNoData(graph, object, next, places[i]);
      next = Math.max(next, places[i] + 1);
      if (plain[i]) {
        levels[i].read(graph, in, object);
      } else {
        graph.input().readLevel(in, levels[i], object, places[i] >= 0);
      }
    }
    readNoData(graph, object, next, shape.levels.size());
  }

  private int readNoData(Graph graph, Object object, int from, int to) {
    int next = from;
    for (; next < to; next++) {
      graph.input().readNoData(shape.levels.get(next), object);
    }
    return next;
  }
}
