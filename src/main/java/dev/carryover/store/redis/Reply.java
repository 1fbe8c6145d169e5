package dev.carryover.store.redis;

import dev.carryover.store.SessionRecord;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a script answered: a status, the server's time, and what the status calls for. */
final class Reply {

  private static final int GONE = 0;
  private static final int MOVED = 2;
  private static final int FIRST_FIELD = 8;
  private static final char METADATA = '~';

  private final List<@Nullable Object> values;

  Reply(List<@Nullable Object> values) {
    this.values = values;
  }

  /** The session has ended, or never was. */
  boolean isGone() {
    return number(0) == GONE;
  }

  /** The id that another node rotated the session to, or null if none did. */
  @Nullable String movedTo() {
    return number(0) == MOVED ? text(2) : null;
  }

  /** The server's time in milliseconds since the epoch. */
  long time() {
    return number(1);
  }

  long number(int index) {
    Object value = values.get(index);
    if (!(value instanceof Long)) {
      throw new IllegalStateException("A script's answer has no number at " + index);
    }
    return (Long) value;
  }

  @Nullable String text(int index) {
    byte[] value = (byte[]) values.get(index);
    return value == null ? null : new String(value, StandardCharsets.UTF_8);
  }

  /** Reads what prelude.lua's reply() wrote. */
  SessionRecord record(String id) {
    SessionRecord.Builder record =
        SessionRecord.builder(id).times(number(2), number(3), (int) number(4)).principal(text(5));
    Map<String, byte[]> attributes = new LinkedHashMap<>();
    Set<String> removed = new LinkedHashSet<>();
    for (int i = FIRST_FIELD; i < values.size(); i += 2) {
      String name = attributeName(text(i));
      byte[] value = (byte[]) values.get(i + 1);
      if (name != null && value != null) {
        attributes.put(name, value);
      } else if (name != null) {
        removed.add(name);
      }
    }
    return number(7) == 1
        ? record.complete(number(6), attributes).build()
        : record.changes(number(6), attributes, removed).build();
  }

  /** The field that holds an attribute. */
  static String field(String attributeName) {
    return isEscaped(attributeName) ? METADATA + attributeName : attributeName;
  }

  private static @Nullable String attributeName(@Nullable String field) {
    if (field == null || !isEscaped(field)) {
      return field;
    }
    String name = field.substring(1);
    return isEscaped(name) ? name : null;
  }

  private static boolean isEscaped(String name) {
    return !name.isEmpty() && name.charAt(0) == METADATA;
  }
}
