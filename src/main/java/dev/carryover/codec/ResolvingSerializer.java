package dev.carryover.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.Externalizable;
import org.jspecify.annotations.Nullable;

/**
 * Objects made first and filled then, so that what they refer to may refer to them; at the end
 * their {@code readResolve} may put another in their place.
 */
abstract class ResolvingSerializer extends Serializer<Object> {

  final Shape shape;

  ResolvingSerializer(Shape shape) {
    this.shape = shape;
  }

  abstract void fill(Graph graph, Input in, StreamClass from, Object object);

  abstract void write(Graph graph, Output out, Object object);

  @Override
  public void write(Kryo kryo, Output out, Object object) {
    write((Graph) kryo, out, object);
  }

  @Override
  public @Nullable Object read(Kryo kryo, Input in, Class<? extends Object> type) {
    Graph graph = (Graph) kryo;
    StreamClass from = graph.from();
    int number = graph.number();
    Object object = shape.newInstance();
    graph.reference(object);
    fill(graph, in, from, object);
    Object resolved = shape.resolve(object);
    if (resolved != object) {
      graph.references().set(number, resolved);
    }
    return resolved;
  }

  /** Field by field and class by class, by the classes' own methods where they have any. */
  static final class OfFields extends ResolvingSerializer {

    OfFields(Shape shape) {
      super(shape);
    }

    @Override
    void write(Graph graph, Output out, Object object) {
      for (Level level : shape.levels) {
        graph.output().writeLevel(out, level, object);
      }
    }

    @Override
    void fill(Graph graph, Input in, StreamClass from, Object object) {
      from.shape(shape).read(graph, in, object);
    }
  }

  static final class OfExternalizable extends ResolvingSerializer {

    OfExternalizable(Shape shape) {
      super(shape);
    }

    @Override
    void write(Graph graph, Output out, Object object) {
      graph.output().writeExternal(out, (Externalizable) object);
    }

    @Override
    void fill(Graph graph, Input in, StreamClass from, Object object) {
      graph.input().readExternal(in, (Externalizable) object);
    }
  }
}
