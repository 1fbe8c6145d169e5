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
import jakarta.servlet.http.HttpServletResponse;
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
  private final MemorySessionStore store = new MemorySessionStore(clock, true);
  private final LiveSessions sessions = node();
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
  void whileTheRealmFailsRolesStay() {
    save();
    realm.failure = new IllegalStateException("No connection");
    assertThat(rolesLater()).containsExactly("customer", "admin");
    realm.failure = null;
    realm.answer = null;
    assertThat(rolesLater()).isNull();
  }

  @Test
  void aRealmThatFailsAfterALoginIsAskedLater() {
    realm.failure = new IllegalStateException("No connection");
    save();
    realm.failure = null;
    realm.answer = user("customer");
    assertThat(rolesLater()).containsExactly("customer");
  }

  /** A request that asks the realm is slower than the logout on another node. */
  @Test
  void whoHasLoggedOutMeanwhileStaysOut() {
    realm.user = new LoginUser("ann", "FORM", List.of("customer"), () -> "ann");
    save();
    session.commit();
    assertThat(rolesLater()).isNotNull();
    try (LiveSessions other = node()) {
      SessionAccess there = other.open(session.id());
      assertThat(userOf(there).name()).isEqualTo("ann");
      login().loggedOut(there);
      there.commit();
      session.commit();
      assertThat(userOf(other.open(session.id()))).isNull();
    }
  }

  /** Two requests that log in at the same time may write in turns. */
  @Test
  void nobodyHasThePrincipalOfAnother() {
    realm.user = new LoginUser("root", "FORM", List.of("admin"), () -> "root");
    login().save(session);
    Object root = session.note("login.principal");
    realm.user = new LoginUser("ann", "FORM", List.of("customer"), () -> "ann");
    login().save(session);
    session.note("login.principal", root);
    assertThat(userOf(session).own()).isNull();
    assertThat(userOf(session).name()).isEqualTo("ann");
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

  /** {@code request.login}, then {@code logout} or another way to log in, in one request. */
  @Test
  void nobodyIsNotedAsWhomTheSameRequestWasBefore() throws Exception {
    realm.programmatic = user("admin");
    realm.user = user("customer");

    RequestLogin loggedOut = login();
    loggedOut.logIn(null, "ann", "secret");
    loggedOut.loggedOut(session);
    loggedOut.save(session);
    assertThat(userOf(session).roles()).containsExactly("customer");

    realm.user = null;
    RequestLogin askedAnew = login();
    askedAnew.logIn(null, "ann", "secret");
    askedAnew.begin(null);
    realm.user = user("customer");
    askedAnew.save(session);
    assertThat(userOf(session).roles()).containsExactly("customer");

    realm.user = user("customer");
    RequestLogin ended = login();
    ended.logIn(null, "ann", "secret");
    ended.endProgrammatic();
    ended.save(session);
    assertThat(userOf(session).roles()).containsExactly("customer");
  }

  @Test
  void nobodyIsNotedAsWhomTheContainerDoesNotHave() throws Exception {
    realm.programmatic = new LoginUser("alice", "FORM", List.of("admin"), null);
    RequestLogin login = login();
    login.logIn(null, "alice", "secret");
    login.save(session);
    assertThat(userOf(session).name()).isEqualTo("ann");
  }

  @Test
  void whomALoginHasFoundIsNotedWithWhatItKnows() throws Exception {
    realm.programmatic = user("customer", "found");
    RequestLogin login = login();
    login.logIn(null, "ann", "secret");
    login.save(session);
    assertThat(userOf(session).roles()).containsExactly("customer", "found");
  }

  private LiveSessions node() {
    return new LiveSessions(
        store,
        new Carrying(),
        new SessionRules(
            Duration.ofMinutes(10), false, Duration.ofMinutes(1), Duration.ofSeconds(30)),
        new SessionEvents<>() {});
  }

  /** As whom the next request has its user; null for nobody. */
  private LoginUser userOf(SessionAccess asked) {
    realm.user = null;
    login().restore(asked);
    return realm.user;
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

  /** Takes all for immutable, and carries bytes alone. */
  private static final class Carrying implements AttributeCodec {
    @Override
    public byte[] encode(String name, Object value, byte[] known) {
      return value instanceof byte[] bytes ? bytes : new byte[] {1};
    }

    @Override
    public Object decode(String name, byte[] encoded) {
      return encoded;
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
    private RuntimeException failure;
    private LoginUser programmatic;

    @Override
    public LoginUser logIn(
        HttpServletRequest request, HttpServletResponse response, String name, String password) {
      return programmatic;
    }

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
      if (failure != null) {
        throw failure;
      }
      return answer;
    }

    @Override
    public boolean isRealmAvailable() {
      return isAvailable;
    }

    @Override
    public boolean hasPutOff(HttpServletRequest request) {
      return false;
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
