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

  @Override
  public @Nullable Object read(Kryo kryo, Input in, Class<? extends Object> type) {
    Graph graph = (Graph) kryo;
    StreamClass from = graph.from();
    int number = graph.number();
    Object object = shape.newInstance();
    graph.reference(object);
    fill(graph, in, from, object);
    Object resolved = graph.unwanted().isBroken() ? object : shape.resolve(object);
    if (resolved != object) {
      graph.references().set(number, resolved);
    }
    return resolved;
  }

  /** Field by field and class by class, by the classes' own methods where they have any. */
  static final class OfFields extends ResolvingSerializer {

    private final Level[] levels;

    /** Of levels that write nothing but their fields, once it is known how to reach them. */
    private final @Nullable FieldAccess[] plain;

    OfFields(Shape shape) {
      super(shape);
      this.levels = shape.levels.toArray(new Level[0]);
      this.plain = new FieldAccess[levels.length];
    }

    @Override
    public void write(Kryo kryo, Output out, Object object) {
      Graph graph = (Graph) kryo;
      for (int i = 0; i < levels.length; i++) {
        FieldAccess fields = plain[i];
        if (fields == null) {
          writeLevel(graph, out, object, i);
        } else {
          fields.write(graph, out, object);
        }
      }
    }

    private void writeLevel(Graph graph, Output out, Object object, int i) {
      Level level = levels[i];
      if (level.writeObject != null) {
        graph.output().writeLevel(out, level, level.writeObject, object);
      } else if (!level.fields.isEmpty()) {
        level.access().write(graph, out, object);
        plain[i] = level.access();
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
    public void write(Kryo kryo, Output out, Object object) {
      ((Graph) kryo).output().writeExternal(out, (Externalizable) object);
    }

    @Override
    void fill(Graph graph, Input in, StreamClass from, Object object) {
      graph.input().readExternal(in, (Externalizable) object);
    }
  }
}
