package dev.carryover.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A ZIP file whose entries are moved, never unpacked and packed again. Immutable: a change makes
 * another one, which is on disk once it is written.
 *
 * <p>An entry is what lies between its local header and the next one: whatever its compression,
 * extra fields, data descriptor and padding, it is copied as those bytes. Only the central
 * directory is written anew, from its own records with the offsets put right. So undoing a change
 * gives the file's bytes as they were.
 */
final class RawZip {

  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int ZIP64_LOCATOR = 0x07064b50;
  private static final int LOCAL_SIZE = 30;
  private static final int CENTRAL_SIZE = 46;
  private static final int END_SIZE = 22;
  private static final int ZIP64_LOCATOR_SIZE = 20;
  private static final int MOST_COMMENT = 0xFFFF;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final int UTF8_NAME = 1 << 11;
  private static final int ENCRYPTED = 1;
  private static final int VERSION = 20;
  private static final int UNIX = 3 << 8;
  private static final int READABLE_FILE = 0100644 << 16;

  private final Path file;
  private final long prefix;
  private final List<Entry> entries;
  private final byte[] end;

  /** The first entry of each name; filled when it is asked for. */
  private final Map<String, Entry> byName = new HashMap<>();

  private RawZip(Path file, long prefix, List<Entry> entries, byte[] end) {
    this.file = file;
    this.prefix = prefix;
    this.entries = entries;
    this.end = end;
  }

  /**
   * Reads the central directory.
   *
   * @throws UserError if the file is no ZIP file, or one of a kind that can't be moved as it is
   */
  static RawZip open(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new Reading(file, channel).zip();
    }
  }

  /** The names of all entries, in the order of the central directory. */
  List<String> names() {
    return entries.stream().map(entry -> entry.name).collect(Collectors.toUnmodifiableList());
  }

  boolean has(String name) {
    return find(name).isPresent();
  }

  /** The content of an entry. */
  byte[] read(String name) throws IOException {
    return find(name).orElseThrow(() -> new IOException("No entry " + name)).content();
  }

  /** With one more entry, at the end; {@code stored} as it is, or packed. */
  RawZip add(String name, byte[] content, boolean stored) {
    if (has(name)) {
      throw new UserError(file + " has another " + name + " already: remove it first");
    }
    return with(appended(), created(name, content, stored, latest(), entries.size()));
  }

  /** With another content in the place of an entry; packed. */
  RawZip replace(String name, byte[] content) {
    return map(
        entry ->
            entry.name.equals(name)
                ? created(name, content, false, entry.time(), entry.position)
                : entry);
  }

  /** As {@link #replace}, the former entry being kept at the end under another name. */
  RawZip replace(String name, byte[] content, String formerName) {
    requireOnce(name);
    Entry former = find(name).orElseThrow().renamed(formerName, entries.size());
    RawZip replaced = replace(name, content);
    return replaced.with(replaced.appended(), former);
  }

  /** Undoes {@link #replace(String, byte[], String)}. */
  RawZip restore(String name, String formerName) {
    requireOnce(name);
    Entry former = find(formerName).orElseThrow();
    return remove(formerName)
        .map(entry -> entry.name.equals(name) ? former.renamed(name, entry.position) : entry);
  }

  /** Without the entry; as it is if there is none. */
  RawZip remove(String name) {
    requireOnce(name);
    return of(
        entries.stream().filter(entry -> !entry.name.equals(name)).collect(Collectors.toList()));
  }

  /** Which of two is meant only their readers know, and not each reader means the same. */
  private void requireOnce(String name) {
    if (entries.stream().filter(entry -> entry.name.equals(name)).count() > 1) {
      throw new UserError(file + " has more than one " + name + ": pack it again first");
    }
  }

  /** Writes the file. The one that this was read from has to be there, unchanged. */
  void write(Path target) throws IOException {
    try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ);
        FileChannel to = FileChannel.open(target, StandardOpenOption.WRITE)) {
      copy(from, 0, prefix, to);
      List<Entry> byPlace = new ArrayList<>(entries);
      byPlace.sort(Comparator.comparingInt(entry -> entry.position));
      for (Entry entry : byPlace) {
        entry.moved = fitting(to.position());
        entry.local.writeTo(to);
      }
      long directory = fitting(to.position());
      for (Entry entry : entries) {
        writeAll(to, little(entry.central.clone()).putInt(42, (int) entry.moved).array());
      }
      writeAll(to, endRecord(directory, to.position() - directory));
    }
  }

  private long fitting(long place) {
    // All ones stand for a place that is told elsewhere.
    if (place >= 0xFFFF_FFFFL) {
      throw new UserError(file + " would become larger than 4 GB: that is not supported");
    }
    return place;
  }

  private byte[] endRecord(long directory, long size) {
    return little(end.clone())
        .putShort(8, (short) entries.size())
        .putShort(10, (short) entries.size())
        .putInt(12, (int) size)
        .putInt(16, (int) directory)
        .array();
  }

  private Optional<Entry> find(String name) {
    if (byName.isEmpty()) {
      entries.forEach(entry -> byName.putIfAbsent(entry.name, entry));
    }
    return Optional.ofNullable(byName.get(name));
  }

  private RawZip of(List<Entry> changed) {
    return new RawZip(file, prefix, changed, end);
  }

  private RawZip map(UnaryOperator<Entry> change) {
    return of(entries.stream().map(change).collect(Collectors.toList()));
  }

  private RawZip with(int position, Entry added) {
    List<Entry> more = new ArrayList<>(entries);
    more.add(added.at(position));
    if (more.size() >= 0xFFFF) {
      throw new UserError(file + " has too many entries: that is not supported");
    }
    return of(more);
  }

  private int appended() {
    return entries.stream().mapToInt(entry -> entry.position).max().orElse(0) + 1;
  }

  /** The time of what is added: that of the latest entry, so that the same is made each time. */
  private int latest() {
    return entries.stream()
        .map(Entry::time)
        .max(Integer::compareUnsigned)
        .orElse(1 << 21 | 1 << 16);
  }

  private static Entry created(
      String name, byte[] content, boolean stored, int time, int position) {
    byte[] packed = stored ? content : deflate(content);
    CRC32 crc = new CRC32();
    crc.update(content);
    byte[] spelt = name.getBytes(UTF_8);
    byte[] local = new byte[LOCAL_SIZE + spelt.length + packed.length];
    ByteBuffer out = little(local).putInt(LOCAL);
    common(out, stored, time, crc, packed.length, content.length);
    out.putShort((short) spelt.length).putShort((short) 0).put(spelt).put(packed);
    byte[] central = new byte[CENTRAL_SIZE + spelt.length];
    out = little(central).putInt(CENTRAL).putShort((short) (UNIX | VERSION));
    common(out, stored, time, crc, packed.length, content.length);
    out.putShort((short) spelt.length).putShort((short) 0).putShort((short) 0);
    out.putShort((short) 0).putShort((short) 0).putInt(READABLE_FILE).putInt(0).put(spelt);
    return new Entry(central, new Bytes(local), position);
  }

  private static void common(
      ByteBuffer header, boolean stored, int time, CRC32 crc, int packed, int size) {
    header.putShort((short) VERSION).putShort((short) UTF8_NAME);
    header.putShort((short) (stored ? STORED : DEFLATED)).putInt(time);
    header.putInt((int) crc.getValue()).putInt(packed).putInt(size);
  }

  private static byte[] deflate(byte[] content) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try {
      deflater.setInput(content);
      deflater.finish();
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      byte[] buffer = new byte[8192];
      while (!deflater.finished()) {
        packed.write(buffer, 0, deflater.deflate(buffer));
      }
      return packed.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static byte[] inflate(byte[] packed, int size) throws IOException {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(packed);
      byte[] content = new byte[size];
      int count = 0;
      while (count < size) {
        int some = inflater.inflate(content, count, size - count);
        if (some == 0) {
          throw new IOException("Its data end too early");
        }
        count += some;
      }
      return content;
    } catch (DataFormatException e) {
      throw new IOException("Its data are damaged", e);
    } finally {
      inflater.end();
    }
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void copy(FileChannel from, long start, long size, WritableByteChannel to)
      throws IOException {
    long done = 0;
    while (done < size) {
      long some = from.transferTo(start + done, size - done, to);
      if (some <= 0) {
        throw new IOException("The file has become shorter while it was read");
      }
      done += some;
    }
  }

  private static void writeAll(WritableByteChannel to, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      to.write(buffer);
    }
  }

  /** One entry: its record in the central directory, and its bytes. */
  private static final class Entry {
    final byte[] central;
    final Segment local;
    final String name;

    /** Its place among the others, by which entries are written. */
    final int position;

    /** Where it was written to. */
    long moved;

    Entry(byte[] central, Segment local, int position) {
      this.central = central;
      this.local = local;
      this.position = position;
      boolean utf8 = (field(8) & UTF8_NAME) != 0;
      this.name = new String(central, CENTRAL_SIZE, field(28), utf8 ? UTF_8 : ISO_8859_1);
    }

    int time() {
      return little(central).getInt(12);
    }

    private int field(int offset) {
      return Short.toUnsignedInt(little(central).getShort(offset));
    }

    Entry at(int newPosition) {
      return new Entry(central, local, newPosition);
    }

    Entry renamed(String name, int newPosition) {
      try {
        return new Entry(
            renamed(central, 28, CENTRAL_SIZE, name),
            new Bytes(renamed(local.bytes(), 26, LOCAL_SIZE, name)),
            newPosition);
      } catch (IOException e) {
        throw new UserError("The entry " + name + " can't be read: " + e.getMessage(), e);
      }
    }

    private static byte[] renamed(byte[] record, int lengthAt, int nameAt, String name) {
      byte[] spelt = name.getBytes(UTF_8);
      int former = Short.toUnsignedInt(little(record).getShort(lengthAt));
      byte[] result = new byte[record.length - former + spelt.length];
      little(result)
          .put(record, 0, nameAt)
          .put(spelt)
          .put(record, nameAt + former, record.length - nameAt - former)
          .putShort(lengthAt, (short) spelt.length);
      return result;
    }

    byte[] content() throws IOException {
      ByteBuffer record = little(central);
      int method = field(10);
      int packed = record.getInt(20);
      int size = record.getInt(24);
      if ((field(8) & ENCRYPTED) != 0 || packed < 0 || size < 0) {
        throw new UserError(name + " is encrypted or larger than 2 GB: that is not supported");
      }
      byte[] bytes = local.bytes();
      int start = LOCAL_SIZE + unsigned(bytes, 26) + unsigned(bytes, 28);
      if (bytes.length < start + packed || (method != STORED && method != DEFLATED)) {
        throw new UserError(name + " is damaged or packed by an unknown method");
      }
      byte[] data = Arrays.copyOfRange(bytes, start, start + packed);
      return method == STORED ? data : inflate(data, size);
    }

    private static int unsigned(byte[] bytes, int offset) {
      return Short.toUnsignedInt(little(bytes).getShort(offset));
    }
  }

  /** Bytes that will be written. */
  private interface Segment {
    void writeTo(WritableByteChannel to) throws IOException;

    byte[] bytes() throws IOException;
  }

  private static final class Bytes implements Segment {
    private final byte[] content;

    Bytes(byte[] content) {
      this.content = content;
    }

    @Override
    public void writeTo(WritableByteChannel to) throws IOException {
      writeAll(to, content);
    }

    @Override
    public byte[] bytes() {
      return content;
    }
  }

  /** A part of a file. */
  private static final class Part implements Segment {
    private final Path file;
    private final long start;
    private final long size;

    Part(Path file, long start, long size) {
      this.file = file;
      this.start = start;
      this.size = size;
    }

    @Override
    public void writeTo(WritableByteChannel to) throws IOException {
      try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ)) {
        copy(from, start, size, to);
      }
    }

    @Override
    public byte[] bytes() throws IOException {
      if (size > Integer.MAX_VALUE - 8) {
        throw new UserError("An entry of " + file + " is larger than 2 GB");
      }
      try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ)) {
        return read(from, start, (int) size);
      }
    }
  }

  private static byte[] read(FileChannel from, long start, int size) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(size);
    while (buffer.hasRemaining()) {
      if (from.read(buffer, start + buffer.position()) < 0) {
        throw new IOException("The file has become shorter while it was read");
      }
    }
    return buffer.array();
  }

  /** The way from a file's last bytes to its entries. */
  private static final class Reading {
    private final Path file;
    private final FileChannel channel;

    Reading(Path file, FileChannel channel) {
      this.file = file;
      this.channel = channel;
    }

    RawZip zip() throws IOException {
      long at = endAt();
      byte[] end = read(channel, at, (int) (channel.size() - at));
      ByteBuffer record = little(end);
      int count = Short.toUnsignedInt(record.getShort(10));
      long size = Integer.toUnsignedLong(record.getInt(12));
      long directory = Integer.toUnsignedLong(record.getInt(16));
      if (isZip64(at) || count == 0xFFFF) {
        throw new UserError(
            file + " is a ZIP64 file (over 65,534 entries or 4 GB), which can't be changed here");
      }
      if (record.getShort(4) != 0 || directory + size != at) {
        throw new UserError(
            file + " has something between its parts that can't be kept: pack it again first");
      }
      List<byte[]> records = records(read(channel, directory, (int) size), count);
      return new RawZip(file, first(records, directory), entries(records, directory), end);
    }

    private long endAt() throws IOException {
      long size = channel.size();
      int tail = (int) Math.min(size, END_SIZE + MOST_COMMENT);
      ByteBuffer bytes = little(read(channel, size - tail, tail));
      for (int i = tail - END_SIZE; i >= 0; i--) {
        if (bytes.getInt(i) == END
            && Short.toUnsignedInt(bytes.getShort(i + 20)) == tail - END_SIZE - i) {
          return size - tail + i;
        }
      }
      throw new UserError(file + " is no ZIP file, or was cut off");
    }

    private boolean isZip64(long endAt) throws IOException {
      return endAt >= ZIP64_LOCATOR_SIZE
          && little(read(channel, endAt - ZIP64_LOCATOR_SIZE, 4)).getInt(0) == ZIP64_LOCATOR;
    }

    private List<byte[]> records(byte[] directory, int count) {
      List<byte[]> records = new ArrayList<>(count);
      ByteBuffer bytes = little(directory);
      int at = 0;
      for (int i = 0; i < count; i++) {
        if (at + CENTRAL_SIZE > directory.length || bytes.getInt(at) != CENTRAL) {
          throw damaged();
        }
        int size = CENTRAL_SIZE;
        for (int length = 28; length <= 32; length += 2) {
          size += Short.toUnsignedInt(bytes.getShort(at + length));
        }
        if (at + size > directory.length) {
          throw damaged();
        }
        records.add(Arrays.copyOfRange(directory, at, at + size));
        at += size;
      }
      if (at != directory.length) {
        throw damaged();
      }
      return records;
    }

    private static long first(List<byte[]> records, long directory) {
      return records.stream().mapToLong(Reading::offset).min().orElse(directory);
    }

    private List<Entry> entries(List<byte[]> records, long directory) throws IOException {
      long[] offsets = records.stream().mapToLong(Reading::offset).sorted().toArray();
      List<Entry> entries = new ArrayList<>(records.size());
      for (byte[] record : records) {
        int place = Arrays.binarySearch(offsets, offset(record));
        long next = place + 1 < offsets.length ? offsets[place + 1] : directory;
        long size = next - offsets[place];
        if (size < LOCAL_SIZE || little(read(channel, offsets[place], 4)).getInt(0) != LOCAL) {
          throw damaged();
        }
        entries.add(new Entry(record, new Part(file, offsets[place], size), place));
      }
      return entries;
    }

    private static long offset(byte[] record) {
      return Integer.toUnsignedLong(little(record).getInt(42));
    }

    private UserError damaged() {
      return new UserError(file + " is damaged: its directory of entries makes no sense");
    }
  }
}
