package dev.carryover.config;

/**
 * The {@code SameSite} attribute of the session cookie (RFC 6265bis, section 5.6.7): the key {@code
 * carryover.cookie.same-site}.
 */
public enum SameSite {
  /** Sent when a user follows a link to us, but not with another site's form posts and frames. */
  LAX("Lax"),

  /** Never sent when coming from another site; a link in a mail finds the user logged out. */
  STRICT("Strict"),

  /** Sent always, as frames and cross-site posts (SAML, payment) need it. Browsers demand TLS. */
  NONE("None"),

  /** The attribute is left out, and the browser's own rule holds: mostly that of Lax. */
  OFF("off");

  private final String text;

  SameSite(String text) {
    this.text = text;
  }

  /** The attribute's value as the cookie has it; {@code off} for {@link #OFF}. */
  @Override
  public String toString() {
    return text;
  }
}
