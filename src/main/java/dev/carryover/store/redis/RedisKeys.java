package dev.carryover.store.redis;

import java.util.ArrayList;
import java.util.List;

/**
 * The keys of one namespace. A session's name begins with its shard, which is, in braces, the keys'
 * hash tag: all keys of a shard are in one slot of a Redis Cluster.
 */
final class RedisKeys {

  /** The characters a name can start with: those of base64url. */
  static final String SHARDS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  private final List<String> shards = new ArrayList<>();
  private final List<String> indexes = new ArrayList<>();

  RedisKeys(String namespace) {
    SHARDS.chars().forEach(c -> shards.add("carryover:{" + namespace + ':' + (char) c + "}:"));
    shards.forEach(shard -> indexes.add(shard + "deadlines"));
  }

  /** The hash that holds a session. */
  String record(String name) {
    return shards.get(shard(name)) + "session:" + name;
  }

  /** The sorted set of the deadlines of a session's shard. */
  String index(String name) {
    return indexes.get(shard(name));
  }

  /** The string that tells late commits where a rotated session went. */
  String forward(String name) {
    return shards.get(shard(name)) + "forward:" + name;
  }

  /** The sorted sets of deadlines, one a shard. */
  List<String> indexes() {
    return indexes;
  }

  private static int shard(String name) {
    return SHARDS.indexOf(name.charAt(0));
  }
}
