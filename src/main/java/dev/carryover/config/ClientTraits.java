package dev.carryover.config;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** By what a session knows its client again: the key {@code carryover.bind}. Immutable. */
public final class ClientTraits {

  static final String EXPECTED =
      "user-agent, ip, or ip with the bits that count of IPv4 and IPv6 as ip/24/56, with commas"
          + " between";

  private static final String USER_AGENT = "user-agent";
  private static final Pattern IP = Pattern.compile("ip(?:/([0-9]{1,2})(?:/([0-9]{1,3}))?)?");
  private static final int IPV4_BITS = 32;

  /** Of an IPv6 address, what a network gives; the rest changes by itself. */
  private static final int IPV6_BITS = 64;

  private final String text;
  private final boolean userAgent;
  private final @Nullable Integer ipv4Bits;
  private final @Nullable Integer ipv6Bits;

  private ClientTraits(
      String text, boolean userAgent, @Nullable Integer ipv4Bits, @Nullable Integer ipv6Bits) {
    this.text = text;
    this.userAgent = userAgent;
    this.ipv4Bits = ipv4Bits;
    this.ipv6Bits = ipv6Bits;
  }

  /**
   * Reads a list of traits.
   *
   * @throws IllegalArgumentException if the text is none
   */
  public static ClientTraits parse(String text) {
    boolean userAgent = false;
    Integer ipv4Bits = null;
    Integer ipv6Bits = null;
    for (String part : text.toLowerCase(Locale.ROOT).split(",", -1)) {
      Matcher ip = IP.matcher(part.strip());
      if (part.strip().equals(USER_AGENT)) {
        userAgent = true;
      } else if (ip.matches()) {
        ipv4Bits = bits(ip.group(1), IPV4_BITS, 32);
        ipv6Bits = bits(ip.group(2), IPV6_BITS, 128);
      } else {
        throw new IllegalArgumentException("expected " + EXPECTED);
      }
    }
    return new ClientTraits(text, userAgent, ipv4Bits, ipv6Bits);
  }

  private static int bits(@Nullable String text, int otherwise, int most) {
    int bits = text == null ? otherwise : Integer.parseInt(text);
    if (bits > most) {
      throw new IllegalArgumentException("expected " + EXPECTED);
    }
    return bits;
  }

  /** Whether the User-Agent is one. */
  public boolean userAgent() {
    return userAgent;
  }

  /** How many bits of an IPv4 address count; empty if addresses do not. */
  public OptionalInt ipv4Bits() {
    return ipv4Bits == null ? OptionalInt.empty() : OptionalInt.of(ipv4Bits);
  }

  /** How many bits of an IPv6 address count; empty if addresses do not. */
  public OptionalInt ipv6Bits() {
    return ipv6Bits == null ? OptionalInt.empty() : OptionalInt.of(ipv6Bits);
  }

  /** The traits as they were written. */
  @Override
  public String toString() {
    return text;
  }
}
