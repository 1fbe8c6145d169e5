package dev.carryover.config;

import java.util.Locale;

/** Whether the session cookie carries {@code Secure}: the key {@code carryover.cookie.secure}. */
public enum CookieSecure {
  /**
   * If the request is secure or web.xml says so. Right wherever the container knows that TLS ends
   * at a proxy in front of it; where it does not, the cookie goes out without {@code Secure}.
   */
  AUTO,

  /** Always. A browser that comes over plain HTTP then loses its session with every request. */
  TRUE,

  /** Never, not even if the request is secure: whoever reads one plain request has the session. */
  FALSE;

  /** The constant as it is written in a configuration. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
