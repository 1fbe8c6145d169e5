package dev.carryover.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Keeps pages of others from giving orders in an operator's name: an order has to bring, in a
 * header that only the console's own page can send, what its cookie holds. No node remembers
 * anything, so an order may go to another node than the page came from.
 */
final class ForgeryProtection {

  private static final String COOKIE = "carryover-console";
  private static final String HEADER = "X-Carryover-Token";
  private static final int TOKEN_BYTES = 24;
  private static final String TOKEN = "[A-Za-z0-9_-]{32}";
  private static final SecureRandom RANDOM = new SecureRandom();

  private ForgeryProtection() {}

  /** The token that this browser's orders have to bring; its cookie is sent if there is none. */
  static String token(HttpServletRequest request, HttpServletResponse response) {
    String present = cookie(request);
    if (present != null) {
      return present;
    }
    byte[] bytes = new byte[TOKEN_BYTES];
    RANDOM.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    response.addHeader(
        "Set-Cookie",
        COOKIE
            + '='
            + token
            + "; Path="
            + request.getContextPath()
            + request.getServletPath()
            + "; HttpOnly; SameSite=Strict"
            + (request.isSecure() ? "; Secure" : ""));
    return token;
  }

  /** Whether an order comes from the console's page. */
  static boolean isGenuine(HttpServletRequest request) {
    String expected = cookie(request);
    String brought = request.getHeader(HEADER);
    return expected != null
        && brought != null
        && MessageDigest.isEqual(expected.getBytes(US_ASCII), brought.getBytes(US_ASCII))
        && isOfThisSite(request);
  }

  /** What browsers say of where a request comes from, where they do. */
  private static boolean isOfThisSite(HttpServletRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    String origin = request.getHeader("Origin");
    return (site == null || site.equals("same-origin"))
        && (origin == null || isSameHost(origin, request.getHeader("Host")));
  }

  private static boolean isSameHost(String origin, @Nullable String host) {
    try {
      String authority = new URI(origin).getRawAuthority();
      return authority != null
          && host != null
          && authority.toLowerCase(Locale.ROOT).equals(host.toLowerCase(Locale.ROOT));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static @Nullable String cookie(HttpServletRequest request) {
    Cookie[] cookies = request.getCookies();
    if (cookies != null) {
      for (Cookie cookie : cookies) {
        if (cookie.getName().equals(COOKIE) && cookie.getValue().matches(TOKEN)) {
          return cookie.getValue();
        }
      }
    }
    return null;
  }
}
