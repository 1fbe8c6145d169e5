package dev.carryover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.config.ContainerLogin;
import dev.carryover.config.SessionConfig;
import dev.carryover.servlet.LoginCarrier;
import dev.carryover.servlet.container.ContainerAdapter;
import dev.carryover.servlet.container.ContainerLogins;
import dev.carryover.servlet.container.LoginHook;
import dev.carryover.testing.Stub;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CarriedLoginsTest {

  private final List<String> calls = new ArrayList<>();
  private boolean reachesAuthenticator = true;

  @Test
  void stayWithTheContainerWhoseAuthenticatorCannotBeReached() {
    reachesAuthenticator = false;
    List<LoginCarrier> given = new ArrayList<>();
    CarriedLogins logins = logins();

    LoginHook hook = logins.around(carrier -> hook(given, carrier));

    assertThat(hook).isNotNull();
    assertThat(given).hasSize(2).first().isNotNull();
    assertThat(given.get(1)).isNull();
    assertThat(calls).containsExactly("around", "close");
  }

  @Test
  void areCarriedWhereItCanBe() {
    List<LoginCarrier> given = new ArrayList<>();
    CarriedLogins logins = logins();

    logins.around(carrier -> hook(given, carrier));

    assertThat(given).hasSize(1).first().isNotNull();
    logins.close();
    assertThat(calls).containsExactly("around", "close");
  }

  private CarriedLogins logins() {
    ContainerLogins containers =
        Stub.of(
            ContainerLogins.class,
            (proxy, method, arguments) -> {
              calls.add(method.getName());
              if (!reachesAuthenticator && method.getName().equals("around")) {
                throw new IllegalStateException("It can't be reached");
              }
              return null;
            });
    ContainerAdapter container =
        Stub.of(ContainerAdapter.class, (proxy, method, arguments) -> containers);
    SessionConfig config = SessionConfig.builder().containerLogin(ContainerLogin.CARRY).build();
    return CarriedLogins.of(config, container, "shop");
  }

  private static LoginHook hook(List<LoginCarrier> given, LoginCarrier carrier) {
    given.add(carrier);
    return Stub.of(LoginHook.class, (proxy, method, arguments) -> null);
  }
}
