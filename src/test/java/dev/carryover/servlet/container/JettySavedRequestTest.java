package dev.carryover.servlet.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.util.Fields;
import org.junit.jupiter.api.Test;

class JettySavedRequestTest {

  private static final HttpURI ELSEWHERE = HttpURI.from("http://node/shop/other");

  private final JettySavedRequest requests =
      new JettySavedRequest(Live.of(ELSEWHERE), new OfTheCore());

  /** Or the posted form would not be found: Jetty compares whole addresses. */
  @Test
  void theSamePageOfAnotherNodeIsThatOfThePresentOne() {
    HttpURI here = HttpURI.from("http://other:8081/shop/cart");
    Map<String, Object> attributes = new TreeMap<>();
    requests.decode(saved(), here, attributes::put);

    assertThat(attributes).containsValue(here);
  }

  @Test
  void aRequestComesBackAsItWas() {
    Map<String, Object> attributes = decoded(saved());

    assertThat(attributes).hasSize(3).containsValue("POST");
    assertThat(attributes.values()).extracting(Object::toString).contains("http://node/shop/cart");
  }

  /** Whoever comes back from the login then is led to the application's first page. */
  @Test
  void ofDamagedBytesThereIsNothing() {
    byte[] saved = saved();

    for (int length = 0; length < saved.length; length++) {
      assertThat(decoded(Arrays.copyOf(saved, length))).isEmpty();
    }
  }

  /** A byte changed may make an address that is none. */
  @Test
  void whateverIsReadNothingIsThrown() {
    byte[] saved = saved();
    Random random = new Random(1);
    for (int round = 0; round < 20_000; round++) {
      byte[] damaged = saved.clone();
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      assertThatCode(() -> decoded(damaged)).doesNotThrowAnyException();
    }
  }

  private byte[] saved() {
    Fields form = new Fields();
    form.add("number", "2");
    return requests.encode(HttpURI.from("http://node/shop/cart"), "POST", form);
  }

  private Map<String, Object> decoded(byte[] bytes) {
    Map<String, Object> attributes = new TreeMap<>();
    requests.decode(bytes, ELSEWHERE, attributes::put);
    return attributes;
  }

  /** A request is its address here. */
  private static final class OfTheCore implements JettySavedRequest.Addresses {
    @Override
    public String text(Object address) {
      return ((HttpURI) address).asString();
    }

    @Override
    public Object parse(String address) {
      return HttpURI.from(address);
    }

    @Override
    public Object address(Object request) {
      return request;
    }
  }
}
