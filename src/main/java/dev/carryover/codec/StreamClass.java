package dev.carryover.codec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A class as the bytes introduce it, found here. Thread-safe. */
final class StreamClass {

  final Carried carried;
  final @Nullable StreamLevel level;
  private final @Nullable StreamClass parent;

  /** This class under the superclass that was introduced with it last. */
  private volatile @Nullable StreamClass below;

  private volatile @Nullable StreamShape shape;

  StreamClass(Carried carried, @Nullable StreamLevel level) {
    this(carried, level, null);
  }

  private StreamClass(Carried carried, @Nullable StreamLevel level, @Nullable StreamClass parent) {
    this.carried = carried;
    this.level = level;
    this.parent = parent;
  }

  StreamClass below(@Nullable StreamClass superclass) {
    if (superclass == null) {
      return this;
    }
    StreamClass known = below;
    if (known == null || known.parent != superclass) {
      known = new StreamClass(carried, level, superclass);
      below = known;
    }
    return known;
  }

  /** How to fill an object of the given class, which is this one. */
  StreamShape shape(Shape local) {
    StreamShape known = shape;
    if (known == null) {
      known = new StreamShape(local, levels());
      shape = known;
    }
    return known;
  }

  /** Superclasses first. */
  List<StreamLevel> levels() {
    List<StreamLevel> levels = new ArrayList<>();
    for (StreamClass c = this; c != null; c = c.parent) {
      if (c.level == null) {
        throw new CodecException(c.carried.type.getName() + " was carried in another way");
      }
      levels.add(c.level);
    }
    Collections.reverse(levels);
    return levels;
  }
}
