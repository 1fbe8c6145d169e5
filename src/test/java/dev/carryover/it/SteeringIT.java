package dev.carryover.it;

import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;

class SteeringIT extends SteeringContract {

  private final RedisServer redis = RedisServer.start();

  @Override
  String url() {
    return redis.url();
  }

  @Override
  void flush() {
    try (RedisProbe probe = RedisProbe.of(redis)) {
      probe.flushAll();
    }
  }

  @AfterAll
  void stop() {
    redis.close();
  }
}
