package dev.carryover.servlet;

import jakarta.servlet.http.HttpServletResponse;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Knows, before bytes are handed to the container, whether they may make it send the head of the
 * response, and commits the session then.
 *
 * <p>It errs on the early side. Containers send when their buffer is full, when the declared
 * content length is reached, or when one piece is large against the buffer (Jetty hands on what
 * exceeds a quarter of it without collecting it). Not thread-safe, as responses are not.
 */
final class CommitPoint {

  private static final long UNKNOWN = -1;
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

  private final HttpServletResponse response;
  private final RequestSession session;
  private long written;
  private long contentLength = UNKNOWN;

  CommitPoint(HttpServletResponse response, RequestSession session) {
    this.response = response;
    this.session = session;
  }

  /** The application declared how many bytes there will be; a negative number takes that back. */
  void expect(long length) {
    contentLength = Math.max(length, UNKNOWN);
    if (length == written) {
      session.commit();
    }
  }

  /** The application set a header, perhaps the one that declares the length. */
  void expect(String name, @Nullable String value) {
    if ("Content-Length".equalsIgnoreCase(name)) {
      expect(value != null && LENGTH.matcher(value).matches() ? Long.parseLong(value) : UNKNOWN);
    }
  }

  /** The buffer was emptied. Some containers keep the declared length then: so do we. */
  void reset() {
    written = 0;
  }

  /**
   * Bytes are about to be written. Once the head has gone, what fills the buffer tells the client
   * nothing new until the response is complete: a long page costs no more than a short one.
   *
   * @param bytes how many at most
   */
  void beforeWriting(long bytes) {
    written += bytes;
    boolean complete = contentLength != UNKNOWN && written >= contentLength;
    if (complete || (isFull(bytes) && !response.isCommitted())) {
      session.commit();
    }
  }

  private boolean isFull(long bytes) {
    long buffer = response.getBufferSize();
    return written >= buffer || bytes * 4 > buffer;
  }

  /** The response is about to be sent, whatever it holds. */
  void beforeSending() {
    session.commit();
  }
}
