package dev.carryover.store.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The keys of one namespace. A session's name begins with its shard, which is, in braces, the keys'
 * hash tag: all keys of a shard are in one slot of a Redis Cluster.
 */
final class RedisKeys {

  /** The characters a name can start with: those of base64url. */
  static final String SHARDS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  /** An id, or what stands for one where it is sealed. */
  private static final Pattern NAME = Pattern.compile("[\\w-]{43}|[\\w-]{44}\\.[\\w-]{6}");

  private static final String INDEX = "deadlines";

  /** The shard's own, the tag's end, a colon. */
  private static final int CHARACTERS_AFTER_SHARD = INDEX.length() + 3;

  private final List<String> shards = new ArrayList<>();
  private final List<String> indexes = new ArrayList<>();
  private final List<String> principals = new ArrayList<>();
  private final List<String> events = new ArrayList<>();

  RedisKeys(String namespace) {
    SHARDS.chars().forEach(c -> shards.add("carryover:{" + namespace + ':' + (char) c + "}:"));
    shards.forEach(shard -> indexes.add(shard + INDEX));
    shards.forEach(shard -> principals.add(shard + "principals"));
    shards.forEach(shard -> events.add(shard + "events"));
  }

  /** The hash that holds a session. */
  String record(String name) {
    return shards.get(shardOf(name)) + "session:" + name;
  }

  /** The sorted set of the deadlines of a session's shard. */
  String index(String name) {
    return indexes.get(shardOf(name));
  }

  /** The string that tells late commits where a rotated session went. */
  String forward(String name) {
    return shards.get(shardOf(name)) + "forward:" + name;
  }

  /** The string that is there while a node has its turn to look for what has expired. */
  String turn() {
    return shards.get(0) + "turn";
  }

  /** The sorted sets of deadlines, one a shard. */
  List<String> indexes() {
    return indexes;
  }

  /** The sorted sets of the principals' sessions, one a shard. */
  List<String> principals() {
    return principals;
  }

  /** The hashes that count what happens to sessions, one a shard. */
  List<String> events() {
    return events;
  }

  /** The number of a session's shard, from 0 on. */
  int shardOf(String name) {
    return SHARDS.indexOf(name.charAt(0));
  }

  /** Whether a session may have that name. */
  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** Whether a session in this index may have that name. */
  boolean isName(String text, String index) {
    return isName(text) && index(text).equals(index);
  }

  /** Whether a session may have that id. */
  static boolean isId(String text) {
    return text.indexOf('.') < 0 && isName(text);
  }

  /** The number of the shard that has this index. */
  int shardOfIndex(String index) {
    return SHARDS.indexOf(index.charAt(index.length() - CHARACTERS_AFTER_SHARD));
  }
}
