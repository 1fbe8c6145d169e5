package dev.carryover.store;

import org.jspecify.annotations.Nullable;

/** What became of a commit. Immutable. */
public final class Commit {

  private static final Commit GONE = new Commit(null, 0, 0, 0, null);
  private static final long NO_VERSION = -1;

  private final @Nullable String id;
  private final long previousVersion;
  private final long version;
  private final long createdAt;
  private final @Nullable Attachment attachment;

  private Commit(
      @Nullable String id,
      long previousVersion,
      long version,
      long createdAt,
      @Nullable Attachment attachment) {
    this.id = id;
    this.previousVersion = previousVersion;
    this.version = version;
    this.createdAt = createdAt;
    this.attachment = attachment;
  }

  /**
   * The commit was written.
   *
   * @param id the session's id now: the delta's new one, or the one another node rotated it to
   * @param previousVersion the version the store had before; if it is not the one the node knows,
   *     another node has committed in between
   */
  public static Commit done(String id, long previousVersion, long version, long createdAt) {
    return new Commit(id, previousVersion, version, createdAt, null);
  }

  /** The commit is kept on this node, which will write it: the record has no version of it yet. */
  public static Commit deferred(String id) {
    return new Commit(id, NO_VERSION, NO_VERSION, 0, null);
  }

  /** The same, with something for the session's next delta. */
  public Commit with(Attachment attachment) {
    return new Commit(id, previousVersion, version, createdAt, attachment);
  }

  /** The session had ended; nothing was written. */
  public static Commit gone() {
    return GONE;
  }

  /** True if it will be written later. */
  public boolean isDeferred() {
    return version == NO_VERSION;
  }

  /** The session's id now, or null if it had ended and nothing was written. */
  public @Nullable String id() {
    return id;
  }

  public long previousVersion() {
    return previousVersion;
  }

  public long version() {
    return version;
  }

  /** When the session was created, in the store's milliseconds since the epoch. */
  public long createdAt() {
    return createdAt;
  }

  /** For the session's next delta, in place of what was attached to this one. */
  public @Nullable Attachment attachment() {
    return attachment;
  }
}
