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

  private final String namespace;
  private final List<String> indexes = new ArrayList<>();

  RedisKeys(String namespace) {
    this.namespace = namespace;
    SHARDS.chars().forEach(shard -> indexes.add(shard((char) shard) + "deadlines"));
  }

  /** The hash that holds a session. */
  String record(String name) {
    return shard(name.charAt(0)) + "session:" + name;
  }

  /** The sorted set of the deadlines of a session's shard. */
  String index(String name) {
    return indexes.get(SHARDS.indexOf(name.charAt(0)));
  }

  /** The string that tells late commits where a rotated session went. */
  String forward(String name) {
    return shard(name.charAt(0)) + "forward:" + name;
  }

  /** The sorted sets of deadlines, one a shard. */
  List<String> indexes() {
    return indexes;
  }

  private String shard(char shard) {
    return "carryover:{" + namespace + ':' + shard + "}:";
  }
}
