package dev.carryover.codec;

import com.esotericsoftware.kryo.io.Input;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes by which a value introduces a class, as a key to what they led to before. One that is
 * only used for looking up is moved along; those that are kept are copies.
 */
final class Introduction {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final byte[] NONE = {};

  /** Of a class that the bytes give a name. */
  static final int NAMED = -1;

  /** The class's number; it is not among the bytes. */
  private int number;

  private byte[] bytes = NONE;
  private int start;
  private int end;
  private int hash;

  /** Moves to the bytes from the input's position to the end given. */
  void moveTo(int classNumber, Input in, int newEnd) {
    number = classNumber;
    bytes = in.getBuffer();
    start = in.position();
    end = newEnd;
    hash = hash();
  }

  /** Lets the bytes go. */
  void clear() {
    bytes = NONE;
    start = 0;
    end = 0;
  }

  private int hash() {
    long mixed = number;
    int i = start;
    for (; i <= end - Long.BYTES; i += Long.BYTES) {
      mixed = (mixed ^ (long) LONG.get(bytes, i)) * 0x9E3779B97F4A7C15L;
      mixed ^= mixed >>> 32;
    }
    for (; i < end; i++) {
      mixed = (mixed ^ bytes[i]) * 0x9E3779B97F4A7C15L;
    }
    return (int) (mixed ^ (mixed >>> 29));
  }

  int length() {
    return end - start;
  }

  Introduction copy() {
    Introduction copy = new Introduction();
    copy.number = number;
    copy.bytes = Arrays.copyOfRange(bytes, start, end);
    copy.end = end - start;
    copy.hash = hash;
    return copy;
  }

  @Override
  public boolean equals(@Nullable Object object) {
    if (!(object instanceof Introduction)) {
      return false;
    }
    Introduction other = (Introduction) object;
    return hash == other.hash
        && number == other.number
        && Arrays.equals(bytes, start, end, other.bytes, other.start, other.end);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
