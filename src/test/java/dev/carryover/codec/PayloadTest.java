package dev.carryover.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.io.Output;
import dev.carryover.codec.probe.Handler;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Payloads of the shapes that ysoserial and its kin build, as an attacker would write them into
 * Redis: nothing of them may run, be instantiated or be resolved.
 *
 * <p>The gadgets are hand-made classes of the known names; whatever of them runs leaves a mark.
 * Their bytes are made of classes of other names, of the same length, which nobody refuses.
 */
class PayloadTest {

  private static final String MARK = "carryover-test.payload";

  @TempDir static Path directory;

  private static ClassLoader harmless;
  private static ClassLoader armed;

  /** A gadget's name, and the hierarchy that its kind of payload needs. */
  private record Gadget(String name, String hierarchy, boolean ofTheJdk) {

    Gadget(String name) {
      this(name, "", false);
    }

    static Gadget ofTheJdk(String name) {
      return new Gadget(name, "", true);
    }

    /** The name under which its bytes are made. */
    String disguise() {
      return 'q' + name.substring(1);
    }

    String source(String className) {
      int dot = className.lastIndexOf('.');
      String simple = className.substring(dot + 1);
      String mark = "System.setProperty(\"" + MARK + "\", \"" + name + "\");";
      return "package "
          + className.substring(0, dot)
          + "; public class "
          + simple
          + " implements java.io.Serializable, Comparable<Object>,"
          + " java.util.Comparator<Object>, java.lang.reflect.InvocationHandler "
          + hierarchy
          + " { static final long serialVersionUID = 1; static { "
          + mark
          + " }"
          + " public Object first; public Object second;"
          + " private void readObject(java.io.ObjectInputStream in) throws Exception { "
          + mark
          + " in.defaultReadObject(); } private Object readResolve() { "
          + mark
          + " return this; } public int hashCode() { "
          + mark
          + " return 1; }"
          + " public boolean equals(Object o) { "
          + mark
          + " return true; }"
          + " public String toString() { "
          + mark
          + " return \"\"; }"
          + " public int compareTo(Object o) { "
          + mark
          + " return 0; }"
          + " public int compare(Object a, Object b) { "
          + mark
          + " return 0; }"
          + " public Object invoke(Object p, java.lang.reflect.Method m, Object[] a) { "
          + mark
          + " return m.getReturnType() == int.class ? (Object) 1 : null; } }";
    }
  }

  private static List<Gadget> gadgets() {
    return List.of(
        new Gadget("org.apache.commons.collections.functors.InvokerTransformer"),
        new Gadget("org.apache.commons.collections.functors.ChainedTransformer"),
        new Gadget("org.apache.commons.collections.keyvalue.TiedMapEntry"),
        new Gadget("org.apache.commons.collections.map.LazyMap"),
        new Gadget("org.apache.commons.collections4.functors.InstantiateTransformer"),
        new Gadget("org.apache.commons.collections4.comparators.TransformingComparator"),
        new Gadget("org.apache.commons.beanutils.BeanComparator"),
        new Gadget("org.apache.commons.fileupload.disk.DiskFileItem"),
        new Gadget("org.codehaus.groovy.runtime.ConvertedClosure"),
        new Gadget("org.codehaus.groovy.runtime.MethodClosure"),
        new Gadget("org.hibernate.engine.spi.TypedValue"),
        new Gadget("org.springframework.core.SerializableTypeWrapper$MethodInvokeTypeProvider"),
        new Gadget("org.mozilla.javascript.NativeError"),
        new Gadget("com.mchange.v2.c3p0.PoolBackedDataSource"),
        new Gadget("com.sun.syndication.feed.impl.ObjectBean"),
        new Gadget("com.rometools.rome.feed.impl.EqualsBean"),
        new Gadget("com.vaadin.data.util.NestedMethodProperty"),
        new Gadget("bsh.XThis"),
        new Gadget("clojure.inspector.proxy$javax.swing.table.AbstractTableModel$ff19274a"),
        new Gadget("net.sf.json.JSONObject"),
        new Gadget("org.python.core.PyFunction"),
        new Gadget("org.apache.wicket.util.upload.DiskFileItem"),
        new Gadget("org.apache.xalan.xsltc.trax.TemplatesImpl"),
        Gadget.ofTheJdk("com.sun.org.apache.xalan.internal.xsltc.trax.TemplatesImpl"),
        Gadget.ofTheJdk("com.sun.rowset.JdbcRowSetImpl"),
        Gadget.ofTheJdk("com.sun.jndi.rmi.registry.BindingEnumeration"),
        Gadget.ofTheJdk("java.security.SignedObject"),
        Gadget.ofTheJdk("java.rmi.server.UnicastRemoteObject"),
        Gadget.ofTheJdk("java.beans.EventHandler"),
        Gadget.ofTheJdk("javax.management.BadAttributeValueExpException"),
        Gadget.ofTheJdk("javax.management.remote.rmi.RMIConnector"),
        Gadget.ofTheJdk("javax.swing.event.EventListenerList"),
        Gadget.ofTheJdk("sun.reflect.annotation.AnnotationInvocationHandler"),
        Gadget.ofTheJdk("sun.rmi.server.UnicastRef"));
  }

  @BeforeAll
  static void compile() throws Exception {
    Map<String, String> disguised = new LinkedHashMap<>();
    Map<String, String> named = new LinkedHashMap<>();
    for (Gadget gadget : gadgets()) {
      disguised.put(gadget.disguise(), gadget.source(gadget.disguise()));
      if (!gadget.ofTheJdk()) {
        named.put(gadget.name(), gadget.source(gadget.name()));
      }
    }
    harmless = Compiled.loader(directory.resolve("harmless"), disguised);
    armed = Compiled.loader(directory.resolve("armed"), named);
  }

  /** The shapes in which payloads hide their gadgets. */
  private static List<Function<Object, Object>> shapes() {
    return List.of(
        gadget -> gadget,
        gadget -> new Object[] {"x", gadget},
        gadget -> new ArrayList<>(List.of("x", new ArrayList<>(List.of(gadget)))),
        gadget -> new HashMap<>(Map.of(gadget, "x")),
        gadget -> new HashMap<>(Map.of("x", new AbstractMap.SimpleEntry<>("k", gadget))),
        gadget -> new HashSet<>(List.of(gadget)),
        gadget -> new LinkedHashSet<>(List.of(gadget)),
        gadget -> new Hashtable<>(Map.of(gadget, "x")),
        gadget -> new Vector<>(List.of(gadget)),
        gadget -> Collections.unmodifiableList(new ArrayList<>(List.of(gadget))),
        gadget -> List.of(gadget),
        gadget -> Optional.of(gadget),
        gadget -> {
          PriorityQueue<Object> queue = new PriorityQueue<>(2, comparator(gadget));
          queue.add("x");
          queue.add("y");
          return queue;
        },
        gadget -> {
          TreeMap<Object, Object> map = new TreeMap<>(comparator(gadget));
          map.put("x", "y");
          return map;
        },
        gadget ->
            Proxy.newProxyInstance(
                PayloadTest.class.getClassLoader(),
                new Class<?>[] {Map.class, Comparable.class},
                (InvocationHandler) gadget),
        gadget -> {
          Corpus.Node node = new Corpus.Node();
          node.right = gadget;
          return node;
        },
        gadget -> gadget.getClass(),
        gadget -> java.lang.reflect.Array.newInstance(gadget.getClass(), 2));
  }

  @SuppressWarnings("unchecked")
  private static java.util.Comparator<Object> comparator(Object gadget) {
    return (java.util.Comparator<Object>) gadget;
  }

  static Stream<Gadget> eachGadget() {
    return gadgets().stream();
  }

  @ParameterizedTest
  @MethodSource("eachGadget")
  void nothingOfAGadgetRunsWhateverItHidesIn(Gadget gadget) throws Exception {
    KryoCodec attacker = KryoCodec.forClassLoader(harmless);
    KryoCodec victim = KryoCodec.forClassLoader(armed);
    for (Function<Object, Object> shape : shapes()) {
      Object disguised = harmless.loadClass(gadget.disguise()).getConstructor().newInstance();
      Object payload = shape.apply(disguised);
      byte[] bytes = renamed(attacker.encode(payload), gadget.disguise(), gadget.name());
      System.clearProperty(MARK);

      assertThatThrownBy(() -> victim.decode(bytes))
          .as(payload.getClass().getName())
          .isInstanceOf(CodecException.class)
          .hasMessageContaining(gadget.name() + " is refused by the class filter");
      assertThat(System.getProperty(MARK)).isNull();
    }
  }

  /** The gadgets do leave their mark where nobody refuses them. */
  @Test
  void theSameBytesRunUndisguised() throws Exception {
    Gadget gadget = gadgets().get(0);
    KryoCodec codec = KryoCodec.forClassLoader(harmless);
    byte[] bytes =
        codec.encode(
            new HashMap<>(
                Map.of(harmless.loadClass(gadget.disguise()).getConstructor().newInstance(), 1)));
    System.clearProperty(MARK);
    assertThatCode(() -> codec.decode(bytes)).doesNotThrowAnyException();
    assertThat(System.getProperty(MARK)).isEqualTo(gadget.name());
  }

  private static byte[] renamed(byte[] bytes, String from, String to) {
    String text = new String(bytes, ISO_8859_1);
    assertThat(text).contains(from);
    return text.replace(from, to).getBytes(ISO_8859_1);
  }

  // ---- what hashing would do

  /** Hides an object from those who look at what is written; what is read is the object itself. */
  private static final class Hidden implements Serializable {
    private final transient Object object;

    Hidden(Object object) {
      this.object = object;
    }

    private Object writeReplace() {
      return object;
    }
  }

  private static final KryoCodec CODEC =
      KryoCodec.forClassLoader(PayloadTest.class.getClassLoader());

  static Stream<Function<Object, Object>> hashedShapes() {
    return Stream.of(
        url -> new HashMap<>(Map.of(url, "x")),
        url -> new LinkedHashMap<>(Map.of(url, "x")),
        url -> new ConcurrentHashMap<>(Map.of(url, "x")),
        url -> new Hashtable<>(Map.of(url, "x")),
        url -> new HashSet<>(List.of(url)),
        url -> new LinkedHashSet<>(List.of(url)),
        url -> Set.of(url, "x"),
        url -> Map.of("x", 1, url, 2),
        url -> new HashMap<>(Map.of(url, "x")) {},
        url -> new HashSet<>(List.of(url)) {},
        url -> new HashMap<>(Map.of(List.of(url), "x")),
        url -> new HashMap<>(Map.of(new ArrayList<>(List.of(Optional.of(url))), "x")),
        url -> new HashSet<>(Set.of(Map.of("x", new AbstractMap.SimpleEntry<>(url, 1)))));
  }

  private static URL url(String host) throws MalformedURLException {
    String property = "java.protocol.handler.pkgs";
    System.setProperty(property, PayloadTest.class.getPackageName());
    try {
      return new URL("probe://" + host + "/");
    } finally {
      System.clearProperty(property);
    }
  }

  @ParameterizedTest
  @MethodSource("hashedShapes")
  void noHostIsLookedUpForAUrlInAHashTable(Function<Object, Object> shape) throws Exception {
    byte[] bytes = CODEC.encode(shape.apply(new Hidden(url("host.invalid"))));
    int before = Handler.LOOKUPS.get();

    assertThatThrownBy(() -> CODEC.decode(bytes))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("a java.net.URL can't be a key here");
    assertThat(Handler.LOOKUPS.get()).isEqualTo(before);
  }

  @Test
  void noHostIsLookedUpToCompareUrlsThatClaimTheSameHash() throws Exception {
    URL one = url("one.invalid");
    URL two = url("two.invalid");
    String bytes = new String(CODEC.encode(new HashMap<>(Map.of(one, "1", two, "2"))), ISO_8859_1);
    assertThat(bytes).contains(zigzag(one.hashCode()), zigzag(two.hashCode()));
    byte[] same =
        bytes.replace(zigzag(two.hashCode()), zigzag(one.hashCode())).getBytes(ISO_8859_1);
    int before = Handler.LOOKUPS.get();

    assertThatThrownBy(() -> CODEC.decode(same))
        .hasMessageContaining("a java.net.URL can't be a key here");
    assertThat(Handler.LOOKUPS.get()).isEqualTo(before);
  }

  private static String zigzag(int number) {
    Output out = new Output(5);
    out.writeVarInt(number, false);
    return new String(out.toBytes(), ISO_8859_1);
  }

  @Test
  void mapsKeyedByUrlsThatKnowTheirHashAreCarriedWithoutALookup() throws Exception {
    Map<URL, String> map = new HashMap<>(Map.of(url("one.invalid"), "1", url("two.invalid"), "2"));
    Map<URL, String> table = new Hashtable<>(map);
    byte[] bytes = CODEC.encode(new ArrayList<>(List.of(map, table, List.copyOf(map.keySet()))));
    int before = Handler.LOOKUPS.get();

    List<?> copy = (List<?>) CODEC.decode(bytes);

    assertThat(Handler.LOOKUPS.get()).isEqualTo(before);
    assertThat(copy.get(0)).isEqualTo(map);
    assertThat(copy.get(1)).isEqualTo(table);
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void setsWithinSetsThatWouldTakeForEverToHash() {
    for (Supplier<Collection<Object>> maker :
        List.<Supplier<Collection<Object>>>of(HashSet::new, LinkedHashSet::new, Overridden::new)) {
      Collection<Object> root = maker.get();
      Collection<Object> left = root;
      Collection<Object> right = maker.get();
      for (int i = 0; i < 100; i++) {
        Collection<Object> nextLeft = maker.get();
        Collection<Object> nextRight = maker.get();
        nextLeft.add("differs");
        for (Collection<Object> each : List.of(left, right)) {
          each.add(new Hidden(nextLeft));
          each.add(new Hidden(nextRight));
        }
        left = nextLeft;
        right = nextRight;
      }
      byte[] bytes = CODEC.encode(root);
      assertThatThrownBy(() -> CODEC.decode(bytes))
          .isInstanceOf(CodecException.class)
          .hasMessageContaining("keys that take too long to hash");
    }
  }

  static class Overridden extends HashSet<Object> {}

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void keysThatAllHaveTheSameHash() {
    Map<Object, Object> map = new HashMap<>();
    Hashtable<Object, Object> table = new Hashtable<>();
    Set<Object> set = new HashSet<>() {};
    for (int i = 0; i < 1 << 16; i++) {
      List<String> parts = new ArrayList<>();
      for (int bit = 0; bit < 16; bit++) {
        parts.add((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      Object key = new Hidden(parts);
      map.put(key, i);
      table.put(new Hidden(String.join("", parts)), i);
      set.add(key);
    }
    for (Object flood : List.of(map, table, set)) {
      byte[] bytes = CODEC.encode(flood);
      assertThatThrownBy(() -> CODEC.decode(bytes))
          .isInstanceOf(CodecException.class)
          .hasMessageContaining("too many keys of one hash");
    }
  }

  @Test
  void whatCouldNotBeReadIsNotWritten() throws Exception {
    URL url = url("host.invalid");
    assertThatThrownBy(() -> CODEC.encode(new HashMap<>(Map.of(List.of(url), "x"))))
        .hasMessageContaining("a java.net.URL can't be a key here");
    assertThatThrownBy(() -> CODEC.encode(Set.of(url, "x")))
        .hasMessageContaining("a java.net.URL can't be a key here");
  }

  @Test
  void largeTablesOfTheUsualKindAreCarried() {
    Map<Object, Object> map = new HashMap<>();
    Map<Object, Object> table = new Hashtable<>();
    for (int i = 0; i < 20_000; i++) {
      map.put(List.of("key", i), "value");
      table.put("key" + i, "value");
    }
    assertThat(CODEC.decode(CODEC.encode(map))).isEqualTo(map);
    assertThat(CODEC.decode(CODEC.encode(table))).isEqualTo(table);
  }

  // ---- caps

  static Stream<Arguments> bombs() {
    Object deep = "end";
    for (int i = 0; i < 600; i++) {
      deep = new ArrayList<>(Arrays.asList(deep));
    }
    List<Object> many = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      many.add(new Object());
    }
    return Stream.of(
        Arguments.of("maxdepth=500", deep),
        Arguments.of("maxrefs=1000", many),
        Arguments.of("maxarray=999", new Object[1_000]),
        Arguments.of("maxarray=999", new byte[1_000]),
        Arguments.of("maxarray=999", new String[1_000]),
        Arguments.of("maxbytes=9999", new byte[10_000]));
  }

  @ParameterizedTest
  @MethodSource("bombs")
  void aFiltersCapsHoldBothWays(String filter, Object bomb) {
    KryoCodec capped = KryoCodec.builder(PayloadTest.class.getClassLoader()).filter(filter).build();
    byte[] bytes = CODEC.encode(bomb);
    assertThatThrownBy(() -> capped.decode(bytes)).isInstanceOf(CodecException.class);
    assertThatThrownBy(() -> capped.encode(bomb)).isInstanceOf(CodecException.class);
    assertThat(CODEC.decode(bytes)).isNotNull();
  }

  @Test
  void aFilterMaySetCapsWiderThanTheDefaults() {
    KryoCodec wide =
        KryoCodec.builder(PayloadTest.class.getClassLoader()).filter("maxbytes=33554432").build();
    byte[] large = new byte[20 << 20];
    assertThatThrownBy(() -> CODEC.encode(large)).isInstanceOf(CodecException.class);
    assertThat((byte[]) wide.decode(wide.encode(large))).hasSameSizeAs(large);
  }
}
