package dev.carryover.codec;

import com.esotericsoftware.kryo.io.Output;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A class as values introduce it, once each: its name unless it has a number, its form, and the
 * names and kinds of its own fields. The bytes are the same in all values, so they are made once.
 */
final class Description {

  /** What stands for the class: its number's, or {@link Tokens#NEW} if it goes by its name. */
  final int token;

  /** With their length in front; none for a class that is introduced by its number alone. */
  private final byte[] bytes;

  /** Whether the superclass follows. */
  final boolean hasParent;

  /** The superclass, if that one's fields are carried too. */
  final @Nullable Description parent;

  private Description(int token, Output content, boolean hasParent, @Nullable Description parent) {
    this.token = token;
    this.hasParent = hasParent;
    this.parent = parent;
    Output out = new Output(content.position() + 5, -1);
    if (content.position() > 0) {
      out.writeVarInt(content.position(), true);
    }
    out.writeBytes(content.getBuffer(), 0, content.position());
    this.bytes = out.toBytes();
  }

  static Description ofNumber(int token) {
    return new Description(token, new Output(1), false, null);
  }

  /** Of a class whose content is other than fields. */
  static Description ofForm(String name, Form form) {
    Output out = new Output(64, -1);
    writeName(out, name);
    out.writeByte(form.number);
    return new Description(Tokens.NEW, out, false, null);
  }

  static Description ofFields(int token, Level level, @Nullable Description parent) {
    Output out = new Output(256, -1);
    if (token == Tokens.NEW) {
      writeName(out, level.type.getName());
    }
    Long uid = level.uid;
    boolean custom = level.writeObject != null;
    out.writeByte(Form.FIELDS.number | (custom ? Form.CUSTOM : 0) | (uid == null ? 0 : Form.UID));
    if (uid != null) {
      out.writeVarLong(uid, false);
    }
    writeFields(out, level.fields);
    return new Description(token, out, true, parent);
  }

  private static void writeFields(Output out, List<FieldInfo> fields) {
    out.writeVarInt(fields.size(), true);
    for (FieldInfo field : fields) {
      byte[] bytes = field.name.getBytes(StandardCharsets.UTF_8);
      out.writeVarInt(bytes.length << FieldInfo.KIND_BITS | FieldInfo.kindNumber(field.kind), true);
      out.writeBytes(bytes);
    }
  }

  private static void writeName(Output out, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    out.writeVarInt(bytes.length, true);
    out.writeBytes(bytes);
  }

  boolean isEmpty() {
    return bytes.length == 0;
  }

  void write(Output out) {
    out.writeBytes(bytes, 0, bytes.length);
  }
}
