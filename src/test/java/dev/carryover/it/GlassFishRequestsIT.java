package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.Browser;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.app.FailingApp;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** GlassFish gives the next request of a thread the object and the id of the last one. */
@EnabledIfSystemProperty(named = "carryover-test.matrix", matches = "true")
class GlassFishRequestsIT {

  private static final int REQUESTS = 30;

  @Test
  void aRequestThatFailsLeavesItsSessionToNobodyElse(@TempDir Path directory) {
    Path war =
        WarBuilder.war()
            .classes(FailingApp.class)
            .carryover()
            .build(directory.resolve("failing.war"));
    try (RedisServer redis = RedisServer.start();
        WebContainer node =
            WebContainer.Kind.GLASSFISH
                .node(war)
                .contextParam("carryover.redis.url", redis.url())
                .start()) {
      for (int i = 0; i < REQUESTS; i++) {
        assertThat(Browser.browser().get(node.uri("/fail")).status()).isEqualTo(500);
      }
      Set<String> owners = new HashSet<>();
      for (int i = 0; i < REQUESTS; i++) {
        owners.add(Browser.browser().get(node.uri("/owner")).body());
      }
      assertThat(owners).containsExactly("nobody");
    }
  }
}
