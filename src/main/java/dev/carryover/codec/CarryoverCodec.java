package dev.carryover.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.redisson.client.codec.BaseCodec;
import org.redisson.client.codec.StringCodec;
import org.redisson.client.protocol.Decoder;
import org.redisson.client.protocol.Encoder;

/**
 * Reads the records of sessions in any Java program, as the codec of a Redisson map. Thread-safe.
 *
 * <p>An attribute's field gives its value. A field of metadata, whose name starts with one {@code
 * ~}, gives a {@code Long}, a {@code String} or, where it is neither, a {@code byte[]}. An
 * attribute that can't be decoded gives the {@link CodecException} that says why, so that the
 * others can be read. Of an attribute whose own name starts with {@code ~}, the field has one more.
 *
 * <p>It is for reading. It does encode, but what is put into a record without its version being
 * raised no node notices before it reads the whole record again.
 */
public final class CarryoverCodec extends BaseCodec {

  private final KryoCodec values;

  /**
   * A codec that reads all classes but known gadgets, within the caps that values have by default.
   *
   * @param loader sees the classes of the attributes; used on whichever thread decodes
   */
  public CarryoverCodec(ClassLoader loader) {
    this(KryoCodec.forClassLoader(loader));
  }

  private CarryoverCodec(KryoCodec values) {
    this.values = Objects.requireNonNull(values, "values");
  }

  /**
   * As Redisson copies its codecs for the class loader of a thread; this one keeps its own.
   *
   * @param unused that of the thread
   * @param codec is copied
   */
  public CarryoverCodec(ClassLoader unused, CarryoverCodec codec) {
    this(codec.values);
  }

  @Override
  public Decoder<Object> getValueDecoder() {
    return (buffer, state) -> decode(bytes(buffer));
  }

  @Override
  public Encoder getValueEncoder() {
    return value -> Unpooled.wrappedBuffer(values.encode(value));
  }

  @Override
  public Decoder<Object> getMapKeyDecoder() {
    return StringCodec.INSTANCE.getMapKeyDecoder();
  }

  @Override
  public Encoder getMapKeyEncoder() {
    return StringCodec.INSTANCE.getMapKeyEncoder();
  }

  @Override
  public ClassLoader getClassLoader() {
    return values.loader();
  }

  private static byte[] bytes(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes);
    return bytes;
  }

  private Object decode(byte[] bytes) {
    return KryoCodec.isValue(bytes) ? value(bytes) : metadata(bytes);
  }

  private Object value(byte[] bytes) {
    try {
      return values.decode(bytes);
    } catch (CodecException e) {
      return e;
    }
  }

  private Object metadata(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      boolean number = text.matches("-?[0-9]{1,18}");
      return number ? Long.valueOf(text) : (Object) text;
    } catch (CharacterCodingException e) {
      return bytes[0] == Sealing.FORMAT ? value(bytes) : bytes;
    }
  }
}
