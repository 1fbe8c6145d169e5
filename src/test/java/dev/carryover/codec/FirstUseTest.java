package dev.carryover.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What a codec learns of a class when it meets it for the first time. */
class FirstUseTest {

  private static final int THREADS = 8;
  private static final int CODECS = 100;

  static class Basket implements Serializable {
    private final String owner = "joe".concat("y");
    private int count = 41;
  }

  @Test
  void beanThatSeveralRequestsReadFirstAtTheSameTimeKeepsItsFields() throws Exception {
    byte[] bytes = codec().encode(new Basket());
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      CyclicBarrier together = new CyclicBarrier(THREADS);
      for (int i = 0; i < CODECS; i++) {
        KryoCodec codec = codec();
        List<Future<?>> first = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
          first.add(
              threads.submit(
                  () -> {
                    together.await();
                    return codec.decode(bytes);
                  }));
        }
        for (Future<?> basket : first) {
          assertComplete(basket.get());
        }
        assertComplete(codec.decode(bytes));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void assertComplete(Object basket) {
    assertThat(((Basket) basket).count).isEqualTo(41);
    assertThat(((Basket) basket).owner).isEqualTo("joey");
  }

  private static KryoCodec codec() {
    return KryoCodec.forClassLoader(FirstUseTest.class.getClassLoader());
  }
}
