package dev.carryover.codec;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Large values, compressed: a first byte of their own, the length of the plain value, and that as a
 * zlib stream (RFC 1950). Thread-safe.
 *
 * <p>A value that does not get smaller stays plain. Another zlib may give other bytes for the same
 * value; whether it is the value that is known is told by the plain ones.
 */
final class Compression {

  /** The first byte of a compressed value of format 1; no text starts with it. */
  static final byte COMPRESSED = 0x10 | KryoCodec.FORMAT;

  /** The length of no plain value. */
  static final int NEVER = Integer.MAX_VALUE;

  /** Zlib's highest: a stream that claims to have been made smaller yet is none. */
  private static final int HIGHEST_RATIO = 1_032;

  private final int above;
  private final int maxBytes;

  Compression(int above, int maxBytes) {
    this.above = above;
    this.maxBytes = maxBytes;
  }

  static boolean isCompressed(byte[] bytes) {
    return bytes.length > 0 && bytes[0] == COMPRESSED;
  }

  /** The value, compressed if it is large and that makes it smaller. */
  byte[] pack(byte[] buffer, int length) {
    byte[] packed = length > above ? deflated(buffer, length) : null;
    return packed == null ? Arrays.copyOf(buffer, length) : packed;
  }

  private static byte @Nullable [] deflated(byte[] buffer, int length) {
    Output packed = new Output(length);
    packed.writeByte(COMPRESSED);
    packed.writeVarInt(length, true);
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try {
      deflater.setInput(buffer, 0, length);
      deflater.finish();
      int start = packed.position();
      int size = start + deflater.deflate(packed.getBuffer(), start, length - start);
      boolean smaller = deflater.finished() && size < length;
      return smaller ? Arrays.copyOf(packed.getBuffer(), size) : null;
    } finally {
      deflater.end();
    }
  }

  /** The plain value of bytes that are known; they themselves if they are damaged. */
  byte[] unpackKnown(byte[] bytes) {
    try {
      return unpack(bytes);
    } catch (CodecException e) {
      return bytes;
    }
  }

  /**
   * The plain value. Never more memory than it claims to need, which is never more than is allowed.
   */
  byte[] unpack(byte[] bytes) {
    return isCompressed(bytes) ? inflated(bytes) : bytes;
  }

  private byte[] inflated(byte[] packed) {
    Input in = new Input(packed, 1, packed.length - 1);
    int length = in.canReadVarInt() ? in.readVarInt(true) : 0;
    int rest = packed.length - in.position();
    if (length <= 0 || length > maxBytes || length > (long) rest * HIGHEST_RATIO) {
      throw new CodecException("a compressed value of a length that it can't have");
    }
    byte[] plain = new byte[length];
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(packed, in.position(), rest);
      int size = inflater.inflate(plain);
      if (size != length || !isAtEnd(inflater)) {
        throw new CodecException("a compressed value of another length than it says");
      }
      return plain;
    } catch (DataFormatException e) {
      throw new CodecException("a compressed value that is damaged");
    } finally {
      inflater.end();
    }
  }

  /** The checksum may be left to be read, for which there must be room. */
  private static boolean isAtEnd(Inflater inflater) throws DataFormatException {
    return (inflater.finished() || inflater.inflate(new byte[1]) == 0)
        && inflater.finished()
        && inflater.getRemaining() == 0;
  }
}
