package dev.carryover.codec;

import com.esotericsoftware.kryo.KryoException;
import java.io.ObjectStreamException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value that could not be encoded or decoded: which part of it, and why.
 *
 * <p>Message, path and reason name classes and fields, never an attribute's content. The cause,
 * where there is one, is what the application's own class threw, and may say anything.
 */
public final class CodecException extends RuntimeException {

  /** Segments kept at either end of a long path. */
  private static final int KEPT = 20;

  /** What went wrong. */
  private final String reason;

  /** From the inside out. */
  private final transient List<String> segments = new ArrayList<>();

  /** Whether segments were left out. */
  private boolean shortened;

  /** Whether the configuration, not the value, is why. */
  private final boolean byWish;

  CodecException(String reason) {
    this(reason, null);
  }

  CodecException(String reason, @Nullable Throwable cause) {
    this(reason, cause, false);
  }

  private CodecException(String reason, @Nullable Throwable cause, boolean byWish) {
    super(reason, cause);
    this.reason = reason;
    this.byWish = byWish;
  }

  /** Of a class that is configured to stay on its node. */
  static CodecException byWish(String reason) {
    return new CodecException(reason, null, true);
  }

  /**
   * {@return whether it is in the value's nature, so that another try would fail too, and nobody
   * has asked for it}
   */
  public boolean isRefusal() {
    Throwable cause = getCause();
    boolean lasting =
        cause == null
            || cause instanceof KryoException
            || cause instanceof StackOverflowError
            || cause instanceof ObjectStreamException;
    return lasting && !byWish;
  }

  /**
   * {@return this failure, as one of the named attribute: the name comes first in the path}
   *
   * @param name the attribute's
   */
  public CodecException inAttribute(String name) {
    return in(name, this);
  }

  /** {@return what went wrong, without the place} */
  public String reason() {
    return reason;
  }

  /**
   * {@return the place inside the value, such as {@code items[3].dataSource}; empty for the value
   * itself}
   */
  public String path() {
    StringBuilder path = new StringBuilder();
    for (int i = segments.size() - 1; i >= 0; i--) {
      String segment = segments.get(i);
      if (path.length() > 0 && !segment.startsWith("[")) {
        path.append('.');
      }
      path.append(segment);
      if (shortened && i == KEPT) {
        path.append("...");
      }
    }
    return path.toString();
  }

  /** Path and reason, as in {@code items[3].dataSource: org.x.Pool can't be carried}. */
  @Override
  public String getMessage() {
    String path = path();
    return path.isEmpty() ? reason : path + ": " + reason;
  }

  /** The failure as seen one step further out: what failed stands in the given segment. */
  static CodecException in(String segment, Throwable failure) {
    CodecException exception = of(failure);
    exception.segments.add(segment);
    if (exception.segments.size() > 2 * KEPT) {
      exception.segments.remove(KEPT);
      exception.shortened = true;
    }
    return exception;
  }

  static CodecException in(int index, Throwable failure) {
    return in("[" + index + "]", failure);
  }

  /**
   * The failure itself if it is ours; otherwise one that names its class and keeps it as the cause.
   */
  static CodecException of(Throwable failure) {
    if (failure instanceof CodecException) {
      return (CodecException) failure;
    }
    String reason = "failed with " + failure.getClass().getName();
    // Kryo's own messages speak of depths, lengths and numbers only.
    String detail = failure instanceof KryoException ? " (" + failure.getMessage() + ")" : "";
    return new CodecException(reason + detail, failure);
  }
}
