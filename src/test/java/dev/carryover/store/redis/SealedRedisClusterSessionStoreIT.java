package dev.carryover.store.redis;

/** The same, sealed, and with an older secret that no session has. */
class SealedRedisClusterSessionStoreIT extends RedisClusterSessionStoreIT {

  @Override
  String secrets() {
    return "the secret of these sessions,the secret of older ones";
  }
}
