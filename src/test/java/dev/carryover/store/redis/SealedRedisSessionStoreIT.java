package dev.carryover.store.redis;

import java.util.List;

/** The same, sealed. */
class SealedRedisSessionStoreIT extends RedisSessionStoreIT {

  @Override
  String secrets() {
    return "a secret for sealed sessions";
  }

  @Override
  List<String> formFields() {
    return List.of("~salt", "~id");
  }
}
