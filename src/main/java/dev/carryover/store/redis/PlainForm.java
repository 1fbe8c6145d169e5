package dev.carryover.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sessions as they are: their names are their ids, their values what the codec made of them. */
final class PlainForm extends RecordForm {

  private final SessionSeal seal =
      new SessionSeal() {
        @Override
        public RecordForm form() {
          return PlainForm.this;
        }

        @Override
        public byte[] number() {
          return new byte[0];
        }

        @Override
        public byte[] seal(String field, byte[] value) {
          return value;
        }

        @Override
        public byte[] open(String field, byte[] written) {
          return written;
        }

        @Override
        public Map<String, byte[]> bindings(String id) {
          return Map.of();
        }
      };

  @Override
  String name(String id) {
    return id;
  }

  @Override
  boolean isName(String name) {
    return !SealedForm.isSealed(name);
  }

  @Override
  String owner(String principal) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(principal.getBytes(UTF_8));
      return Base64.getUrlEncoder().encodeToString(digest).substring(0, OWNER_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  @Override
  SessionSeal create() {
    return seal;
  }

  @Override
  SessionSeal read(String name, byte @Nullable [] salt) {
    return seal;
  }

  @Override
  byte[] bind(String name, String field, byte[] plain) {
    return plain;
  }

  @Override
  byte[] unbind(String name, String field, byte[] bound) {
    return bound;
  }

  @Override
  String id(String name, byte @Nullable [] idField) {
    return name;
  }
}
