package dev.carryover.session;

import dev.carryover.store.SessionRecord;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One attribute of a live session: the bytes the store has, the object the application has, and
 * what is known of how they differ.
 *
 * <p>Thread-safe by its own monitor, which is not held while a value is encoded or decoded: both
 * run the application's code, which may read the session, or wait for a lock of its own (a {@code
 * Vector} locks itself) whose owner is waiting for this attribute. A lock of its own lets one
 * thread decode, so that concurrent requests get the same object. Each encoding takes a number when
 * it starts, and a commit does not write bytes that are older than those that were written last.
 */
final class Attribute {

  /**
   * In place of stored bytes that were too many to come with the others: only the store has them.
   */
  static final byte[] NOT_LOADED = {};

  /** Attempts to encode an object that other threads are changing, within one commit. */
  private static final int ENCODE_ATTEMPTS = 3;

  private final String name;
  private final AttributeValues values;
  private final Object decoding = new Object();

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

  /**
   * Bytes of {@link #value} that say the same as {@link #stored}, if there are others than these.
   */
  private byte @Nullable [] alsoStored;

  /** Could not be encoded while another thread was changing it, or set anew: look at it again. */
  private boolean unsettled;

  /** Could not be encoded: lives on this node only, until it can. */
  private boolean local;

  /** It is local and was set anew: what the store has is another value, which must go. */
  private boolean outdated;

  /** It was logged that this value can't be encoded. */
  private boolean warned;

  /** The record's version that {@link #stored} is of, or a later one in which it was the same. */
  private long storedVersion;

  /** Objects that requests here may hold, and that another node's value has taken the place of. */
  private final List<Displaced> displaced = new ArrayList<>(0);

  /** Its size when it was idle last; -1 before. */
  private int idleSize = -1;

  private long writes;
  private long committedWrites;
  private long encodings;
  private long committedEncoding;

  Attribute(String name, AttributeValues values) {
    this.name = name;
    this.values = values;
  }

  /**
   * What the application reads: the value, decoded now if it was not yet, or null.
   *
   * @param loader asks the store for this attribute alone; null if it has no such session
   */
  @Nullable Object read(Function<String, @Nullable SessionRecord> loader) {
    if (!isUndecoded()) {
      return value();
    }
    synchronized (decoding) {
      while (isUndecoded()) {
        if (storedBytes() == NOT_LOADED) {
          loaded(loader.apply(name));
        } else {
          decode();
        }
      }
      return value();
    }
  }

  /** True if only the store has its bytes. */
  synchronized boolean isNotLoaded() {
    return stored == NOT_LOADED;
  }

  /**
   * Takes its bytes, if only the store had them.
   *
   * @param record null if the store has no such session any more
   */
  synchronized void loaded(@Nullable SessionRecord record) {
    if (stored == NOT_LOADED) {
      stored = record == null ? null : record.attributes().get(name);
      encoded = stored != null;
      storedVersion = record == null ? storedVersion : Math.max(storedVersion, record.version());
    }
  }

  private synchronized boolean isUndecoded() {
    return encoded && !unreadable;
  }

  private synchronized @Nullable Object value() {
    return value;
  }

  /** True if there is something to be read; does not decode. */
  synchronized boolean isPresent() {
    return value != null || (encoded && !unreadable);
  }

  synchronized boolean isLocal() {
    return local;
  }

  /** Sets the value; null removes it, if there is anything. */
  synchronized void write(@Nullable Object newValue) {
    if (newValue == null && value == null && stored == null) {
      return;
    }
    if (newValue != null && newValue == value && !values.isImmutable(newValue)) {
      // The object it has already: the comparison of bytes tells whether it was changed in place.
      // Commits that have begun to encode it may not have seen the change.
      encodings++;
      unsettled = true;
      local = false;
      return;
    }
    value = newValue;
    encoded = false;
    unreadable = false;
    local = false;
    outdated = false;
    warned = false;
    storedFromValue = false;
    displaced.clear();
    writes++;
  }

  /** True if neither the store nor the application has it. */
  synchronized boolean isForgotten() {
    displaced.removeIf(Displaced::isReleased);
    return value == null && stored == null && writes == committedWrites && displaced.isEmpty();
  }

  /** True if a commit need not look at it, whatever its request has read. */
  synchronized boolean isSettled() {
    return writes == committedWrites && !unsettled && !local && !outdated;
  }

  /** True if a commit has to look at it, for it may have been changed. */
  synchronized boolean mayHaveChanged(boolean readInRequest) {
    boolean readable = value != null && !values.isImmutable(value);
    return !isSettled() || (readInRequest && (readable || !displaced.isEmpty()));
  }

  /**
   * No request has it any more.
   *
   * @param mayBeChanged whether the next one may get the same object: only where changes in place
   *     are found, else one that was not saved would be seen here and nowhere else
   * @return whether its size is another than when it was idle last
   */
  synchronized boolean idle(boolean mayBeChanged) {
    displaced.clear();
    if (!mayBeChanged && value != null && stored != null && !values.isImmutable(value)) {
      value = null;
      encoded = true;
      alsoStored = null;
      storedFromValue = false;
    }
    int before = idleSize;
    idleSize = size();
    return idleSize != before;
  }

  /** How many bytes the store has of it. */
  synchronized int size() {
    return stored == null ? 0 : stored.length;
  }

  /** True if the application has changed the value since it was decoded or stored. */
  boolean isChangedInPlace() {
    Snapshot now = snapshot();
    Object current = now.value;
    if (current == null || now.local || values.isImmutable(current)) {
      return false;
    }
    byte[] bytes = encode(current, now.expected());
    return bytes == null || !isStored(now, bytes);
  }

  /**
   * Takes what another node has committed. What this node's application has set since, or has
   * changed in place, stays, and is committed after the other's.
   *
   * @param version the record's version that the bytes are of; older ones than those that this node
   *     has committed meanwhile are ignored
   */
  synchronized void refresh(byte @Nullable [] newer, boolean changedInPlace, long version) {
    if (version < storedVersion) {
      return;
    }
    storedVersion = version;
    if (Arrays.equals(newer, stored)) {
      return;
    }
    byte[] before = stored;
    boolean fromValue = storedFromValue;
    stored = newer;
    alsoStored = null;
    storedFromValue = false;
    if (changedInPlace && value != null) {
      encodings++;
      unsettled = true;
    } else if (writes == committedWrites) {
      displace(before, fromValue);
    }
  }

  /** The store's bytes take the value's place, which had been stored as {@code before}. */
  private void displace(byte @Nullable [] before, boolean fromValue) {
    if (value != null && !local && !values.isImmutable(value)) {
      displaced.removeIf(Displaced::isReleased);
      displaced.add(new Displaced(value, before, fromValue));
    }
    value = null;
    encoded = stored != null;
    unreadable = false;
    unsettled = false;
    local = false;
    outdated = false;
    warned = false;
  }

  /**
   * Takes back an object that a request got from here before another node's value took its place,
   * if the request has changed it since: that change comes after the other node's.
   */
  void readopt(Object held) {
    Displaced found = displaced(held);
    if (found == null) {
      return;
    }
    byte[] bytes = encode(held, found.stored);
    if (bytes != null && says(found.stored, found.storedFromValue, bytes)) {
      return;
    }
    synchronized (this) {
      if (displaced.contains(found)) {
        write(held);
      }
    }
  }

  private synchronized @Nullable Displaced displaced(Object held) {
    for (Displaced candidate : displaced) {
      if (candidate.value.get() == held) {
        return candidate;
      }
    }
    return null;
  }

  /**
   * The store has gone back to an older version: what it answers next is true, whatever its age.
   */
  synchronized void doubtVersion() {
    storedVersion = 0;
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
    if (now.local && !readInRequest) {
      return now.outdated ? new Change(now, null) : null;
    }
    if (!now.local
        && !now.written
        && !now.unsettled
        && (!readInRequest || values.isImmutable(current))) {
      return null;
    }
    byte[] bytes = encode(current, now.expected());
    if (bytes == null) {
      return postpone(now, alone);
    }
    boolean changed = now.written || now.local || !isStored(now, bytes);
    return changed ? new Change(now, bytes) : settle(now);
  }

  /**
   * True if the change has to be written, now that no other commit of this session is under way:
   * what it removes is there, no newer bytes have been written meanwhile, nor has another commit
   * written this very change. To write it again would be more than a waste: another node may have
   * written since.
   */
  synchronized boolean isNeeded(Change change) {
    if (change.encoded == null && stored == null) {
      committedWrites = Math.max(committedWrites, change.source.writes);
      return false;
    }
    boolean newer = change.source.encoding > committedEncoding;
    boolean set = change.source.writes > committedWrites;
    boolean changed = isCurrent(change) && !Arrays.equals(change.encoded, stored);
    return newer && (set || changed);
  }

  /** True if the object that was encoded is still the attribute's. */
  private boolean isCurrent(Change change) {
    return value != null && value == change.source.value;
  }

  /** The record's version that this node has of it. */
  synchronized long storedVersion() {
    return storedVersion;
  }

  /** The change is too large: what the store has is what there is. */
  synchronized void refused(Change change) {
    committedWrites = Math.max(committedWrites, change.source.writes);
    if (isCurrent(change)) {
      revert();
    }
  }

  /** No request has it any more, and what the last one did could not be saved. */
  synchronized void leftUnsaved() {
    if (!local) {
      committedWrites = writes;
      revert();
    }
  }

  private void revert() {
    displace(stored, storedFromValue);
    displaced.clear();
    alsoStored = null;
    storedFromValue = false;
  }

  /** The change has reached the store, and made this version of the record. */
  synchronized void committed(Change change, long version) {
    boolean fromValue = isCurrent(change);
    committedWrites = Math.max(committedWrites, change.source.writes);
    committedEncoding = change.source.encoding;
    if (version < storedVersion) {
      overtaken(change, fromValue);
      return;
    }
    stored = change.encoded;
    alsoStored = null;
    storedVersion = version;
    storedFromValue = fromValue;
    outdated = false;
    local &= change.encoded == null || !fromValue;
    unsettled &= encodings != committedEncoding;
  }

  /** Another node has written it after this change, and an open has brought that already. */
  private void overtaken(Change change, boolean fromValue) {
    if (writes == committedWrites && !Arrays.equals(stored, change.encoded)) {
      displace(change.encoded, fromValue);
    }
  }

  /**
   * True if these bytes say what the store has. That is remembered, so that it need not be found
   * out again with each request.
   */
  private boolean isStored(Snapshot now, byte[] bytes) {
    boolean same = bytes == now.alsoStored || says(now.stored, now.storedFromValue, bytes);
    if (same && bytes != now.stored) {
      synchronized (this) {
        alsoStored = stored == now.stored && value == now.value ? bytes : alsoStored;
      }
    }
    return same;
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
      outdated |= now.written && now.stored != null;
      committedWrites = writes;
    }
    return outdated ? new Change(now, null) : null;
  }

  private void decode() {
    byte[] bytes = storedBytes();
    Object decoded = values.decode(name, bytes);
    synchronized (this) {
      if (encoded && stored == bytes) {
        value = decoded;
        encoded = decoded == null;
        unreadable = decoded == null;
      }
    }
  }

  private synchronized byte @Nullable [] storedBytes() {
    return stored;
  }

  /** The value's bytes, or null if it can't be encoded, or not now. */
  private byte @Nullable [] encode(Object current, byte @Nullable [] expected) {
    RuntimeException failure = null;
    int attempts = isLocal() ? 1 : ENCODE_ATTEMPTS;
    for (int attempt = 0; attempt < attempts; attempt++) {
      try {
        return values.encode(name, current, expected);
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    if (failure != null && isToBeSaid()) {
      values.local(name, current, failure);
    }
    return null;
  }

  private synchronized boolean isToBeSaid() {
    boolean first = !warned;
    warned = true;
    return first;
  }

  /** What an attribute was like when an encoding of it started. */
  private static final class Snapshot {
    private final @Nullable Object value;
    private final byte @Nullable [] stored;
    private final byte @Nullable [] alsoStored;
    private final boolean storedFromValue;
    private final boolean written;
    private final boolean unsettled;
    private final boolean local;
    private final boolean outdated;
    private final long writes;
    private final long encoding;

    private Snapshot(Attribute attribute) {
      value = attribute.value;
      stored = attribute.stored;
      alsoStored = attribute.alsoStored;
      storedFromValue = attribute.storedFromValue;
      written = attribute.writes != attribute.committedWrites;
      unsettled = attribute.unsettled;
      local = attribute.local;
      outdated = attribute.outdated;
      writes = attribute.writes;
      encoding = attribute.encodings;
    }

    /** The bytes that the value has if it was not changed. */
    private byte @Nullable [] expected() {
      return alsoStored == null ? stored : alsoStored;
    }
  }

  /**
   * True if these bytes of the value say what those before say. Some classes encode otherwise once
   * they were decoded (hash tables of another capacity, content that is lost when it is read and
   * written without being used); so, before bytes that differ count as a change, those before are
   * put through the same.
   */
  private boolean says(byte @Nullable [] before, boolean fromValue, byte[] bytes) {
    if (before == null || Arrays.equals(bytes, before)) {
      return before != null;
    }
    return !fromValue && Arrays.equals(bytes, values.reencoded(name, before));
  }

  /** An object that is no longer the attribute's, for as long as a request holds it. */
  private static final class Displaced {
    private final WeakReference<Object> value;
    private final byte @Nullable [] stored;
    private final boolean storedFromValue;

    private Displaced(Object value, byte @Nullable [] stored, boolean storedFromValue) {
      this.value = new WeakReference<>(value);
      this.stored = stored;
      this.storedFromValue = storedFromValue;
    }

    private boolean isReleased() {
      return value.get() == null;
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

    /** Whether the application has set it, or changed it in place otherwise. */
    boolean isSet() {
      return source.written;
    }
  }
}
