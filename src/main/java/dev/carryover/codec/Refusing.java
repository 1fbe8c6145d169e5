package dev.carryover.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;

/** Stands where a class's serialiser would, if it could be carried. Says no, both ways. */
final class Refusing extends Serializer<Object> {

  private final String reason;

  Refusing(String reason) {
    this.reason = reason;
  }

  CodecException refusal() {
    return new CodecException(reason);
  }

  @Override
  public void write(Kryo kryo, Output out, Object object) {
    throw refusal();
  }

  @Override
  public Object read(Kryo kryo, Input in, Class<? extends Object> type) {
    throw refusal();
  }
}
