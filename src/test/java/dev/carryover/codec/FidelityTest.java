package dev.carryover.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.codec.Corpus.External;
import dev.carryover.codec.Corpus.PlainBean;
import dev.carryover.codec.Corpus.SelfWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever Java serialisation round-trips does so here, equal by the same test. */
class FidelityTest {

  private static final KryoCodec CODEC =
      KryoCodec.forClassLoader(FidelityTest.class.getClassLoader());

  static Stream<Case> corpus() {
    return FidelityCorpus.all();
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void carriesWhatJavaSerialisationCarries(Case each) throws Exception {
    Object original = each.make();
    byte[] bytes = CODEC.encode(original);
    Object copy = CODEC.decode(bytes);
    Object byJava = byJava(each.make());

    assertThat(typeOf(copy)).isEqualTo(typeOf(original));
    if (each.settles()) {
      assertThat(CODEC.encode(copy)).as("encoded again").isEqualTo(bytes);
    }
    Object expected = each.view(original);
    if (byJava != null) {
      assertThat(each.view(byJava)).as("by Java serialisation").isEqualTo(expected);
    }
    assertThat(each.view(copy)).isEqualTo(expected);
  }

  /** Proxies and lambdas have classes that their JVM makes up. */
  private static Object typeOf(Object object) {
    Class<?> type = object.getClass();
    if (Proxy.isProxyClass(type)) {
      return Set.of(type.getInterfaces());
    }
    return type.isHidden() ? Set.of(type.getInterfaces()) : type;
  }

  /** Null if that can't carry the value. */
  private static Object byJava(Object value) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
      return new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
    } catch (NotSerializableException | java.io.InvalidClassException e) {
      return null;
    }
  }

  @Test
  void keepsTheIdentityOfSharedObjectsAcrossKinds() {
    External external = new External();
    SelfWriter writer = new SelfWriter();
    PlainBean bean = new PlainBean("b");
    external.text = "t";
    external.other = new Object[] {writer, bean, Optional.of(bean)};
    writer.more.add(external);
    writer.more.add(bean);
    writer.hidden = "h";

    External copy = (External) CODEC.decode(CODEC.encode(external));

    Object[] parts = (Object[]) copy.other;
    SelfWriter copiedWriter = (SelfWriter) parts[0];
    assertThat(copiedWriter.more.get(0)).isSameAs(copy);
    assertThat(copiedWriter.more.get(1)).isSameAs(parts[1]);
    assertThat(((Optional<?>) parts[2]).get()).isSameAs(parts[1]);
  }
}
