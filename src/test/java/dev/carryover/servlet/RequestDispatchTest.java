package dev.carryover.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carryover.event.SessionEvents;
import dev.carryover.servlet.container.ContainerAdapter;
import dev.carryover.servlet.container.ContainerLogins;
import dev.carryover.servlet.container.LoginDetour;
import dev.carryover.servlet.container.LoginHook;
import dev.carryover.session.AttributeCodec;
import dev.carryover.session.LiveSessions;
import dev.carryover.session.SessionRules;
import dev.carryover.session.SessionUnavailableException;
import dev.carryover.store.memory.MemorySessionStore;
import dev.carryover.testing.MutableClock;
import dev.carryover.testing.Stub;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a request is answered that can't have its session. */
class RequestDispatchTest {

  private static final int A_SECONDS_SESSIONS = 1;

  private final LiveSessions sessions =
      new LiveSessions(
          new MemorySessionStore(new MutableClock(), true),
          Stub.of(AttributeCodec.class, (proxy, method, arguments) -> null),
          new SessionRules(
                  Duration.ofMinutes(10), false, Duration.ofMinutes(1), Duration.ofSeconds(30))
              .creatingAtMost(A_SECONDS_SESSIONS),
          SessionEvents.none());
  private final RequestDispatch dispatch = dispatch();

  @AfterEach
  void close() {
    sessions.close();
  }

  /** Its authenticator answers what fails in the login page with a 500, if it hears of it. */
  @Test
  void whoCannotHaveASessionToLogInWithIsToldToComeBack() {
    Exchange refused = await().until(this::answered, exchange -> exchange.status() != 200);

    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.headers("Retry-After")).hasSize(1);
  }

  /** The same where the container asks a module of ours, which has answered nothing yet. */
  @Test
  void whoNeedsALoginAndCannotHaveASessionGoesNoFurther() throws Exception {
    Exchange exchange = new Exchange();
    Asked asked = new Asked(exchange);
    useUp();

    dispatch.decide(exchange.request, exchange.response, true, asked);

    assertThat(exchange.status()).isEqualTo(503);
    assertThat(asked.isAnswered).isTrue();
  }

  @Test
  void whoWantsWhatIsOpenToAllGoesOn() throws Exception {
    Exchange exchange = new Exchange();
    Asked asked = new Asked(exchange);
    useUp();

    dispatch.decide(exchange.request, exchange.response, false, asked);

    assertThat(exchange.status()).isEqualTo(200);
    assertThat(asked.isAnswered).isFalse();
  }

  /** Tomcat's ids of requests are not always their own. */
  @Test
  void requestsAtTheSameTimeAreToldApartEvenIfTheirIdsAreTheSame() {
    Exchange one = new Exchange().withId("16");
    Exchange other = new Exchange().withId("16");

    ServletRequest seen = dispatch.requestInitialized(one.request);

    assertThat(dispatch.requestInitialized(other.request)).isNotSameAs(seen);
    assertThat(dispatch.requestDestroyed(one.request)).isSameAs(seen);
  }

  @Test
  void aRequestIsTheSameInAllItsDispatches() {
    Exchange exchange = new Exchange().withId("16");

    ServletRequest seen = dispatch.requestInitialized(exchange.request);

    assertThat(dispatch.requestInitialized(new HttpServletRequestWrapper(exchange.request)))
        .isSameAs(seen);
  }

  /** One that has no session left, unless a new second has just begun. */
  private Exchange answered() throws Exception {
    useUp();
    Exchange exchange = new Exchange();
    dispatch.authenticate(exchange.request, exchange.response, true, new ToTheLoginPage(exchange));
    return exchange;
  }

  private void useUp() {
    try {
      while (true) {
        sessions.create().release();
      }
    } catch (SessionUnavailableException e) {
      assertThat(e).hasMessageContaining("no more sessions");
    }
  }

  private RequestDispatch dispatch() {
    ServletContext context = Stub.of(ServletContext.class, (proxy, method, arguments) -> null);
    ContainerAdapter container = ContainerAdapter.of(context, List.of());
    return new RequestDispatch(
        sessions,
        new ListenerBridge(context, container),
        container,
        SessionCookie.builder(Exchange.COOKIE, "/").build(),
        new LoginCarrier(loginsByForm(), Duration.ZERO),
        new AccessRules(new UserAttributes(null), null, null));
  }

  private static ContainerLogins loginsByForm() {
    LoginDetour wantsToKeepThePage =
        Stub.of(
            LoginDetour.class,
            (proxy, method, arguments) -> method.getName().equals("isChanged") ? true : null);
    return Stub.of(
        ContainerLogins.class,
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "detour" -> wantsToKeepThePage;
              case "hasPutOff" -> false;
              default -> null;
            });
  }

  /** A container's authenticator, which forwards to a page and says what fails there by itself. */
  private final class ToTheLoginPage implements LoginHook.Authentication {
    private final Exchange exchange;

    private ToTheLoginPage(Exchange exchange) {
      this.exchange = exchange;
    }

    @Override
    public void run() throws IOException {
      try {
        dispatch.run(exchange.request, exchange.response, (request, response) -> {});
      } catch (Exception e) {
        exchange.response.sendError(500);
      }
    }

    @Override
    public void refuse(int status) throws IOException {
      exchange.response.sendError(status);
    }
  }

  /** A module's question about a request that it would let go on. */
  private static final class Asked implements LoginHook.Decision {
    private final Exchange exchange;
    private boolean isAnswered;

    private Asked(Exchange exchange) {
      this.exchange = exchange;
    }

    @Override
    public void find() {}

    @Override
    public boolean goesOn() {
      return !isAnswered;
    }

    @Override
    public void answer() {}

    @Override
    public void refuse(int status) throws IOException {
      isAnswered = true;
      exchange.response.sendError(status);
    }
  }
}
