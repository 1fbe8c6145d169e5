package dev.carryover.codec;

import dev.carryover.codec.Corpus.External;
import dev.carryover.codec.Corpus.Node;
import dev.carryover.codec.Corpus.SelfWriter;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.util.*;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Objects of many kinds, linked at random: shared, in cycles, replaced, built last. The same seed
 * makes the same graph.
 */
final class RandomGraph {

  private final Random random;
  private final List<Object> made = new ArrayList<>();

  private RandomGraph(long seed) {
    this.random = new Random(seed);
  }

  static Object of(long seed) {
    RandomGraph graph = new RandomGraph(seed);
    int size = 1 + graph.random.nextInt(25);
    for (int i = 0; i < size; i++) {
      graph.made.add(graph.make());
    }
    for (int i = graph.random.nextInt(3 * size); i > 0; i--) {
      graph.link(graph.any(), graph.any());
    }
    return graph.random.nextBoolean()
        ? graph.made.get(graph.random.nextInt(size))
        : graph.made.toArray();
  }

  static final class Bean implements Serializable {
    private static final long serialVersionUID = 1;
    Object any;
    Bean next;
    List<Object> list;
    Map<String, Object> map = new HashMap<>();
    String text;
    int number;
    Object[] array;
  }

  static class Base implements Serializable {
    Object base;
  }

  static class Derived extends Base {
    Object own;
    long count;
  }

  static class Bag extends ArrayList<Object> {
    Object tag;
  }

  static class Registry extends LinkedHashMap<String, Object> {
    Object tag;
  }

  record Link(Object first, String name, Object second) implements Serializable {}

  /** Stands in for a token while it is written. */
  static final class Token implements Serializable {
    final transient Object held;

    Token(Object held) {
      this.held = held;
    }

    private Object writeReplace() {
      return new Written(held);
    }

    private static final class Written implements Serializable {
      final Object held;

      Written(Object held) {
        this.held = held;
      }

      private Object readResolve() {
        return new Token(held);
      }
    }
  }

  private Object any() {
    return random.nextInt(4) == 0 || made.isEmpty()
        ? value()
        : made.get(random.nextInt(made.size()));
  }

  private Object value() {
    switch (random.nextInt(12)) {
      case 0:
        return null;
      case 1:
        return random.nextInt();
      case 2:
        return random.nextLong();
      case 3:
        return "s" + random.nextInt(10);
      case 4:
        return "a string that is long enough to be shared " + random.nextInt(3);
      case 5:
        return random.nextBoolean();
      case 6:
        return Corpus.WithBody.values()[random.nextInt(2)];
      case 7:
        return BigDecimal.valueOf(random.nextLong(), random.nextInt(5));
      case 8:
        return java.time.LocalDate.ofEpochDay(random.nextInt(1000));
      case 9:
        return random.nextGaussian();
      case 10:
        return new UUID(random.nextLong(), 5);
      default:
        return String.class;
    }
  }

  private Object make() {
    switch (random.nextInt(32)) {
      case 0:
      case 1:
        return new Bean();
      case 2:
        return new Derived();
      case 3:
      case 4:
        return new ArrayList<>();
      case 5:
        return new LinkedList<>();
      case 6:
        return new HashMap<>();
      case 7:
        return new LinkedHashMap<>();
      case 8:
        return new TreeMap<>();
      case 9:
        return new Object[1 + random.nextInt(3)];
      case 10:
        return selfWriter();
      case 11:
        return external();
      case 12:
        return new Bag();
      case 13:
        return new Registry();
      case 14:
        return new Node();
      case 15:
        return List.of(notNull(), notNull());
      case 16:
        return Map.of("k", notNull());
      case 17:
        return new Link(any(), "l", any());
      case 18:
        return new Token(any());
      case 19:
        return Collections.unmodifiableList(list());
      case 20:
        return Collections.synchronizedMap(map());
      case 21:
        return Arrays.asList(any(), any());
      case 22:
        return new AtomicReference<>(any());
      case 23:
        return new ConcurrentHashMap<>();
      case 24:
        return new CopyOnWriteArrayList<>(new Object[] {any()});
      case 25:
        return new AbstractMap.SimpleEntry<>("k", any());
      case 26:
        return new Exception("m" + random.nextInt(5));
      case 27:
        return proxy();
      case 28:
        return Collections.singletonList(any());
      case 29:
        return new ArrayDeque<>(List.of(notNull()));
      case 30:
        return new ConcurrentSkipListMap<>();
      default:
        return new Vector<>();
    }
  }

  private static SelfWriter selfWriter() {
    SelfWriter writer = new SelfWriter();
    writer.hidden = "h";
    return writer;
  }

  private static External external() {
    External external = new External();
    external.text = "t";
    return external;
  }

  private Object proxy() {
    Corpus.Handler handler = new Corpus.Handler();
    handler.self = any();
    return Proxy.newProxyInstance(
        RandomGraph.class.getClassLoader(), new Class<?>[] {Supplier.class}, handler);
  }

  private Object notNull() {
    Object object = any();
    return object == null ? "nothing" : object;
  }

  @SuppressWarnings("unchecked")
  private List<Object> list() {
    for (Object each : made) {
      if (each instanceof ArrayList) {
        return (List<Object>) each;
      }
    }
    return new ArrayList<>();
  }

  @SuppressWarnings("unchecked")
  private Map<Object, Object> map() {
    for (Object each : made) {
      if (each instanceof HashMap) {
        return (Map<Object, Object>) each;
      }
    }
    return new HashMap<>();
  }

  @SuppressWarnings("unchecked")
  private void link(Object from, Object to) {
    if (from instanceof Bean) {
      link((Bean) from, to);
    } else if (from instanceof Derived) {
      ((Derived) from).own = to;
      ((Base) from).base = any();
      ((Derived) from).count++;
    } else if (from instanceof Node) {
      ((Node) from).left = to;
      ((Node) from).right = to;
    } else if (from instanceof SelfWriter) {
      ((SelfWriter) from).more.add(to);
    } else if (from instanceof External) {
      ((External) from).other = to;
    } else if (from instanceof Object[]) {
      ((Object[]) from)[random.nextInt(((Object[]) from).length)] = to;
    } else if (from instanceof Bag
        || from instanceof ArrayList
        || from instanceof LinkedList
        || from instanceof Vector) {
      ((Collection<Object>) from).add(to);
    } else if (from instanceof HashMap
        || to != null && (from instanceof ConcurrentHashMap || from instanceof SortedMap)) {
      ((Map<Object, Object>) from).put("k" + random.nextInt(5), to);
    } else if (from instanceof AtomicReference) {
      ((AtomicReference<Object>) from).set(to);
    } else if (from instanceof Exception && to instanceof Exception && from != to) {
      ((Exception) from).addSuppressed((Exception) to);
    }
  }

  private void link(Bean bean, Object to) {
    switch (random.nextInt(5)) {
      case 0:
        bean.any = to;
        break;
      case 1:
        bean.next = to instanceof Bean ? (Bean) to : bean;
        break;
      case 2:
        bean.list = list();
        break;
      case 3:
        bean.map.put("m" + random.nextInt(3), to);
        break;
      default:
        bean.array = new Object[] {to, bean.any};
        bean.text = "text " + random.nextInt(3);
        bean.number++;
    }
  }
}
