package dev.carryover.store;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one request changed of a session. Not thread-safe; not to be changed once committed. */
public final class SessionDelta {

  private final String id;
  private final Map<String, byte[]> written = new LinkedHashMap<>();
  private final Set<String> removed = new LinkedHashSet<>();
  private @Nullable String newId;
  private @Nullable Integer maxInactiveInterval;
  private boolean principalChanged;
  private @Nullable String principal;
  private @Nullable Hold hold;
  private @Nullable Attachment attachment;

  public SessionDelta(String id) {
    this.id = id;
  }

  /** By whom the session is held here; another's hold is lost with the commit. */
  public void heldBy(@Nullable Hold holder) {
    hold = holder;
  }

  public @Nullable Hold hold() {
    return hold;
  }

  public void write(String name, byte[] encoded) {
    written.put(name, encoded);
  }

  public void remove(String name) {
    removed.add(name);
  }

  /** Rotates the session to an id of the same shard. */
  public void rotateTo(String newId) {
    this.newId = newId;
  }

  /** In seconds; zero or less for never. */
  public void setMaxInactiveInterval(int seconds) {
    maxInactiveInterval = seconds;
  }

  public void setPrincipal(@Nullable String principal) {
    principalChanged = true;
    this.principal = principal;
  }

  /** This delta and a later one of the same session, as one of the id that this one is of. */
  public SessionDelta followedBy(SessionDelta later) {
    SessionDelta both = new SessionDelta(id);
    both.take(this);
    both.take(later);
    return both;
  }

  private void take(SessionDelta later) {
    later.written.forEach(this::write);
    removed.removeAll(later.written.keySet());
    later.removed.forEach(this::remove);
    written.keySet().removeAll(later.removed);
    newId = later.newId == null ? newId : later.newId;
    attachment = later.attachment == null ? attachment : later.attachment;
    maxInactiveInterval =
        later.maxInactiveInterval == null ? maxInactiveInterval : later.maxInactiveInterval;
    if (later.principalChanged) {
      setPrincipal(later.principal);
    }
  }

  /** True if the commit makes a new version. */
  public boolean changesAttributes() {
    return !written.isEmpty() || !removed.isEmpty();
  }

  public String id() {
    return id;
  }

  public Map<String, byte[]> written() {
    return written;
  }

  public Set<String> removed() {
    return removed;
  }

  /** The id the session gets, or null if it keeps its own. */
  public @Nullable String newId() {
    return newId;
  }

  /** The new interval in seconds, or null if it stays. */
  public @Nullable Integer maxInactiveInterval() {
    return maxInactiveInterval;
  }

  public boolean principalChanged() {
    return principalChanged;
  }

  public @Nullable String principal() {
    return principal;
  }

  /** Gives the store back what it attached to the last it said of this session. */
  public void attach(@Nullable Attachment attachment) {
    this.attachment = attachment;
  }

  public @Nullable Attachment attachment() {
    return attachment;
  }
}
