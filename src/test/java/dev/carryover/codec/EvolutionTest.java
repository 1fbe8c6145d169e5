package dev.carryover.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two versions of an application's classes read each other's bytes: whatever Java serialisation
 * makes of it, the codec makes the same; where Java gives up, it may do better, or say so.
 *
 * <p>Each version has a class {@code app.Bean}, whose {@code toString} shows what it holds.
 */
class EvolutionTest {

  @TempDir static Path directory;

  private static ClassLoader one;
  private static ClassLoader two;
  private static final Map<ClassLoader, KryoCodec> CODECS = new HashMap<>();

  /**
   * One kind of change: the sources of the one version and of the other, in a package of its own.
   */
  private record Change(String name, String home, List<String> one, List<String> two) {

    static Change of(String name, List<String> one, List<String> two) {
      return new Change(name, "app" + Math.floorMod(name.hashCode(), 1_000_000), one, two);
    }

    Map<String, String> sources(List<String> version) {
      Stream<String> all = Stream.concat(version.stream(), Stream.of(SHOWN));
      return Compiled.named(
          all.map(s -> s.replace("package app;", "package " + home + ";")).toArray(String[]::new));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void compile() throws IOException {
    Map<String, String> first = new LinkedHashMap<>();
    Map<String, String> second = new LinkedHashMap<>();
    changes()
        .forEach(
            change -> {
              first.putAll(change.sources(change.one()));
              second.putAll(change.sources(change.two()));
            });
    one = Compiled.loader(directory.resolve("one"), first);
    two = Compiled.loader(directory.resolve("two"), second);
    CODECS.put(one, KryoCodec.forClassLoader(one));
    CODECS.put(two, KryoCodec.forClassLoader(two));
  }

  private static String bean(String members) {
    return bean("", members);
  }

  /** A Serializable bean that shows all its fields, by name; those of its superclass too. */
  private static String bean(String hierarchy, String members) {
    return "package app; import java.io.*; import java.util.*; public class Bean "
        + hierarchy
        + " implements Serializable { static final long serialVersionUID = 1; "
        + members
        + SHOW
        + " }";
  }

  private static final String SHOW = " public String toString() { return Shown.fields(this); }";

  /** Shows an object's fields, by name. */
  private static final String SHOWN =
      "package app; import java.lang.reflect.*; import java.util.*; class Shown {"
          + " static final Set<Object> SEEN = Collections.newSetFromMap(new IdentityHashMap<>());"
          + " static String fields(Object o) { if (!SEEN.add(o)) { return \"again\"; } try {"
          + " return all(o); } finally { SEEN.remove(o); } }"
          + " static String all(Object o) { Map<String, Object> map = new TreeMap<>(); try {"
          + " for (Class<?> c = o.getClass(); c.getName().startsWith(\"app\");"
          + " c = c.getSuperclass()) { for (Field f : c.getDeclaredFields()) {"
          + " if (!Modifier.isStatic(f.getModifiers())) { f.setAccessible(true);"
          + " map.put(f.getName(), f.get(o)); } } } } catch (IllegalAccessException e) {"
          + " throw new IllegalStateException(e); } return o.getClass().getSimpleName() + map; } }";

  /** A serialisable class of the given name that holds whatever it is made with. */
  private static String holder(String name) {
    return "package app; public class "
        + name
        + " implements java.io.Serializable { static final long serialVersionUID = 1;"
        + " public Object held; public "
        + name
        + "(Object held) { this.held = held; }"
        + SHOW
        + " }";
  }

  private static String enumeration(String constants) {
    return "package app; public enum Color { " + constants + " }";
  }

  static Stream<Change> changes() {
    String pair =
        "Object held = new ArrayList<>(List.of(\"shared\")); Object z = List.of(held, \"end\");";
    return Stream.of(
        Change.of(
            "a field added", List.of(bean("int a = 1;")), List.of(bean("int a = 2; int b = 3;"))),
        Change.of(
            "fields in another order",
            List.of(bean("int a = 1; String s = \"x\"; long c = 3;")),
            List.of(bean("long c = 4; int a = 5; String s = \"y\";"))),
        Change.of(
            "a primitive widened",
            List.of(bean("int a = 1; float f = 2;")),
            List.of(bean("long a = 5; double f = 6;"))),
        Change.of(
            "a primitive too wide to be narrowed",
            List.of(bean("long a = 1L << 40;")),
            List.of(bean("int a = 5;"))),
        Change.of(
            "a reference widened and narrowed",
            List.of(
                bean("ArrayList<String> a = new ArrayList<>(List.of(\"x\")); String s = \"s\";")),
            List.of(bean("List<String> a = new ArrayList<>(); Object s = \"t\";"))),
        Change.of(
            "a reference to another class",
            List.of(bean("Object a = \"x\";")),
            List.of(bean("Date a = new Date(0);"))),
        Change.of(
            "a primitive that became its box",
            List.of(bean("int a = 1;")),
            List.of(bean("Integer a = 2;"))),
        Change.of(
            "a field that became transient",
            List.of(bean("int a = 1; int b = 2;")),
            List.of(bean("int a = 3; transient int b = 4;"))),
        Change.of(
            "a superclass inserted",
            List.of(bean("int a = 1;")),
            List.of(
                bean("extends Base", "int a = 2;"),
                "package app; class Base implements java.io.Serializable { static final long"
                    + " serialVersionUID = 1; int base = 7; Object more = new Detail(); }",
                "package app; class Detail implements java.io.Serializable {"
                    + " static final long serialVersionUID = 1; }")),
        Change.of(
            "a superclass inserted that writes itself",
            List.of(bean("int a = 1;")),
            List.of(
                bean("extends Base", "int a = 2;"),
                "package app; import java.io.*; class Base implements Serializable { static final"
                    + " long serialVersionUID = 1; int base = 7; private void"
                    + " writeObject(ObjectOutputStream out) throws IOException {"
                    + " out.writeInt(5); out.defaultWriteObject(); out.writeObject(new Detail()); }"
                    + " private void readObject(ObjectInputStream in) throws Exception {"
                    + " in.readInt(); in.defaultReadObject(); in.readObject(); } }",
                "package app; class Detail implements java.io.Serializable {"
                    + " static final long serialVersionUID = 1; }")),
        Change.of(
            "a superclass inserted that wants to know when there is no data",
            List.of(bean("int a = 1;")),
            List.of(
                bean("extends Base", "int a = 2;"),
                "package app; class Base implements java.io.Serializable { static final long"
                    + " serialVersionUID = 1; int base = 7; private void readObjectNoData() {"
                    + " base = 42; } }")),
        Change.of(
            "a superclass that is not Serializable inserted",
            List.of(bean("int a = 1;")),
            List.of(
                bean("extends Base", "int a = 2;"), "package app; class Base { int base = 7; }")),
        Change.of(
            "a field added with a class of its own",
            List.of(bean("int a = 1; String z = \"after\";")),
            List.of(
                bean("int a = 2; Object more = new Extra(new Extra(\"x\")); String z = \"end\";"),
                holder("Extra"))),
        Change.of(
            "a field added with a list of a class of its own",
            List.of(bean("int a = 1; String z = \"after\";")),
            List.of(
                bean(
                    "int a = 2; List<Object> more = new ArrayList<>(List.of(new Extra(1), \"x\"));"
                        + " Extra[] array = {new Extra(2)}; Map<Object, Object> map ="
                        + " new java.util.concurrent.ConcurrentHashMap<>(Map.of(\"k\", new Extra(3)));"
                        + " Object table = new Hashtable<>(Map.of(new Extra(4), 5));"
                        + " Object fixed = List.of(new Extra(6), 7); Object maybe ="
                        + " new TreeMap<>(Map.of(1, new Extra(7))); String z = \"end\";"),
                holder("Extra"))),
        Change.of(
            "a field added that shares what an old one holds",
            List.of(bean(pair)),
            List.of(
                bean(
                    "Object before = new Extra(List.of(1)); {} "
                        + pair
                        + " { before ="
                        + " new Extra(held); }"),
                holder("Extra"))),
        Change.of(
            "a field added whose object is needed by an old one",
            List.of(bean("Object held = \"h\";")),
            List.of(
                bean(
                    "List<Object> before = new ArrayList<>(List.of(new Extra(1)));"
                        + " Object held = before;"),
                holder("Extra"))),
        Change.of(
            "a field added with an object that an old one needs, and that leads back to what is gone",
            List.of(bean("Object held = \"h\";"), holder("Kept")),
            List.of(
                bean(
                    "List<Object> before = new ArrayList<>(); Object held = new Kept(before);"
                        + " { before.add(held); before.add(new Extra(1)); }"),
                holder("Kept"),
                holder("Extra"))),
        Change.of(
            "an object of a class that is gone, in a field that stayed",
            List.of(bean("Object held = null;")),
            List.of(bean("Object held = new Extra(1);"), holder("Extra"))),
        Change.of(
            "fields added: an enum, an Externalizable, a record, a proxy, a class, a lambda",
            List.of(bean("int a = 1; String z = \"after\";")),
            List.of(
                bean(
                    "int a = 2; Object b = Color.RED; Object c = new Ext(); Object d = new"
                        + " Pair(\"l\", new Ext()); Object e = Color.class; Object f ="
                        + " java.lang.reflect.Proxy.newProxyInstance(Bean.class.getClassLoader(),"
                        + " new Class<?>[] {Named.class}, new Handler()); Object g ="
                        + " (Runnable & Serializable) Bean::run; Object h = new Color[] {Color.RED};"
                        + " static void run() {} String z = \"end\";"),
                enumeration("RED { public String toString() { return \"red\"; } }"),
                "package app; record Pair(Object left, Object right)"
                    + " implements java.io.Serializable {}",
                "package app; interface Named {}",
                "package app; class Handler implements java.io.Serializable,"
                    + " java.lang.reflect.InvocationHandler { public Object invoke(Object p,"
                    + " java.lang.reflect.Method m, Object[] a) { return \"proxy\"; } }",
                "package app; import java.io.*; public class Ext implements Externalizable {"
                    + " static final long serialVersionUID = 1; public void"
                    + " writeExternal(ObjectOutput out) throws IOException { out.writeInt(3);"
                    + " out.writeObject(Color.RED); out.writeUTF(\"u\"); }"
                    + " public void readExternal(ObjectInput in) throws IOException,"
                    + " ClassNotFoundException { in.readInt(); in.readObject(); in.readUTF(); }"
                    + " public String toString() { return \"ext\"; } }")),
        Change.of(
            "a field removed, of a class that reads itself and needs one that is gone",
            List.of(bean("int a = 1; String z = \"after\";"), "package app; class Used { }"),
            List.of(
                bean("int a = 2; Object b = new Reader(new Extra(1)); String z = \"end\";"),
                holder("Extra"),
                "package app; import java.io.*; class Reader implements Serializable {"
                    + " static final long serialVersionUID = 1; transient Object held;"
                    + " Reader(Object held) { this.held = held; } private void"
                    + " writeObject(ObjectOutputStream out) throws IOException {"
                    + " out.writeInt(1); out.writeObject(held); out.writeObject(\"more\"); }"
                    + " private void readObject(ObjectInputStream in) throws Exception {"
                    + " in.readInt(); held = in.readObject(); in.readObject(); } }")),
        Change.of(
            "an enum constant gone",
            List.of(bean("Object a = Color.GREEN;"), enumeration("RED, GREEN")),
            List.of(bean("Object a = Color.RED;"), enumeration("RED"))),
        Change.of(
            "enum constants in another order",
            List.of(
                bean(
                    "Object a = Color.GREEN; EnumMap<Color, String> map = new"
                        + " EnumMap<>(Map.of(Color.GREEN, \"g\"));"),
                enumeration("RED, GREEN")),
            List.of(
                bean(
                    "Object a = Color.RED; EnumMap<Color, String> map = new"
                        + " EnumMap<>(Map.of(Color.RED, \"r\"));"),
                enumeration("BLUE, GREEN, RED"))),
        Change.of(
            "a record's component added",
            List.of(bean("Object r = new Pair(\"l\");"), record("Object left")),
            List.of(
                bean("Object r = new Pair(\"m\", 3, null);"),
                record("Object left, int count, Object right"))),
        Change.of(
            "a class that became an enum",
            List.of(
                bean("Object c = new Color();"),
                "package app; class Color implements java.io.Serializable {}"),
            List.of(bean("Object c = Color.RED;"), enumeration("RED"))),
        Change.of(
            "a class that became Externalizable",
            List.of(
                bean("Object c = new Part();"),
                "package app; public class Part implements java.io.Serializable {"
                    + " static final long serialVersionUID = 1; int a; }"),
            List.of(
                bean("Object c = new Part();"),
                "package app; import java.io.*; public class Part implements Externalizable {"
                    + " static final long serialVersionUID = 1; public void"
                    + " writeExternal(ObjectOutput out) {} public void readExternal(ObjectInput in)"
                    + " {} }")),
        Change.of(
            "a class that began to write itself",
            List.of(bean("int a = 1;")),
            List.of(
                bean(
                    "int a = 2; private void writeObject(ObjectOutputStream out) throws Exception {"
                        + " out.defaultWriteObject(); out.writeInt(9); out.writeObject(new Extra(this));"
                        + " } private void readObject(ObjectInputStream in) throws Exception {"
                        + " in.defaultReadObject(); a += 1; }"),
                holder("Extra"))),
        Change.of(
            "a class that is no longer Serializable",
            List.of(
                bean("Object p = new Part();"),
                "package app; class Part {" + " int a = 1;" + SHOW + " }"),
            List.of(
                bean("Object p = new Part();"),
                "package app; class Part"
                    + " implements java.io.Serializable { int a = 2;"
                    + SHOW
                    + " }")),
        Change.of(
            "a field added in a cycle",
            List.of(bean("int a = 1; Object z = null;")),
            List.of(
                bean(
                    "int a = 2; Object b = new Extra(null); Object z = new ArrayList<>();"
                        + " { ((Extra) b).held = new ArrayList<>(List.of(this, z, b)); }"),
                holder("Extra"))));
  }

  private static String record(String components) {
    return "package app; record Pair(" + components + ") implements java.io.Serializable {}";
  }

  @ParameterizedTest
  @MethodSource("changes")
  void bothVersionsReadEachOther(Change change) throws Exception {
    String bean = change.home() + ".Bean";
    read(bean, one, two);
    read(bean, two, one);
    read(bean, one, one);
    read(bean, two, two);
  }

  private static void read(String name, ClassLoader from, ClassLoader to) throws Exception {
    Object bean = from.loadClass(name).getConstructor().newInstance();
    byte[] bytes = CODECS.get(from).encode(bean);
    Object byJava = byJava(bean, to);
    Object byCodec;
    try {
      byCodec = CODECS.get(to).decode(bytes);
      assertThat(byJava instanceof ClassNotFoundException).as("not found by Java").isFalse();
    } catch (CodecException e) {
      if (byJava != null && !(byJava instanceof Exception)) {
        fail("Java serialisation reads " + byJava, e);
      }
      return;
    }
    if (byJava != null && !(byJava instanceof Exception)) {
      assertThat(shown(byCodec)).isEqualTo(shown(byJava));
    }
    assertThat(CODECS.get(to).encode(byCodec)).isNotEmpty();
  }

  private static String shown(Object object) {
    return object.toString().replaceAll("@[0-9a-f]+", "");
  }

  /** What Java serialisation reads, or the exception; null if it could not write. */
  private static Object byJava(Object bean, ClassLoader to) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(bean);
    } catch (NotSerializableException e) {
      return null;
    }
    try (ObjectInputStream in = new Input(new ByteArrayInputStream(bytes.toByteArray()), to)) {
      return in.readObject();
    } catch (IOException | ClassNotFoundException | RuntimeException e) {
      return e;
    }
  }

  private static final class Input extends ObjectInputStream {

    private final ClassLoader loader;

    Input(InputStream bytes, ClassLoader loader) throws IOException {
      super(bytes);
      this.loader = loader;
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description) throws ClassNotFoundException {
      return Class.forName(description.getName(), false, loader);
    }

    @Override
    protected Class<?> resolveProxyClass(String[] interfaces) throws ClassNotFoundException {
      Class<?>[] types = new Class<?>[interfaces.length];
      for (int i = 0; i < types.length; i++) {
        types[i] = Class.forName(interfaces[i], false, loader);
      }
      return java.lang.reflect.Proxy.newProxyInstance(loader, types, (p, m, a) -> null).getClass();
    }
  }
}
