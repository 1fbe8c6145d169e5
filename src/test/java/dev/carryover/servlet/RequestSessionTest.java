package dev.carryover.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carryover.config.ClientTraits;
import dev.carryover.config.OnBindMismatch;
import dev.carryover.event.SessionEvents;
import dev.carryover.servlet.container.ContainerAdapter;
import dev.carryover.servlet.container.ContainerLogins;
import dev.carryover.servlet.container.LoginUser;
import dev.carryover.session.AttributeCodec;
import dev.carryover.session.LiveSessions;
import dev.carryover.session.SessionAccess;
import dev.carryover.session.SessionRules;
import dev.carryover.session.SessionUnavailableException;
import dev.carryover.store.SessionStore;
import dev.carryover.store.SessionStoreException;
import dev.carryover.store.memory.MemorySessionStore;
import dev.carryover.testing.MutableClock;
import dev.carryover.testing.Stub;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one request gets of the sessions that its client names. */
class RequestSessionTest {

  private static final String OWNER = "192.0.2.1";
  private static final String STRANGER = "198.51.100.7";

  private final SessionStore records = new MemorySessionStore(new MutableClock(), true);
  private boolean endsAreLost;
  private final LiveSessions sessions =
      new LiveSessions(
          store(),
          texts(),
          new SessionRules(
              Duration.ofMinutes(10), false, Duration.ofMinutes(1), Duration.ofSeconds(30)),
          SessionEvents.none());

  @AfterEach
  void close() {
    sessions.close();
  }

  @Test
  void anothersSessionThatCannotBeEndedNowIsNotHandedOut() {
    String id = sessionOf(OWNER);
    endsAreLost = true;
    Exchange exchange = new Exchange(id).from(STRANGER);
    RequestSession request = request(exchange);
    assertThatThrownBy(() -> request.session(true)).isInstanceOf(SessionUnavailableException.class);

    assertThatThrownBy(() -> request.session(false))
        .isInstanceOf(SessionUnavailableException.class);
    request.finish();
    assertThat(request(new Exchange(id).from(OWNER)).session(false)).isNotNull();
  }

  @Test
  void anothersSessionIsEndedAndTheClientGetsOneOfItsOwn() {
    String id = sessionOf(OWNER);
    RequestSession request = request(new Exchange(id).from(STRANGER));

    assertThat(request.session(false)).isNull();
    assertThat(request.session(true).getId()).isNotEqualTo(id);
    request.finish();
    assertThat(records.exists(id)).isFalse();
  }

  /** Where logins are carried again later, or are on another node. */
  @Test
  void aLogoutIsOneAlsoWhereLoginsAreNotCarried() {
    String id = sessionOf(OWNER);
    SessionAccess access = sessions.open(id);
    access.note("login", "ann");
    access.commit();
    RequestSession request = request(new Exchange(id).from(OWNER));
    request.loggedOut();
    request.finish();
    assertThat(sessions.open(id).note("login")).isNull();
  }

  /** Between the container's look for the user and the filter. */
  @Test
  void whoIsLoggedOutMeanwhileIsNotTheUserOfTheSessionAgain() {
    String id = sessionOf(OWNER);
    SessionAccess other = sessions.open(id);
    LoginUser ann = new LoginUser("ann", "FORM", List.of(), null);
    other.note("login", new LoginRecord(ann, false, 0).encode());
    other.setPrincipal("ann");
    Exchange exchange = new Exchange(id).from(OWNER);
    RequestSession request = request(exchange, new LoginCarrier(logins(exchange), Duration.ZERO));
    request.beginAuthentication();
    request.endAuthentication();
    assertThat(exchange.request.getUserPrincipal().getName()).isEqualTo("ann");

    request.userMayBeKnown();
    assertThat(other.principal()).isEqualTo("ann");
    RequestLogin.forget(other);
    request.userMayBeKnown();

    assertThat(other.principal()).isNull();
    assertThat(other.id()).isEqualTo(id);
  }

  /** By a registry of sessions, say: the container's request may be another client's by then. */
  @Test
  void aSessionThatIsKeptCanBeEndedOnceTheRequestThatItCameWithIsOver() {
    String id = sessionOf(OWNER);
    Exchange exchange = new Exchange(id).from(OWNER);
    AtomicInteger logIns = new AtomicInteger();
    RequestSession request =
        request(exchange, new LoginCarrier(logins(exchange, logIns, true), Duration.ZERO));
    HttpSession kept = request.session(false);
    request.finish();
    SessionAccess other = sessions.open(id);
    LoginUser ann = new LoginUser("ann", "FORM", List.of(), null);
    other.note("login", new LoginRecord(ann, false, 0).encode());
    other.commit();
    exchange.recycle();

    kept.invalidate();

    assertThat(records.exists(id)).isFalse();
    assertThat(logIns).hasValue(0);
  }

  @Test
  void theSameWhereTheContainerKeepsItsLogins() {
    String id = sessionOf(OWNER);
    Exchange exchange = new Exchange(id).from(OWNER);
    RequestSession request = request(exchange);
    HttpSession kept = request.session(false);
    request.finish();
    exchange.recycle();

    kept.invalidate();

    assertThat(records.exists(id)).isFalse();
  }

  /** Who has logged in by then is told with the next request: its id is not lost on the way. */
  @Test
  void theIdOfWhoHasLoggedInChangesWithARequestThatCanTellHim() {
    String anonymous = sessionOf(OWNER);
    Exchange download = new Exchange(anonymous).from(OWNER);
    download.user(() -> () -> "ann");
    RequestSession late = request(download);
    download.commitResponse();
    assertThat(late.session(false).getId()).isEqualTo(anonymous);
    late.finish();
    assertThat(records.exists(anonymous)).isTrue();

    Exchange page = new Exchange(anonymous).from(OWNER);
    page.user(() -> () -> "ann");
    RequestSession next = request(page);
    String asAnn = next.session(false).getId();
    next.finish();
    assertThat(asAnn).isNotEqualTo(anonymous);
    assertThat(page.headers("Set-Cookie"))
        .singleElement()
        .asString()
        .startsWith(Exchange.COOKIE + '=' + asAnn + ';');
    assertThat(records.exists(anonymous)).isFalse();
    assertThat(sessions.open(asAnn).principal()).isEqualTo("ann");
  }

  /** Otherwise whoever has planted the id would be ann. */
  @Test
  void aLoginThatTheClientCannotBeToldOfIsNotNotedUnderItsOldId() {
    String anonymous = sessionOf(OWNER);
    Exchange exchange = new Exchange(anonymous).from(OWNER);
    RequestSession request =
        request(
            exchange, new LoginCarrier(logins(exchange, new AtomicInteger(), true), Duration.ZERO));
    request.session(false);
    exchange.commitResponse();
    request.beginAuthentication();
    exchange.user(() -> () -> "ann");
    request.endAuthentication();
    request.loggedIn();
    request.finish();

    SessionAccess session = sessions.open(anonymous);
    assertThat(session).isNotNull();
    assertThat(session.principal()).isNull();
    assertThat(session.note("login")).isNull();
  }

  @Test
  void aSessionBegunInTheSameRequestIsTheUsers() {
    Exchange exchange = new Exchange().from(OWNER);
    RequestSession request = request(exchange);
    String id = request.session(true).getId();
    exchange.commitResponse();
    exchange.user(() -> () -> "ann");
    request.authenticated();
    request.finish();

    assertThat(sessions.open(id).principal()).isEqualTo("ann");
  }

  private static ContainerLogins logins(Exchange exchange) {
    return logins(exchange, new AtomicInteger(), false);
  }

  private static ContainerLogins logins(
      Exchange exchange, AtomicInteger logIns, boolean findsUserFirst) {
    return Stub.of(
        ContainerLogins.class,
        (proxy, method, arguments) -> {
          switch (method.getName()) {
            case "findsUserFirst" -> {
              return findsUserFirst;
            }
            case "logIn" -> {
              logIns.incrementAndGet();
              Principal principal = ((LoginUser) arguments[1])::name;
              exchange.user(() -> principal);
              return null;
            }
            case "user" -> {
              return new LoginUser("ann", "FORM", List.of(), null);
            }
            case "principal" -> {
              return exchange.request.getUserPrincipal();
            }
            default -> {
              return method.getReturnType() == boolean.class ? false : null;
            }
          }
        });
  }

  private String sessionOf(String client) {
    RequestSession request = request(new Exchange().from(client));
    String id = request.session(true).getId();
    request.finish();
    return id;
  }

  private RequestSession request(Exchange exchange) {
    return request(exchange, null);
  }

  private RequestSession request(Exchange exchange, LoginCarrier logins) {
    ServletContext context = Stub.of(ServletContext.class, (proxy, method, arguments) -> null);
    ContainerAdapter container = ContainerAdapter.of(context, List.of());
    ClientBinding binding =
        new ClientBinding(ClientTraits.parse("ip"), List.of(), OnBindMismatch.INVALIDATE);
    RequestSession session =
        new RequestSession(
            sessions,
            new ListenerBridge(context, container),
            container,
            SessionCookie.builder(Exchange.COOKIE, "/").build(),
            logins,
            new AccessRules(new UserAttributes(null), null, binding),
            exchange.request);
    session.dispatched(exchange.response);
    return session;
  }

  private SessionStore store() {
    return Stub.of(
        SessionStore.class,
        (proxy, method, arguments) -> {
          if (endsAreLost && method.getName().equals("end")) {
            throw new SessionStoreException("away", false);
          }
          return method.invoke(records, arguments);
        });
  }

  private static AttributeCodec texts() {
    return new AttributeCodec() {
      @Override
      public byte[] encode(String name, Object value, byte[] known) {
        return value.toString().getBytes(StandardCharsets.UTF_8);
      }

      @Override
      public Object decode(String name, byte[] encoded) {
        return new String(encoded, StandardCharsets.UTF_8);
      }

      @Override
      public void requireSettable(String name, Object value) {}

      @Override
      public boolean isImmutable(Object value) {
        return true;
      }
    };
  }
}
