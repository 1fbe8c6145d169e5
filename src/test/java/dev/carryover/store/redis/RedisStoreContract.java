package dev.carryover.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.carryover.store.SessionStore;
import dev.carryover.store.SessionStoreContract;
import dev.carryover.testing.RedisProbe;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The contract over Redis: time goes by when a raw probe writes a record's times back. */
abstract class RedisStoreContract extends SessionStoreContract {

  static final String NAMESPACE = "shop";

  /** A probe of the server that keeps the key. */
  abstract RedisProbe probe(String key);

  abstract Collection<RedisProbe> probes();

  static String record(String id) {
    return "carryover:{shop:" + id.charAt(0) + "}:session:" + id;
  }

  static String index(String id) {
    return "carryover:{shop:" + id.charAt(0) + "}:deadlines";
  }

  static String forward(String id) {
    return "carryover:{shop:" + id.charAt(0) + "}:forward:" + id;
  }

  @Override
  protected void elapseAll(List<String> ids, Duration time) {
    ids.forEach(id -> elapse(id, time));
  }

  @Override
  protected void elapse(String id, Duration time) {
    RedisProbe probe = probe(record(id));
    Map<String, byte[]> fields = probe.hgetall(record(id));
    for (String field : List.of("~created", "~accessed", "~ended")) {
      if (fields.containsKey(field)) {
        long millis = Long.parseLong(new String(fields.get(field), UTF_8)) - time.toMillis();
        probe.hset(record(id), field, Long.toString(millis).getBytes(UTF_8));
      }
    }
    Object score = probe.command("ZSCORE", index(id), id);
    if (score != null && !score.equals("inf")) {
      probe.command("ZINCRBY", index(id), Long.toString(-time.toMillis()), id);
    }
  }

  @Override
  protected void touchAndWait(SessionStore store, String id) {
    long before = scriptCalls();
    store.touch(id);
    await().until(() -> scriptCalls() > before);
  }

  @Override
  protected void finishAndWait(String id) {
    store().finish(id);
    await().until(() -> !probe(record(id)).exists(record(id)));
  }

  private long scriptCalls() {
    return probes().stream()
        .map(RedisProbe::commandStats)
        .mapToLong(stats -> stats.getOrDefault("hmget", 0L))
        .sum();
  }
}
