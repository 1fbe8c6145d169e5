package dev.carryover.codec;

import java.io.Externalizable;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamField;
import java.io.OptionalDataException;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** Classes of the kinds that legacy applications keep in their sessions. */
final class Corpus {

  private Corpus() {}

  interface SerializableSupplier<T> extends Supplier<T>, Serializable {}

  interface SerializableComparator<T> extends Comparator<T>, Serializable {}

  static class Person implements Serializable {
    private static final long serialVersionUID = 1;
    String name;
    int age;
    long id = 7;
    boolean active = true;
    double score = 0.5;
    float weight = 1.5f;
    char initial = 'x';
    byte small = -3;
    short shorter = -300;
    Integer boxed;
    transient String secret = "not carried";
    Person friend;
    List<Person> friends = new ArrayList<>();
    final String constant;

    Person(String name, int age) {
      this.name = name;
      this.age = age;
      this.constant = name + "!";
    }
  }

  static class Employee extends Person {
    String name = "hides";
    Object boss;

    Employee(String name) {
      super(name, 40);
    }
  }

  /** Never said to be Serializable. */
  static class PlainBean {
    String title;
    List<PlainBean> parts = new ArrayList<>();
    PlainBean parent;
    final Object lock = new Object();
    java.util.Optional<String> note = java.util.Optional.of("n");

    PlainBean(String title) {
      this.title = title;
    }
  }

  static class Ancestor {
    transient int constructed;
    String lost = "initial";

    Ancestor() {
      constructed = 42;
    }
  }

  static class Descendant extends Ancestor implements Serializable {
    String kept;
  }

  static class NoConstructorAncestor {
    String kept;

    NoConstructorAncestor(String kept) {
      this.kept = kept;
    }
  }

  static class Orphan extends NoConstructorAncestor implements Serializable {
    int own = 5;

    Orphan(String kept) {
      super(kept);
    }
  }

  static class BoundedList<T> extends LinkedList<T> {
    final int bound;

    BoundedList(int bound) {
      this.bound = bound;
    }

    @Override
    public boolean add(T element) {
      if (size() == bound) {
        removeFirst();
      }
      return super.add(element);
    }
  }

  static class CountingList<T> extends ArrayList<T> {
    int additions;

    @Override
    public boolean add(T element) {
      additions++;
      return super.add(element);
    }
  }

  static class Cache<K, V> extends LinkedHashMap<K, V> {
    final int bound;

    Cache(int bound) {
      super(16, 0.75f, true);
      this.bound = bound;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > bound;
    }
  }

  static Map<String, String> anonymousCache() {
    return new LinkedHashMap<>() {
      int evictions;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
        boolean full = size() > 2;
        evictions += full ? 1 : 0;
        return full;
      }

      @Override
      public String toString() {
        return super.toString() + evictions;
      }
    };
  }

  static class SelfWriter implements Serializable {
    transient String hidden;
    transient List<Object> more = new ArrayList<>();
    String plain;
    transient SelfWriter next;

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.defaultWriteObject();
      out.writeUTF(hidden == null ? "" : hidden);
      out.writeInt(more.size());
      for (Object each : more) {
        out.writeObject(each);
      }
      out.writeObject(next);
      out.writeLong(99);
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      hidden = in.readUTF();
      more = new ArrayList<>();
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        more.add(in.readObject());
      }
      next = (SelfWriter) in.readObject();
      if (in.readLong() != 99) {
        throw new InvalidObjectException("out of step");
      }
    }
  }

  /** Writes more than it reads, and reads until there is no more. */
  static class Talker implements Serializable {
    transient List<Object> heard = new ArrayList<>();

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.writeObject("one");
      out.writeObject(heard);
      out.writeInt(5);
      out.writeObject("skipped");
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      heard = new ArrayList<>();
      try {
        while (true) {
          heard.add(in.readObject());
        }
      } catch (OptionalDataException e) {
        heard.add("eof " + e.eof);
      }
    }
  }

  static class PutFields implements Serializable {
    private static final ObjectStreamField[] serialPersistentFields = {
      new ObjectStreamField("sum", long.class), new ObjectStreamField("label", String.class)
    };
    transient int a;
    transient int b;

    private void writeObject(ObjectOutputStream out) throws IOException {
      ObjectOutputStream.PutField fields = out.putFields();
      fields.put("sum", (long) a * 1000 + b);
      fields.put("label", "ab");
      out.writeFields();
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      ObjectInputStream.GetField fields = in.readFields();
      long sum = fields.get("sum", 0L);
      Objects.requireNonNull(fields.get("label", null));
      a = (int) (sum / 1000);
      b = (int) (sum % 1000);
    }
  }

  public static class External implements Externalizable {
    String text;
    Object other;

    public External() {}

    @Override
    public void writeExternal(ObjectOutput out) throws IOException {
      out.writeUTF(text);
      out.writeObject(other);
      out.writeBoolean(true);
    }

    @Override
    public void readExternal(ObjectInput in) throws IOException, ClassNotFoundException {
      text = in.readUTF();
      other = in.readObject();
      in.readBoolean();
    }
  }

  static final class Money implements Serializable {
    final transient long cents;

    Money(long cents) {
      this.cents = cents;
    }

    private Object writeReplace() {
      return new Proxy(Long.toString(cents));
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Money && ((Money) other).cents == cents;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(cents);
    }

    private static final class Proxy implements Serializable {
      final String text;

      Proxy(String text) {
        this.text = text;
      }

      private Object readResolve() {
        return new Money(Long.parseLong(text));
      }
    }
  }

  static final class Single implements Serializable {
    static final Single INSTANCE = new Single();

    private Object readResolve() {
      return INSTANCE;
    }
  }

  enum Plain {
    ONE,
    TWO
  }

  enum WithBody {
    PLUS {
      @Override
      int apply(int a) {
        return a + 1;
      }
    },
    MINUS {
      @Override
      int apply(int a) {
        return a - 1;
      }
    };

    abstract int apply(int a);
  }

  record Point(int x, int y, String label) implements Serializable {}

  record PlainRecord(List<String> names, Point point) {}

  record Checked(int positive) implements Serializable {
    Checked {
      if (positive <= 0) {
        throw new IllegalArgumentException("not positive");
      }
    }
  }

  static class Outer implements Serializable {
    String name = "outer";

    class Inner implements Serializable {
      String own = "inner";

      String both() {
        return name + own;
      }
    }
  }

  static class Handler implements InvocationHandler, Serializable {
    String prefix = "hello ";
    Object self;

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) {
      switch (method.getName()) {
        case "equals":
          return proxy == arguments[0];
        case "hashCode":
          return 7;
        default:
          return prefix + method.getName();
      }
    }
  }

  static class Node implements Serializable {
    Object left;
    Object right;
    Node next;
  }

  static final class PlainSelf {
    private PlainSelf() {}

    @SuppressWarnings({"unchecked", "rawtypes"})
    static void add(List<String> names, Object other) {
      ((List) names).add(other);
    }
  }
}
