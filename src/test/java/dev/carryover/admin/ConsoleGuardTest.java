package dev.carryover.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.KnownHosts;
import dev.carryover.testing.Stub;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.file.Path;
import java.util.Collections;
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

  private static HttpServletRequest request(String address) {
    return Stub.of(
        HttpServletRequest.class,
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "getRemoteAddr" -> address;
              case "getLocalAddr" -> "127.0.0.1";
              case "getServerName" -> "localhost";
              case "getHeaderNames" -> Collections.emptyEnumeration();
              default -> null;
            });
  }
}
