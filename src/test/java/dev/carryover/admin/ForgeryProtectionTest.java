package dev.carryover.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.Stub;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForgeryProtectionTest {

  private static final String TOKEN = "0123456789abcdefghijklmnopqrstuv";

  /** What browsers say of the sender, where proxies have changed the host or not. */
  @ParameterizedTest
  @CsvSource({
    "same-origin, https://shop.example, shop.example, true",
    "same-origin, https://shop.example, backend:8080, true",
    "same-origin, , backend:8080, true",
    "same-site, https://shop.example, shop.example, false",
    "cross-site, https://shop.example, shop.example, false",
    "none, , shop.example, false",
    "'', https://shop.example, shop.example, false",
    ", http://shop.example, shop.example, true",
    ", http://SHOP.example:8081, shop.example, true",
    ", http://shop.example:8081, shop.example:8081, true",
    ", http://[::1]:8081, [::1], true",
    ", http://shop_web:8081, shop_web:8081, true",
    ", , shop.example, true",
    ", http://evil.example, shop.example, false",
    ", http://shop.example.evil.example, shop.example, false",
    ", http://shop.example@evil.example, shop.example, false",
    ", http://evil.example:80, shop.example:80, false",
    ", http://shop.example, backend:8080, false",
    ", http://shop.example, , false",
    ", null, shop.example, false",
    ", null, , false",
    ", file://, shop.example, false",
    ", not an origin, shop.example, false",
  })
  void ordersAreTakenFromThePageAlone(String site, String origin, String host, boolean isTaken) {
    assertThat(isTaken(site, origin, host, Map.of())).isEqualTo(isTaken);
  }

  /** A client can send it as well as a proxy. */
  @Test
  void noForwardedHostMakesAnOrderOfOthersOurs() {
    Map<String, String> forwarded = Map.of("X-Forwarded-Host", "evil.example");
    assertThat(isTaken(null, "http://evil.example", "shop.example", forwarded)).isFalse();
  }

  @Test
  void noOrderGoesWithoutTheToken() {
    Map<String, String> other = Map.of("X-Carryover-Token", "v" + TOKEN.substring(1));
    assertThat(isTaken("same-origin", "http://shop.example", "shop.example", other)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"true, false, true", "false, true, true", "false, false, false"})
  void cookieIsForTlsAloneWhereTheApplicationsIs(
      boolean isConfigured, boolean isTls, boolean isSecure) {
    List<String> cookies = new ArrayList<>();
    HttpServletRequest request =
        Stub.of(
            HttpServletRequest.class,
            (proxy, method, arguments) -> method.getName().equals("isSecure") ? isTls : null);
    HttpServletResponse response =
        Stub.of(
            HttpServletResponse.class,
            (proxy, method, arguments) -> cookies.add((String) arguments[1]) ? null : null);
    ForgeryProtection.token(request, response, isConfigured);
    assertThat(cookies).singleElement().asString().contains("HttpOnly; SameSite=Strict");
    assertThat(cookies.get(0).endsWith("; Secure")).isEqualTo(isSecure);
  }

  private static boolean isTaken(
      String site, String origin, String host, Map<String, String> others) {
    Map<String, String> headers = new HashMap<>();
    headers.put("X-Carryover-Token", TOKEN);
    headers.put("Sec-Fetch-Site", site);
    headers.put("Origin", origin);
    headers.put("Host", host);
    headers.putAll(others);
    return ForgeryProtection.isGenuine(
        Stub.of(
            HttpServletRequest.class,
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getCookies" -> new Cookie[] {new Cookie("carryover-console", TOKEN)};
                  case "getHeader" -> headers.get((String) arguments[0]);
                  default -> null;
                }));
  }
}
