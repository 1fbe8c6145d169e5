package dev.carryover.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.event.SessionEvents;
import dev.carryover.servlet.container.ContainerLogins;
import dev.carryover.servlet.container.LoginDetour;
import dev.carryover.servlet.container.LoginHook;
import dev.carryover.servlet.container.LoginUser;
import dev.carryover.session.AttributeCodec;
import dev.carryover.session.LiveSessions;
import dev.carryover.session.SessionAccess;
import dev.carryover.session.SessionRules;
import dev.carryover.store.memory.MemorySessionStore;
import dev.carryover.testing.MutableClock;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a login when the realm is asked for its user again. */
class RequestLoginTest {

  private final MutableClock clock = new MutableClock();
  private final LiveSessions sessions =
      new LiveSessions(
          new MemorySessionStore(clock, true),
          new Carrying(),
          new SessionRules(
              Duration.ofMinutes(10), false, Duration.ofMinutes(1), Duration.ofSeconds(30)),
          new SessionEvents<>() {});
  private final Realm realm = new Realm();
  private final SessionAccess session = sessions.create();

  @BeforeEach
  void logIn() {
    realm.user = user("customer", "admin");
    realm.answer = realm.user;
  }

  @AfterEach
  void close() {
    sessions.close();
  }

  @Test
  void rolesAreThoseThatTheRealmKnowsNow() {
    save();
    realm.answer = user("customer");
    assertThat(rolesLater()).containsExactly("customer");
  }

  @Test
  void whoHasNoRoleAnyMoreIsOut() {
    save();
    realm.answer = user();
    assertThat(rolesLater()).isNull();
  }

  @Test
  void whoNeverHadARoleStaysIn() {
    realm.user = user();
    realm.answer = user();
    save();
    assertThat(rolesLater()).isEmpty();
  }

  @Test
  void whileTheRealmsDatabaseIsAwayRolesStay() {
    save();
    realm.isAvailable = false;
    realm.answer = user();
    assertThat(rolesLater()).containsExactly("customer", "admin");
    realm.answer = null;
    assertThat(rolesLater()).containsExactly("customer", "admin");
    realm.isAvailable = true;
    assertThat(rolesLater()).isNull();
  }

  @Test
  void theApplicationsOwnPrincipalStaysWhereTheRealmKnowsTheNameOnly() {
    realm.user = new LoginUser("ann", "FORM", List.of("customer"), () -> "ann");
    Principal own = realm.user.own();
    login().save(session);
    clock.advance(Duration.ofMinutes(2));
    realm.user = null;
    realm.answer = user("customer", "admin");
    login().restore(session);
    assertThat(realm.user.own()).isSameAs(own);
    assertThat(realm.user.roles()).containsExactly("customer", "admin");
  }

  @Test
  void aRealmThatDoesNotTellAllRolesIsNotAsked() {
    realm.answer = user("customer");
    save();
    assertThat(rolesLater()).containsExactly("customer", "admin");
  }

  private void save() {
    login().save(session);
  }

  /** Those of the next request after it is time to ask; null if nobody is logged in. */
  private List<String> rolesLater() {
    clock.advance(Duration.ofMinutes(2));
    realm.user = null;
    login().restore(session);
    return realm.user == null ? null : realm.user.roles();
  }

  private RequestLogin login() {
    LoginCarrier carrier = new LoginCarrier(realm, Duration.ofMinutes(1));
    return new RequestLogin(carrier, sessions, nothing(HttpServletRequest.class));
  }

  private static LoginUser user(String... roles) {
    return new LoginUser("ann", "FORM", List.of(roles), null);
  }

  private static <T> T nothing(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              throw new UnsupportedOperationException(method.getName());
            }));
  }

  /** Takes all for immutable, and reads nothing back. */
  private static final class Carrying implements AttributeCodec {
    @Override
    public byte[] encode(String name, Object value, byte[] known) {
      return new byte[] {1};
    }

    @Override
    public Object decode(String name, byte[] encoded) {
      throw new UnsupportedOperationException(name);
    }

    @Override
    public void requireSettable(String name, Object value) {}

    @Override
    public boolean isImmutable(Object value) {
      return true;
    }
  }

  /** A container with one request and a realm that answers as it is told. */
  private static final class Realm implements ContainerLogins {
    private final Principal principal = () -> "ann";
    private LoginUser user;
    private LoginUser answer;
    private boolean isAvailable = true;

    @Override
    public void around(LoginHook hook) {}

    @Override
    public Principal principal(HttpServletRequest request) {
      return user == null ? null : principal;
    }

    @Override
    public LoginUser user(HttpServletRequest request, Principal of) {
      return user;
    }

    @Override
    public void logIn(HttpServletRequest request, LoginUser who) {
      user = who;
    }

    @Override
    public LoginUser ask(String name, String authType) {
      return answer;
    }

    @Override
    public boolean isRealmAvailable() {
      return isAvailable;
    }

    @Override
    public boolean makesSessionForLogin() {
      return false;
    }

    @Override
    public boolean findsUserFirst() {
      return true;
    }

    @Override
    public LoginDetour detour(
        HttpServletRequest request, byte[] known, boolean hasSession, int maxInactiveInterval) {
      return null;
    }

    @Override
    public void close() {}
  }
}
