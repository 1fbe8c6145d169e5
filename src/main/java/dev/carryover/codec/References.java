package dev.carryover.codec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one value by number, so that shared ones and cycles stay what they are.
 *
 * <p>Those written are in a hash table by identity. It is emptied after each value at a cost that
 * follows what was in it, not its size.
 */
final class References {

  static final int NEW = -1;

  private static final int SMALL = 64;

  /** After a value with more objects, tables are not kept for the next. */
  private static final int KEPT = 8 * 1024;

  private final int maximum;

  private @Nullable Object[] keys = new Object[SMALL];
  private int[] numbers = new int[SMALL];
  private int[] slots = new int[SMALL / 2];
  private int written;

  private @Nullable Object[] read = new Object[SMALL];
  private int readCount;

  /** Objects that exist, when read, only once all they refer to has been read. */
  private final List<Object> unfinished = new ArrayList<>();

  References(int maximum) {
    this.maximum = maximum;
  }

  // --- writing

  /** The number under which the object was written; {@link #NEW} if it was not, and is from now. */
  int number(Object object) {
    int mask = keys.length - 1;
    int slot = slot(object, mask);
    Object key;
    while ((key = keys[slot]) != null) {
      if (key == object) {
        refuseUnfinished(object);
        return numbers[slot];
      }
      slot = (slot + 1) & mask;
    }
    add(object, slot);
    return NEW;
  }

  private static int slot(Object object, int mask) {
    int hash = System.identityHashCode(object);
    return (hash ^ (hash >>> 15)) & mask;
  }

  private void add(Object object, int slot) {
    checkCount(written);
    keys[slot] = object;
    numbers[slot] = written;
    slots[written++] = slot;
    if (written == slots.length) {
      grow();
    }
  }

  private void grow() {
    @Nullable Object[] old = keys;
    int[] oldNumbers = numbers;
    keys = new Object[old.length * 2];
    numbers = new int[keys.length];
    slots = new int[keys.length / 2];
    int mask = keys.length - 1;
    for (int i = 0; i < old.length; i++) {
      Object key = old[i];
      if (key != null) {
        int slot = slot(key, mask);
        while (keys[slot] != null) {
          slot = (slot + 1) & mask;
        }
        keys[slot] = key;
        numbers[slot] = oldNumbers[i];
        slots[oldNumbers[i]] = slot;
      }
    }
  }

  void begin(Object object) {
    unfinished.add(object);
  }

  void end() {
    unfinished.remove(unfinished.size() - 1);
  }

  void refuseUnfinished(Object object) {
    for (int i = 0; i < unfinished.size(); i++) {
      if (unfinished.get(i) == object) {
        throw new CodecException(
            "a cycle through " + object.getClass().getName() + " can't be carried");
      }
    }
  }

  private void checkCount(int count) {
    if (count >= maximum) {
      throw new CodecException("more than " + maximum + " objects");
    }
  }

  // --- reading

  /** The number of an object that is about to be read. */
  int begin() {
    checkCount(readCount);
    if (readCount == read.length) {
      read = Arrays.copyOf(read, readCount * 2);
    }
    return readCount++;
  }

  void set(int number, @Nullable Object object) {
    read[number] = object;
  }

  boolean isSet(int number) {
    return read[number] != null;
  }

  Object get(int number) {
    Object object = number < 0 || number >= readCount ? null : read[number];
    if (object == null) {
      throw new CodecException("a reference to an object that isn't there");
    }
    return object;
  }

  void reset() {
    forgetWritten();
    if (readCount > KEPT) {
      read = new Object[SMALL];
    } else {
      Arrays.fill(read, 0, readCount, null);
    }
    readCount = 0;
    unfinished.clear();
  }

  private void forgetWritten() {
    if (written > KEPT) {
      keys = new Object[SMALL];
      numbers = new int[SMALL];
      slots = new int[SMALL / 2];
    } else if (written > keys.length / 8) {
      Arrays.fill(keys, null);
    } else {
      for (int i = 0; i < written; i++) {
        keys[slots[i]] = null;
      }
    }
    written = 0;
  }
}
