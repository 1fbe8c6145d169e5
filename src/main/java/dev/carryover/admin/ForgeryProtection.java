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
import java.util.regex.Pattern;
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
  private static final Pattern PORT = Pattern.compile(":\\d*$");
  private static final SecureRandom RANDOM = new SecureRandom();

  private ForgeryProtection() {}

  /**
   * The token that this browser's orders have to bring; its cookie is sent if there is none.
   *
   * @param secure whether the cookie is for TLS alone, also where a proxy ends that
   */
  static String token(HttpServletRequest request, HttpServletResponse response, boolean secure) {
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
            + (secure || request.isSecure() ? "; Secure" : ""));
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

  /**
   * What browsers say of where a request comes from, where they do. Over plain HTTP, and the old
   * ones everywhere, they only name the origin, which is compared with the host that was asked: not
   * with a forwarded one, since who sends an order can send that too.
   */
  private static boolean isOfThisSite(HttpServletRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      return site.equals("same-origin");
    }
    String origin = request.getHeader("Origin");
    return origin == null || isSameHost(origin, request.getHeader("Host"));
  }

  /** Ports don't count: proxies leave them out, and cookies do not know them either. */
  private static boolean isSameHost(String origin, @Nullable String host) {
    try {
      String named = new URI(origin).getRawAuthority();
      return named != null && host != null && withoutPort(named).equals(withoutPort(host));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static String withoutPort(String authority) {
    return PORT.matcher(authority).replaceFirst("").toLowerCase(Locale.ROOT);
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
