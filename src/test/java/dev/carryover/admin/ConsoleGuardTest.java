package dev.carryover.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.KnownHosts;
import dev.carryover.testing.Stub;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleGuardTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, true",
    "127.9.8.7, true",
    "::1, true",
    "0:0:0:0:0:0:0:1%0, true",
    "[::1], true",
    "192.0.2.1, false",
    "2001:db8::1, false",
    "localhost, false",
    "'', false",
  })
  void knowsThisMachineByAddressesAlone(String address, boolean isThisMachine) {
    assertThat(ConsoleGuard.isFromThisMachine(request(address))).isEqualTo(isThisMachine);
  }

  /** A Java of its own, whose names are in a file: there it would find this one. */
  @Test
  void whatLooksLikeAnAddressIsNotAskedForAsAName(@TempDir Path directory) throws Exception {
    KnownHosts hosts = KnownHosts.of(directory, "127.0.0.1 999.1.1.1");
    assertThat(hosts.print(Guard.class, "999.1.1.1", "127.0.0.1")).isEqualTo("false true ");
  }

  /** Prints of each address whether it is this machine's. */
  static final class Guard {
    public static void main(String[] addresses) {
      for (String address : addresses) {
        System.out.print(ConsoleGuard.isFromThisMachine(request(address)) + " ");
      }
    }
  }

  /** What gives away that somebody else may be behind a connection of the machine. */
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, '', '', true",
    "127.0.0.1, Accept, shop.cart, true",
    "192.0.2.1, '', '', false",
    "127.0.0.1, Via, '', false",
    "127.0.0.1, X-Forwarded-Anything, '', false",
    "127.0.0.1, X-Original-URL, '', false",
    "127.0.0.1, '', org.apache.tomcat.request.forwarded, false",
    "127.0.0.1, '', org.apache.tomcat.remoteAddr, false",
  })
  void tracesOfProxiesCountAgainstTheMachine(
      String localAddress, String header, String attribute, boolean isThisMachine) {
    assertThat(
            ConsoleGuard.isFromThisMachine(request("127.0.0.1", localAddress, header, attribute)))
        .isEqualTo(isThisMachine);
  }

  private static HttpServletRequest request(String address) {
    return request(address, "127.0.0.1", "", "");
  }

  private static HttpServletRequest request(
      String address, String localAddress, String header, String attribute) {
    return Stub.of(
        HttpServletRequest.class,
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "getRemoteAddr" -> address;
              case "getLocalAddr" -> localAddress;
              case "getServerName" -> "localhost";
              case "getHeaderNames" -> Collections.enumeration(List.of(header));
              case "getAttribute" -> attribute.equals(arguments[0]) ? "something" : null;
              default -> null;
            });
  }
}
