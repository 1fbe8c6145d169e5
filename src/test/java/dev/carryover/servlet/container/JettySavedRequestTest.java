package dev.carryover.servlet.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.util.Fields;
import org.junit.jupiter.api.Test;

class JettySavedRequestTest {

  private static final HttpURI ELSEWHERE = HttpURI.from("http://node/shop/other");

  private final JettySavedRequest requests;

  JettySavedRequestTest() throws ReflectiveOperationException {
    requests = new JettySavedRequest(Live.of(ELSEWHERE), environment());
  }

  /** That of a request which is its address. */
  private static JettyEnvironment environment() {
    return (JettyEnvironment)
        Proxy.newProxyInstance(
            JettySavedRequestTest.class.getClassLoader(),
            new Class<?>[] {JettyEnvironment.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "text" -> arguments[0].toString();
                  case "parse" -> HttpURI.from((String) arguments[0]);
                  case "address" -> arguments[0];
                  default -> throw new UnsupportedOperationException(method.getName());
                });
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
}
