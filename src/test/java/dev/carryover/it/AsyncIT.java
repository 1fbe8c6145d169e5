package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.testing.Browser;
import dev.carryover.testing.JettyNode;
import dev.carryover.testing.LiveSessionCount;
import dev.carryover.testing.RedisServer;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebXml;
import dev.carryover.testing.app.AsyncServlet;
import dev.carryover.testing.app.OperationsServlet;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.annotation.WebListener;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asynchronous requests: what any of their threads does to the session is kept, nothing leaks. */
class AsyncIT {

  @TempDir static Path directory;

  private static RedisServer redis;
  private static JettyNode a;
  private static JettyNode b;

  private final Browser browser = Browser.browser();

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
    Path war =
        WarBuilder.war()
            .classes(OperationsServlet.class, AsyncServlet.class, RequestListener.class)
            .webXml(WebXml.with("<error-page><location>/async/error</location></error-page>"))
            .carryover()
            .build(directory.resolve("async.war"));
    a = JettyNode.node().war(war).contextParam("carryover.redis.url", redis.url()).start();
    b = JettyNode.node().war(war).contextParam("carryover.redis.url", redis.url()).start();
  }

  @AfterAll
  static void stop() {
    a.close();
    b.close();
    redis.close();
  }

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(LiveSessionCount.of(a.context())).isZero());
    await().untilAsserted(() -> assertThat(LiveSessionCount.parked(a.context())).isZero());
    await().untilAsserted(() -> assertThat(LiveSessionCount.early(a.context())).isZero());
  }

  @Test
  void startWithoutArgumentsKeepsOurRequest() {
    assertThat(run("noArguments").body())
        .isEqualTo("original=true passed=true context=true session=true");
    assertThat(onB("start", "thread")).isEqualTo("noArguments\nchanged");
  }

  @Test
  void startWithTheSameArgumentsIsOriginal() {
    assertThat(run("sameArguments").body())
        .isEqualTo("original=true passed=true context=true session=true");
    assertThat(onB("start", "thread")).isEqualTo("sameArguments\nchanged");
  }

  @Test
  void startWithAWrapperPassesTheWrapperOn() {
    assertThat(run("wrapped").body())
        .isEqualTo("original=false passed=true context=true session=true");
    assertThat(onB("start", "thread")).isEqualTo("wrapped\nchanged");
  }

  @Test
  void startWithoutArgumentsThroughAWrapperLeavesTheWrapperOut() {
    assertThat(run("throughWrapper").body())
        .isEqualTo("original=true passed=true context=true session=true");
  }

  @Test
  void completedBeforeTheServletReturns() {
    assertThat(run("completeAtOnce").status()).isEqualTo(200);
    assertThat(onB("start")).isEqualTo("completeAtOnce");
  }

  @Test
  void dispatchedBeforeTheServletReturns() {
    assertThat(run("dispatchAtOnce").body()).isEqualTo("dispatched to /async");
    assertThat(onB("start", "dispatch")).isEqualTo("dispatchAtOnce\ndispatchAtOnce");
  }

  @Test
  void dispatchedByAnotherThread() {
    assertThat(run("dispatch").body()).isEqualTo("dispatched to /async");
    assertThat(onB("start", "thread", "dispatch")).isEqualTo("dispatch\ndispatch\ndispatch");
  }

  @Test
  void dispatchedToAnotherServlet() {
    assertThat(run("dispatchPath").body()).isEqualTo("dispatched to /async/again");
    assertThat(onB("start", "dispatch")).isEqualTo("dispatchPath\ndispatchPath");
  }

  /** As the Javadoc of {@code AsyncContext.dispatch()} has it. */
  @Test
  void startedInAForwardItGoesBackToWhereTheContainerDispatchedItLast() {
    assertThat(run("forward").body()).isEqualTo("dispatched to /async");
    assertThat(onB("start", "thread", "dispatch")).isEqualTo("dispatch\ndispatch\nforward");
  }

  @Test
  void startedAgainInADispatch() {
    assertThat(run("restart").body()).isEqualTo("dispatched to /async/again");
    assertThat(onB("start", "thread", "restart", "dispatch"))
        .isEqualTo("restart\nrestart\nrestart\nrestart");
  }

  @Test
  void timeoutThatAListenerCompletes() {
    assertThat(run("timeout").body()).isEqualTo("timeout ");
    assertThat(onB("start", "listener")).isEqualTo("timeout\ntrue");
    await().untilAsserted(() -> assertThat(onB("completed")).isEqualTo("true"));
  }

  @Test
  void timeoutThatAListenerDispatches() {
    assertThat(run("timeoutDispatch").body()).isEqualTo("timeout dispatched to /async");
    assertThat(onB("listener", "dispatch")).isEqualTo("true\ntimeoutDispatch");
  }

  @Test
  void timeoutThatNobodyHears() {
    Browser.Response response = run("timeoutUnheard");
    assertThat(response.status()).isEqualTo(500);
    assertThat(response.body()).isEqualTo("error page of /async/error");
    assertThat(onB("start", "error")).isEqualTo("timeoutUnheard\nERROR");
  }

  @Test
  void exceptionAfterTheStart() {
    Browser.Response response = run("throwAfterStart");
    assertThat(response.status()).isEqualTo(500);
    assertThat(response.body()).isEqualTo("error page of /async/error");
    assertThat(onB("start", "error")).isEqualTo("throwAfterStart\nERROR");
  }

  @Test
  void exceptionInADispatch() {
    Browser.Response response = run("throwInDispatch");
    assertThat(response.status()).isEqualTo(500);
    assertThat(response.body()).isEqualTo("error page of /async/error");
    assertThat(onB("dispatch", "error")).isEqualTo("throwInDispatch\nERROR");
  }

  @Test
  void errorSentBeforeTheCompletion() {
    Browser.Response response = run("sendErrorAndComplete");
    assertThat(response.status()).isEqualTo(409);
    assertThat(onB("thread", "error")).isEqualTo("sendErrorAndComplete\nERROR");
  }

  @Test
  void oneCookieForTheWholeCycle() {
    assertThat(run("restart").setCookies()).hasSize(1);
    assertThat(run("restart").setCookies()).isEmpty();
  }

  private Browser.Response run(String way) {
    return browser.get(a.uri("/async?way=" + way));
  }

  private String onB(String... names) {
    return browser.get(b.uri("/do?do=get:" + String.join("&do=get:", names))).body();
  }

  /** Hears of requests, so that they are known from before the chain. */
  @WebListener
  public static class RequestListener implements ServletRequestListener {}
}
