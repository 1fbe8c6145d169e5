package dev.carryover.session;

import dev.carryover.metrics.Counter;
import dev.carryover.metrics.SessionMetrics;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The values of a node's attributes, to bytes and back; where that fails, it is counted, and each
 * thing said once in the log. Thread-safe.
 */
final class AttributeValues {

  private static final Logger log = LoggerFactory.getLogger(AttributeValues.class);

  /** After so many different failures, no more are logged. */
  private static final int MOST_SAID = 1_000;

  /** Names that bytes made up may be long. */
  private static final int LONGEST_SAID = 500;

  private final AttributeCodec codec;
  private final SessionMetrics metrics;
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  AttributeValues(AttributeCodec codec, SessionMetrics metrics) {
    this.codec = codec;
    this.metrics = metrics;
  }

  boolean isImmutable(Object value) {
    return codec.isImmutable(value);
  }

  void requireSettable(String name, Object value) {
    if (!codec.isImmutable(value)) {
      codec.requireSettable(name, value);
    }
  }

  byte[] encode(String name, Object value, byte @Nullable [] known) {
    return codec.encode(name, value, known);
  }

  boolean canEncode(Object value) {
    try {
      return codec.encode("", value, null).length > 0;
    } catch (RuntimeException e) {
      log.debug("A value can't be carried: {}", e.getMessage());
      return false;
    }
  }

  /** How many bytes the value has; 0 if it can't be carried. */
  int size(String name, Object value) {
    try {
      return codec.encode(name, value, null).length;
    } catch (RuntimeException e) {
      log.debug("A value can't be carried: {}", e.getMessage());
      return 0;
    }
  }

  /** An attribute that was changed in place is too large to be saved. */
  void oversized(String name, int bytes) {
    metrics.count(Counter.ATTRIBUTES_OVERSIZED);
    String what = name.equals(SessionAccess.GRAPH) ? "all attributes" : withoutControls(name);
    sayOnce(
        "A session attribute has grown too large in place and stays as it was saved",
        what,
        " has " + bytes + " bytes");
  }

  /** Null if the bytes can't be decoded here. */
  @Nullable Object decode(String name, byte @Nullable [] bytes) {
    try {
      return codec.decode(name, bytes == null ? new byte[0] : bytes);
    } catch (RuntimeException e) {
      metrics.count(Counter.ATTRIBUTES_UNREADABLE);
      say("A session attribute reads as absent, its bytes stay", e);
      return null;
    }
  }

  /** The same value's bytes, as they come out here and now; null if they don't. */
  byte @Nullable [] reencoded(String name, byte[] bytes) {
    try {
      return codec.encode(name, codec.decode(name, bytes), null);
    } catch (RuntimeException e) {
      log.debug("Stored bytes could not be encoded again: {}", e.getMessage());
      return null;
    }
  }

  /** A value stays on this node, at least for now. */
  void local(String name, Object value, RuntimeException failure) {
    if (name.equals(SessionAccess.GRAPH) && value instanceof Map) {
      ((Map<?, ?>) value).forEach((key, each) -> localInGraph(String.valueOf(key), each));
    } else {
      metrics.count(Counter.ATTRIBUTES_LOCAL);
      say("A session attribute stays on this node", failure);
    }
  }

  private void localInGraph(String name, Object value) {
    try {
      codec.encode(name, value, null);
    } catch (RuntimeException e) {
      local(name, value, e);
    }
  }

  /** The message only: a cause may quote values. */
  private void say(String what, RuntimeException failure) {
    sayOnce(what, withoutControls(String.valueOf(failure.getMessage())), "");
  }

  private static String withoutControls(String text) {
    String start = text.substring(0, Math.min(text.length(), LONGEST_SAID));
    return start.replaceAll("\\p{Cntrl}", "?");
  }

  /** Where in a collection it was makes no difference, nor do the details. */
  private void sayOnce(String what, String why, String details) {
    String kind = what + why.replaceAll("\\[(key )?\\d+]", "[]");
    if (said.size() < MOST_SAID && said.add(kind)) {
      log.warn("{}: {}{}", what, why, details);
    }
  }
}
