package dev.carryover.codec;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import org.jspecify.annotations.Nullable;

/**
 * The class that a value's bytes name first, read without making anything of them: no class is
 * loaded, no code of an application runs.
 */
public final class ValueType {

  private static final String UNREADABLE = "unreadable";

  private static final int MOST_BYTES = 16 * 1024 * 1024;
  private static final Compression COMPRESSION = new Compression(Compression.NEVER, MOST_BYTES);

  /** Names that bytes made up may be long. */
  private static final int LONGEST = 300;

  private ValueType() {}

  /**
   * The name of the value's class, as {@link Class#getName}; {@code sealed} of a value that could
   * not be opened, {@code unreadable} of what is no value.
   */
  public static String of(byte[] bytes) {
    try {
      return KryoCodec.isValue(bytes) ? name(COMPRESSION.unpack(bytes)) : noValue(bytes);
    } catch (CodecException | KryoException | IndexOutOfBoundsException e) {
      return UNREADABLE;
    }
  }

  private static String noValue(byte[] bytes) {
    return bytes.length > 0 && bytes[0] == Sealing.FORMAT ? "sealed" : UNREADABLE;
  }

  private static String name(byte[] plain) {
    Input in = new Input(plain, 1, plain.length - 1);
    int token = in.readVarInt(true);
    if (token >= Tokens.STRINGS && token < Tokens.STRINGS_END) {
      return String.class.getName();
    }
    if (token == Tokens.NEW) {
      int unused = in.readVarInt(true);
      return introduced(in, in.readVarInt(true));
    }
    boolean numbered = token > Tokens.NEW && Tokens.isNumbered(token);
    @Nullable String name = numbered ? NumberedTypes.name(Tokens.number(token)) : null;
    return name == null ? UNREADABLE : name;
  }

  private static String introduced(Input in, int length) {
    if (length <= 0 || length > LONGEST) {
      return UNREADABLE;
    }
    return Strings.readUtf8(in, length);
  }
}
