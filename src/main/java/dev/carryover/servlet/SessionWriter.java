package dev.carryover.servlet;

import java.io.PrintWriter;
import java.io.Writer;

/** The container's writer, with the session committed before characters leave. */
final class SessionWriter extends PrintWriter {

  private final PrintWriter container;

  SessionWriter(PrintWriter container, CommitPoint commitPoint) {
    super(new Counting(container, commitPoint));
    this.container = container;
  }

  @Override
  public boolean checkError() {
    flush();
    return container.checkError();
  }

  /** Passes characters on, counting the bytes that they will be at most. */
  private static final class Counting extends Writer {

    private final PrintWriter container;
    private final CommitPoint commitPoint;

    private Counting(PrintWriter container, CommitPoint commitPoint) {
      this.container = container;
      this.commitPoint = commitPoint;
    }

    @Override
    public void write(int c) {
      commitPoint.beforeWriting(bytes((char) c));
      container.write(c);
    }

    @Override
    public void write(char[] characters, int offset, int length) {
      long bytes = 0;
      for (int i = offset; i < offset + length; i++) {
        bytes += bytes(characters[i]);
      }
      commitPoint.beforeWriting(bytes);
      container.write(characters, offset, length);
    }

    @Override
    public void write(String text, int offset, int length) {
      long bytes = 0;
      for (int i = offset; i < offset + length; i++) {
        bytes += bytes(text.charAt(i));
      }
      commitPoint.beforeWriting(bytes);
      container.write(text, offset, length);
    }

    @Override
    public void flush() {
      commitPoint.beforeSending();
      container.flush();
    }

    @Override
    public void close() {
      commitPoint.beforeSending();
      container.close();
    }

    /** As many as UTF-8 needs; single-byte encodings need less, UTF-16 no more. */
    private static int bytes(char c) {
      if (c < 0x80) {
        return 1;
      }
      return c < 0x800 ? 2 : 3;
    }
  }
}
