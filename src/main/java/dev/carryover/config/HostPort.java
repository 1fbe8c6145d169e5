package dev.carryover.config;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The address of one server: a host name or IP address, and a port. Immutable. */
public final class HostPort {
  private static final Pattern SYNTAX =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)\\]|([A-Za-z0-9._-]+))(?::([0-9]{1,5}))?");

  private final String host;
  private final int port;

  private HostPort(String host, int port) {
    this.host = host;
    this.port = port;
  }

  static HostPort parse(String text, int defaultPort) {
    Matcher matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "expected host or host:port, the port a number, an IPv6 address in brackets");
    }
    String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    return new HostPort(host, port(matcher.group(3), defaultPort));
  }

  private static int port(@Nullable String text, int defaultPort) {
    int port = text == null ? defaultPort : Integer.parseInt(text);
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("expected a port from 1 to 65535");
    }
    return port;
  }

  /** Name or address of the host; an IPv6 address without brackets. */
  public String host() {
    return host;
  }

  /** The port, 1 to 65535. */
  public int port() {
    return port;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HostPort
        && host.equals(((HostPort) other).host)
        && port == ((HostPort) other).port;
  }

  @Override
  public int hashCode() {
    return Objects.hash(host, port);
  }

  /** As in a URL, with an IPv6 address in brackets: {@code [::1]:6379}. */
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
