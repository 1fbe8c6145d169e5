package dev.carryover.session;

import java.nio.ByteBuffer;

/** A value that applications change in place: a cart. */
final class Box {

  /** Four bytes a box. */
  static final AttributeCodec CODEC =
      new AttributeCodec() {
        @Override
        public byte[] encode(String name, Object value, byte[] known) {
          return ByteBuffer.allocate(Integer.BYTES).putInt(((Box) value).value()).array();
        }

        @Override
        public Object decode(String name, byte[] encoded) {
          return new Box(ByteBuffer.wrap(encoded).getInt());
        }

        @Override
        public void requireSettable(String name, Object value) {}

        @Override
        public boolean isImmutable(Object value) {
          return false;
        }
      };

  private volatile int value;

  Box(int value) {
    this.value = value;
  }

  int value() {
    return value;
  }

  void change(int newValue) {
    value = newValue;
  }
}
