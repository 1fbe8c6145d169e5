package dev.carryover.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What one secret is good for within one namespace: it hashes names and seals bytes. Thread-safe.
 *
 * <p>All keys come from the secret by PBKDF2, once, and from there by HMAC-SHA256, one for each
 * purpose and context. The namespace goes into them, so that nothing can be moved between
 * applications that have the same secret.
 */
public final class Sealing {

  /** The first byte of everything sealed. No other format begins so. */
  public static final byte FORMAT = 'S';

  static final int KEY_ID_BYTES = 4;

  private static final String HMAC = "HmacSHA256";
  private static final String DERIVATION = "PBKDF2WithHmacSHA256";
  private static final String DERIVATION_SALT = "carryover/1:";
  private static final int DERIVATION_ROUNDS = 210_000;
  private static final int KEY_BITS = 256;
  private static final int SALT_BYTES = 24;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SecretKeySpec hashKey;
  private final SecretKeySpec sealKey;
  private final byte[] keyId;

  /**
   * Takes a noticeable fraction of a second: a secret that can be guessed shall cost the guesser.
   */
  public Sealing(String secret, String namespace) {
    SecretKeySpec master = new SecretKeySpec(stretched(secret, DERIVATION_SALT + namespace), HMAC);
    hashKey = new SecretKeySpec(hmac(master, "hash"), HMAC);
    sealKey = new SecretKeySpec(hmac(master, "seal"), HMAC);
    keyId = Arrays.copyOf(hmac(master, "id"), KEY_ID_BYTES);
  }

  private static byte[] stretched(String secret, String salt) {
    PBEKeySpec spec =
        new PBEKeySpec(secret.toCharArray(), salt.getBytes(UTF_8), DERIVATION_ROUNDS, KEY_BITS);
    try {
      return SecretKeyFactory.getInstance(DERIVATION).generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw missing(e);
    } finally {
      spec.clearPassword();
    }
  }

  /** A few characters of base64url that tell this secret from others, and nothing of it. */
  public String keyId() {
    return base64(keyId);
  }

  /** Stands for a text, which can't be found from it without the secret: 43 of base64url. */
  public String hash(String text) {
    return base64(hmac(hashKey, text));
  }

  /**
   * What seals and opens in one context, and can't open what was sealed in another.
   *
   * @param purpose keeps contexts of different kinds apart
   */
  public Seal seal(String purpose, byte[] context) {
    byte[] key = hmac(sealKey, purpose, context);
    return new Seal(new SecretKeySpec(key, Seal.CIPHER), keyId, context);
  }

  /** Fresh random bytes to make a context of. */
  public static byte[] newSalt() {
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    return salt;
  }

  private static byte[] hmac(SecretKeySpec key, String text) {
    return hmac(key, text, new byte[0]);
  }

  /** The length of the text goes first, so that no two pairs are the same input. */
  private static byte[] hmac(SecretKeySpec key, String text, byte[] more) {
    byte[] bytes = text.getBytes(UTF_8);
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
      mac.update(bytes);
      return mac.doFinal(more);
    } catch (GeneralSecurityException e) {
      throw missing(e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static IllegalStateException missing(GeneralSecurityException e) {
    return new IllegalStateException("This Java has no PBKDF2, HMAC-SHA256 or AES-GCM", e);
  }
}
