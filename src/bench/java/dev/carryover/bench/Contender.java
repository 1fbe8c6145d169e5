package dev.carryover.bench;

import dev.carryover.codec.KryoCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.redisson.codec.Kryo5Codec;

/** The codecs compared, each as it would be used to send a value and to read one received. */
public enum Contender {
  JAVA("Java") {
    @Override
    Coder make() {
      return new JavaCoder();
    }
  },
  KRYO5("Kryo5Codec") {
    @Override
    Coder make() {
      return new Kryo5Coder();
    }
  },
  CARRYOVER("Carryover") {
    @Override
    Coder make() {
      return new CarryoverCoder();
    }
  };

  private final String title;

  Contender(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  abstract Coder make();

  interface Coder {

    /** What there is to send; of a type that nobody else need know. */
    Object encode(Object value) throws IOException;

    Object decode(byte[] bytes) throws IOException, ClassNotFoundException;

    byte[] bytes(Object value) throws IOException;
  }

  private static final class JavaCoder implements Coder {

    @Override
    public byte[] encode(Object value) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(value);
      }
      return bytes.toByteArray();
    }

    @Override
    public Object decode(byte[] bytes) throws IOException, ClassNotFoundException {
      try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
        return in.readObject();
      }
    }

    @Override
    public byte[] bytes(Object value) throws IOException {
      return encode(value);
    }
  }

  private static final class Kryo5Coder implements Coder {

    private final Kryo5Codec codec = new Kryo5Codec();

    /** The buffer goes back to Netty's pool, as it does once it was sent. */
    @Override
    public Object encode(Object value) throws IOException {
      ByteBuf buffer = codec.getValueEncoder().encode(value);
      buffer.release();
      return buffer;
    }

    @Override
    public Object decode(byte[] bytes) throws IOException {
      return codec.getValueDecoder().decode(Unpooled.wrappedBuffer(bytes), null);
    }

    @Override
    public byte[] bytes(Object value) throws IOException {
      ByteBuf buffer = codec.getValueEncoder().encode(value);
      try {
        return ByteBufUtil.getBytes(buffer);
      } finally {
        buffer.release();
      }
    }
  }

  private static final class CarryoverCoder implements Coder {

    private final KryoCodec codec = KryoCodec.forClassLoader(Contender.class.getClassLoader());

    @Override
    public byte[] encode(Object value) {
      return codec.encode(value);
    }

    @Override
    public Object decode(byte[] bytes) {
      return codec.decode(bytes);
    }

    @Override
    public byte[] bytes(Object value) {
      return codec.encode(value);
    }
  }
}
