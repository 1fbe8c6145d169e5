package dev.carryover.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carryover.config.ClientTraits;
import dev.carryover.config.IpNetwork;
import dev.carryover.config.OnBindMismatch;
import dev.carryover.session.SessionAccess;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows a client again by its User-Agent and its network. A session keeps hashes of them alone,
 * with a salt of its own. Immutable.
 */
public final class ClientBinding {

  private static final Logger log = LoggerFactory.getLogger(ClientBinding.class);

  /** By which a session notes to which client it belongs. */
  private static final String CLIENT = "client";

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SALT_BYTES = 12;
  private static final int HASH_BYTES = 16;
  private static final String BETWEEN = ".";
  private static final int PARTS = 3;
  private static final String NOT_BOUND = "";

  private final ClientTraits traits;
  private final List<IpNetwork> proxies;
  private final OnBindMismatch policy;

  public ClientBinding(ClientTraits traits, List<IpNetwork> proxies, OnBindMismatch policy) {
    this.traits = traits;
    this.proxies = List.copyOf(proxies);
    this.policy = policy;
  }

  /** Whether a session that is used by another client ends. */
  boolean endsOthers() {
    return policy == OnBindMismatch.INVALIDATE;
  }

  /**
   * Whether a session may be used by who has sent a request; from now on only by them. If not, it
   * has ended, where such sessions do.
   */
  boolean admits(SessionAccess session, HttpServletRequest request) {
    String client = (String) session.note(CLIENT);
    boolean matches = matches(client, request);
    if (matches && !isComplete(client)) {
      bind(session, request);
    }
    if (!matches && endsOthers()) {
      session.invalidate();
    }
    return matches || policy == OnBindMismatch.LOG;
  }

  /** The session is theirs who have sent the request. */
  void bind(SessionAccess session, HttpServletRequest request) {
    session.note(CLIENT, bind(request));
  }

  /** What a session is to keep of the client that it belongs to. */
  String bind(HttpServletRequest request) {
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    return bind(Base64.getUrlEncoder().withoutPadding().encodeToString(salt), request);
  }

  private String bind(String salt, HttpServletRequest request) {
    String userAgent = traits.userAgent() ? hash(salt, userAgent(request)) : NOT_BOUND;
    String network = traits.ipv4Bits().isPresent() ? hash(salt, network(request)) : NOT_BOUND;
    return String.join(BETWEEN, salt, userAgent, network);
  }

  /** True if a session has kept all that is asked for. */
  boolean isComplete(@Nullable String bound) {
    String[] parts = parts(bound);
    return parts.length == PARTS
        && (!traits.userAgent() || !parts[1].isEmpty())
        && (traits.ipv4Bits().isEmpty() || !parts[2].isEmpty());
  }

  /** False if the request comes from another client than that which the session has kept. */
  boolean matches(@Nullable String bound, HttpServletRequest request) {
    String[] kept = parts(bound);
    if (kept.length != PARTS) {
      return true;
    }
    String[] now = parts(bind(kept[0], request));
    boolean sameAgent = isSame(kept[1], now[1]);
    boolean sameNetwork = isSame(kept[2], now[2]);
    if (!sameAgent || !sameNetwork) {
      log.warn(
          "A session was used by another client: its {} was another ({})",
          !sameAgent && !sameNetwork
              ? "user agent and its network"
              : sameAgent ? "network" : "user agent",
          policy);
    }
    return sameAgent && sameNetwork;
  }

  private static String[] parts(@Nullable String bound) {
    return bound == null ? new String[0] : bound.split("\\.", -1);
  }

  /** What one of them does not tell does not count. */
  private static boolean isSame(String kept, String now) {
    return kept.isEmpty()
        || now.isEmpty()
        || MessageDigest.isEqual(kept.getBytes(UTF_8), now.getBytes(UTF_8));
  }

  private static String hash(String salt, String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest((salt + text).getBytes(UTF_8));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Arrays.copyOf(digest, HASH_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  private static String userAgent(HttpServletRequest request) {
    String userAgent = request.getHeader("User-Agent");
    return userAgent == null ? "" : userAgent;
  }

  /** The bits that count of the client's address. */
  private String network(HttpServletRequest request) {
    String text = clientAddress(request);
    Optional<InetAddress> address = IpNetwork.address(text);
    if (address.isEmpty()) {
      return text;
    }
    byte[] bytes = address.get().getAddress();
    int bits = (bytes.length == 4 ? traits.ipv4Bits() : traits.ipv6Bits()).orElse(0);
    for (int bit = bits; bit < bytes.length * 8; bit++) {
      bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
    }
    return Arrays.toString(bytes);
  }

  /** The last address on the way here that is none of our proxies'; the first if all are. */
  private String clientAddress(HttpServletRequest request) {
    String client = plain(String.valueOf(request.getRemoteAddr()));
    String[] way = forwardedFor(request).split(",", -1);
    for (int i = way.length - 1; i >= 0 && isProxy(client) && !way[i].isBlank(); i--) {
      client = plain(way[i].strip());
    }
    return client;
  }

  private static String forwardedFor(HttpServletRequest request) {
    Enumeration<String> headers = request.getHeaders("X-Forwarded-For");
    StringBuilder way = new StringBuilder();
    while (headers != null && headers.hasMoreElements()) {
      way.append(way.length() == 0 ? "" : ",").append(headers.nextElement());
    }
    return way.toString();
  }

  private boolean isProxy(String text) {
    return IpNetwork.address(text)
        .filter(address -> proxies.stream().anyMatch(proxy -> proxy.contains(address)))
        .isPresent();
  }

  /** Without the port, the brackets and the zone that an address may have. */
  private static String plain(String address) {
    if (address.startsWith("[")) {
      int end = address.indexOf(']');
      return withoutZone(address.substring(1, end < 0 ? address.length() : end));
    }
    boolean hasPort = address.indexOf(':') >= 0 && address.indexOf(':') == address.lastIndexOf(':');
    return hasPort ? address.substring(0, address.indexOf(':')) : withoutZone(address);
  }

  private static String withoutZone(String address) {
    int zone = address.indexOf('%');
    return zone < 0 ? address : address.substring(0, zone);
  }
}
