package dev.carryover.session;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** Java serialisation, counted. */
final class SerializationCodec implements AttributeCodec {

  final AtomicInteger encoded = new AtomicInteger();
  final AtomicInteger decoded = new AtomicInteger();
  boolean rejects;

  @Override
  public byte[] encode(String name, Object value, byte[] known) {
    encoded.incrementAndGet();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    } catch (IOException e) {
      throw new IllegalStateException(name + ": can't be serialised: " + e.getMessage(), e);
    }
    byte[] encodedNow = bytes.toByteArray();
    return Arrays.equals(encodedNow, known) ? known : encodedNow;
  }

  @Override
  public Object decode(String name, byte[] bytes) {
    decoded.incrementAndGet();
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException(name + ": can't be deserialised: " + e.getMessage(), e);
    }
  }

  @Override
  public void requireSettable(String name, Object value) {
    if (rejects) {
      try {
        encode(name, value, null);
      } catch (IllegalStateException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }
  }

  @Override
  public boolean isImmutable(Object value) {
    return value instanceof String || value instanceof Integer;
  }
}
