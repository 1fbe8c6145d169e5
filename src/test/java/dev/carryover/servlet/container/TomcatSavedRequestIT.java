package dev.carryover.servlet.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import jakarta.servlet.http.Cookie;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With the classes of a Tomcat's distribution. */
class TomcatSavedRequestIT {

  private static final Class<?>[] TWO_TEXTS = {String.class, String.class};

  private TomcatClasses tomcat;
  private Live saved;
  private TomcatSavedRequest requests;

  @BeforeEach
  void save() throws ReflectiveOperationException, IOException {
    tomcat = new TomcatClasses();
    saved = tomcat.make("org.apache.catalina.authenticator.SavedRequest");
    saved.call("setMethod", String.class, "POST");
    saved.call("setRequestURI", String.class, "/shop/cart");
    saved.call("addCookie", Cookie.class, new Cookie("color", "red"));
    saved.call("addHeader", TWO_TEXTS, "Accept", "text/html");
    saved.call("addHeader", TWO_TEXTS, "Accept", "text/plain");
    saved.call("addLocale", Locale.class, Locale.CANADA_FRENCH);
    Live body = saved.make("org.apache.tomcat.util.buf.ByteChunk", new Class<?>[0]);
    Class<?>[] range = {byte[].class, int.class, int.class};
    body.call("setBytes", range, new byte[] {'a', '=', '1'}, 0, 3);
    saved.call("setBody", body.get().getClass(), body.get());
    requests = new TomcatSavedRequest(saved);
  }

  @AfterEach
  void close() throws IOException {
    tomcat.close();
  }

  @Test
  void aRequestComesBackAsItWas() throws ReflectiveOperationException {
    Live back = Live.of(requests.decode(requests.encode(saved.get())));

    assertThat(back.callNullable("getMethod")).isEqualTo("POST");
    assertThat(back.callNullable("getRequestURI")).isEqualTo("/shop/cart");
    assertThat(back.callNullable("getQueryString")).isNull();
    assertThat(back.callNullable("getBody")).hasToString("a=1");
    assertThat(requests.encode(back.get())).isEqualTo(requests.encode(saved.get()));
  }

  /** Whoever comes back from the login then is told that it took too long. */
  @Test
  void ofDamagedBytesThereIsNothing() {
    byte[] bytes = requests.encode(saved.get());
    List<Integer> lengths = Stream.iterate(0, length -> length + 1).limit(bytes.length).toList();

    assertThat(lengths)
        .allSatisfy(length -> assertThat(requests.decode(Arrays.copyOf(bytes, length))).isNull());
    assertThat(requests.decode(Arrays.copyOf(bytes, bytes.length + 1))).isNull();
  }

  /** A byte changed may make a cookie whose name is none. */
  @Test
  void whateverIsReadNothingIsThrown() {
    byte[] bytes = requests.encode(saved.get());
    Random random = new Random(1);
    for (int round = 0; round < 20_000; round++) {
      byte[] damaged = bytes.clone();
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      assertThatCode(() -> requests.decode(damaged)).doesNotThrowAnyException();
    }
  }
}
