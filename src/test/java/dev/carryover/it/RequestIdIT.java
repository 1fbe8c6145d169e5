package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.testing.Browser;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebContainer;
import dev.carryover.testing.app.HoldServlet;
import dev.carryover.testing.app.OperationsServlet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tomcat numbers requests so that two at the same time can have the same id: the first of each of
 * its request objects in decimal, the later ones in hexadecimal. With a secret each request is
 * known from before the authenticator on.
 */
class RequestIdIT {

  private static final int FIRST_ONES = 24;
  private static final int LATER_ONES = 64;

  private final ExecutorService clients = Executors.newFixedThreadPool(FIRST_ONES);

  @Test
  void requestsWithTheSameIdHaveSessionsOfTheirOwn(@TempDir Path directory) {
    Path war =
        WarBuilder.war()
            .classes(OperationsServlet.class, HoldServlet.class)
            .carryover()
            .build(directory.resolve("ids.war"));
    try (RedisServer redis = RedisServer.start();
        WebContainer node =
            WebContainer.Kind.TOMCAT_10
                .node(war)
                .contextParam("carryover.redis.url", redis.url())
                .contextParam("carryover.secret", "a secret for requests 0123456789")
                .start()) {
      List<CompletableFuture<Answer>> held = new ArrayList<>();
      for (int i = 0; i < FIRST_ONES; i++) {
        String key = "first" + i;
        held.add(
            CompletableFuture.supplyAsync(
                () -> Answer.of(node, "do=requestId&do=create&do=hold:" + key), clients));
        Browser.browser().get(node.uri("/hold?await=" + key));
      }
      List<Answer> later = new ArrayList<>();
      for (int i = 0; i < LATER_ONES; i++) {
        later.add(Answer.of(node, "do=requestId&do=create"));
      }
      for (int i = 0; i < FIRST_ONES; i++) {
        Browser.browser().get(node.uri("/hold?release=first" + i));
      }

      List<Answer> first = held.stream().map(CompletableFuture::join).toList();
      assertThat(sharedRequestIds(first, later)).isNotEmpty();
      Set<String> sessions = new HashSet<>();
      first.forEach(answer -> sessions.add(answer.sessionId));
      later.forEach(answer -> sessions.add(answer.sessionId));
      assertThat(sessions).hasSize(FIRST_ONES + LATER_ONES);
    } finally {
      clients.shutdownNow();
    }
  }

  private static Set<String> sharedRequestIds(List<Answer> first, List<Answer> later) {
    Set<String> shared = new HashSet<>();
    first.forEach(answer -> shared.add(answer.requestId));
    Set<String> others = new HashSet<>();
    later.forEach(answer -> others.add(answer.requestId));
    shared.retainAll(others);
    return shared;
  }

  private record Answer(String requestId, String sessionId) {
    private static Answer of(WebContainer node, String query) {
      Browser.Response response = Browser.browser().get(node.uri("/do?" + query));
      assertThat(response.status()).as(response.body()).isEqualTo(200);
      String[] lines = response.body().split("\n");
      return new Answer(lines[0], lines[1]);
    }
  }
}
