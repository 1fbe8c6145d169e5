package dev.carryover.servlet;

import jakarta.servlet.http.HttpServletResponse;

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

  private final HttpServletResponse response;
  private final RequestSession session;
  private long written;
  private long contentLength = UNKNOWN;

  CommitPoint(HttpServletResponse response, RequestSession session) {
    this.response = response;
    this.session = session;
  }

  /** The application declared how many bytes there will be. */
  void expect(long length) {
    contentLength = length;
    if (length == written && length >= 0) {
      session.commit();
    }
  }

  /** The application set a header, perhaps the one that declares the length. */
  void expect(String name, String value) {
    if ("Content-Length".equalsIgnoreCase(name) && value != null) {
      expect(value.chars().allMatch(Character::isDigit) ? Long.parseLong(value) : UNKNOWN);
    }
  }

  /** The buffer was emptied. */
  void resetBuffer() {
    written = 0;
  }

  /** The buffer was emptied and the headers forgotten. */
  void reset() {
    written = 0;
    contentLength = UNKNOWN;
  }

  /** Bytes are about to be written. */
  void beforeWriting(long bytes) {
    written += bytes;
    long buffer = response.getBufferSize();
    boolean full = written >= buffer || bytes * 4 > buffer;
    boolean complete = contentLength != UNKNOWN && written >= contentLength;
    if (full || complete) {
      session.commit();
    }
  }

  /** The response is about to be sent, whatever it holds. */
  void beforeSending() {
    session.commit();
  }
}
