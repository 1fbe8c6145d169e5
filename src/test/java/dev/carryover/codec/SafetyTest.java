package dev.carryover.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.io.Output;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.rmi.RemoteException;
import java.rmi.server.UID;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import javax.management.BadAttributeValueExpException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetyTest {

  private static final ClassLoader LOADER = SafetyTest.class.getClassLoader();
  private static final KryoCodec CODEC = KryoCodec.forClassLoader(LOADER);

  static int ran;

  /** What an attacker wants: code that runs while it is being read. */
  static class Payload implements Serializable {
    String command = "calc";

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      ran++;
    }
  }

  static class Initialised implements Serializable {
    static {
      ran += 100;
    }
  }

  static class Empty implements Serializable {}

  /** Bytes that name a class, as anyone may write them. */
  private static byte[] naming(String className) {
    byte[] name = className.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    Output out = new Output(256);
    out.writeByte(1); // format
    out.writeByte(2); // an object of a class not seen before
    out.writeVarInt(name.length + 3, true);
    out.writeVarInt(name.length, true);
    out.writeBytes(name);
    out.writeByte(0); // carried by its fields
    out.writeByte(0); // of which it has none
    out.writeBytes(new byte[20]);
    return out.toBytes();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.apache.commons.collections.functors.InvokerTransformer",
        "org.apache.commons.collections4.functors.ChainedTransformer",
        "[Lorg.apache.commons.collections.functors.InvokerTransformer;",
        "[[Lorg.codehaus.groovy.runtime.MethodClosure;",
        "org.apache.commons.beanutils.BeanComparator",
        "org.codehaus.groovy.runtime.MethodClosure",
        "com.sun.org.apache.xalan.internal.xsltc.trax.TemplatesImpl",
        "com.sun.rowset.JdbcRowSetImpl",
        "com.mchange.v2.c3p0.WrapperConnectionPoolDataSource",
        "javax.management.BadAttributeValueExpException",
        "sun.reflect.annotation.AnnotationInvocationHandler",
        "java.rmi.server.UnicastRemoteObject",
        "java.rmi.server.RemoteObjectInvocationHandler",
        "java.rmi.MarshalledObject",
        "com.sun.syndication.feed.impl.ObjectBean",
        "org.hibernate.engine.spi.TypedValue",
        "java.security.SignedObject",
      })
  void refusesGadgetsByNameBeforeLoadingThem(String name) {
    assertThatThrownBy(() -> CODEC.decode(naming(name)))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("refused by the class filter")
        .hasNoCause();
  }

  @Test
  void carriesWhatOnlyLivesBesideGadgets() {
    UID uid = new UID();
    assertThat(CODEC.decode(CODEC.encode(uid))).isEqualTo(uid);
    assertThat(CODEC.decode(CODEC.encode(new RemoteException("away"))))
        .isInstanceOf(RemoteException.class);
  }

  @Test
  void onlyItsWholeNameAllowsAGadget() {
    String name = BadAttributeValueExpException.class.getName();
    byte[] gadget =
        KryoCodec.builder(LOADER).filter(name).build().encode(BadAttributeValueExpException.class);
    assertThat(KryoCodec.builder(LOADER).filter(name + ";java.**;!*").build().decode(gadget))
        .isEqualTo(BadAttributeValueExpException.class);
    for (String filter : List.of("javax.management.**", name + "*", "*", "!*;" + name)) {
      KryoCodec strict = KryoCodec.builder(LOADER).filter(filter).build();
      assertThatThrownBy(() -> strict.decode(gadget))
          .as(filter)
          .isInstanceOf(CodecException.class)
          .hasMessageContaining("refused by the class filter");
    }
  }

  /** As in the JDK, where a filter says nothing of them. */
  @ParameterizedTest
  @ValueSource(strings = {"java.**;!*", "java.base/*;!*", "!com.shop.**"})
  void arraysOfPrimitivesPassAnyFilter(String filter) {
    KryoCodec strict = KryoCodec.builder(LOADER).filter(filter).build();
    Object[] value = {new int[] {1}, new byte[][] {{2}}, BitSet.valueOf(new byte[] {3})};

    assertThat(Arrays.deepEquals((Object[]) strict.decode(strict.encode(value)), value)).isTrue();
  }

  /** Of a class that is there, in a field that it has not: classes as many as are asked for. */
  private static byte[] namingClassesThatAreNotThere(int count) {
    byte[] name = Empty.class.getName().getBytes(ISO_8859_1);
    Output out = new Output(64, -1);
    out.writeByte(KryoCodec.FORMAT);
    out.writeVarInt(Tokens.NEW, true);
    out.writeVarInt(name.length + 5, true);
    out.writeVarInt(name.length, true);
    out.writeBytes(name);
    out.writeByte(0); // carried by its fields
    out.writeByte(1); // of which it has one,
    out.writeByte(1 << FieldInfo.KIND_BITS); // a reference,
    out.writeByte('x');
    out.writeByte(Tokens.NULL); // and no superclass
    out.writeVarInt(Tokens.numbered(NumberedTypes.number(ArrayList.class.getName())), true);
    out.writeVarInt(count, true);
    for (int i = 0; i < count; i++) {
      out.writeVarInt(Tokens.numbered(NumberedTypes.number(Class.class.getName())), true);
      Strings.write(out, "gone.Class" + i);
    }
    return out.toBytes();
  }

  @Test
  void classesThatAreNotThereAreNotLookedForWithoutEnd() {
    assertThat(CODEC.decode(namingClassesThatAreNotThere(256))).isInstanceOf(Empty.class);
    assertThatThrownBy(() -> CODEC.decode(namingClassesThatAreNotThere(257)))
        .isInstanceOf(CodecException.class)
        .hasMessageEndingWith("more than 256 classes that are not found here");
  }

  @Test
  void refusesGadgetsAnywhereAndWhenWriting() {
    Object[] value = {"x", new ArrayList<>(List.of(new BadAttributeValueExpException(null)))};
    assertThatThrownBy(() -> CODEC.encode(value))
        .isInstanceOf(CodecException.class)
        .hasMessageStartingWith(
            "[1][0]: javax.management.BadAttributeValueExpException is refused");
    assertThatThrownBy(() -> CODEC.encode(BadAttributeValueExpException.class))
        .isInstanceOf(CodecException.class);
  }

  @Test
  void whatTheApplicationsFilterTurnsAwayNeitherRunsNorIsInitialised() {
    byte[] payload = CODEC.encode(new ArrayList<>(List.of(new Payload())));
    int before = ran;
    for (String filter :
        List.of(
            "!dev.carryover.**", "!" + Payload.class.getName(), "java.base/*;!*", "java.**;!*")) {
      KryoCodec strict = KryoCodec.builder(LOADER).filter(filter).build();
      assertThatThrownBy(() -> strict.decode(payload))
          .as(filter)
          .isInstanceOf(CodecException.class)
          .hasMessageContaining("refused by the class filter");
    }
    KryoCodec strict = KryoCodec.builder(LOADER).filter("java.base/*;!*").build();
    String name = SafetyTest.class.getName() + "$Initialised";
    assertThatThrownBy(() -> strict.decode(naming(name))).isInstanceOf(CodecException.class);
    assertThat(ran).isEqualTo(before);
    KryoCodec lenient =
        KryoCodec.builder(LOADER).filter("dev.carryover.*.*;dev.**;java.**;!*").build();
    assertThatCode(() -> lenient.decode(payload)).doesNotThrowAnyException();
    assertThat(ran).isEqualTo(before + 1);
  }

  @Test
  void aFilterAppliesToClassesThatHaveANumberToo() {
    KryoCodec strict = KryoCodec.builder(LOADER).filter("!java.util.TreeMap").build();
    byte[] bytes = CODEC.encode(new java.util.TreeMap<>(Map.of(1, 2)));
    assertThatThrownBy(() -> strict.decode(bytes)).isInstanceOf(CodecException.class);
  }

  @Test
  void aFiltersLimitsHold() {
    KryoCodec strict = KryoCodec.builder(LOADER).filter("maxarray=3;maxdepth=4").build();
    assertThatThrownBy(() -> strict.decode(CODEC.encode(new int[4])))
        .isInstanceOf(CodecException.class);
    assertThatThrownBy(() -> strict.decode(CODEC.encode(nested(5))))
        .isInstanceOf(CodecException.class);
    assertThatCode(() -> strict.decode(CODEC.encode(new int[3]))).doesNotThrowAnyException();
  }

  private static Object nested(int depth) {
    Object object = "end";
    for (int i = 0; i < depth; i++) {
      object = new Object[] {object};
    }
    return object;
  }

  @Test
  void depthIsCapped() throws Exception {
    // Before it is compiled, that much does not always fit on a usual stack.
    FutureTask<Void> capped = new FutureTask<>(SafetyTest::assertDepthIsCapped, null);
    new Thread(null, capped, "large-stack", 64 << 20).start();
    capped.get();
    KryoCodec deep = KryoCodec.builder(LOADER).maxDepth(1_000_000).build();
    assertThatThrownBy(() -> deep.encode(nested(500_000)))
        .isInstanceOf(CodecException.class)
        .hasCauseInstanceOf(StackOverflowError.class);
  }

  private static void assertDepthIsCapped() {
    assertThatCode(() -> CODEC.decode(CODEC.encode(nested(900)))).doesNotThrowAnyException();
    assertThatThrownBy(() -> CODEC.encode(nested(1_001)))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("Max depth exceeded: 1000");
  }

  @Test
  void referencesAndBytesAreCapped() {
    KryoCodec small = KryoCodec.builder(LOADER).maxReferences(10).maxBytes(1_000).build();
    List<Object> many = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      many.add(new Object());
    }
    assertThatThrownBy(() -> small.encode(many)).isInstanceOf(CodecException.class);
    assertThatThrownBy(() -> small.decode(CODEC.encode(many))).isInstanceOf(CodecException.class);
    assertThatThrownBy(() -> small.encode(new byte[1_000])).isInstanceOf(CodecException.class);
    assertThatThrownBy(() -> small.decode(CODEC.encode(new byte[1_000])))
        .isInstanceOf(CodecException.class);
    assertThatCode(() -> small.encode(new byte[900])).doesNotThrowAnyException();
  }

  @Test
  void lengthsThatTheBytesDoNotHoldAllocateNothing() {
    for (Object value :
        List.of(
            new int[8],
            new Object[8],
            "12345678",
            new ArrayList<>(Arrays.asList(1, 2, 3)),
            new HashSet<>(Arrays.asList(1, 2, 3)),
            new java.math.BigInteger("123456789012345"))) {
      byte[] bytes = CODEC.encode(value);
      for (int i = 1; i < Math.min(bytes.length, 6); i++) {
        byte[] huge = new byte[bytes.length + 4];
        System.arraycopy(bytes, 0, huge, 0, i);
        Arrays.fill(huge, i, i + 4, (byte) 0xff);
        huge[i + 4] = 7;
        assertThatThrownBy(() -> CODEC.decode(huge)).isInstanceOf(CodecException.class);
      }
    }
  }

  /** As it does for a map of half an entry. */
  @Test
  void anInternalErrorThatTheJdkThrowsAtAValueIsTheValuesFault() {
    byte[] bytes = CODEC.encode(Map.of("a", 1));
    int length = new String(bytes, ISO_8859_1).indexOf("\0\0\0\2") + 3;
    bytes[length] = 1;

    assertThatThrownBy(() -> CODEC.decode(bytes))
        .isInstanceOf(CodecException.class)
        .hasCauseInstanceOf(InternalError.class);
  }

  @Test
  void otherFormatsAndLeftoversAreRefused() {
    assertThatThrownBy(() -> CODEC.decode(new byte[0])).isInstanceOf(CodecException.class);
    assertThatThrownBy(() -> CODEC.decode(new byte[] {9, 0})).hasMessageContaining("format 9");
    byte[] bytes = CODEC.encode("x");
    assertThatThrownBy(() -> CODEC.decode(Arrays.copyOf(bytes, bytes.length + 1)))
        .isInstanceOf(CodecException.class);
  }

  // --- what can't be carried

  static class Cart {
    List<Item> items = new ArrayList<>();
    Map<String, Item> named = new HashMap<>();
  }

  static class Item {
    Object dataSource;
  }

  static class Pool implements AutoCloseable {
    @Override
    public void close() {}
  }

  static class MyThread extends Thread {}

  @Test
  void namesThePathToWhatCanNotBeCarried() {
    Cart cart = new Cart();
    for (int i = 0; i < 4; i++) {
      cart.items.add(new Item());
    }
    cart.items.get(3).dataSource = new Pool();
    assertThatThrownBy(() -> CODEC.encode(cart))
        .isInstanceOf(CodecException.class)
        .hasMessage("items[3].dataSource: " + Pool.class.getName() + " can't be carried");
  }

  @Test
  void refusesHandlesOnTheWorld() throws Exception {
    ExecutorService pool = ForkJoinPool.commonPool();
    Runnable lambda = () -> {};
    for (Object handle :
        List.of(
            new MyThread(),
            LOADER,
            pool,
            lambda,
            new java.io.ByteArrayInputStream(new byte[0]),
            new java.net.Socket(),
            new java.lang.ref.WeakReference<>("x"),
            String.class.getMethod("length"),
            java.lang.invoke.MethodHandles.lookup(),
            new ThreadLocal<>(),
            new HashMap<>(Map.of(1, 2)).keySet(),
            new java.util.WeakHashMap<>())) {
      Item item = new Item();
      item.dataSource = handle;
      assertThatThrownBy(() -> CODEC.encode(item))
          .as(handle.getClass().getName())
          .isInstanceOf(CodecException.class)
          .hasMessageStartingWith("dataSource")
          .hasMessageContaining("can't be carried");
      String name = handle.getClass().getName();
      assertThatThrownBy(() -> CODEC.decode(naming(name)))
          .as(name)
          .isInstanceOf(CodecException.class);
    }
  }

  @Test
  void aCycleThroughWhatIsBuiltLastIsRefusedNotLost() {
    List<Object> inside = new ArrayList<>();
    Set<Object> replaced = new HashSet<>();
    List<Object> immutable = List.of(inside);
    inside.add(immutable);
    assertThatThrownBy(() -> CODEC.encode(immutable))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("a cycle through");
    assertThat(replaced).isEmpty();
    List<String> names = new ArrayList<>();
    Corpus.PlainRecord record = new Corpus.PlainRecord(names, null);
    Corpus.PlainSelf.add(names, record);
    assertThatThrownBy(() -> CODEC.encode(record)).hasMessageContaining("a cycle through");
  }

  @Test
  void aChangeMeanwhileIsACodecExceptionWithItsCause() {
    List<Object> list = new ArrayList<>();
    list.add(
        new Serializable() {
          private Object writeReplace() {
            list.add("more");
            return "x";
          }
        });
    list.add("y");
    assertThatThrownBy(() -> CODEC.encode(list))
        .isInstanceOf(CodecException.class)
        .hasCauseInstanceOf(ConcurrentModificationException.class);
    assertThat(CODEC.decode(CODEC.encode("still works"))).isEqualTo("still works");
  }

  static class Secretive implements Serializable {
    String pin = "4711";

    private void writeObject(java.io.ObjectOutputStream out) {
      throw new IllegalStateException("bad pin " + pin);
    }
  }

  @Test
  void messagesHoldNoValues() {
    Map<String, Object> map = new HashMap<>();
    map.put("4711", new Secretive());
    assertThatThrownBy(() -> CODEC.encode(map))
        .isInstanceOf(CodecException.class)
        .hasMessage("[0]: failed with java.lang.IllegalStateException");
  }

  @Test
  void knowsWhatIsImmutable() {
    for (Object value :
        List.of(
            "x", 1, Corpus.WithBody.PLUS, java.time.LocalDate.EPOCH, java.time.ZoneId.of("UTC"))) {
      assertThat(KryoCodec.isImmutable(value)).as("%s", value).isTrue();
    }
    for (Object value : List.of(new ArrayList<>(), new java.util.Date(), new int[0], List.of())) {
      assertThat(KryoCodec.isImmutable(value)).as("%s", value).isFalse();
    }
  }
}
