package dev.carryover.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Strings: a number that is length in bytes times four plus encoding, then the bytes. Latin-1 where
 * it is enough, else UTF-8, else (lone surrogates) UTF-16. A long string that comes again is a
 * reference; reference zero is null.
 */
final class Strings extends Serializer<String> {

  private static final int LATIN1 = 0;
  private static final int UTF8 = 1;
  private static final int UTF16 = 2;
  private static final int REFERENCE = 3;

  /** From this many characters on, a string's identity is kept: it would cost space not to. */
  private static final int LONG = 24;

  static void write(Graph graph, Output out, @Nullable String string) {
    if (string == null) {
      out.writeVarInt(REFERENCE, true);
      return;
    }
    if (string.length() >= LONG) {
      int number = graph.numberOf(string);
      if (number > 0) {
        out.writeVarInt(number << 2 | REFERENCE, true);
        return;
      }
    }
    writeNew(out, string);
  }

  private static void writeNew(Output out, String string) {
    int encoding = encoding(string);
    byte[] bytes = bytes(string, encoding);
    if (bytes.length > Integer.MAX_VALUE >> 2) {
      throw new CodecException("a string too long");
    }
    out.writeVarInt(bytes.length << 2 | encoding, true);
    out.writeBytes(bytes);
  }

  private static byte[] bytes(String string, int encoding) {
    if (encoding == UTF16) {
      ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(string.length(), Character.BYTES));
      bytes.asCharBuffer().put(string);
      return bytes.array();
    }
    return string.getBytes(encoding == LATIN1 ? ISO_8859_1 : UTF_8);
  }

  private static int encoding(String string) {
    int encoding = LATIN1;
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c > 0xff) {
        encoding = UTF8;
        if (Character.isHighSurrogate(c)
            && i + 1 < string.length()
            && Character.isLowSurrogate(string.charAt(i + 1))) {
          i++;
        } else if (Character.isSurrogate(c)) {
          return UTF16;
        }
      }
    }
    return encoding;
  }

  private static String string(Input in, int length, int encoding) {
    if (encoding == UTF16) {
      return ByteBuffer.wrap(in.getBuffer(), in.position(), length).asCharBuffer().toString();
    }
    return new String(
        in.getBuffer(), in.position(), length, encoding == LATIN1 ? ISO_8859_1 : UTF_8);
  }

  static @Nullable String read(Graph graph, Input in) {
    int header = in.readVarInt(true);
    int encoding = header & 3;
    int length = header >>> 2;
    if (encoding == REFERENCE) {
      return length == 0 ? null : graph.stringAt(length);
    }
    graph.count(in, length);
    String string = string(in, length, encoding);
    in.setPosition(in.position() + length);
    if (string.length() >= LONG) {
      graph.remember(string);
    }
    return string;
  }

  @Override
  public void write(Kryo kryo, Output out, String string) {
    write((Graph) kryo, out, string);
  }

  @Override
  public String read(Kryo kryo, Input in, Class<? extends String> type) {
    String string = read((Graph) kryo, in);
    if (string == null) {
      throw new CodecException("a string that is none");
    }
    return string;
  }
}
