package dev.carryover.codec;

import java.net.URL;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the keys of one hash table before they are hashed. Tables are rebuilt by hashing, which
 * bytes made up by someone could turn against the reader: a {@code URL} asks the network for its
 * host, sets within sets take time without end, and so do many keys of one hash.
 *
 * <p>Writing looks too, so that nothing is written that could not be read.
 */
final class KeyGuard {

  /** Keys of one hash that a table may have, beyond the first that are not counted. */
  private static final int MOST_OF_ONE_HASH = 1_000;

  private final Graph graph;

  /** Compares keys even if their hashes differ, as the immutable collections do. */
  private final boolean comparesAll;

  private int count;
  private @Nullable Map<Integer, Integer> hashes;
  private @Nullable Set<Integer> urls;

  KeyGuard(Graph graph) {
    this(graph, false);
  }

  private KeyGuard(Graph graph, boolean comparesAll) {
    this.graph = graph;
    this.comparesAll = comparesAll;
  }

  /** Throws if the key is not to be hashed. */
  void check(@Nullable Object key) {
    if (key instanceof URL) {
      checkUrl((URL) key);
    } else if (key != null && !(key instanceof Comparable)) {
      checkContents(key);
    }
    if (key != null && ++count > MOST_OF_ONE_HASH) {
      checkHash(key);
    }
  }

  /** A URL that was a key before knows its hash; one that doesn't would ask the network. */
  private void checkUrl(URL url) {
    Level level = graph.shapes().level(URL.class);
    Object hash = level.get(url)[level.indexOf("hashCode")];
    if (urls == null) {
      urls = new HashSet<>();
    }
    // Equal hashes would have them compared, by their hosts' addresses. Tables drop the sign.
    boolean known = hash instanceof Integer && (Integer) hash != -1;
    if (comparesAll || !known || !urls.add((Integer) hash & Integer.MAX_VALUE)) {
      throw resolvedUrl();
    }
  }

  private static CodecException resolvedUrl() {
    return new CodecException("a java.net.URL can't be a key here: its host would be looked up");
  }

  /** Walks as hashing would, and gives up where that would take too long. */
  private void checkContents(Object key) {
    if (key instanceof Collection && graph.shapes().hashesContents(key.getClass())) {
      ((Collection<?>) key).forEach(this::checkContent);
    } else if (key instanceof Map && graph.shapes().hashesContents(key.getClass())) {
      ((Map<?, ?>) key).forEach(this::checkContent);
    } else if (key instanceof Map.Entry) {
      checkContent(((Map.Entry<?, ?>) key).getKey(), ((Map.Entry<?, ?>) key).getValue());
    } else if (key instanceof Optional) {
      ((Optional<?>) key).ifPresent(this::checkContent);
    }
  }

  private void checkContent(@Nullable Object key, @Nullable Object value) {
    checkContent(key);
    checkContent(value);
  }

  private void checkContent(@Nullable Object content) {
    graph.spendHashing();
    if (content instanceof URL) {
      throw resolvedUrl();
    }
    if (content != null) {
      checkContents(content);
    }
  }

  private void checkHash(Object key) {
    if (hashes == null) {
      hashes = new HashMap<>();
    }
    if (hashes.merge(key.hashCode(), 1, Integer::sum) > MOST_OF_ONE_HASH) {
      throw new CodecException("too many keys of one hash");
    }
  }

  /** What the JDK's tables that write themselves write as objects, one after another. */
  enum Contents {
    NO_KEYS,
    KEYS,
    KEYS_AND_VALUES,
    /** Of the immutable collections: as their tag says. */
    TAGGED;

    private static final Map<String, Contents> OF =
        Map.of(
            "java.util.HashMap", KEYS_AND_VALUES,
            "java.util.Hashtable", KEYS_AND_VALUES,
            "java.util.concurrent.ConcurrentHashMap", KEYS_AND_VALUES,
            "java.util.HashSet", KEYS,
            "java.util.CollSer", TAGGED);

    private static final int TAG_SET = 2;
    private static final int TAG_MAP = 3;

    static Contents of(Class<?> type) {
      return OF.getOrDefault(type.getName(), NO_KEYS);
    }

    /** The same for one object of the class. */
    Contents in(Level level, Object object) {
      if (this != TAGGED) {
        return this;
      }
      int index = level.indexOf("tag");
      Object tag = index < 0 ? null : level.get(object)[index];
      int kind = tag instanceof Integer ? (Integer) tag & 0xff : 0;
      return kind == TAG_SET ? KEYS : kind == TAG_MAP ? KEYS_AND_VALUES : NO_KEYS;
    }
  }

  /** For what one of the JDK's tables reads or writes by itself; null if that is none. */
  static @Nullable OfTable forTable(Graph graph, @Nullable Level level, @Nullable Object table) {
    if (level == null || table == null || level.contents == Contents.NO_KEYS) {
      return null;
    }
    return new OfTable(graph, level, table);
  }

  /** Guards a table that reads or writes itself. */
  static final class OfTable {

    private final Level level;
    private final Object table;
    private final KeyGuard guard;
    private int objects;
    private @Nullable Contents contents;

    private OfTable(Graph graph, Level level, Object table) {
      this.level = level;
      this.table = table;
      this.guard = new KeyGuard(graph, level.contents == Contents.TAGGED);
    }

    void check(@Nullable Object object) {
      if (contents == null) {
        contents = level.contents.in(level, table);
      }
      boolean isKey =
          contents == Contents.KEYS || (contents == Contents.KEYS_AND_VALUES && objects++ % 2 == 0);
      if (isKey) {
        guard.check(object);
      }
    }
  }
}
