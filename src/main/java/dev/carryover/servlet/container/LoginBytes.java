package dev.carryover.servlet.container;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a login as bytes of our own, so that no class filter of the application's decides
 * over it. They begin with a number for their format: a node of another version takes none of
 * another format for its own.
 */
public final class LoginBytes {

  private LoginBytes() {}

  /** The bytes of what is written. */
  public static byte[] write(int format, Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Out out = new Out(bytes)) {
      out.writeByte(format);
      writing.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("What the container has kept can't be read", e);
    }
    return bytes.toByteArray();
  }

  /** What is read from bytes; null if they are of another format, or damaged. */
  public static <T> @Nullable T read(byte[] bytes, int format, Reading<T> reading) {
    try (In in = new In(bytes)) {
      T read = in.readByte() == format ? reading.from(in) : null;
      return in.available() == 0 ? read : null;
    } catch (IOException | InvocationTargetException | RuntimeException e) {
      // Damaged, in a way that only those have seen who make something of it.
      return null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("What the container had kept can't be made", e);
    }
  }

  /** Writes something. */
  public interface Writing {
    void to(Out out) throws IOException, ReflectiveOperationException;
  }

  /** Reads what was written so. */
  public interface Reading<T> {
    T from(In in) throws IOException, ReflectiveOperationException;
  }

  /** Where it is written. */
  public static final class Out extends DataOutputStream {

    private Out(OutputStream bytes) {
      super(bytes);
    }

    /** Writes a text, or that there is none. */
    public void text(@Nullable String text) throws IOException {
      bytes(text == null ? null : text.getBytes(StandardCharsets.UTF_8));
    }

    void bytes(byte @Nullable [] bytes) throws IOException {
      writeInt(bytes == null ? -1 : bytes.length);
      if (bytes != null) {
        write(bytes);
      }
    }
  }

  /** Where it is read from. */
  public static final class In extends DataInputStream {

    private In(byte[] bytes) {
      super(new ByteArrayInputStream(bytes));
    }

    /** A text that is there. */
    public String text() throws IOException {
      String text = textOrNull();
      if (text == null) {
        throw new IOException("There has to be a text");
      }
      return text;
    }

    /** A text; null if there is none. */
    public @Nullable String textOrNull() throws IOException {
      byte[] bytes = bytes();
      return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    byte @Nullable [] bytes() throws IOException {
      int length = readInt();
      if (length > available()) {
        throw new IOException("Longer than what there is");
      }
      return length < 0 ? null : readNBytes(length);
    }
  }
}
