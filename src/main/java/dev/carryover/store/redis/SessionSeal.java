package dev.carryover.store.redis;

import dev.carryover.store.Attachment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the values of one session are written. Stays the same in a rotation. Thread-safe. */
interface SessionSeal extends Attachment {

  RecordForm form();

  /** What the record's salt begins with; tells whether the record still has this seal. */
  byte[] number();

  byte[] seal(String field, byte[] value);

  /** The value that was written in this field of this session; null if it was not. */
  byte @Nullable [] open(String field, byte[] written);

  /** The fields of a record that belong to its name, by which the session is this id. */
  Map<String, byte[]> bindings(String id);
}
