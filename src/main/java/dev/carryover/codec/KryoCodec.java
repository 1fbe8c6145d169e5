package dev.carryover.codec;

import java.io.*;

/** Stub. */
public final class KryoCodec {
  private final ClassLoader loader;

  private KryoCodec(ClassLoader l) {
    loader = l;
  }

  /** Stub. */
  public static KryoCodec forClassLoader(ClassLoader webapp) {
    return new KryoCodec(webapp);
  }

  /** Stub. */
  public byte[] encode(Object value) {
    try {
      ByteArrayOutputStream b = new ByteArrayOutputStream();
      b.write(1);
      ObjectOutputStream o = new ObjectOutputStream(b);
      o.writeObject(value);
      o.flush();
      return b.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stub. */
  @SuppressWarnings("BanSerializableRead")
  public Object decode(byte[] bytes) {
    try {
      return new ObjectInputStream(new ByteArrayInputStream(bytes, 1, bytes.length - 1)) {
        @Override
        protected Class<?> resolveClass(ObjectStreamClass d) throws ClassNotFoundException {
          return Class.forName(d.getName(), false, loader);
        }
      }.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stub. */
  public static boolean isImmutable(Object value) {
    return value instanceof String || value instanceof Number;
  }
}
