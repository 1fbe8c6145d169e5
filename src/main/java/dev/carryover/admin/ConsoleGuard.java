package dev.carryover.admin;

import dev.carryover.config.IpNetwork;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may use the console: those who have the role, or, where none is configured, those who are on
 * the node's own machine. Thread-safe.
 *
 * <p>On the machine means that the connection itself is between two loopback addresses. What a
 * header says of the client counts against it, never for it: containers that believe such headers
 * give a proxy's client an address that it chose, so both ends are looked at, and any header that
 * proxies add ends it. The request's host has to be a name of the machine too, or a page elsewhere
 * could have its own host name lead to the reader's machine, and read along.
 */
final class ConsoleGuard {

  /** Tomcat's RemoteIpValve believes headers, takes them away, and leaves these. */
  private static final Set<String> TRACES_OF_PROXIES =
      Set.of("org.apache.tomcat.request.forwarded", "org.apache.tomcat.remoteAddr");

  private static final Logger log = LoggerFactory.getLogger(ConsoleGuard.class);

  private static final Set<String> PROXY_HEADERS =
      Set.of(
          "forwarded",
          "via",
          "x-real-ip",
          "x-client-ip",
          "x-cluster-client-ip",
          "true-client-ip",
          "cf-connecting-ip",
          "fastly-client-ip");

  private static final String FORWARDING = "x-forwarded";
  private static final String ORIGINAL = "x-original";
  private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  private final Optional<String> role;
  private volatile boolean said;

  ConsoleGuard(Optional<String> role) {
    this.role = role;
  }

  /** Whether the request may be answered; if not, it has been, or a login is asked for. */
  boolean admits(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    if (role.isPresent()) {
      return hasRole(role.get(), request, response);
    }
    if (isFromThisMachine(request)) {
      return true;
    }
    if (!said) {
      said = true;
      log.warn(
          "The console was asked for from another machine, or through a proxy; it is shown on this"
              + " machine only, unless console.role is set");
    }
    response.sendError(HttpServletResponse.SC_NOT_FOUND);
    return false;
  }

  private static boolean hasRole(
      String role, HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    if (request.isUserInRole(role)) {
      return true;
    }
    if (request.getUserPrincipal() == null) {
      return login(request, response) && hasRoleNow(role, request, response);
    }
    response.sendError(HttpServletResponse.SC_FORBIDDEN);
    return false;
  }

  /** Has the container ask for a login, if it knows how. */
  private static boolean login(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    boolean loggedIn = false;
    try {
      loggedIn = request.authenticate(response);
    } catch (ServletException | IllegalStateException e) {
      log.debug("The container knows no way to log in", e);
    }
    if (!loggedIn && !response.isCommitted() && response.getStatus() == HttpServletResponse.SC_OK) {
      response.sendError(HttpServletResponse.SC_FORBIDDEN);
    }
    return loggedIn;
  }

  private static boolean hasRoleNow(
      String role, HttpServletRequest request, HttpServletResponse response) throws IOException {
    boolean has = request.isUserInRole(role);
    if (!has) {
      response.sendError(HttpServletResponse.SC_FORBIDDEN);
    }
    return has;
  }

  static boolean isFromThisMachine(HttpServletRequest request) {
    return isLoopback(request.getRemoteAddr())
        && isLoopback(request.getLocalAddr())
        && OWN_NAMES.contains(request.getServerName().toLowerCase(Locale.ROOT))
        && Collections.list(request.getHeaderNames()).stream().noneMatch(ConsoleGuard::isOfAProxy)
        && TRACES_OF_PROXIES.stream().allMatch(name -> request.getAttribute(name) == null);
  }

  private static boolean isOfAProxy(String header) {
    String name = header.toLowerCase(Locale.ROOT);
    return PROXY_HEADERS.contains(name) || name.startsWith(FORWARDING) || name.startsWith(ORIGINAL);
  }

  /** Of an address, never of a name, which would be looked up. */
  private static boolean isLoopback(@Nullable String address) {
    return address != null
        && IpNetwork.address(plain(address)).filter(InetAddress::isLoopbackAddress).isPresent();
  }

  /** Without the brackets and the zone that containers give some addresses. */
  private static String plain(String address) {
    return address.replaceFirst("^\\[(.*)]$", "$1").replaceFirst("%[0-9A-Za-z]+$", "");
  }
}
