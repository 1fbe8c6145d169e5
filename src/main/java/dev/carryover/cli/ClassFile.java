package dev.carryover.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A class file, as far as the installer looks into it: its constants, what it extends, and what its
 * code puts into sessions. Texts are its modified UTF-8, a character a byte.
 */
final class ClassFile {

  private static final int MAGIC = 0xCAFEBABE;
  private static final int UTF8 = 1;
  private static final int INTERFACE = 0x0200;

  // Opcodes, see chapter 6 of the JVM specification.
  private static final int ALOAD = 25;
  private static final int ALOAD_0 = 42;
  private static final int ASTORE = 58;
  private static final int ASTORE_0 = 75;
  private static final int IINC = 132;
  private static final int TABLESWITCH = 170;
  private static final int LOOKUPSWITCH = 171;
  private static final int GETSTATIC = 178;
  private static final int INVOKESPECIAL = 183;
  private static final int INVOKESTATIC = 184;
  private static final int INVOKEINTERFACE = 185;
  private static final int CHECKCAST = 192;
  private static final int WIDE = 196;

  private final ByteBuffer bytes;
  private final int[] offsets;
  private final int poolEnd;

  private ClassFile(byte[] content) {
    bytes = ByteBuffer.wrap(content);
    if (bytes.getInt() != MAGIC) {
      throw new BufferUnderflowException();
    }
    bytes.position(8);
    offsets = new int[unsignedShort()];
    for (int i = 1; i < offsets.length; i++) {
      offsets[i] = bytes.position();
      int size = sizeOfConstant();
      bytes.position(bytes.position() + size);
      int tag = bytes.get(offsets[i]);
      i += tag == 5 || tag == 6 ? 1 : 0;
    }
    poolEnd = bytes.position();
  }

  /** Reads a class file; empty if this is none. */
  static Optional<ClassFile> read(byte[] content) {
    try {
      return Optional.of(new ClassFile(content));
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private int sizeOfConstant() {
    int tag = bytes.get(bytes.position());
    switch (tag) {
      case UTF8:
        return 3 + Short.toUnsignedInt(bytes.getShort(bytes.position() + 1));
      case 7:
      case 8:
      case 16:
      case 19:
      case 20:
        return 3;
      case 15:
        return 4;
      case 5:
      case 6:
        return 9;
      case 3:
      case 4:
      case 9:
      case 10:
      case 11:
      case 12:
      case 17:
      case 18:
        return 5;
      default:
        throw new IllegalArgumentException("Unknown constant");
    }
  }

  private int unsignedShort() {
    return Short.toUnsignedInt(bytes.getShort());
  }

  private int unsignedShort(int at) {
    return Short.toUnsignedInt(bytes.getShort(at));
  }

  /** All texts among the constants: names, descriptors, strings. */
  Stream<String> texts() {
    return Stream.iterate(1, i -> i < offsets.length, i -> i + 1)
        .filter(this::isText)
        .map(this::text);
  }

  private boolean isText(int constant) {
    return offsets[constant] > 0 && bytes.get(offsets[constant]) == UTF8;
  }

  private String text(int constant) {
    int at = offsets[constant];
    return new String(bytes.array(), at + 3, unsignedShort(at + 1), ISO_8859_1);
  }

  /** The same class with other texts; the order of the constants stays. */
  byte[] withTexts(UnaryOperator<String> change) {
    ByteBuffer result = ByteBuffer.allocate(bytes.capacity() * 2 + 64);
    int copied = 0;
    for (int i = 1; i < offsets.length; i++) {
      if (isText(i)) {
        String text = text(i);
        String changed = change.apply(text);
        result.put(bytes.array(), copied, offsets[i] + 1 - copied);
        result.putShort((short) changed.length()).put(changed.getBytes(ISO_8859_1));
        copied = offsets[i] + 3 + text.length();
      }
    }
    result.put(bytes.array(), copied, bytes.capacity() - copied).flip();
    byte[] changed = new byte[result.remaining()];
    result.get(changed);
    return changed;
  }

  /** The name of the class, with slashes. */
  String name() {
    return className(unsignedShort(poolEnd + 2));
  }

  boolean isInterface() {
    return (unsignedShort(poolEnd) & INTERFACE) != 0;
  }

  /** The names of the classes and interfaces that it extends and implements itself. */
  List<String> parents() {
    List<String> parents = new ArrayList<>();
    int superclass = unsignedShort(poolEnd + 4);
    if (superclass != 0) {
      parents.add(className(superclass));
    }
    int count = unsignedShort(poolEnd + 6);
    for (int i = 0; i < count; i++) {
      parents.add(className(unsignedShort(poolEnd + 8 + 2 * i)));
    }
    return parents;
  }

  private String className(int constant) {
    return text(unsignedShort(offsets[constant] + 1));
  }

  /**
   * The classes of what its code hands to a method as the last argument, as far as a look at each
   * method from its beginning to its end tells.
   *
   * @param method owner, name and descriptor, with blanks between
   */
  List<String> lastArgumentsOf(Collection<String> method) {
    List<String> found = new ArrayList<>();
    try {
      bytes.position(poolEnd + 6);
      bytes.position(bytes.position() + 2 + 2 * unsignedShort(bytes.position()));
      members(null, found);
      members(method, found);
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
      // Unusual code: what was found so far is as good as nothing more.
      return found;
    }
    return found;
  }

  private void members(@Nullable Collection<String> method, List<String> found) {
    int count = unsignedShort();
    for (int i = 0; i < count; i++) {
      bytes.position(bytes.position() + 6);
      int attributes = unsignedShort();
      for (int j = 0; j < attributes; j++) {
        String name = text(unsignedShort());
        int end = bytes.getInt() + bytes.position();
        if (method != null && name.equals("Code")) {
          int start = bytes.position() + 8;
          new Code(start, start + bytes.getInt(start - 4)).scan(method, found);
        }
        bytes.position(end);
      }
    }
  }

  /** A method's instructions, one after the other, and what each leaves on the stack's top. */
  private final class Code {
    private final int start;
    private final int end;
    private final Map<Integer, String> variables = new HashMap<>();
    private @Nullable String top;

    Code(int start, int end) {
      this.start = start;
      this.end = end;
    }

    void scan(Collection<String> methods, List<String> found) {
      for (int at = start; at < end; at += length(at)) {
        int opcode = Byte.toUnsignedInt(bytes.get(at));
        if (opcode == INVOKEINTERFACE && top != null && methods.contains(member(at))) {
          found.add(top);
        }
        top = topAfter(opcode, at);
      }
    }

    private @Nullable String topAfter(int opcode, int at) {
      if (opcode == ALOAD) {
        return variables.get(Byte.toUnsignedInt(bytes.get(at + 1)));
      }
      if (isIn(opcode, ALOAD_0, ALOAD_0 + 3)) {
        return variables.get(opcode - ALOAD_0);
      }
      if (opcode == ASTORE) {
        variables.put(Byte.toUnsignedInt(bytes.get(at + 1)), name(top));
      } else if (isIn(opcode, ASTORE_0, ASTORE_0 + 3)) {
        variables.put(opcode - ASTORE_0, name(top));
      } else if (opcode == CHECKCAST) {
        return className(unsignedShort(at + 1));
      } else if (isIn(opcode, GETSTATIC, INVOKEINTERFACE)) {
        return resultOf(opcode, at);
      }
      return null;
    }

    private String name(@Nullable String type) {
      return type == null ? "java/lang/Object" : type;
    }

    private @Nullable String resultOf(int opcode, int at) {
      String member = member(at);
      if (opcode == INVOKESPECIAL && member.contains(" <init> ")) {
        return member.substring(0, member.indexOf(' '));
      }
      String descriptor = member.substring(member.lastIndexOf(' ') + 1);
      String type = descriptor.substring(descriptor.indexOf(')') + 1);
      return type.startsWith("L") ? type.substring(1, type.length() - 1) : null;
    }

    private String member(int at) {
      int reference = offsets[unsignedShort(at + 1)];
      int nameAndType = offsets[unsignedShort(reference + 3)];
      return className(unsignedShort(reference + 1))
          + ' '
          + text(unsignedShort(nameAndType + 1))
          + ' '
          + text(unsignedShort(nameAndType + 3));
    }

    private int length(int at) {
      int opcode = Byte.toUnsignedInt(bytes.get(at));
      switch (opcode) {
        case 16:
        case 18:
        case 169:
        case 188:
          return 2;
        case INVOKEINTERFACE:
        case 186:
        case 200:
        case 201:
          return 5;
        case 197:
          return 4;
        case WIDE:
          return bytes.get(at + 1) == (byte) IINC ? 6 : 4;
        case TABLESWITCH:
          return padded(at)
              + 12
              + 4 * (1 + bytes.getInt(at + padded(at) + 8) - bytes.getInt(at + padded(at) + 4));
        case LOOKUPSWITCH:
          return padded(at) + 8 + 8 * bytes.getInt(at + padded(at) + 4);
        default:
          return isTwo(opcode) ? 2 : isThree(opcode) ? 3 : 1;
      }
    }

    /** The length of a switch's opcode with the bytes that align its table. */
    private int padded(int at) {
      return 4 - (at - start) % 4;
    }

    private boolean isTwo(int opcode) {
      return isIn(opcode, 21, ALOAD) || isIn(opcode, 54, ASTORE);
    }

    private boolean isThree(int opcode) {
      return isIn(opcode, 17, 17)
          || isIn(opcode, 19, 20)
          || isIn(opcode, IINC, IINC)
          || isIn(opcode, 153, 168)
          || isIn(opcode, GETSTATIC, INVOKESTATIC)
          || isIn(opcode, 187, 187)
          || isIn(opcode, 189, 189)
          || isIn(opcode, CHECKCAST, 193)
          || isIn(opcode, 198, 199);
    }

    private boolean isIn(int opcode, int first, int last) {
      return first <= opcode && opcode <= last;
    }
  }
}
