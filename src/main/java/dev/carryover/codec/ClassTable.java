package dev.carryover.codec;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The classes of one value, as it introduces them: those written and those read. What a class was
 * given in a value before is told by the value's number, so that nothing has to be cleared.
 */
final class ClassTable {

  /** Looking for a class in vain is dear: the loader searches all its jars. */
  private static final int MOST_NOT_FOUND = 256;

  private final Shapes shapes;
  private int value = 1;

  /** By identity of the class, with gaps. */
  private @Nullable Carried[] carried = new Carried[64];

  private int carriedCount;
  private @Nullable Carried last;

  /** By index of the class. */
  private @Nullable Mention[] ofObjects = new Mention[64];

  private final IdentityHashMap<Description, Mention> mentions = new IdentityHashMap<>();
  private int written;

  private final @Nullable Numbered[] numbered = new Numbered[NumberedTypes.count()];
  private final List<StreamClass> read = new ArrayList<>();
  private final Introduction introduction = new Introduction();

  /** Numbers of classes that the value read has, and that are not found here. */
  private final List<Integer> missing = new ArrayList<>();

  /** Names of classes that the value read has, and that are not found here. */
  private final Set<String> notFound = new HashSet<>();

  ClassTable(Shapes shapes) {
    this.shapes = shapes;
  }

  /** A description and where it was written. */
  private static final class Mention {
    final Description description;
    final @Nullable Mention parent;
    int value;
    int number;

    Mention(Description description, @Nullable Mention parent) {
      this.description = description;
      this.parent = parent;
    }
  }

  /** A class of the table of numbers, and how the value read has described it. */
  private static final class Numbered {
    final StreamClass bare;
    int value;
    StreamClass described;

    Numbered(StreamClass bare) {
      this.bare = bare;
      this.described = bare;
    }
  }

  void reset() {
    value++;
    written = 0;
    read.clear();
    introduction.clear();
    if (!missing.isEmpty()) {
      missing.forEach(number -> numbered[number] = null);
      missing.clear();
    }
    if (!notFound.isEmpty()) {
      notFound.clear();
    }
  }

  // --- writing

  Carried carried(Class<?> type) {
    Carried found = last;
    if (found == null || found.actual != type) {
      found = find(type);
      last = found;
    }
    return found;
  }

  private Carried find(Class<?> type) {
    int mask = carried.length - 1;
    int slot = type.hashCode() & mask;
    Carried known;
    while ((known = carried[slot]) != null) {
      if (known.actual == type) {
        return known;
      }
      slot = (slot + 1) & mask;
    }
    return add(type);
  }

  private Carried add(Class<?> type) {
    Carried added = shapes.carried(type);
    if (++carriedCount > carried.length / 2) {
      @Nullable Carried[] old = carried;
      carried = new Carried[old.length * 2];
      for (Carried each : old) {
        if (each != null) {
          place(each);
        }
      }
    }
    place(added);
    return added;
  }

  private void place(Carried added) {
    int mask = carried.length - 1;
    int slot = added.actual.hashCode() & mask;
    while (carried[slot] != null) {
      slot = (slot + 1) & mask;
    }
    carried[slot] = added;
  }

  void write(Output out, Carried type) {
    int bare = type.bareToken();
    if (bare != 0) {
      out.writeVarInt(bare, true);
      return;
    }
    Mention mention = type.index < ofObjects.length ? ofObjects[type.index] : null;
    write(out, mention == null ? firstMention(type) : mention);
  }

  private Mention firstMention(Carried type) {
    Mention added = mention(type.description());
    if (type.index >= ofObjects.length) {
      ofObjects = Arrays.copyOf(ofObjects, Math.max(type.index + 1, ofObjects.length * 2));
    }
    ofObjects[type.index] = added;
    return added;
  }

  private Mention mention(Description description) {
    Mention known = mentions.get(description);
    if (known == null) {
      Description above = description.parent;
      known = new Mention(description, above == null ? null : mention(above));
      mentions.put(description, known);
    }
    return known;
  }

  private void write(Output out, Mention mention) {
    Description description = mention.description;
    boolean named = description.token == Tokens.NEW;
    if (mention.value == value) {
      out.writeVarInt(named ? Tokens.introduced(mention.number) : description.token, true);
      return;
    }
    out.writeVarInt(description.token, true);
    if (description.isEmpty()) {
      return;
    }
    mention.value = value;
    if (named) {
      mention.number = written++;
    }
    description.write(out);
    if (mention.parent != null) {
      write(out, mention.parent);
    } else if (description.hasParent) {
      out.writeByte(Tokens.NULL);
    }
  }

  // --- reading

  /** The class that an object's token names. */
  StreamClass read(Input in, int token) {
    if (token == Tokens.NEW) {
      return readNamed(in);
    }
    int number = Tokens.number(token);
    if (!Tokens.isNumbered(token)) {
      return introduced(number);
    }
    Numbered found = numbered(number);
    return found.bare.carried.described ? described(in, found, number) : found.bare;
  }

  private StreamClass introduced(int number) {
    if (number < 0 || number >= read.size()) {
      throw new CodecException("a reference to a class that isn't there");
    }
    return read.get(number);
  }

  private @Nullable StreamClass readParent(Input in) {
    int token = in.readVarInt(true);
    if (token == Tokens.NULL) {
      return null;
    }
    if (token == Tokens.NEW) {
      return readNamed(in);
    }
    int number = Tokens.number(token);
    return Tokens.isNumbered(token) ? described(in, numbered(number), number) : introduced(number);
  }

  private Numbered numbered(int number) {
    Numbered known = number < 0 || number >= numbered.length ? null : numbered[number];
    if (known == null) {
      Class<?> type = shapes.numbered(number);
      if (type == null) {
        missing.add(number);
      }
      Carried carried = type == null ? missing(number) : shapes.carried(type);
      known = new Numbered(new StreamClass(carried, null));
      numbered[number] = known;
    }
    return known;
  }

  /** All classes in the table that a JDK or an application may lack are carried by their fields. */
  private Carried missing(int number) {
    return Carried.missing(String.valueOf(NumberedTypes.name(number)), Form.FIELDS, shapes);
  }

  private StreamClass described(Input in, Numbered of, int number) {
    if (of.value != value) {
      of.value = value;
      of.described = readDescription(in, of.bare.carried, number);
    }
    return of.described;
  }

  /** Of a numbered class: the fields it has at those who wrote it. */
  private StreamClass readDescription(Input in, Carried carried, int number) {
    int end = end(in);
    introduction.moveTo(number, in, end);
    StreamClass own = shapes.known(introduction);
    if (own == null) {
      int flags = in.readByte();
      own = new StreamClass(carried, StreamLevel.read(in, flags, shapes.level(carried.type)));
      requireEnd(in, end);
      remember(own);
    }
    in.setPosition(end);
    return own.below(readParent(in));
  }

  private static int end(Input in) {
    int length = in.readVarInt(true);
    if (length <= 0 || length > in.limit() - in.position()) {
      throw new CodecException("a length that the bytes don't hold");
    }
    return in.position() + length;
  }

  private static void requireEnd(Input in, int end) {
    if (in.position() != end) {
      throw new CodecException("a class's description is longer or shorter than it says");
    }
  }

  private StreamClass readNamed(Input in) {
    int end = end(in);
    int number = read.size();
    introduction.moveTo(Introduction.NAMED, in, end);
    StreamClass own = shapes.known(introduction);
    if (own == null) {
      own = readIntroduction(in);
      requireEnd(in, end);
      remember(own);
    }
    in.setPosition(end);
    read.add(own);
    if (own.level != null) {
      own = own.below(readParent(in));
      read.set(number, own);
    }
    return own;
  }

  /** Not that a class is missing: it may come. */
  private void remember(StreamClass type) {
    if (!type.carried.isMissing()) {
      shapes.remember(introduction, type);
    }
  }

  private StreamClass readIntroduction(Input in) {
    String name = Strings.readUtf8(in, in.readVarInt(true));
    int flags = in.readByte();
    Form form = Form.in(flags);
    Class<?> type = find(name);
    if (type == null) {
      boolean described = form == Form.FIELDS;
      StreamLevel level =
          described ? StreamLevel.read(in, flags, shapes.level(Missing.class)) : null;
      return new StreamClass(Carried.missing(name, form, shapes), level);
    }
    Carried carried = shapes.carried(type);
    if (carried.serializer instanceof Refusing) {
      throw ((Refusing) carried.serializer).refusal();
    }
    if (form != carried.form || carried.type != type) {
      throw new CodecException(type.getName() + " was carried in another way");
    }
    boolean fields = form == Form.FIELDS;
    return new StreamClass(carried, fields ? StreamLevel.read(in, flags, local(type)) : null);
  }

  /** The class of that name; null if there is none here. */
  @Nullable Class<?> find(String name) {
    if (notFound.contains(name)) {
      return null;
    }
    Class<?> type = shapes.find(name);
    if (type == null && notFound.size() == MOST_NOT_FOUND) {
      throw new CodecException("more than " + MOST_NOT_FOUND + " classes that are not found here");
    }
    if (type == null) {
      notFound.add(name);
    }
    return type;
  }

  private Level local(Class<?> type) {
    return Serializable.class.isAssignableFrom(type) ? shapes.level(type) : shapes.plainLevel(type);
  }
}
