package dev.carryover.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IntroductionTest {

  private static final KryoCodec CODEC =
      KryoCodec.forClassLoader(IntroductionTest.class.getClassLoader());

  static class Introduced implements Serializable {
    final String text = "text";
  }

  /** However large: workers are kept, one for each thread that ever read at the same time. */
  @Test
  void whatWasReadIsLetGo() {
    List<byte[]> values = new ArrayList<>(List.of(CODEC.encode(new Introduced())));
    assertThat(CODEC.decode(values.get(0))).isInstanceOf(Introduced.class);
    WeakReference<byte[]> read = new WeakReference<>(values.remove(0));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              System.gc();
              return read.get() == null;
            });
  }
}
