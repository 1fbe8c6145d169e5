package dev.carryover.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What was decoded encodes to what it was decoded from: how else to tell that nobody changed it?
 */
class StabilityTest {

  private static final KryoCodec CODEC =
      KryoCodec.forClassLoader(StabilityTest.class.getClassLoader());

  /** A HashMap's subclass, which Java's own readObject rebuilds in another size. */
  static class Attributes extends LinkedHashMap<String, String> {}

  private static Map<String, String> filled(Supplier<Map<String, String>> maker, int size) {
    Map<String, String> map = maker.get();
    for (int i = 0; i < size; i++) {
      map.put("key-" + i * 31, "value");
    }
    return map;
  }

  private static byte[] again(byte[] bytes) {
    return CODEC.encode(CODEC.decode(bytes));
  }

  @Test
  void mapsOfAnySizeBuiltTheUsualWay() {
    List<Supplier<Map<String, String>>> makers =
        List.of(
            HashMap::new,
            LinkedHashMap::new,
            Attributes::new,
            ConcurrentHashMap::new,
            TreeMap::new,
            () -> new LinkedHashMap<>(16, 0.75f, true));
    for (Supplier<Map<String, String>> maker : makers) {
      for (int size = 1; size <= 200; size++) {
        byte[] bytes = CODEC.encode(filled(maker, size));
        assertThat(again(bytes)).as("%s %d", maker.get().getClass(), size).isEqualTo(bytes);
      }
    }
  }

  @Test
  void setsOfAnySize() {
    for (int size = 1; size <= 200; size++) {
      byte[] bytes = CODEC.encode(new HashSet<>(filled(HashMap::new, size).keySet()));
      byte[] second = again(bytes);
      assertThat(again(second)).isEqualTo(second);
    }
  }

  @Test
  void mapsThatHadElementsRemovedSettleAtOnce() {
    for (Supplier<Map<?, ?>> maker :
        List.<Supplier<Map<?, ?>>>of(HashMap::new, Hashtable::new, Properties::new)) {
      Map<Object, Object> map = cast(maker.get());
      for (int i = 0; i < 200; i++) {
        map.put("key" + i, "v");
      }
      map.keySet().removeIf(key -> key.hashCode() % 3 != 0);
      byte[] second = again(CODEC.encode(map));
      assertThat(again(second)).as(map.getClass().getName()).isEqualTo(second);
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<Object, Object> cast(Map<?, ?> map) {
    return (Map<Object, Object>) map;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 10, 11, 100})
  void listsKeepTheirBytesWhateverTheirCapacity(int size) {
    List<Integer> list = new ArrayList<>(1000);
    for (int i = 0; i < size; i++) {
      list.add(i);
    }
    byte[] bytes = CODEC.encode(list);
    assertThat(again(bytes)).isEqualTo(bytes);
    assertThat(CODEC.encode(new ArrayList<>(list))).isEqualTo(bytes);
  }

  @Test
  void tablesOfEnumConstantsDoNotDependOnTheJvmsHashes() {
    Map<Corpus.Plain, String> map = new HashMap<>();
    map.put(Corpus.Plain.TWO, "2");
    map.put(Corpus.Plain.ONE, "1");
    Map<Corpus.Plain, String> sorted = new LinkedHashMap<>();
    sorted.put(Corpus.Plain.ONE, "1");
    sorted.put(Corpus.Plain.TWO, "2");
    byte[] byHash = CODEC.encode(map);
    byte[] inOrder = CODEC.encode(sorted);
    int constant = new String(byHash, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("ONE");
    assertThat(constant)
        .isPositive()
        .isLessThan(
            new String(byHash, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("TWO"));
    assertThat(byHash.length).isEqualTo(inOrder.length - 1);
    assertThat(again(byHash)).isEqualTo(byHash);
    byte[] set = CODEC.encode(new HashSet<>(map.keySet()));
    assertThat(again(set)).isEqualTo(set);
  }

  @Test
  void aChangeInPlaceChangesTheBytes() {
    Corpus.Person person = new Corpus.Person("Ann", 30);
    byte[] before = CODEC.encode(person);
    person.age++;
    assertThat(CODEC.encode(person)).isNotEqualTo(before);
  }

  @Test
  void manyThreadsGetTheSameBytes() {
    Map<String, String> map = filled(HashMap::new, 100);
    byte[] expected = CODEC.encode(map);
    java.util.stream.IntStream.range(0, 500)
        .parallel()
        .forEach(i -> assertThat(again(CODEC.encode(map))).isEqualTo(expected));
  }
}
