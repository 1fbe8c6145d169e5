package dev.carryover.it;

import dev.carryover.testing.RedisCluster;
import org.junit.jupiter.api.AfterAll;

class SteeringInClusterIT extends SteeringContract {

  private final RedisCluster redis = RedisCluster.start();

  @Override
  String url() {
    return redis.url();
  }

  @Override
  void flush() {
    redis.flushAll();
  }

  @AfterAll
  void stop() {
    stopNodes();
    redis.close();
  }
}
