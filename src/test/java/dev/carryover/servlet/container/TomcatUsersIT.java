package dev.carryover.servlet.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.Principal;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With the classes of a Tomcat's distribution. */
class TomcatUsersIT {

  private TomcatClasses tomcat;
  private TomcatUsers users;

  @BeforeEach
  void load() throws Exception {
    tomcat = new TomcatClasses();
    users = new TomcatUsers(tomcat.make("org.apache.catalina.core.StandardContext"));
  }

  @AfterEach
  void close() throws Exception {
    tomcat.close();
  }

  @Test
  void areOfTomcatsClassWithTheirRoles() throws ReflectiveOperationException {
    Principal shown = () -> "Ann";
    Object principal =
        users.principal(new LoginUser("ann", "FORM", List.of("customer", "admin"), shown));

    assertThat(Live.of(principal).callNullable("getUserPrincipal")).isSameAs(shown);
    LoginUser back = users.user((Principal) principal, "FORM");
    assertThat(back.name()).isEqualTo("ann");
    assertThat(back.roles()).containsExactlyInAnyOrder("customer", "admin");
    assertThat(back.own()).isSameAs(shown);
  }

  /** A realm of somebody's own may tell roles by the class of its principals alone. */
  @Test
  void areOfTheRealmsOwnClassWhereTheyWereBefore() {
    Principal own = () -> "ann";

    assertThat(users.principal(users.user(own, "FORM"))).isSameAs(own);
  }
}
