package dev.carryover.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import org.jspecify.annotations.Nullable;

/**
 * Stands, among the objects that references lead to, for one that can't be had here: its class is
 * gone, or one it can't do without. To those that hold it, it is null.
 */
final class Missing {

  /** Reads over the objects of a class that is not there, if nobody wants them. */
  static final class Reader extends Serializer<Object> {

    private final String reason;
    private final Form form;

    Reader(String reason, Form form) {
      this.reason = reason;
      this.form = form;
    }

    @Override
    public void write(Kryo kryo, Output out, Object object) {
      throw new CodecException(reason);
    }

    @Override
    public @Nullable Object read(Kryo kryo, Input in, Class<? extends Object> type) {
      Graph graph = (Graph) kryo;
      StreamClass from = graph.from();
      graph.missing(reason);
      readOver(graph, in, from);
      return null;
    }

    private void readOver(Graph graph, Input in, StreamClass from) {
      switch (form) {
        case FIELDS:
          for (StreamLevel level : from.levels()) {
            graph.input().readOver(in, level);
          }
          break;
        case EXTERNAL:
          graph.input().readOver(in, null);
          break;
        case ENUM:
          Strings.read(in);
          break;
        case ARRAY:
          int length = graph.arrayLength(in, 1);
          for (int i = 0; i < length; i++) {
            graph.readClassAndObject(in);
          }
          break;
      }
    }
  }
}
