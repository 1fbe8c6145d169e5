package dev.carryover.session;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * Session ids: 256 random bits in base64url. The first character is the id's shard, and stays the
 * same when the id is rotated.
 */
public final class SessionId {

  /** The number of characters of every id. */
  public static final int LENGTH = 43;

  private static final int RANDOM_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private SessionId() {}

  /** A new id, in a random shard. */
  public static String create() {
    byte[] bytes = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** A new id in the shard of another. */
  public static String rotated(String id) {
    return id.charAt(0) + create().substring(1);
  }

  /** True if a text looks like an id of ours; whether there is such a session is another matter. */
  public static boolean isWellFormed(CharSequence text) {
    if (text.length() != LENGTH) {
      return false;
    }
    for (int i = 0; i < LENGTH; i++) {
      if (!isBase64Url(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBase64Url(char c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }
}
