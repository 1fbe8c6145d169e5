package dev.carryover.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.carryover.config.Secrets;
import dev.carryover.config.SessionConfig;
import dev.carryover.store.SessionStore;
import dev.carryover.store.SessionStoreContract;
import dev.carryover.testing.RedisProbe;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.TestInstance;

/** The contract over Redis: time goes by when a raw probe writes a record's times back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RedisStoreContract extends SessionStoreContract {

  static final String NAMESPACE = "shop";

  private RecordForms forms;

  /** A probe of the server that keeps the key. */
  abstract RedisProbe probe(String key);

  abstract Collection<RedisProbe> probes();

  /** How the store keeps its records, in the configuration's words. */
  String secrets() {
    return Secrets.UNSEALED;
  }

  /** What the configuration of the stores begins with. */
  final SessionConfig config(String url) {
    return SessionConfig.builder()
        .redisUrl(url)
        .redisTimeout(Duration.ofSeconds(20))
        .secret(secrets())
        .lazyAbove(0)
        .build();
  }

  final RecordForms forms() {
    if (forms == null) {
      forms = RecordForms.of(config("redis://unused").secrets(), NAMESPACE);
    }
    return forms;
  }

  @Override
  protected String name(String id) {
    return forms().first().name(id);
  }

  String record(String id) {
    return "carryover:{shop:" + id.charAt(0) + "}:session:" + name(id);
  }

  static String index(String id) {
    return "carryover:{shop:" + id.charAt(0) + "}:deadlines";
  }

  String forward(String id) {
    return "carryover:{shop:" + id.charAt(0) + "}:forward:" + name(id);
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
    Object score = probe.command("ZSCORE", index(id), name(id));
    if (score != null && !score.equals("inf")) {
      probe.command("ZINCRBY", index(id), Long.toString(-time.toMillis()), name(id));
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
