package dev.carryover.store.redis;

import java.util.ArrayList;
import java.util.List;

/**
 * The names of the keys of one namespace. A session's first character is its shard and, in braces,
 * the keys' hash tag: all keys of a shard are in one slot of a Redis Cluster.
 */
final class RedisKeys {

  /** The characters an id can start with: those of base64url. */
  static final String SHARDS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  private final String namespace;
  private final List<String> indexes = new ArrayList<>();

  RedisKeys(String namespace) {
    this.namespace = namespace;
    SHARDS.chars().forEach(shard -> indexes.add(shard((char) shard) + "deadlines"));
  }

  /** The hash that holds a session. */
  String record(String id) {
    return shard(id.charAt(0)) + "session:" + id;
  }

  /** The sorted set of the deadlines of a session's shard. */
  String index(String id) {
    return indexes.get(SHARDS.indexOf(id.charAt(0)));
  }

  /** The string that tells late commits where a rotated session went. */
  String forward(String id) {
    return shard(id.charAt(0)) + "forward:" + id;
  }

  /** The sorted sets of deadlines, one a shard. */
  List<String> indexes() {
    return indexes;
  }

  private String shard(char shard) {
    return "carryover:{" + namespace + ':' + shard + "}:";
  }
}
