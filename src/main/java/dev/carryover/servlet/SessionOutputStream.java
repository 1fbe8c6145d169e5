package dev.carryover.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The container's output stream, with the session committed before bytes leave. */
final class SessionOutputStream extends ServletOutputStream {

  /** {@code write(ByteBuffer)}, which came with Servlet 6.1; null before. */
  private static final @Nullable MethodHandle WRITE_BUFFER =
      Servlet61.method(ServletOutputStream.class, "write", ByteBuffer.class);

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

  /** As in Servlet 6.1. */
  public void write(ByteBuffer bytes) throws IOException {
    MethodHandle write = WRITE_BUFFER;
    if (write == null) {
      throw new UnsupportedOperationException("This container's Servlet API has no such method");
    }
    commitPoint.beforeWriting(bytes.remaining());
    try {
      write.invoke(container, bytes);
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException(e);
    }
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
