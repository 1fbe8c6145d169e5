package dev.carryover.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes that only the web application sees, and two versions of them. */
class ClassLoaderTest {

  @TempDir Path directory;

  private static final String CART =
      "package app; import java.util.*; public class Cart implements java.io.Serializable {"
          + " String owner; List<Object> items = new ArrayList<>(); %s }";

  private static final Map<String, String> CART_AND_ITEM =
      sources(
          "app.Item",
          "package app; public class Item { public String name = \"n\"; }",
          "app.Named",
          "package app; interface Named { String name(); }",
          "app.Cart",
          String.format(
              CART,
              "public Cart() { owner = \"o\"; items.add(new Item()); items.add("
                  + "java.lang.reflect.Proxy.newProxyInstance(getClass().getClassLoader(),"
                  + " new Class<?>[] {Named.class}, new Handler())); }"
                  + " static class Handler implements java.lang.reflect.InvocationHandler {"
                  + " ClassLoader seen; public Object invoke(Object p,"
                  + " java.lang.reflect.Method m, Object[] a) { return \"proxied\"; } }"
                      .replace("ClassLoader seen; ", "")
                  + " private void writeObject(java.io.ObjectOutputStream out) throws Exception {"
                  + " out.defaultWriteObject(); out.writeObject(new Item());"
                  + " System.setProperty(\"carryover-test.loader\", \"\" + System.identityHashCode("
                  + "Thread.currentThread().getContextClassLoader())); }"
                  + " private void readObject(java.io.ObjectInputStream in) throws Exception {"
                  + " in.defaultReadObject(); in.readObject();"
                  + " System.setProperty(\"carryover-test.loader\", \"\" + System.identityHashCode("
                  + "Thread.currentThread().getContextClassLoader())); }"
                  + " public String toString() { return owner + items.size()"
                  + " + ((Named) items.get(1)).name(); }"));

  private static Map<String, String> sources(String... pairs) {
    Map<String, String> sources = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      sources.put(pairs[i], pairs[i + 1]);
    }
    return sources;
  }

  private static Object make(ClassLoader loader, String name) throws Exception {
    return loader.loadClass(name).getConstructor().newInstance();
  }

  @Test
  void findsTheApplicationsClassesOnAForeignThread() throws Exception {
    ClassLoader loader = Compiled.loader(directory, CART_AND_ITEM);
    KryoCodec codec = KryoCodec.forClassLoader(loader);
    byte[] bytes = codec.encode(make(loader, "app.Cart"));
    ExecutorService foreign = Executors.newSingleThreadExecutor();
    try {
      Object copy =
          CompletableFuture.supplyAsync(
                  () -> {
                    Thread.currentThread().setContextClassLoader(null);
                    Object decoded = codec.decode(bytes);
                    assertThat(Thread.currentThread().getContextClassLoader()).isNull();
                    return decoded;
                  },
                  foreign)
              .get();
      assertThat(copy).hasToString("o2proxied");
      assertThat(copy.getClass().getClassLoader()).isSameAs(loader);
      assertThat(System.getProperty("carryover-test.loader"))
          .isEqualTo("" + System.identityHashCode(loader));
    } finally {
      foreign.shutdown();
    }
  }

  @Test
  void aClassOfAnotherApplicationIsRefusedWhenWritten() throws Exception {
    ClassLoader loader = Compiled.loader(directory, CART_AND_ITEM);
    KryoCodec other = KryoCodec.forClassLoader(getClass().getClassLoader());
    Object cart = make(loader, "app.Cart");
    assertThatThrownBy(() -> other.encode(List.of(cart)))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("app.Cart");
    byte[] bytes = KryoCodec.forClassLoader(loader).encode(cart);
    assertThatThrownBy(() -> other.decode(bytes))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("app.Cart is not found");
  }

  // --- evolution

  private ClassLoader version(String name, String body) throws Exception {
    return Compiled.loader(
        directory.resolve(name), sources("app.Bean", "package app; public class Bean " + body));
  }

  private static Object get(Object bean, String field) throws Exception {
    Field declared = bean.getClass().getDeclaredField(field);
    declared.setAccessible(true);
    return declared.get(bean);
  }

  private static Object carried(ClassLoader from, ClassLoader to) throws Exception {
    byte[] bytes = KryoCodec.forClassLoader(from).encode(make(from, "app.Bean"));
    return KryoCodec.forClassLoader(to).decode(bytes);
  }

  @Test
  void fieldsAddedRemovedReorderedAndWidened() throws Exception {
    for (String kind : List.of("", "implements java.io.Serializable ")) {
      ClassLoader one =
          version(
              "one" + kind.length(),
              kind
                  + "{ String a = \"a\"; int b = 5; Object gone = new java.util.ArrayList<>();"
                  + " Object back = gone; Integer boxed = 7; java.util.ArrayList<Object> list ="
                  + " new java.util.ArrayList<>(); }");
      ClassLoader two =
          version(
              "two" + kind.length(),
              kind
                  + "{ Object back; int added = 9; long b; int boxed; String a;"
                  + " java.util.List<Object> list; }");

      Object newer = carried(one, two);
      assertThat(get(newer, "a")).isEqualTo("a");
      assertThat(get(newer, "b")).isEqualTo(5L);
      assertThat(get(newer, "boxed")).isEqualTo(7);
      assertThat(get(newer, "added")).isEqualTo(0);
      assertThat(get(newer, "back")).isEqualTo(List.of());
      assertThat(get(newer, "list")).isEqualTo(List.of());

      Object older = carried(two, one);
      assertThat(get(older, "b")).isEqualTo(0);
      assertThat(get(older, "gone")).isNull();
    }
  }

  @Test
  void aFieldOfAnotherTypeIsACodecException() throws Exception {
    ClassLoader one = version("one", "{ Object a = \"a\"; }");
    ClassLoader two = version("two", "{ java.util.List<String> a; }");
    assertThatThrownBy(() -> carried(one, two))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("java.lang.String doesn't fit into java.util.List");
  }

  @Test
  void anotherWrittenSerialVersionUidIsRefusedAsInJava() throws Exception {
    String body =
        "implements java.io.Serializable { static final long serialVersionUID = %d; int a; }";
    ClassLoader one = version("one", String.format(body, 1));
    ClassLoader two = version("two", String.format(body, 2));
    assertThatThrownBy(() -> carried(one, two))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("serialVersionUID");
  }

  @Test
  void aClassThatBeganToWriteItselfReadsWhatItWroteBefore() throws Exception {
    String plain = "implements java.io.Serializable { int a = 5; %s }";
    String reader =
        "private void readObject(java.io.ObjectInputStream in) throws Exception {"
            + " in.defaultReadObject(); a += 1; }";
    String writer =
        "private void writeObject(java.io.ObjectOutputStream out) throws Exception {"
            + " out.defaultWriteObject(); out.writeInt(9); out.writeObject(this); }";
    ClassLoader one = version("one", String.format(plain, ""));
    ClassLoader two = version("two", String.format(plain, reader));
    ClassLoader three = version("three", String.format(plain, writer));
    assertThat(get(carried(one, two), "a")).isEqualTo(6);
    assertThat(get(carried(three, two), "a")).isEqualTo(6);
    assertThat(get(carried(three, one), "a")).isEqualTo(5);
  }
}
