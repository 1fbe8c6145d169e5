package dev.carryover.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses that begin alike, written as {@code 10.0.0.0/8}, {@code fd00::/8} or one address. */
public final class IpNetwork {

  static final String EXPECTED = "IP addresses or networks such as 10.0.0.0/8 or fd00::/8";

  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2})";
  private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  private final String text;
  private final byte[] start;
  private final int bits;

  private IpNetwork(String text, byte[] start, int bits) {
    this.text = text;
    this.start = start;
    this.bits = bits;
  }

  /**
   * Reads one network.
   *
   * @throws IllegalArgumentException if the text is none
   */
  public static IpNetwork parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = address(slash < 0 ? text : text.substring(0, slash)).orElse(null);
    String length = slash < 0 ? "" : text.substring(slash + 1);
    if (address == null || (slash >= 0 && !length.matches("[0-9]{1,3}"))) {
      throw new IllegalArgumentException("expected " + EXPECTED);
    }
    byte[] start = address.getAddress();
    int bits = slash < 0 ? start.length * 8 : Integer.parseInt(length);
    if (bits > start.length * 8) {
      throw new IllegalArgumentException("expected " + EXPECTED);
    }
    return new IpNetwork(text, start, bits);
  }

  /** The address that a text is; empty if it is none. Never asks for a name. */
  public static Optional<InetAddress> address(String text) {
    if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(text));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** True if the address is in this network. */
  public boolean contains(InetAddress address) {
    byte[] other = address.getAddress();
    if (other.length != start.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> bit % 8;
      if ((start[bit / 8] & mask) != (other[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  /** The network as it was written. */
  @Override
  public String toString() {
    return text;
  }
}
