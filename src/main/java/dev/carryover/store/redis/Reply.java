package dev.carryover.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carryover.codec.Sealing;
import dev.carryover.store.SessionRecord;
import dev.carryover.store.SessionSummary;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.redisson.client.RedisException;

/** What a script answered: a status, the server's time, and what the status calls for. */
final class Reply {

  private static final int FAILED = -1;
  private static final int GONE = 0;
  private static final int MOVED = 2;
  private static final int OTHER_FORM = 3;
  private static final int UNCHANGED = 4;

  private static final int PRINCIPAL = 5;
  private static final int PLACE = 8;
  private static final int SALT = 9;
  private static final int FIRST_FIELD = 11;
  private static final char METADATA = '~';

  /** In place of a value that only pretends to be sealed: the codec must not look at it. */
  private static final byte[] REFUSED = {Sealing.FORMAT};

  private final List<@Nullable Object> values;

  /** True if too few replicas have what it answers. */
  private final boolean unacknowledged;

  Reply(List<@Nullable Object> values) {
    this(values, false);
  }

  private Reply(List<@Nullable Object> values, boolean unacknowledged) {
    this.values = values;
    this.unacknowledged = unacknowledged;
  }

  /** The same, for something that must not count as stored, because too few replicas have it. */
  Reply unacknowledged() {
    return new Reply(values, true);
  }

  /** One of several answers of a script. */
  @SuppressWarnings("unchecked")
  static List<@Nullable Object> values(@Nullable Object answer) {
    if (!(answer instanceof List)) {
      throw new IllegalStateException("A script's answer is no list");
    }
    return (List<@Nullable Object>) answer;
  }

  /** Hands this to who waits for it; as a failure, if Redis could not do what was asked. */
  void complete(CompletableFuture<Reply> waiting) {
    if (unacknowledged) {
      waiting.completeExceptionally(new Unacknowledged());
    } else if (number(0) == FAILED) {
      byte[] message = bytes(2);
      waiting.completeExceptionally(
          new RedisException(message == null ? "" : new String(message, UTF_8)));
    } else {
      waiting.complete(this);
    }
  }

  /** The node knows all of the session. */
  boolean isUnchanged() {
    return number(0) == UNCHANGED;
  }

  /** What little there is to say of a session that the node knows. */
  SessionRecord unchanged(String id, long knownVersion) {
    return SessionRecord.builder(id).times(0, number(2), 0).unchanged(knownVersion).build();
  }

  /** Of one that is no operation's: how much the script has put right or passed over. */
  long healed() {
    return number(2);
  }

  /** The session has ended, or never was. */
  boolean isGone() {
    return number(0) == GONE;
  }

  /** Another node has rotated the session. */
  boolean isMoved() {
    return number(0) == MOVED;
  }

  /** The record has another form than the values that were to be written. */
  boolean hasOtherForm() {
    return number(0) == OTHER_FORM;
  }

  /**
   * The id that another node rotated the session to; null if what is there is no forward.
   *
   * @param id by which the session was looked for
   */
  @Nullable String movedTo(RecordForms forms, String id) {
    RecordForm form = forms.at(number(3));
    byte[] forward = bytes(2);
    String newId = forward == null ? null : form.forwarded(form.name(id), forward);
    return newId != null && RedisKeys.isId(newId) ? newId : null;
  }

  /** The seal of the form that the record has; null if it has none that belongs to this id. */
  @Nullable SessionSeal otherSeal(RecordForms forms, String id) {
    RecordForm form = forms.at(number(2));
    return form.read(form.name(id), bytes(3));
  }

  /** The server's time in milliseconds since the epoch. */
  long time() {
    return number(1);
  }

  /** Something that a script has written as text. */
  String text(int index) {
    byte[] text = bytes(index);
    return text == null ? "" : new String(text, UTF_8);
  }

  /** All from this one on. */
  List<String> texts(int first) {
    return IntStream.range(first, values.size()).mapToObj(this::text).collect(Collectors.toList());
  }

  /** What there is to say of a session without its attributes. */
  SessionSummary summary(String id, SessionSeal seal) {
    return new SessionSummary(id, number(2), number(3), (int) number(4), openedPrincipal(seal));
  }

  /** How long attributes are, as far as it says so. */
  Map<String, Long> lengths() {
    Map<String, Long> lengths = new LinkedHashMap<>();
    for (int i = FIRST_FIELD; i < values.size(); i += 2) {
      String name = isLength(i + 1) ? attributeName(fieldName(i)) : null;
      if (name != null) {
        lengths.put(name, number(i + 1));
      }
    }
    return lengths;
  }

  /** The form that the record has. */
  RecordForm form(RecordForms forms) {
    return forms.at(number(PLACE));
  }

  /** Who holds the session that was touched; empty for nobody. */
  String holder() {
    return text(2);
  }

  long number(int index) {
    Object value = values.get(index);
    if (!(value instanceof Long)) {
      throw new IllegalStateException("A script's answer has no number at " + index);
    }
    return (Long) value;
  }

  // ---- what prelude.lua's reply() wrote

  /** The record's seal; null if it does not belong to this id. */
  @Nullable SessionSeal seal(RecordForms forms, String id) {
    RecordForm form = forms.at(number(PLACE));
    return seal(form, form.name(id));
  }

  /** The record's seal; null if it does not belong to this name. */
  @Nullable SessionSeal seal(RecordForm form, String name) {
    return form.read(name, bytes(SALT));
  }

  /** True if the record should get the form that is written now. */
  boolean wantsReseal() {
    return number(10) == 1;
  }

  long version() {
    return number(6);
  }

  /** The field of the principal as it is written; null if there is none. */
  byte @Nullable [] principal() {
    return bytes(PRINCIPAL);
  }

  /** The field that tells the id to those who have the name only; null if there is none. */
  byte @Nullable [] idField() {
    return fields().get(RecordForm.ID);
  }

  /**
   * The fields that hold attributes, as they are written; those that were removed have no value.
   */
  Map<String, byte @Nullable []> attributeFields() {
    Map<String, byte @Nullable []> attributes = fields();
    attributes.keySet().removeIf(field -> attributeName(field) == null);
    return attributes;
  }

  private Map<String, byte @Nullable []> fields() {
    Map<String, byte @Nullable []> fields = new LinkedHashMap<>();
    for (int i = FIRST_FIELD; i < values.size(); i += 2) {
      if (!isLength(i + 1)) {
        fields.put(fieldName(i), bytes(i + 1));
      }
    }
    return fields;
  }

  /** The attributes that are too long to come with the others. */
  private Set<String> deferred() {
    Set<String> names = Set.of();
    for (int i = FIRST_FIELD; i < values.size(); i += 2) {
      String name = isLength(i + 1) ? attributeName(fieldName(i)) : null;
      if (name != null) {
        names = names.isEmpty() ? new LinkedHashSet<>() : names;
        names.add(name);
      }
    }
    return names;
  }

  private boolean isLength(int index) {
    return values.get(index) instanceof Long;
  }

  private String fieldName(int index) {
    byte[] field = bytes(index);
    return field == null ? "" : new String(field, UTF_8);
  }

  /**
   * The record.
   *
   * @param seal null if nothing in it can be opened
   */
  SessionRecord record(String id, @Nullable SessionSeal seal) {
    SessionRecord.Builder record =
        SessionRecord.builder(id)
            .times(number(2), number(3), (int) number(4))
            .principal(openedPrincipal(seal))
            .deferred(deferred())
            .attachment(seal);
    Map<String, byte[]> attributes = new LinkedHashMap<>();
    Set<String> removed = new LinkedHashSet<>();
    attributeFields()
        .forEach(
            (field, value) -> {
              String name = String.valueOf(attributeName(field));
              if (value == null) {
                removed.add(name);
              } else {
                attributes.put(name, opened(seal, field, value));
              }
            });
    return number(7) == 1
        ? record.complete(version(), attributes).build()
        : record.changes(version(), attributes, removed).build();
  }

  /** The principal's name; null if there is none, or it can't be opened. */
  @Nullable String openedPrincipal(@Nullable SessionSeal seal) {
    byte[] written = principal();
    byte[] opened =
        written == null || seal == null ? null : seal.open(RecordForm.PRINCIPAL, written);
    return opened == null ? null : new String(opened, UTF_8);
  }

  /** The value, or bytes that the codec refuses. */
  private static byte[] opened(@Nullable SessionSeal seal, String field, byte[] written) {
    byte[] value = seal == null ? null : seal.open(field, written);
    if (value != null) {
      return value;
    }
    return written.length > 0 && written[0] == Sealing.FORMAT ? written : REFUSED;
  }

  private byte @Nullable [] bytes(int index) {
    return (byte[]) values.get(index);
  }

  /** The field that holds an attribute. */
  static String field(String attributeName) {
    return isEscaped(attributeName) ? METADATA + attributeName : attributeName;
  }

  private static @Nullable String attributeName(String field) {
    if (!isEscaped(field)) {
      return field;
    }
    String name = field.substring(1);
    return isEscaped(name) ? name : null;
  }

  private static boolean isEscaped(String name) {
    return !name.isEmpty() && name.charAt(0) == METADATA;
  }

  /** Done, but not by as many replicas as it takes. */
  static final class Unacknowledged extends RedisException {
    private Unacknowledged() {
      super("too few replicas have acknowledged it in time");
    }
  }
}
