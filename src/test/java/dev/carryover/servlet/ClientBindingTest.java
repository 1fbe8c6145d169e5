package dev.carryover.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carryover.config.ClientTraits;
import dev.carryover.config.IpNetwork;
import dev.carryover.config.OnBindMismatch;
import dev.carryover.testing.KnownHosts;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientBindingTest {

  private static ClientBinding binding(String traits, String... proxies) {
    return new ClientBinding(
        ClientTraits.parse(traits),
        List.of(proxies).stream().map(IpNetwork::parse).toList(),
        OnBindMismatch.REJECT);
  }

  /** A request with nothing but what a binding looks at. */
  private static HttpServletRequest request(String address, String agent, String... forwarded) {
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            ClientBindingTest.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getRemoteAddr" -> address;
                  case "getHeader" -> arguments[0].equals("User-Agent") ? agent : null;
                  case "getHeaders" ->
                      Collections.enumeration(
                          arguments[0].equals("X-Forwarded-For") ? List.of(forwarded) : List.of());
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  @ParameterizedTest
  @CsvSource({
    "ip, 10.1.2.3, 10.1.2.3, true",
    "ip, 10.1.2.3, 10.1.2.4, false",
    "ip/24, 10.1.2.3, 10.1.2.200, true",
    "ip/24, 10.1.2.3, 10.1.3.3, false",
    "ip/0, 10.1.2.3, 99.1.3.3, true",
    "ip, 2001:db8::1, 2001:db8:0:0:9::7, true",
    "ip, 2001:db8::1, 2001:db8:0:1::1, false",
    "ip/32/48, 2001:db8::1, 2001:db8:0:1::1, true",
    "ip/32/128, 2001:db8::1, 2001:db8::2, false",
    "ip, 10.1.2.3, ::ffff:10.1.2.3, true",
    "ip, 10.1.2.3, 2001:db8::1, false",
    "ip, fe80::1%eth0, fe80::1%eth1, true",
  })
  void knowsANetworkAgain(String traits, String before, String now, boolean same) {
    ClientBinding binding = binding(traits);

    String bound = binding.bind(request(before, "a"));

    assertThat(binding.matches(bound, request(now, "b"))).isEqualTo(same);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.0.0.1 | 198.51.100.7 | 198.51.100.7 | true",
        "10.0.0.1 | 198.51.100.7, 10.0.0.2 | 198.51.100.7 | true",
        "10.0.0.1 | 6.6.6.6, 198.51.100.7 | 198.51.100.7 | true",
        "10.0.0.1 | 198.51.100.7, 6.6.6.6 | 198.51.100.7 | false",
        "10.0.0.1 | 198.51.100.7:4711 | 198.51.100.7 | true",
        "10.0.0.1 | [2001:db8::7]:4711 | 2001:db8::7 | true",
        "66.0.0.1 | 198.51.100.7 | 198.51.100.7 | false",
        "10.0.0.1 | not.an.address | 198.51.100.7 | false",
      })
  void aTrustedProxyTellsTheClientsAddressAndNobodyElse(
      String proxy, String forwarded, String client, boolean same) {
    ClientBinding binding = binding("ip/32/128", "10.0.0.0/8");

    String bound = binding.bind(request(client, "a"));

    assertThat(binding.matches(bound, request(proxy, "a", forwarded))).isEqualTo(same);
    assertThat(binding.matches(bound, request(proxy, "a", forwarded.split(", ")))).isEqualTo(same);
  }

  @Test
  void knowsAUserAgentAgainAndKeepsSaltedHashesOnly() {
    ClientBinding binding = binding("user-agent,ip");

    String bound = binding.bind(request("10.1.2.3", "Firefox"));

    assertThat(binding.matches(bound, request("10.1.2.3", "Firefox"))).isTrue();
    assertThat(binding.matches(bound, request("10.1.2.3", "Chrome"))).isFalse();
    assertThat(binding.matches(bound, request("10.1.2.3", null))).isFalse();
    assertThat(bound).hasSizeLessThan(70).doesNotContain("Firefox", "10.1.2");
    assertThat(binding.bind(request("10.1.2.3", "Firefox"))).isNotEqualTo(bound);
  }

  @Test
  void aSessionThatHasKeptNothingYetMatchesAndIsNotComplete() {
    ClientBinding both = binding("user-agent,ip");
    String agentOnly = binding("user-agent").bind(request("10.1.2.3", "Firefox"));

    assertThat(both.matches(null, request("10.1.2.3", "Chrome"))).isTrue();
    assertThat(both.isComplete(null)).isFalse();
    assertThat(both.isComplete(agentOnly)).isFalse();
    assertThat(both.matches(agentOnly, request("10.9.9.9", "Firefox"))).isTrue();
    assertThat(both.matches(agentOnly, request("10.9.9.9", "Chrome"))).isFalse();
    assertThat(both.isComplete(both.bind(request("10.9.9.9", "Firefox")))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ip/33", "ip/24/129", "cookie", "user-agent,", "ip/", "ip/24/"})
  void refusesWhatIsNoTrait(String text) {
    assertThatThrownBy(() -> ClientTraits.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("expected user-agent, ip");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "localhost", "10.0.0.0/33", "10.0.0", "::/129", "10.0.0.0/", "dead"})
  void refusesWhatIsNoNetwork(String text) {
    assertThatThrownBy(() -> IpNetwork.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  /** A Java of its own, whose names are in a file: there it would find this one. */
  @Test
  void whatLooksLikeAnAddressIsNotAskedForAsAName(@TempDir Path directory) throws Exception {
    KnownHosts hosts = KnownHosts.of(directory, "10.0.0.1 999.1.1.1 256.0.0.1");
    assertThat(hosts.print(Addresses.class, "999.1.1.1", "256.0.0.1", "255.249.199.0"))
        .isEqualTo("none none /255.249.199.0 ");
  }

  /** Prints the address that each text is. */
  static final class Addresses {
    public static void main(String[] texts) {
      for (String text : texts) {
        System.out.print(IpNetwork.address(text).map(Object::toString).orElse("none") + " ");
      }
    }
  }
}
