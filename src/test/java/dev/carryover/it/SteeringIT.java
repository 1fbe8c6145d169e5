package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.Browser;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class SteeringIT extends SteeringContract {

  private static final Map<String, String> STRICT =
      Map.of(
          "principal-attribute", "user",
          "max-sessions-per-principal", "2",
          "on-max-sessions", "reject",
          "bind", "ip/24",
          "bind.trusted-proxies", "127.0.0.0/8,::1",
          "on-bind-mismatch", "invalidate");

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
    stopNodes();
    redis.close();
  }

  @Test
  void aThirdLoginIsRefused() {
    use(STRICT);
    run(ann, "set:user:ann");
    run(annsPhone, "set:user:ann");

    Browser third = Browser.browser();
    run(third, "create");
    Browser.Response refused = response(third, "/do?do=set:user:ann");

    assertThat(refused.status()).isEqualTo(403);
    assertThat(run(third, "id")).isEqualTo("none");
    assertThat(response(third, "/do?do=set:user:ann&do=redirect:/do").status()).isEqualTo(403);
    assertThat(response(third, "/do?do=set:user:ann&do=async").status()).isEqualTo(403);
    assertThat(response(third, "/do?do=set:user:ann&do=dispatchAsync:/do").status()).isEqualTo(403);
    String loginInDispatch = "/do%3Fdo%3Dset:user:ann";
    assertThat(response(third, "/do?do=dispatchAsync:" + loginInDispatch).status()).isEqualTo(403);
    assertThat(response(third, "/do?do=set:user:ann&do=throw").status()).isEqualTo(403);
    assertThat(run(third, "id")).isEqualTo("none");
    assertThat(run(ann, "get:user")).isEqualTo("ann");
    assertThat(run(annsPhone, "get:user", "invalidate")).isEqualTo("ann\ninvalidated");
    assertThat(run(third, "set:user:ann")).isEqualTo("set");
    assertThat(run(third, "get:user")).isEqualTo("ann");
  }

  @Test
  void aSessionEndsWhereItsClientIsAnother() {
    use(STRICT);
    String[] home = {"X-Forwarded-For", "198.51.100.7"};
    String id = get(ann, "/do?do=create", home);
    assertThat(get(ann, "/do?do=id", "X-Forwarded-For", "198.51.100.99")).isEqualTo(id);

    assertThat(get(ann, "/do?do=id", "X-Forwarded-For", "203.0.113.7")).isEqualTo("none");

    assertThat(get(Browser.browser(), "/do?do=id", "Cookie", "JSESSIONID=" + id, home[0], home[1]))
        .isEqualTo("none");
    assertThat(endsHeard(id)).hasSize(1);
  }
}
