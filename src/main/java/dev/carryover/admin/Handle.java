package dev.carryover.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * What stands for a session in the console's page, in place of its id, which is a credential: the
 * id's first character, by which the session can be looked for in one part of the index, and a hash
 * of the id. Who has a handle has no session.
 */
final class Handle {

  private static final int HASH_CHARACTERS = 32;
  private static final String FORM = "[A-Za-z0-9_-]{" + (1 + HASH_CHARACTERS) + '}';
  private static final String CONTEXT = "carryover console handle: ";

  private Handle() {}

  static String of(String id) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest((CONTEXT + id).getBytes(US_ASCII));
      String text = Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
      return id.charAt(0) + text.substring(0, HASH_CHARACTERS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  static boolean isWellFormed(String text) {
    return text.matches(FORM);
  }
}
