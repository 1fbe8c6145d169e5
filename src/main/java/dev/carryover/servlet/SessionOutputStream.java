package dev.carryover.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;

/** The container's output stream, with the session committed before bytes leave. */
final class SessionOutputStream extends ServletOutputStream {

  private static final long MOST_BYTES_OF_CHARACTER = 4;

  private final ServletOutputStream container;
  private final CommitPoint commitPoint;

  SessionOutputStream(ServletOutputStream container, CommitPoint commitPoint) {
    this.container = container;
    this.commitPoint = commitPoint;
  }

  @Override
  public void write(int b) throws IOException {
    commitPoint.beforeWriting(1);
    container.write(b);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    commitPoint.beforeWriting(length);
    container.write(bytes, offset, length);
  }

  /** Passed on as text: some containers encode it in the response's encoding, others do not. */
  @Override
  public void print(String text) throws IOException {
    commitPoint.beforeWriting(MOST_BYTES_OF_CHARACTER * String.valueOf(text).length());
    container.print(text);
  }

  @Override
  public void flush() throws IOException {
    commitPoint.beforeSending();
    container.flush();
  }

  @Override
  public void close() throws IOException {
    commitPoint.beforeSending();
    container.close();
  }

  @Override
  public boolean isReady() {
    return container.isReady();
  }

  @Override
  public void setWriteListener(WriteListener listener) {
    container.setWriteListener(listener);
  }
}
