package dev.carryover.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/** A way to keep sessions in Redis: plain, or sealed with one secret. Thread-safe. */
abstract class RecordForm {

  static final String ID = "~id";
  static final String SALT = "~salt";
  static final String PRINCIPAL = "~principal";

  /** So many characters of base64url tell one principal from all others. */
  static final int OWNER_LENGTH = 22;

  private static final String FORWARD = "forward";

  /** What the keys of a session end in. Its first character is the id's: the shard. */
  abstract String name(String id);

  /** Whether a session of this form may have that name. */
  abstract boolean isName(String name);

  /** What stands for a principal's name where sessions are found by it. */
  abstract String owner(String principal);

  /** The seal of a new session. */
  abstract SessionSeal create();

  /**
   * The seal of the session whose record has this name.
   *
   * @param salt what the record says of it
   * @return null if it does not belong to this record
   */
  abstract @Nullable SessionSeal read(String name, byte @Nullable [] salt);

  /** Writes something that belongs to the name. */
  abstract byte[] bind(String name, String field, byte[] plain);

  /** What was written for this name and field; null if it was not. */
  abstract byte @Nullable [] unbind(String name, String field, byte[] bound);

  /** The id of the session whose record has this name; null if that can't be told. */
  @Nullable String id(String name, byte @Nullable [] idField) {
    return idField == null ? null : text(unbind(name, ID, idField));
  }

  /** What to leave under an old name, for those who look for the session there. */
  byte[] forward(String oldName, String newId) {
    return bind(oldName, FORWARD, newId.getBytes(UTF_8));
  }

  /** The new id that was left under an old name; null if something else is there. */
  @Nullable String forwarded(String oldName, byte[] forward) {
    return text(unbind(oldName, FORWARD, forward));
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, UTF_8);
  }
}
