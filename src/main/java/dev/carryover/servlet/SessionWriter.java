package dev.carryover.servlet;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The container's writer, with the session committed before characters leave. */
final class SessionWriter extends PrintWriter {

  private static final String JETTY = "org.eclipse.jetty.";

  private final PrintWriter container;
  private final CommitPoint commitPoint;
  private final int mostBytesOfEnd;
  private final boolean formatsByResponse;
  private final Locale locale;

  SessionWriter(
      PrintWriter container, CommitPoint commitPoint, @Nullable String encoding, Locale locale) {
    super(new Counting(container, commitPoint, mostBytes(encoding)));
    this.container = container;
    this.commitPoint = commitPoint;
    this.locale = locale;
    mostBytesOfEnd = 2 * Math.max(1, mostBytes(encoding));
    // The writers of others format by the JVM's locale.
    formatsByResponse = container.getClass().getName().startsWith(JETTY);
  }

  /** The most bytes of one character, or {@link Counting#AS_UTF_8}. */
  private static int mostBytes(@Nullable String encoding) {
    try {
      Charset charset = encoding == null ? StandardCharsets.UTF_8 : Charset.forName(encoding);
      return charset.equals(StandardCharsets.UTF_8)
          ? Counting.AS_UTF_8
          : (int) Math.ceil(charset.newEncoder().maxBytesPerChar());
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      // The container knew it, or it would not have given us a writer.
      return Counting.UNKNOWN;
    }
  }

  @Override
  public PrintWriter format(String format, @Nullable Object... arguments) {
    return formatsByResponse ? format(locale, format, arguments) : super.format(format, arguments);
  }

  /** Ends the line as the container does: Undertow's lines end the same on all systems. */
  @Override
  public void println() {
    commitPoint.beforeWriting(mostBytesOfEnd);
    container.println();
  }

  @Override
  public boolean checkError() {
    flush();
    return container.checkError();
  }

  /** Whether it is closed is for the container to know, which may go on after an include. */
  @Override
  public void close() {
    commitPoint.beforeSending();
    container.close();
  }

  /** Passes characters on, counting the bytes that they will be at most. */
  private static final class Counting extends Writer {

    private static final int AS_UTF_8 = 0;
    private static final int UNKNOWN = 8;

    private final PrintWriter container;
    private final CommitPoint commitPoint;
    private final int mostBytes;

    private Counting(PrintWriter container, CommitPoint commitPoint, int mostBytes) {
      this.container = container;
      this.commitPoint = commitPoint;
      this.mostBytes = mostBytes;
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

    private int bytes(char c) {
      if (mostBytes != AS_UTF_8) {
        return mostBytes;
      }
      return c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
    }
  }
}
