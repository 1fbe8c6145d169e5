package dev.carryover.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carryover.codec.Seal;
import dev.carryover.codec.Sealing;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions sealed with one secret.
 *
 * <p>A name is the id's shard, the id's keyed hash, and what tells the secret. Salt, id and forward
 * are bound to the name; values to the salt and their field. So a record that was copied to another
 * name has no salt there and is no session, a value that was moved is none, and a rotation writes
 * only what is bound to the name.
 */
final class SealedForm extends RecordForm {

  private static final Logger log = LoggerFactory.getLogger(SealedForm.class);

  /** Stands in each sealed name, and in no id. */
  private static final char KEY_ID_MARK = '.';

  /** So many bytes of a salt are not secret: scripts tell by them whether it is still the same. */
  private static final int NUMBER_BYTES = 8;

  private static final String RECORD = "record";
  private static final String SESSION = "session";

  private final Sealing sealing;
  private final String nameEnd;
  private final Set<String> refused = ConcurrentHashMap.newKeySet();

  SealedForm(Sealing sealing) {
    this.sealing = sealing;
    this.nameEnd = KEY_ID_MARK + sealing.keyId();
  }

  /** Whether this is the name of a session sealed with any secret. */
  static boolean isSealed(String name) {
    return name.indexOf(KEY_ID_MARK) >= 0;
  }

  @Override
  String name(String id) {
    return id.charAt(0) + sealing.hash(id) + nameEnd;
  }

  @Override
  boolean isName(String name) {
    return name.endsWith(nameEnd);
  }

  @Override
  String owner(String principal) {
    // No id has a blank: no principal's hash is a session's name.
    return sealing.hash("principal " + principal).substring(0, OWNER_LENGTH);
  }

  @Override
  SessionSeal create() {
    return new SaltSeal(Sealing.newSalt());
  }

  @Override
  @Nullable SessionSeal read(String name, byte @Nullable [] salt) {
    byte[] written = salt == null ? new byte[0] : salt;
    int start = Math.min(NUMBER_BYTES, written.length);
    byte[] sealed = Arrays.copyOfRange(written, start, written.length);
    byte[] opened = ofRecord(name).open(SALT, sealed);
    boolean own = opened != null && Arrays.equals(number(opened), number(written));
    byte[] heeded = heeded(SALT, own ? opened : null);
    return heeded == null ? null : new SaltSeal(heeded);
  }

  private static byte[] number(byte[] salt) {
    return Arrays.copyOf(salt, NUMBER_BYTES);
  }

  @Override
  byte[] bind(String name, String field, byte[] plain) {
    return ofRecord(name).seal(field, plain);
  }

  @Override
  byte @Nullable [] unbind(String name, String field, byte[] bound) {
    return heeded(field, ofRecord(name).open(field, bound));
  }

  private Seal ofRecord(String name) {
    return sealing.seal(RECORD, name.getBytes(UTF_8));
  }

  /** Tells once of each field that something in Redis is not what we wrote there. */
  private byte @Nullable [] heeded(String field, byte @Nullable [] opened) {
    if (opened == null && refused.add(field)) {
      log.warn(
          "A session's '{}' in Redis was changed or moved, and is refused; this is logged once",
          field);
    }
    return opened;
  }

  /** The seal of the session with this salt. */
  private final class SaltSeal implements SessionSeal {

    private final byte[] salt;
    private final Seal seal;

    private SaltSeal(byte[] salt) {
      this.salt = salt;
      this.seal = sealing.seal(SESSION, salt);
    }

    @Override
    public RecordForm form() {
      return SealedForm.this;
    }

    @Override
    public byte[] number() {
      return SealedForm.number(salt);
    }

    @Override
    public byte[] seal(String field, byte[] value) {
      return seal.seal(field, value);
    }

    @Override
    public byte @Nullable [] open(String field, byte[] written) {
      byte[] value = seal.open(field, written);
      // Of attributes those tell who want to read them.
      return field.equals(PRINCIPAL) ? heeded(field, value) : value;
    }

    @Override
    public Map<String, byte[]> bindings(String id) {
      String name = name(id);
      byte[] sealed = bind(name, SALT, salt);
      byte[] field =
          ByteBuffer.allocate(NUMBER_BYTES + sealed.length).put(number()).put(sealed).array();
      return Map.of(SALT, field, ID, bind(name, ID, id.getBytes(UTF_8)));
    }
  }
}
