package dev.carryover.session;

import dev.carryover.config.SessionConfig;
import dev.carryover.store.SessionStore;
import dev.carryover.store.redis.RedisSessionStore;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * The same over two nodes that write in different forms, and put sessions into their own as often
 * as they can: each record looks old to them all the time.
 */
class SealedConcurrentRequestsIT extends ConcurrentRequests {

  /** In one step, for a session may be renamed at any time; and no field that is not there. */
  private static final String SET_IF_THERE =
      "for i = 1, #ARGV, 2 do if redis.call('HEXISTS', KEYS[1], ARGV[i]) == 1 then"
          + " redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end end";

  private static RedisServer redis;
  private static List<SessionStore> stores;
  private static final CountDownLatch done = new CountDownLatch(1);
  private static final Thread ageing = new Thread(SealedConcurrentRequestsIT::age, "ageing");

  @BeforeContainer
  static void start() {
    redis = RedisServer.start();
    stores =
        List.of(
            store("a secret that is new,a secret that is old,none"),
            store("none,a secret that is old,a secret that is new"));
    ageing.start();
  }

  private static SessionStore store(String secrets) {
    return RedisSessionStore.connect(
        SessionConfig.builder()
            .redisUrl(redis.url())
            .redisTimeout(Duration.ofSeconds(20))
            .secret(secrets)
            .build(),
        "shop");
  }

  @AfterContainer
  static void stop() throws InterruptedException {
    done.countDown();
    ageing.join();
    stores.forEach(SessionStore::close);
    redis.close();
  }

  @Override
  SessionStore store(int node) {
    return stores.get(node);
  }

  @Override
  void expire(String id) {
    try (RedisProbe probe = RedisProbe.of(redis)) {
      do {
        // May miss it, where it is just renamed.
        setInAll(probe, "~accessed", "1000");
      } while (store(0).open(id, 0) != null);
    }
  }

  @Property(tries = 200)
  void requestsDoWhatTheModelSays(@ForAll("steps") List<Step> steps) {
    check(steps);
  }

  @Example
  void threadsLoseNothing() throws Exception {
    checkThreads(300);
  }

  private static void age() {
    try (RedisProbe probe = RedisProbe.of(redis)) {
      while (!done.await(1, TimeUnit.MILLISECONDS)) {
        setInAll(probe, "~created", "1000", "~resealed", "1000");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void setInAll(RedisProbe probe, String... fieldsAndValues) {
    for (String record : probe.keys("*session:*")) {
      String[] command = new String[4 + fieldsAndValues.length];
      System.arraycopy(new String[] {"EVAL", SET_IF_THERE, "1", record}, 0, command, 0, 4);
      System.arraycopy(fieldsAndValues, 0, command, 4, fieldsAndValues.length);
      probe.command(command);
    }
  }
}
