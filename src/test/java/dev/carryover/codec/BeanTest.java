package dev.carryover.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carryover.config.NonSerializable;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpSessionBindingListener;
import java.io.FileDescriptor;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.net.Socket;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLData;
import java.sql.SQLInput;
import java.sql.SQLOutput;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Timer;
import java.util.TimerTask;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Supplier;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.naming.InitialContext;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Beans that forgot to be Serializable: what is carried of them, and what keeps them back. */
class BeanTest {

  private static final ClassLoader LOADER = BeanTest.class.getClassLoader();

  @TempDir static Path directory;

  private final List<Class<?>> named = new ArrayList<>();
  private final KryoCodec codec = codec(NonSerializable.CARRY);

  private KryoCodec codec(NonSerializable policy) {
    return builder(LOADER).nonSerializable(policy).build();
  }

  private KryoCodec.Builder builder(ClassLoader loader) {
    return KryoCodec.builder(loader).onBean(named::add);
  }

  @SuppressWarnings("unchecked")
  private <T> T carried(T value) {
    return (T) codec.decode(codec.encode(value));
  }

  // ---- what is carried

  static class Cart {
    final List<Item> items = new ArrayList<>();
    private final Map<String, Object> more = new HashMap<>();
    private final Object lock = new Object();
    transient Thread worker = new Thread("not carried");
  }

  static class Item {
    Object held;
    Item next;

    Item(Object held) {
      this.held = held;
    }
  }

  static class SpecialItem extends Item {
    private final String held = "hides the other";

    SpecialItem(Object held) {
      super(held);
    }
  }

  static class Envelope implements Serializable {
    Object held;
    private final String label = "label";

    Envelope(Object held) {
      this.held = held;
    }
  }

  @Test
  void plainBeansAreCarriedWithAllTheyReach() {
    Cart cart = new Cart();
    SpecialItem item = new SpecialItem(new Properties());
    item.next = item;
    cart.items.add(item);
    cart.items.add(new Item(Corpus.Plain.TWO));
    cart.more.put("self", cart);
    cart.more.put("record", new Corpus.PlainRecord(List.of("x"), null));
    cart.more.put("envelope", new Envelope(item));

    Cart copy = carried(cart);

    assertThat(copy.items.get(0)).isInstanceOf(SpecialItem.class);
    assertThat(copy.items.get(0).held).isEqualTo(new Properties());
    assertThat(((SpecialItem) copy.items.get(0)).held).isEqualTo("hides the other");
    assertThat(copy.items.get(0).next).isSameAs(copy.items.get(0));
    assertThat(copy.items.get(1).held).isSameAs(Corpus.Plain.TWO);
    assertThat(copy.more.get("self")).isSameAs(copy);
    assertThat(copy.more.get("record")).isEqualTo(cart.more.get("record"));
    assertThat(((Envelope) copy.more.get("envelope")).held).isSameAs(copy.items.get(0));
    assertThat(((Envelope) copy.more.get("envelope")).label).isEqualTo("label");
    assertThat(copy.lock).isNotNull();
    assertThat(copy.worker).isNull();
  }

  @Test
  void eachClassIsNamedOnce() {
    carried(new Item(new Envelope(new SpecialItem("x"))));
    carried(List.of(new Item("y"), new SpecialItem("z")));
    assertThat(named).containsExactlyInAnyOrder(Item.class, SpecialItem.class);
  }

  @Test
  void aClassIsNotNamedIfItsObjectsWereNotCarried() {
    assertThatThrownBy(() -> codec.encode(new Item(new Thread())));
    carried(new Envelope("Serializable"));
    assertThat(named).isEmpty();
  }

  static class Bound implements HttpSessionBindingListener {
    String state = "kept";
  }

  static class Row implements SQLData {
    String state = "kept";

    @Override
    public String getSQLTypeName() {
      return "ROW";
    }

    @Override
    public void readSQL(SQLInput stream, String typeName) {}

    @Override
    public void writeSQL(SQLOutput stream) {}
  }

  @Test
  void listenersAndDatabaseObjectsOfTheApplicationAreBeansToo() {
    assertThat(carried(new Bound()).state).isEqualTo("kept");
    assertThat(carried(new Row()).state).isEqualTo("kept");
  }

  interface SerializableComparator<T> extends Comparator<T>, Serializable {}

  @Test
  void whatTheJdkHasClassesInIsNoHandle() {
    SerializableComparator<String> byLength = (a, b) -> a.length() - b.length();
    Map<String, String> sorted = new TreeMap<>(byLength);
    sorted.put("bb", "2");
    sorted.put("a", "1");
    Map<Corpus.Plain, String> map = new EnumMap<>(Map.of(Corpus.Plain.ONE, "1"));
    Item item = new Item(List.of(sorted, map, java.util.EnumSet.of(Corpus.Plain.TWO)));

    assertThat(carried(item).held).isEqualTo(item.held);
  }

  @Test
  void javaSerialisationsOwnRulesHoldWhereItCouldCarryTheValue() throws Exception {
    ReentrantLock held = new ReentrantLock();
    held.lock();
    List<Object> value = List.of(String.class, held, new ServletWithState());

    List<Object> copy = carried(value);

    assertThat(copy.get(0)).isSameAs(String.class);
    assertThat(((ReentrantLock) copy.get(1)).isLocked()).isFalse();
    assertThat(((ServletWithState) copy.get(2)).state).isEqualTo("s");
  }

  // ---- what is not

  static class ServletWithState extends HttpServlet {
    String state = "s";

    Object anonymous() {
      return new Object() {
        final String shown = state;

        @Override
        public String toString() {
          return shown;
        }
      };
    }
  }

  static class Closeable implements AutoCloseable {
    String state = "kept";

    @Override
    public void close() {}
  }

  static class Job extends TimerTask {
    @Override
    public void run() {}
  }

  static class SerializableExecutor implements Executor, Serializable {
    @Override
    public void execute(Runnable command) {}
  }

  static class Latch extends AbstractQueuedSynchronizer {}

  static class Worker extends Thread {}

  static class SerializableWorker extends Thread implements Serializable {}

  static class Loader extends ClassLoader {}

  static class Naming extends InitialContext {
    Naming() throws Exception {
      super(true);
    }
  }

  static class ThreadHolder {
    Thread thread = new Thread();
  }

  private static <T> T proxy(Class<T> type) {
    return type.cast(
        java.lang.reflect.Proxy.newProxyInstance(
            LOADER, new Class<?>[] {type}, (proxy, method, arguments) -> null));
  }

  static Stream<Arguments> handles() throws Exception {
    ReentrantLock lock = new ReentrantLock();
    lock.lock();
    ReentrantReadWriteLock both = new ReentrantReadWriteLock();
    both.readLock().lock();
    StampedLock stamped = new StampedLock();
    stamped.writeLock();
    Path file = Files.createTempFile(directory, "handle", "");
    Runnable lambda = () -> {};
    return Stream.of(
        Arguments.of("", new Thread()),
        Arguments.of("", new Worker()),
        Arguments.of("", new SerializableWorker()),
        Arguments.of("", Thread.currentThread().getThreadGroup()),
        Arguments.of("", new ThreadLocal<>()),
        Arguments.of("", LOADER),
        Arguments.of("", new Loader()),
        Arguments.of("", ForkJoinPool.commonPool()),
        Arguments.of("", new SerializableExecutor()),
        Arguments.of("", new CompletableFuture<>()),
        Arguments.of(" in use", lock),
        Arguments.of(" in use", both),
        Arguments.of(" in use", stamped),
        Arguments.of(" in use", new Semaphore(0)),
        Arguments.of(" in use", new Latch()),
        Arguments.of("", new Closeable()),
        Arguments.of("", new Timer(true)),
        Arguments.of("", new Job()),
        Arguments.of("", Files.newInputStream(file)),
        Arguments.of("", Files.newBufferedWriter(file)),
        Arguments.of("", new RandomAccessFile(file.toFile(), "r")),
        Arguments.of("", FileDescriptor.in),
        Arguments.of("", new PrintStream(OutputStream.nullOutputStream())),
        Arguments.of("", new Socket()),
        Arguments.of("", Selector.open()),
        Arguments.of("", file),
        Arguments.of("", List.of("stream").stream()),
        Arguments.of("", new WeakReference<>("x")),
        Arguments.of("", new SoftReference<>("x")),
        Arguments.of("", String.class),
        Arguments.of("", String.class.getMethod("length")),
        Arguments.of("", String.class.getDeclaredConstructors()[0]),
        Arguments.of("", MethodHandles.lookup()),
        Arguments.of(
            "",
            MethodHandles.lookup()
                .findVirtual(String.class, "length", MethodType.methodType(int.class))),
        Arguments.of("", lambda),
        Arguments.of("", new Naming()),
        Arguments.of("", Logger.getLogger("x")),
        Arguments.of("", new ServletWithState()));
  }

  @ParameterizedTest
  @MethodSource("handles")
  void aBeanThatReachesAHandleIsRefusedWithThePathToIt(String state, Object handle) {
    Cart cart = new Cart();
    cart.items.add(new Item("plain"));
    cart.items.add(new SpecialItem(new Object[] {"plain", handle}));

    String type = handle.getClass().getName();
    String shown = type.contains("/") ? type.substring(0, type.indexOf('/')) : type;
    assertThatThrownBy(() -> codec.encode(cart))
        .isInstanceOf(CodecException.class)
        .hasMessage("items[1].held[1]: " + shown + state + " can't be carried")
        .matches(e -> ((CodecException) e).isRefusal());
    assertThat(carried(new Item("the next")).held).isEqualTo("the next");
  }

  @Test
  void theAttributesNameComesFirstInThePath() {
    assertThatThrownBy(() -> codec.encode(new Item(new Thread())))
        .matches(
            e ->
                ((CodecException) e)
                    .inAttribute("cart")
                    .getMessage()
                    .equals("cart.held: java.lang.Thread can't be carried"));
    assertThatThrownBy(() -> codec.encode(new Thread()))
        .matches(
            e ->
                ((CodecException) e)
                    .inAttribute("cart")
                    .getMessage()
                    .equals("cart: java.lang.Thread can't be carried"));
  }

  @Test
  void aProxyOfWhatIsNotDataIsRefusedForItsHandler() {
    for (Object proxy : List.of(proxy(DataSource.class), proxy(Connection.class))) {
      assertThatThrownBy(() -> codec.encode(new Item(proxy)))
          .hasMessageStartingWith("held.handler: " + BeanTest.class.getName() + "$$Lambda");
    }
  }

  @Test
  void anAnonymousClassOfAServletReachesTheServlet() {
    assertThatThrownBy(() -> codec.encode(new ServletWithState().anonymous()))
        .hasMessage("this$0: " + ServletWithState.class.getName() + " can't be carried");
  }

  @Test
  void aHandleFarFromTheBeanKeepsTheValueBackToo() {
    assertThatThrownBy(() -> codec.encode(new Object[] {String.class, new Item("x")}))
        .hasMessage("[0]: java.lang.Class can't be carried");
    assertThatThrownBy(() -> codec.encode(new Envelope(new Object[] {new Item("x"), new Thread()})))
        .hasMessage("held[1]: java.lang.Thread can't be carried");
  }

  @Test
  void aFreeLockIsCarried() {
    assertThat(((ReentrantLock) carried(new Item(new ReentrantLock(true))).held).isFair()).isTrue();
    assertThat(carried(new Item(new StampedLock())).held).isInstanceOf(StampedLock.class);
    assertThat(((Semaphore) carried(new Item(new Semaphore(2))).held).availablePermits())
        .isEqualTo(2);
  }

  // ---- classes that another node would not have, or has one object of

  private static ClassLoader compiled(String home, String... sources) throws Exception {
    return Compiled.loader(directory.resolve(home), Compiled.named(sources));
  }

  private static Object make(ClassLoader loader, String name) throws Exception {
    return loader.loadClass(name).getConstructor().newInstance();
  }

  /** Defines classes without having their files, as proxies' and scripts' loaders do. */
  private static final class RunTimeLoader extends ClassLoader {

    RunTimeLoader(ClassLoader parent) {
      super(parent);
    }

    Class<?> define(String name, byte[] code) {
      return defineClass(name, code, 0, code.length);
    }
  }

  @Test
  void aClassMadeAtRunTimeIsRefused() throws Exception {
    compiled("runtime", "package app; public class Made { public Made() {} String s = \"s\"; }");
    RunTimeLoader loader = new RunTimeLoader(LOADER);
    Class<?> made =
        loader.define("app.Made", Files.readAllBytes(directory.resolve("runtime/app/Made.class")));
    Object object = made.getConstructor().newInstance();

    assertThatThrownBy(() -> builder(loader).build().encode(object))
        .hasMessage("app.Made can't be carried");
    assertThat(builder(loader).carry(List.of("app.*")).build().encode(object)).isNotEmpty();
  }

  @Test
  void servicesOfTheApplicationAreNotCarriedAlongWithBeans() throws Exception {
    ClassLoader loader =
        compiled(
            "spring",
            "package org.springframework.stereotype; import java.lang.annotation.*;"
                + " @Retention(RetentionPolicy.RUNTIME) public @interface Component {} class C {}",
            "package org.springframework.context.annotation; import java.lang.annotation.*;"
                + " @Retention(RetentionPolicy.RUNTIME) public @interface Scope {} class C {}",
            "package app; @org.springframework.stereotype.Component public class Prices {"
                + " java.util.Map<String, String> cache = new java.util.HashMap<>(); }",
            "package app; @org.springframework.stereotype.Component"
                + " @org.springframework.context.annotation.Scope public class Cart {"
                + " public Object prices; }");
    KryoCodec spring = builder(loader).build();
    Object cart = make(loader, "app.Cart");
    assertThat(spring.decode(spring.encode(cart))).hasSameClassAs(cart);

    cart.getClass().getField("prices").set(cart, make(loader, "app.Prices"));
    assertThatThrownBy(() -> spring.encode(cart)).hasMessage("prices: app.Prices can't be carried");
  }

  @Test
  void aClassOfAParentLoaderIsNoBeanOfTheApplication() throws Exception {
    ClassLoader child = compiled("child", "package app; public class Own {}");
    KryoCodec above = builder(child).build();
    assertThatThrownBy(() -> above.encode(new Item("x")))
        .hasMessage(Item.class.getName() + " can't be carried");
    assertThat(above.decode(above.encode(new Envelope("x")))).isInstanceOf(Envelope.class);
    KryoCodec asked = builder(child).carry(List.of(Item.class.getName())).build();
    assertThat(((Item) asked.decode(asked.encode(new Item("x")))).held).isEqualTo("x");
  }

  static class Color {
    static final Color RED = new Color("red");
    static final Color GREEN = new Color("green");
    static Color favourite = new Color("blue");

    final String name;

    Color(String name) {
      this.name = name;
    }
  }

  @Test
  void constantsFromBeforeThereWereEnumsStayTheSame() {
    Item item = new Item(List.of(Color.RED, Color.GREEN, new Color("other"), Color.RED));
    List<?> copy = (List<?>) carried(item).held;
    assertThat(copy.get(0)).isSameAs(Color.RED);
    assertThat(copy.get(1)).isSameAs(Color.GREEN);
    assertThat(((Color) copy.get(2)).name).isEqualTo("other");
    assertThat(copy.get(3)).isSameAs(Color.RED);
    assertThat(named).contains(Color.class);
    assertThatThrownBy(() -> codec.encode(Color.favourite))
        .hasMessage(
            Color.class.getName() + " can't be carried: it is what favourite of its class holds");
  }

  // ---- the policies

  @Test
  void withPolicyLocalOnlySerializableGraphsAreCarried() {
    for (NonSerializable policy : List.of(NonSerializable.LOCAL, NonSerializable.REJECT)) {
      KryoCodec strict = codec(policy);
      assertThat(strict.decode(strict.encode(new Envelope(List.of(1))))).isNotNull();
      assertThatThrownBy(() -> strict.encode(new Envelope(List.of(new Item("x")))))
          .hasMessage(
              "held[0]: " + Item.class.getName() + " can't be carried: it is not Serializable");
    }
  }

  @Test
  void whatANodeWithAnotherPolicyWroteIsRead() {
    byte[] bytes = codec.encode(new Item("x"));
    assertThat(((Item) codec(NonSerializable.LOCAL).decode(bytes)).held).isEqualTo("x");
    KryoCodec keeping = builder(LOADER).keepLocal(List.of(Item.class.getName())).build();
    assertThat(((Item) keeping.decode(bytes)).held).isEqualTo("x");
  }

  @Test
  void classesToCarryAreCarriedWhateverThePolicyAndWhateverTheyLookLike() {
    KryoCodec asked =
        builder(LOADER)
            .nonSerializable(NonSerializable.REJECT)
            .carry(List.of(Closeable.class.getName(), "dev.carryover.codec.BeanTest$It*"))
            .build();
    Item copy = (Item) asked.decode(asked.encode(new Item(new Closeable())));
    assertThat(((Closeable) copy.held).state).isEqualTo("kept");
    assertThatThrownBy(() -> asked.encode(new Cart()))
        .hasMessageStartingWith(Cart.class.getName() + " can't be carried");
  }

  @Test
  void subclassesOfTheJdksHandlesAreNotCarriedEvenIfAskedFor() {
    KryoCodec asked = builder(LOADER).carry(List.of("dev.carryover.**", "java.lang.*")).build();
    for (Object handle : List.of(new Worker(), new Loader(), new Job(), new Thread())) {
      assertThatThrownBy(() -> asked.encode(handle)).hasMessageEndingWith("can't be carried");
    }
    assertThatThrownBy(() -> asked.encode(new ThreadHolder()))
        .hasMessage("thread: java.lang.Thread can't be carried");
  }

  @Test
  void classesToKeepLocalAreNotWrittenThoughSerializable() {
    KryoCodec keeping =
        builder(LOADER).keepLocal(List.of("dev.carryover.codec.BeanTest$Env*")).build();
    assertThatThrownBy(() -> keeping.encode(new Item(new Envelope("x"))))
        .hasMessage("held: " + Envelope.class.getName() + " is kept on its node")
        .matches(e -> !((CodecException) e).isRefusal());
  }

  @Test
  void aFailureOfTheMomentIsNoRefusal() {
    Supplier<Object> broken =
        (Supplier<Object> & Serializable)
            () -> {
              throw new IllegalStateException();
            };
    class Failing implements Serializable {
      private void writeObject(java.io.ObjectOutputStream out) {
        broken.get();
      }
    }

    assertThatThrownBy(() -> codec.encode(List.of(new Failing())))
        .isInstanceOf(CodecException.class)
        .matches(e -> !((CodecException) e).isRefusal());
  }
}
