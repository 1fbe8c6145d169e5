package dev.carryover.session;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attribute of a live session: the bytes the store has, the object the application has, and
 * what is known of how they differ.
 *
 * <p>Thread-safe by its own monitor. It is held while a value is decoded, so that concurrent
 * requests get the same object, but never while one is encoded: encoding may wait for a lock of the
 * application's (a {@code Vector} locks itself), whose owner may be waiting for this attribute.
 * Instead each encoding takes a number when it starts, and a commit does not write bytes that are
 * older than those that were written last.
 */
final class Attribute {

  private static final Logger log = LoggerFactory.getLogger(Attribute.class);

  /** Attempts to encode an object that other threads are changing, within one commit. */
  private static final int ENCODE_ATTEMPTS = 3;

  private final String name;
  private final AttributeCodec codec;

  /** What the store has, as far as this node knows; null if it has nothing. */
  private byte @Nullable [] stored;

  /** What the application has: null while nobody has read it, or if there is nothing to have. */
  private @Nullable Object value;

  /** The stored bytes have not been decoded. */
  private boolean encoded;

  /** Bytes that could not be decoded: they read as absent and are left as they are. */
  private boolean unreadable;

  /** {@link #stored} was made from this very {@link #value}, not the value from it. */
  private boolean storedFromValue;

  /** Could not be encoded while another thread was changing it, or set anew: look at it again. */
  private boolean unsettled;

  /** Can't be carried: lives on this node only. */
  private boolean local;

  private long writes;
  private long committedWrites;
  private long encodings;
  private long committedEncoding;

  Attribute(String name, AttributeCodec codec) {
    this.name = name;
    this.codec = codec;
  }

  /** What the application reads: the value, decoded now if it was not yet, or null. */
  synchronized @Nullable Object read() {
    if (encoded && !unreadable) {
      decode();
    }
    return value;
  }

  /** True if there is something to be read; does not decode. */
  synchronized boolean isPresent() {
    return value != null || (encoded && !unreadable);
  }

  synchronized boolean isLocal() {
    return local;
  }

  /** Sets the value; null removes it. */
  synchronized void write(@Nullable Object newValue) {
    if (newValue != null && newValue == value && !codec.isImmutable(newValue)) {
      // The object it has already: the comparison of bytes tells whether it was changed in place.
      unsettled = true;
      return;
    }
    value = newValue;
    encoded = false;
    unreadable = false;
    local = false;
    storedFromValue = false;
    writes++;
  }

  /** True if neither the store nor the application has it. */
  synchronized boolean isForgotten() {
    return value == null && stored == null && writes == committedWrites;
  }

  /** True if the application has changed the value since it was decoded or stored. */
  boolean isChangedInPlace() {
    Snapshot now = snapshot();
    Object current = now.value;
    if (current == null || now.local || codec.isImmutable(current)) {
      return false;
    }
    byte[] bytes = encode(current);
    return bytes == null || !now.isStored(bytes);
  }

  /**
   * Takes what another node has committed. What this node's application has set since, or has
   * changed in place, stays, and is committed after the other's.
   */
  synchronized void refresh(byte @Nullable [] newer, boolean changedInPlace) {
    if (Arrays.equals(newer, stored)) {
      return;
    }
    stored = newer;
    storedFromValue = false;
    if (changedInPlace && value != null) {
      unsettled = true;
    } else if (writes == committedWrites) {
      value = null;
      encoded = newer != null;
      unreadable = false;
      unsettled = false;
    }
  }

  /**
   * What a commit has to do for this attribute, or null for nothing.
   *
   * @param readInRequest whether the committing request has read it and may have changed it
   * @param alone whether no other request on this node has the session
   */
  @Nullable Change pendingChange(boolean readInRequest, boolean alone) {
    Snapshot now = snapshot();
    Object current = now.value;
    if (current == null) {
      return now.written ? new Change(now, null) : null;
    }
    if (now.local) {
      return now.stored != null ? new Change(now, null) : null;
    }
    if (!now.written && !now.unsettled && (!readInRequest || codec.isImmutable(current))) {
      return null;
    }
    byte[] bytes = encode(current);
    if (bytes == null) {
      return postpone(now, alone);
    }
    return now.written || !now.isStored(bytes) ? new Change(now, bytes) : settle(now);
  }

  /**
   * True if the change has to be written, now that no other commit of this session is under way: no
   * newer bytes have been written meanwhile, and what it removes is there.
   */
  synchronized boolean isNeeded(Change change) {
    if (change.encoded == null && stored == null) {
      committedWrites = Math.max(committedWrites, change.source.writes);
      return false;
    }
    return change.source.encoding > committedEncoding;
  }

  /** The change has reached the store. */
  synchronized void committed(Change change) {
    stored = change.encoded;
    storedFromValue = value != null && value == change.source.value;
    committedWrites = Math.max(committedWrites, change.source.writes);
    committedEncoding = change.source.encoding;
    unsettled &= encodings != committedEncoding;
  }

  private synchronized Snapshot snapshot() {
    encodings++;
    return new Snapshot(this);
  }

  private synchronized @Nullable Change settle(Snapshot now) {
    unsettled &= encodings != now.encoding;
    return null;
  }

  /** Another request's commit will try again; without another, the value can't be carried. */
  private synchronized @Nullable Change postpone(Snapshot now, boolean alone) {
    if (!alone) {
      unsettled = true;
      return null;
    }
    if (value == now.value) {
      local = true;
      committedWrites = writes;
    }
    return now.stored != null ? new Change(now, null) : null;
  }

  private void decode() {
    try {
      value = codec.decode(stored == null ? new byte[0] : stored);
      encoded = false;
    } catch (RuntimeException e) {
      unreadable = true;
      // The message only: a cause may quote values.
      log.warn("Session attribute '{}' reads as absent, its bytes stay: {}", name, e.getMessage());
    }
  }

  /** The value's bytes, or null if it can't be encoded, or not now. */
  private byte @Nullable [] encode(Object current) {
    RuntimeException failure = null;
    for (int attempt = 0; attempt < ENCODE_ATTEMPTS; attempt++) {
      try {
        return codec.encode(current);
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    log.warn(
        "Session attribute '{}' of {} could not be encoded and stays on this node: {}",
        name,
        current.getClass().getName(),
        failure == null ? null : failure.getMessage());
    return null;
  }

  /** What an attribute was like when an encoding of it started. */
  private static final class Snapshot {
    private final AttributeCodec codec;
    private final @Nullable Object value;
    private final byte @Nullable [] stored;
    private final boolean storedFromValue;
    private final boolean written;
    private final boolean unsettled;
    private final boolean local;
    private final long writes;
    private final long encoding;

    private Snapshot(Attribute attribute) {
      codec = attribute.codec;
      value = attribute.value;
      stored = attribute.stored;
      storedFromValue = attribute.storedFromValue;
      written = attribute.writes != attribute.committedWrites;
      unsettled = attribute.unsettled;
      local = attribute.local;
      writes = attribute.writes;
      encoding = attribute.encodings;
    }

    /**
     * True if these bytes of the value say what the stored ones say. Some classes encode otherwise
     * once they were decoded (hash tables of another capacity, content that is lost when it is read
     * and written without being used); so, before bytes that differ count as a change, the stored
     * ones are put through the same.
     */
    private boolean isStored(byte[] bytes) {
      byte[] before = stored;
      if (before == null || Arrays.equals(bytes, before)) {
        return before != null;
      }
      return !storedFromValue && Arrays.equals(bytes, reencoded(before));
    }

    private byte @Nullable [] reencoded(byte[] bytes) {
      try {
        return codec.encode(codec.decode(bytes));
      } catch (RuntimeException e) {
        log.debug("Stored bytes could not be encoded again: {}", e.getMessage());
        return null;
      }
    }
  }

  /** What to write of an attribute: its bytes, or none to remove it. */
  static final class Change {
    private final Snapshot source;
    private final byte @Nullable [] encoded;

    private Change(Snapshot source, byte @Nullable [] encoded) {
      this.source = source;
      this.encoded = encoded;
    }

    byte @Nullable [] encoded() {
      return encoded;
    }
  }
}
