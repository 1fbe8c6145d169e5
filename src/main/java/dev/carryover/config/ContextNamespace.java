package dev.carryover.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/** The namespace of an application that is given none, from its context path. */
final class ContextNamespace {

  private static final Pattern OTHERS = Pattern.compile("[^A-Za-z0-9._/-]");
  private static final int HASH_BYTES = 4;

  private ContextNamespace() {}

  /**
   * The path without its slash: {@code shop} for {@code /shop}. A hash keeps those apart in which
   * something had to be replaced.
   */
  static String of(String contextPath) {
    String path = contextPath.isEmpty() ? "ROOT" : contextPath.substring(1);
    String name = OTHERS.matcher(path).replaceAll("_");
    return name.equals(path) ? name : name + '-' + hash(path);
  }

  private static String hash(String path) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(path.getBytes(UTF_8));
      StringBuilder hex = new StringBuilder();
      for (int i = 0; i < HASH_BYTES; i++) {
        hex.append(String.format("%02x", digest[i]));
      }
      return hex.toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
