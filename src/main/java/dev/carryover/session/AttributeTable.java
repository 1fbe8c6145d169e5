package dev.carryover.session;

import dev.carryover.store.SessionRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a live session: which there are, which of them somebody has to do with, and how
 * large they are. All is done with the session's lock held.
 */
final class AttributeTable {

  private static final int MANY_TOUCHED = 16;

  private final AttributeValues values;

  /** In the order in which containers' own hash maps have them. */
  private final Map<String, Attribute> attributes = new HashMap<>();

  /**
   * Those that somebody has read or set, or the store has refreshed, since the session was idle:
   * all others are as they were then, so that a request's cost does not grow with what it leaves
   * alone.
   */
  private Map<String, Attribute> touched = new HashMap<>();

  /** Attributes that were there when it was idle are there no more. */
  private boolean hasLostSome;

  /** How many bytes the store had of it when it was idle last, about. */
  private int size;

  /** The bytes of attributes that were set and are not stored yet; 0 of those removed. */
  private final Map<String, Integer> admitted = new HashMap<>(0);

  AttributeTable(AttributeValues values) {
    this.values = values;
  }

  // ---- one of them

  /** True if the application has it; does not decode it. */
  boolean has(String name) {
    Attribute attribute = attributes.get(name);
    return attribute != null && attribute.isPresent();
  }

  /** True if the application or the store has it, or had it just now. */
  boolean knows(String name) {
    return attributes.containsKey(name);
  }

  /** What the application or the store has to do with it now. */
  @Nullable Attribute touch(String name) {
    Attribute attribute = attributes.get(name);
    if (attribute != null) {
      touched.put(name, attribute);
    }
    return attribute;
  }

  Attribute touchOrAdd(String name) {
    Attribute attribute = attributes.computeIfAbsent(name, key -> new Attribute(key, values));
    touched.put(name, attribute);
    return attribute;
  }

  // ---- all of them

  Map<String, Attribute> copy() {
    return attributes.isEmpty() ? Map.of() : new LinkedHashMap<>(attributes);
  }

  /** Those worth a look: of a large session most requests read little. */
  List<Map.Entry<String, Attribute>> mayHaveChanged(Map<String, Object> readInRequest) {
    List<Map.Entry<String, Attribute>> candidates = new ArrayList<>(0);
    // What was read before the session was idle last, by who has kept it beyond a request.
    readInRequest.keySet().forEach(this::touch);
    for (Map.Entry<String, Attribute> entry : touched.entrySet()) {
      if (entry.getValue().mayHaveChanged(readInRequest.containsKey(entry.getKey()))) {
        candidates.add(Map.entry(entry.getKey(), entry.getValue()));
      }
    }
    return candidates;
  }

  /** The names of those that were there, and that a record does not have any more. */
  Collection<String> absentFrom(SessionRecord record) {
    if (!record.complete()) {
      return record.removed();
    }
    Set<String> absent = new HashSet<>(attributes.keySet());
    absent.removeAll(record.attributes().keySet());
    absent.removeAll(record.deferred());
    return absent;
  }

  boolean areAllLoaded() {
    return attributes.values().stream().noneMatch(Attribute::isNotLoaded);
  }

  /** What was not loaded before can be read from now on. */
  void load(SessionRecord record) {
    attributes.values().forEach(attribute -> attribute.loaded(record));
  }

  /** The store may have forgotten their last commits. */
  void doubtVersions() {
    attributes.values().forEach(Attribute::doubtVersion);
  }

  /** True if the store has all of them as they are here. */
  boolean areSettled() {
    boolean settled = true;
    for (Attribute attribute : touched.values()) {
      settled &= attribute.isSettled();
    }
    return settled;
  }

  boolean isAnyLocal() {
    boolean local = false;
    for (Attribute attribute : touched.values()) {
      local |= attribute.isLocal();
    }
    return local;
  }

  // ---- between requests

  /**
   * No request has them any more, and the store has all of it.
   *
   * @param detectsMutation see {@link Attribute#idle}
   */
  void idle(boolean detectsMutation) {
    admitted.clear();
    boolean resized = hasLostSome;
    for (Attribute attribute : touched.values()) {
      resized |= attribute.idle(detectsMutation);
    }
    removeForgotten();
    forgetTouched();
    size = resized ? sizeNow() : size;
    hasLostSome = false;
  }

  /** No request has them any more, and one has left without saving what it had changed. */
  void leftUnsaved() {
    touched.values().forEach(Attribute::leftUnsaved);
    removeForgotten();
  }

  /** Takes away what neither the store nor the application has; only touched ones can be so. */
  void removeForgotten() {
    hasLostSome |=
        touched
            .entrySet()
            .removeIf(
                entry ->
                    entry.getValue().isForgotten()
                        && attributes.remove(entry.getKey(), entry.getValue()));
  }

  /** A large table would be walked through by each request to come. */
  private void forgetTouched() {
    if (touched.size() > MANY_TOUCHED) {
      touched = new HashMap<>();
    } else {
      touched.clear();
    }
  }

  // ---- how large they are

  /** One that is about to be set has so many bytes. */
  void admit(String name, int bytes) {
    admitted.put(name, bytes);
  }

  /** The store has what was set. */
  void stored(String name) {
    admitted.remove(name);
  }

  /** How many bytes it was set with; null if it was not set since it was stored. */
  @Nullable Integer admitted(String name) {
    return admitted.get(name);
  }

  /** How many bytes they have or will have, all that was set included, if one has these. */
  long sizeWith(String name, int bytes, SizeLimits limits) {
    Map<String, Long> sizes = new HashMap<>();
    attributes.forEach(
        (key, attribute) ->
            sizes.put(key, attribute.isNotLoaded() ? limits.unfetched() : attribute.size()));
    admitted.forEach((key, size) -> sizes.put(key, (long) size));
    sizes.put(name, (long) bytes);
    return sizes.entrySet().stream()
        .filter(entry -> entry.getValue() > 0)
        .mapToLong(entry -> entry.getKey().length() + entry.getValue())
        .sum();
  }

  /** How many bytes the store had of them when they were {@linkplain #idle idle} last, about. */
  int size() {
    return size;
  }

  private int sizeNow() {
    int sum = 0;
    for (Map.Entry<String, Attribute> entry : attributes.entrySet()) {
      sum += entry.getKey().length() + entry.getValue().size();
    }
    return sum;
  }
}
