package dev.carryover.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carryover.event.SessionEvents;
import dev.carryover.servlet.container.ContainerAdapter;
import dev.carryover.servlet.container.ContainerLogins;
import dev.carryover.servlet.container.LoginDetour;
import dev.carryover.servlet.container.LoginHook;
import dev.carryover.session.AttributeCodec;
import dev.carryover.session.LiveSessions;
import dev.carryover.session.SessionAccess;
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
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a request is answered that can't have its session. */
class RequestDispatchTest {

  private static final int A_SECONDS_SESSIONS = 1;
  private static final ServletContext CONTEXT =
      Stub.of(ServletContext.class, (proxy, method, arguments) -> null);

  private final LiveSessions sessions =
      new LiveSessions(
          new MemorySessionStore(new MutableClock(), true),
          Stub.of(AttributeCodec.class, (proxy, method, arguments) -> null),
          new SessionRules(
                  Duration.ofMinutes(10), false, Duration.ofMinutes(1), Duration.ofSeconds(30))
              .creatingAtMost(A_SECONDS_SESSIONS),
          SessionEvents.none());
  private final RequestDispatch dispatch = dispatch(ContainerAdapter.of(CONTEXT, List.of()));

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

  @Test
  void aRequestThatFailsBeforeItsUserIsKnownLetsGoOfItsSession() {
    Exchange exchange = new Exchange();
    SessionRequest seen = (SessionRequest) dispatch.requestInitialized(exchange.request);
    Asked asked = new Asked(exchange);
    asked.failure = new IOException("The client is gone");

    assertThatThrownBy(() -> dispatch.decide(exchange.request, exchange.response, true, asked))
        .isSameAs(asked.failure);

    assertThat(seen.session().isDispatched()).isFalse();
  }

  /** The listeners are told of the end of a round only. */
  @Test
  void anAsynchronousRequestGoesOnAlsoWhereAFilterBeforeOursHasWrappedIt() throws Exception {
    Exchange exchange = new Exchange().withId("16");
    ServletRequest seen = dispatch.requestInitialized(exchange.request);
    AtomicReference<RequestSession> session = new AtomicReference<>();
    dispatch.run(
        new HttpServletRequestWrapper(exchange.request),
        exchange.response,
        (request, response) -> {
          session.set(((SessionRequest) request).session());
          request.startAsync();
        });

    dispatch.afterRequestDestroyed(exchange.request);

    assertThat(session.get().isDispatched()).isTrue();
    assertThat(dispatch.requestDestroyed(exchange.request)).isSameAs(seen);
  }

  /** GlassFish has a few objects for all requests, each with an id that stays. */
  @Test
  void whereRequestsAreUsedAgainNothingIsLeftOfOneWhoseUserCouldNotBeNoted() throws Exception {
    RequestDispatch glassFish = dispatch(whereRequestIdsRecur());
    Exchange exchange = new Exchange(stored()).withId("3");
    glassFish.decide(exchange.request, exchange.response, false, new Asked(exchange));
    exchange.user(
        () -> {
          throw new IllegalStateException("The realm is out of order");
        });
    assertThatThrownBy(
            () -> glassFish.run(exchange.request, exchange.response, (request, response) -> {}))
        .isInstanceOf(IllegalStateException.class);

    assertThat(glassFish.requestDestroyed(exchange.request)).isSameAs(exchange.request);
  }

  /** It does not tell of the end of one that failed in a valve. */
  @Test
  void whereRequestsAreUsedAgainANewOneHasNothingOfOneThatNeverEnded() {
    RequestDispatch glassFish = dispatch(whereRequestIdsRecur());
    Exchange exchange = new Exchange().withId("3");
    SessionRequest first = (SessionRequest) glassFish.requestInitialized(exchange.request);
    first.session().dispatched(exchange.response);
    exchange.forgetAttributes();

    SessionRequest next = (SessionRequest) glassFish.requestInitialized(exchange.request);

    assertThat(next.session()).isNotSameAs(first.session());
    assertThat(glassFish.requestDestroyed(exchange.request)).isSameAs(next);
    glassFish.afterRequestDestroyed(exchange.request);
    assertThat(glassFish.requestDestroyed(exchange.request)).isSameAs(exchange.request);
    assertThat(first.session().isDispatched()).isFalse();
  }

  @Test
  void whereRequestsAreUsedAgainANewOneHasNothingOfOneThatWasNeverCompleted() throws Exception {
    RequestDispatch glassFish = dispatch(whereRequestIdsRecur());
    Exchange exchange = new Exchange().withId("3");
    SessionRequest first = seenByFilter(glassFish, exchange, true);
    exchange.forgetAttributes();

    SessionRequest next = seenByFilter(glassFish, exchange, false);

    assertThat(next.session()).isNotSameAs(first.session());
    assertThat(glassFish.requestDestroyed(exchange.request)).isSameAs(exchange.request);
  }

  private static SessionRequest seenByFilter(
      RequestDispatch dispatch, Exchange exchange, boolean startsAsync) throws Exception {
    AtomicReference<SessionRequest> seen = new AtomicReference<>();
    dispatch.decide(exchange.request, exchange.response, false, new Asked(exchange));
    dispatch.run(
        exchange.request,
        exchange.response,
        (request, response) -> {
          seen.set((SessionRequest) request);
          if (startsAsync) {
            request.startAsync();
          }
        });
    return seen.get();
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

  /** The id of a session that is there. */
  private String stored() {
    SessionAccess session = sessions.create();
    session.commit();
    session.release();
    return session.id();
  }

  private static ContainerAdapter whereRequestIdsRecur() {
    ContainerAdapter other = ContainerAdapter.of(CONTEXT, List.of());
    return Stub.of(
        ContainerAdapter.class,
        (proxy, method, arguments) ->
            method.getName().equals("requestIdsRecur") ? true : method.invoke(other, arguments));
  }

  private RequestDispatch dispatch(ContainerAdapter container) {
    return new RequestDispatch(
        sessions,
        new ListenerBridge(CONTEXT, container),
        container,
        SessionCookie.builder(Exchange.COOKIE, "/").build(),
        new LoginCarrier(loginsByForm(), Duration.ZERO),
        new AccessRules(new UserAttributes(null), null, null));
  }

  private static ContainerLogins loginsByForm() {
    LoginDetour wantsToKeepThePage =
        Stub.of(
            LoginDetour.class,
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "isChanged" -> true;
                  case "maxInactiveInterval" -> 600;
                  default -> null;
                });
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
    private IOException failure;

    private Asked(Exchange exchange) {
      this.exchange = exchange;
    }

    @Override
    public void find() throws IOException {
      if (failure != null) {
        throw failure;
      }
    }

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
