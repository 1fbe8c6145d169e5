package dev.carryover.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals bytes under a label, within one context: AES-256-GCM, with a key of the context's own.
 * Thread-safe.
 *
 * <p>Sealed are: {@link Sealing#FORMAT}, 4 bytes that name the secret, a random nonce of 12, the
 * encrypted bytes, a tag of 16. Context and label are authenticated with them.
 */
public final class Seal {

  static final String CIPHER = "AES";

  /** By how much sealed bytes are longer. */
  static final int OVERHEAD = 1 + Sealing.KEY_ID_BYTES + 12 + 16;

  private static final String TRANSFORMATION = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int HEADER_BYTES = 1 + Sealing.KEY_ID_BYTES;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SecretKeySpec key;
  private final byte[] header;
  private final byte[] context;

  Seal(SecretKeySpec key, byte[] keyId, byte[] context) {
    this.key = key;
    this.header = ByteBuffer.allocate(HEADER_BYTES).put(Sealing.FORMAT).put(keyId).array();
    this.context = context.clone();
  }

  /** Never twice the same, not even for the same bytes. */
  public byte[] seal(String label, byte[] plain) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    byte[] sealed = new byte[plain.length + OVERHEAD];
    ByteBuffer.wrap(sealed).put(header).put(nonce);
    int start = HEADER_BYTES + NONCE_BYTES;
    try {
      cipher(Cipher.ENCRYPT_MODE, nonce, label).doFinal(plain, 0, plain.length, sealed, start);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw Sealing.missing(e);
    }
  }

  /** The bytes that were sealed; null if these are not what was sealed here under this label. */
  public byte @Nullable [] open(String label, byte[] sealed) {
    if (sealed.length < OVERHEAD
        || !Arrays.equals(sealed, 0, HEADER_BYTES, header, 0, HEADER_BYTES)) {
      return null;
    }
    int start = HEADER_BYTES + NONCE_BYTES;
    byte[] nonce = Arrays.copyOfRange(sealed, HEADER_BYTES, start);
    try {
      return cipher(Cipher.DECRYPT_MODE, nonce, label)
          .doFinal(sealed, start, sealed.length - start);
    } catch (BadPaddingException e) {
      return null;
    } catch (GeneralSecurityException e) {
      throw Sealing.missing(e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String label) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(TRANSFORMATION);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(context);
    cipher.updateAAD(label.getBytes(UTF_8));
    return cipher;
  }
}
