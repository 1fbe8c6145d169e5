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
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
    map.put(Properties.class, new OfProperties(shapes.level(Properties.class)));
    map.put(LinkedHashMap.class, new OfLinkedMap(shapes.level(LinkedHashMap.class)));
  }

  private static final class OfCollection extends Serializer<Collection<Object>> {

    private final Supplier<Collection<Object>> maker;
    private final boolean hashes;

    OfCollection(Supplier<Collection<Object>> maker) {
      this.maker = maker;
      this.hashes = maker.get() instanceof HashSet;
    }

    private @Nullable KeyGuard guard(Graph graph) {
      return hashes ? new KeyGuard(graph) : null;
    }

    @Override
    public void write(Kryo kryo, Output out, Collection<Object> collection) {
      int size = collection.size();
      ((Graph) kryo).writeLength(out, size);
      KeyGuard guard = guard((Graph) kryo);
      int i = 0;
      try {
        for (Object element : elements(collection)) {
          if (guard != null) {
            guard.check(element);
          }
          kryo.writeClassAndObject(out, element);
          i++;
        }
      } catch (RuntimeException e) {
        throw CodecException.in(i, e);
      }
      requireSame(size, i);
    }

    private static Collection<Object> elements(Collection<Object> collection) {
      return collection.getClass() == HashSet.class
          ? EnumOrder.of(collection, Function.identity())
          : collection;
    }

    @Override
    public Collection<Object> read(Kryo kryo, Input in, Class<? extends Collection<Object>> type) {
      Graph graph = (Graph) kryo;
      int size = graph.arrayLength(in, 1);
      Collection<Object> collection = maker.get();
      kryo.reference(collection);
      KeyGuard guard = guard(graph);
      int i = 0;
      try {
        for (; i < size; i++) {
          Object element = kryo.readClassAndObject(in);
          if (guard != null) {
            guard.check(element);
          }
          if (!graph.unwanted().isBroken()) {
            collection.add(element);
          }
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
      ((Graph) kryo).writeLength(out, size);
      writeHead(kryo, out, map);
      KeyGuard guard = new KeyGuard((Graph) kryo);
      int i = 0;
      for (Map.Entry<Object, Object> entry : entries(map)) {
        writeEntry(guard, kryo, out, entry.getKey(), entry.getValue(), i++);
      }
      requireSame(size, i);
    }

    private static Collection<Map.Entry<Object, Object>> entries(Map<Object, Object> map) {
      return map.getClass() == HashMap.class
          ? EnumOrder.of(map.entrySet(), Map.Entry::getKey)
          : map.entrySet();
    }

    static void writeEntry(
        KeyGuard guard, Kryo kryo, Output out, Object key, Object value, int index) {
      try {
        guard.check(key);
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

    /** What there is to say of the map apart from its entries. */
    void writeHead(Kryo kryo, Output out, Map<Object, Object> map) {}

    void readHead(Kryo kryo, Input in, Map<Object, Object> map) {}

    Map<Object, Object> make(int size) {
      return maker.get();
    }

    @Override
    public Map<Object, Object> read(
        Kryo kryo, Input in, Class<? extends Map<Object, Object>> type) {
      int size = ((Graph) kryo).arrayLength(in, 2);
      return fill(kryo, in, make(size), size);
    }

    final Map<Object, Object> fill(Kryo kryo, Input in, Map<Object, Object> map, int size) {
      kryo.reference(map);
      KeyGuard guard = new KeyGuard((Graph) kryo);
      readHead(kryo, in, map);
      int i = 0;
      try {
        for (; i < size; i++) {
          Object key = kryo.readClassAndObject(in);
          guard.check(key);
          Object value = kryo.readClassAndObject(in);
          if (!((Graph) kryo).unwanted().isBroken()) {
            map.put(key, value);
          }
        }
      } catch (RuntimeException e) {
        throw CodecException.in(i, e);
      }
      return map;
    }
  }

  /**
   * The slots that a concurrent map made by the default constructor has by the time it holds so
   * many entries. It must be made with them: growing turns the order of entries that share a slot.
   * Each entry takes two bytes at least, so the count is no lie when this is called.
   */
  private static int grown(int entries) {
    int slots = 16;
    while (entries >= slots - (slots >>> 2)) {
      slots <<= 1;
    }
    return slots;
  }

  /** Its iterators never complain of changes, so it is copied before its size is told. */
  private static final class OfConcurrentMap extends OfMap {

    OfConcurrentMap() {
      super(ConcurrentHashMap::new);
    }

    @Override
    Map<Object, Object> make(int size) {
      return new ConcurrentHashMap<>(grown(size) - 1, 1f);
    }

    @Override
    public void write(Kryo kryo, Output out, Map<Object, Object> map) {
      List<Object> copy = new ArrayList<>();
      map.forEach(
          (key, value) -> {
            copy.add(key);
            copy.add(value);
          });
      ((Graph) kryo).writeLength(out, copy.size() / 2);
      KeyGuard guard = new KeyGuard((Graph) kryo);
      for (int i = 0; i < copy.size(); i += 2) {
        writeEntry(guard, kryo, out, copy.get(i), copy.get(i + 1), i / 2);
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
    public Map<Object, Object> read(
        Kryo kryo, Input in, Class<? extends Map<Object, Object>> type) {
      boolean accessOrdered = in.readBoolean();
      Map<Object, Object> map =
          accessOrdered ? new LinkedHashMap<>(16, 0.75f, true) : new LinkedHashMap<>();
      return fill(kryo, in, map, ((Graph) kryo).arrayLength(in, 2));
    }
  }

  /** Its own way of writing itself turns the order of its entries each time. */
  private static final class OfProperties extends OfMap {

    private final Level level;
    private final int defaults;

    OfProperties(Level level) {
      super(Properties::new);
      this.level = level;
      this.defaults = level.indexOf("defaults");
    }

    @Override
    Map<Object, Object> make(int size) {
      return new Properties(grown(size) / 2);
    }

    @Override
    void writeHead(Kryo kryo, Output out, Map<Object, Object> map) {
      kryo.writeClassAndObject(out, level.get(map)[defaults]);
    }

    @Override
    void readHead(Kryo kryo, Input in, Map<Object, Object> map) {
      @Nullable Object[] values = FieldValues.absent(level.fields.size());
      values[defaults] = level.fields.get(defaults).fit(kryo.readClassAndObject(in));
      level.set(map, values);
    }
  }
}
