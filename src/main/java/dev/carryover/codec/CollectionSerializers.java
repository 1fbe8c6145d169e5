package dev.carryover.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The JDK's everyday collections, exactly these classes.
 *
 * <p>They are rebuilt the way an application builds them: made by the default constructor and
 * filled one by one, so that hash tables grow to the size they had, iterate in the order they had,
 * and encode to the same bytes again. Never sized by a count from the bytes.
 */
final class CollectionSerializers {

  private CollectionSerializers() {}

  @SuppressWarnings("JdkObsolete") // applications do use LinkedList
  static void addTo(Map<Class<?>, Serializer<?>> map, Shapes shapes) {
    map.put(ArrayList.class, new OfCollection(ArrayList::new));
    map.put(LinkedList.class, new OfCollection(LinkedList::new));
    map.put(ArrayDeque.class, new OfCollection(ArrayDeque::new));
    map.put(HashSet.class, new OfCollection(HashSet::new));
    map.put(LinkedHashSet.class, new OfCollection(LinkedHashSet::new));
    map.put(HashMap.class, new OfMap(HashMap::new));
    map.put(ConcurrentHashMap.class, new OfConcurrentMap());
    map.put(LinkedHashMap.class, new OfLinkedMap(shapes.level(LinkedHashMap.class)));
  }

  private static final class OfCollection extends Serializer<Collection<Object>> {

    private final Supplier<Collection<Object>> maker;

    OfCollection(Supplier<Collection<Object>> maker) {
      this.maker = maker;
    }

    @Override
    public void write(Kryo kryo, Output out, Collection<Object> collection) {
      int size = collection.size();
      out.writeVarInt(size, true);
      int i = 0;
      try {
        for (Object element : collection) {
          kryo.writeClassAndObject(out, element);
          i++;
        }
      } catch (RuntimeException e) {
        throw CodecException.in(i, e);
      }
      requireSame(size, i);
    }

    @Override
    public Collection<Object> read(Kryo kryo, Input in, Class<? extends Collection<Object>> type) {
      int size = ((Graph) kryo).count(in, in.readVarInt(true));
      Collection<Object> collection = maker.get();
      kryo.reference(collection);
      int i = 0;
      try {
        for (; i < size; i++) {
          collection.add(kryo.readClassAndObject(in));
        }
      } catch (RuntimeException e) {
        throw CodecException.in(i, e);
      }
      return collection;
    }
  }

  private static void requireSame(int announced, int written) {
    if (announced != written) {
      throw new CodecException(
          "changed while it was being encoded",
          new ConcurrentModificationException(announced + " elements became " + written));
    }
  }

  private static class OfMap extends Serializer<Map<Object, Object>> {

    private final Supplier<Map<Object, Object>> maker;

    OfMap(Supplier<Map<Object, Object>> maker) {
      this.maker = maker;
    }

    @Override
    public void write(Kryo kryo, Output out, Map<Object, Object> map) {
      int size = map.size();
      out.writeVarInt(size, true);
      int i = 0;
      for (Map.Entry<Object, Object> entry : map.entrySet()) {
        writeEntry(kryo, out, entry.getKey(), entry.getValue(), i++);
      }
      requireSame(size, i);
    }

    static void writeEntry(Kryo kryo, Output out, Object key, Object value, int index) {
      try {
        kryo.writeClassAndObject(out, key);
      } catch (RuntimeException e) {
        throw CodecException.in("[key " + index + "]", e);
      }
      try {
        kryo.writeClassAndObject(out, value);
      } catch (RuntimeException e) {
        throw CodecException.in(index, e);
      }
    }

    Map<Object, Object> make(Input in) {
      return maker.get();
    }

    @Override
    public Map<Object, Object> read(
        Kryo kryo, Input in, Class<? extends Map<Object, Object>> type) {
      Map<Object, Object> map = make(in);
      int size = ((Graph) kryo).count(in, in.readVarInt(true));
      kryo.reference(map);
      int i = 0;
      try {
        for (; i < size; i++) {
          Object key = kryo.readClassAndObject(in);
          map.put(key, kryo.readClassAndObject(in));
        }
      } catch (RuntimeException e) {
        throw CodecException.in(i, e);
      }
      return map;
    }
  }

  /** Its iterators never complain of changes, so it is copied before its size is told. */
  private static final class OfConcurrentMap extends OfMap {

    OfConcurrentMap() {
      super(ConcurrentHashMap::new);
    }

    @Override
    public void write(Kryo kryo, Output out, Map<Object, Object> map) {
      List<Object> copy = new ArrayList<>();
      map.forEach(
          (key, value) -> {
            copy.add(key);
            copy.add(value);
          });
      out.writeVarInt(copy.size() / 2, true);
      for (int i = 0; i < copy.size(); i += 2) {
        writeEntry(kryo, out, copy.get(i), copy.get(i + 1), i / 2);
      }
    }
  }

  /** Tells insertion order from access order, which no method gives away. */
  private static final class OfLinkedMap extends OfMap {

    private final Level level;
    private final int accessOrder;

    OfLinkedMap(Level level) {
      super(LinkedHashMap::new);
      this.level = level;
      this.accessOrder = level.indexOf("accessOrder");
    }

    @Override
    public void write(Kryo kryo, Output out, Map<Object, Object> map) {
      out.writeBoolean(Boolean.TRUE.equals(level.get(map)[accessOrder]));
      super.write(kryo, out, map);
    }

    @Override
    Map<Object, Object> make(Input in) {
      return in.readBoolean() ? new LinkedHashMap<>(16, 0.75f, true) : new LinkedHashMap<>();
    }
  }
}
