package dev.carryover.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.ByteBuffer;

/**
 * Strings: the short ones that are Latin-1 have their length in their token; of all others a number
 * that is length in bytes times four plus encoding stands before the bytes. Latin-1 where it is
 * enough, else UTF-8, else (lone surrogates) UTF-16. A long string that comes again is a reference.
 */
final class Strings extends Serializer<String> {

  private static final int LATIN1 = 0;
  private static final int UTF8 = 1;
  private static final int UTF16 = 2;

  /** From this many characters on, a string's identity is kept: it would cost space not to. */
  private static final int LONG = 24;

  private static final int IN_TOKEN = Tokens.STRINGS_END - Tokens.STRINGS;
  private static final int TOKEN = Tokens.numbered(NumberedTypes.STRING);

  // --- as an object, with its token

  static void writeObject(Graph graph, Output out, String string) {
    int length = string.length();
    if (length >= LONG) {
      int number = graph.references().number(string);
      if (number != References.NEW) {
        out.writeVarInt(Tokens.REFERENCE, true);
        out.writeVarInt(number, true);
        return;
      }
    }
    if (length >= IN_TOKEN || !writeShort(out, string, length)) {
      out.writeVarInt(TOKEN, true);
      write(out, string);
    }
  }

  /** False, and nothing is written, if the string is not Latin-1. */
  private static boolean writeShort(Output out, String string, int length) {
    int start = out.position();
    out.writeByte(Tokens.STRINGS + length);
    if (writeLatin1(out, string, length)) {
      return true;
    }
    out.setPosition(start);
    return false;
  }

  static String readShort(Graph graph, Input in, int length) {
    return remembered(graph, latin1(in, checked(in, length)));
  }

  private static String remembered(Graph graph, String string) {
    if (string.length() >= LONG) {
      graph.references().set(graph.references().begin(), string);
    }
    return string;
  }

  // --- without a token

  static void write(Output out, String string) {
    int length = string.length();
    int start = out.position();
    if (length > Integer.MAX_VALUE >> 2) {
      throw new CodecException("a string too long");
    }
    out.writeVarInt(length << 2 | LATIN1, true);
    if (!writeLatin1(out, string, length)) {
      out.setPosition(start);
      writeWide(out, string);
    }
  }

  private static void writeWide(Output out, String string) {
    boolean paired = isPaired(string);
    byte[] bytes = paired ? string.getBytes(UTF_8) : utf16(string);
    if (bytes.length > Integer.MAX_VALUE >> 2) {
      throw new CodecException("a string too long");
    }
    out.writeVarInt(bytes.length << 2 | (paired ? UTF8 : UTF16), true);
    out.writeBytes(bytes);
  }

  private static byte[] utf16(String string) {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(string.length(), Character.BYTES));
    bytes.asCharBuffer().put(string);
    return bytes.array();
  }

  /** Whether there are no surrogates but in pairs, so that UTF-8 can tell the string. */
  private static boolean isPaired(String string) {
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (Character.isSurrogate(c)) {
        if (i + 1 == string.length() || !Character.isSurrogatePair(c, string.charAt(++i))) {
          return false;
        }
      }
    }
    return true;
  }

  static String read(Input in) {
    int header = in.readVarInt(true);
    int length = checked(in, header >>> 2);
    switch (header & 3) {
      case LATIN1:
        return latin1(in, length);
      case UTF8:
        return utf8(in, length);
      case UTF16:
        return utf16(in, length);
      default:
        throw new CodecException("a string of unknown encoding");
    }
  }

  static String readUtf8(Input in, int length) {
    return utf8(in, checked(in, length));
  }

  // --- encodings

  /** False if the string is not Latin-1; what was written of it then is to be taken back. */
  private static boolean writeLatin1(Output out, String string, int length) {
    int start = out.position();
    byte[] buffer = out.getBuffer();
    if (length > buffer.length - start) {
      byte[] bytes = new byte[length];
      copyLow(string, length, bytes, 0);
      out.writeBytes(bytes);
      return isLatin1(string, length, bytes, 0);
    }
    copyLow(string, length, buffer, start);
    out.setPosition(start + length);
    return isLatin1(string, length, buffer, start);
  }

  /** Copies the lower bytes of all characters: first copy and then look, that is faster. */
  @SuppressWarnings("deprecation") // no other method copies without the detour of a charset
  private static void copyLow(String string, int length, byte[] target, int start) {
    string.getBytes(0, length, target, start);
  }

  private static boolean isLatin1(String string, int length, byte[] low, int start) {
    if (length > IN_TOKEN) {
      return new String(low, start, length, ISO_8859_1).equals(string);
    }
    int all = 0;
    for (int i = 0; i < length; i++) {
      all |= string.charAt(i);
    }
    return all <= 0xff;
  }

  private static int checked(Input in, int length) {
    if (length < 0 || length > in.limit() - in.position()) {
      throw new CodecException("a length that the bytes don't hold");
    }
    return length;
  }

  private static String latin1(Input in, int length) {
    String string = new String(in.getBuffer(), in.position(), length, ISO_8859_1);
    in.setPosition(in.position() + length);
    return string;
  }

  private static String utf8(Input in, int length) {
    String string = new String(in.getBuffer(), in.position(), length, UTF_8);
    in.setPosition(in.position() + length);
    return string;
  }

  private static String utf16(Input in, int length) {
    String string =
        ByteBuffer.wrap(in.getBuffer(), in.position(), length).asCharBuffer().toString();
    in.setPosition(in.position() + length);
    return string;
  }

  // --- as Kryo asks

  @Override
  public void write(Kryo kryo, Output out, String string) {
    write(out, string);
  }

  @Override
  public String read(Kryo kryo, Input in, Class<? extends String> type) {
    return remembered((Graph) kryo, read(in));
  }
}
